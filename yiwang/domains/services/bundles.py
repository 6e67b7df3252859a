"""One thing once (一件事): what a bundle comes to after its questions. Pure: no database, no clock.

A question prunes services; what one of them issues on the way is not asked for by the next; every material stands once,
every question of the forms is asked once; the four reductions compare with a stored baseline.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiwang.core import forms, worktime
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.bundles import Bundle, Item
from yiwang.kernel.packs.forms import merged, whole_schema
from yiwang.kernel.packs.granted import MaterialType
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.services import Service
from yiwang.kernel.registers.calendars import current_calendar

NEEDED, MAYBE = "needed", "maybe"
LOOKED_UP, MADE, FILLED, BROUGHT = "looked_up", "made", "filled", "brought"


@dataclass(frozen=True, slots=True)
class Placed:
    """A service of the plan: `level` 0 is begun at once, the next when those it waits for (`after`) are done."""

    service: Service
    state: str  # needed | maybe: a question is open
    level: int
    after: tuple[str, ...]
    form: str  # what it asks within the bundle


@dataclass(frozen=True, slots=True)
class Once:
    """A material, once: who asks for it, and whether it is looked up, made on the way, or brought."""

    material: MaterialType
    how: str  # looked_up | made | brought
    optional: bool
    deferrable: bool  # may be brought later, for every service that needs it
    services: tuple[Service, ...]
    when: tuple[str, ...] = ()  # the cases in which it is needed, where it is not in all

    def replaced(self, committed: Collection[str]) -> bool:
        """Whether nobody needs it once these services are applied for by commitment."""
        return all(one.slug in committed and self.material.slug in one.instead for one in self.services)

    def at_once(self, committed: Collection[str]) -> bool:
        """Whether a service that is decided at once, by commitment, needs it: then it is not brought later."""
        return any(one.slug in committed and self.material.slug not in one.instead for one in self.services)


@dataclass(frozen=True, slots=True)
class Plan:
    bundle: Bundle
    items: tuple[Placed, ...]
    materials: tuple[Once, ...]
    form: forms.Form | None
    asked: int  # questions of the merged form
    asked_singly: int  # questions of all the forms, one after the other
    days: int  # promised days of the longest way through the order, each service by itself

    @property
    def levels(self) -> list[list[Placed]]:
        """What goes on side by side, in order."""
        found: dict[int, list[Placed]] = {}
        for item in self.items:
            found.setdefault(item.level, []).append(item)
        return [found[level] for level in sorted(found)]

    @property
    def offering(self) -> list[Service]:
        """The services that may be applied for by commitment."""
        return [one.service for one in self.items if one.service.commitment]

    @property
    def brought(self) -> int:
        """How many materials the applicant must bring."""
        return sum(one.how == BROUGHT and not one.optional for one in self.materials)


@dataclass(frozen=True, slots=True)
class Reduction:
    """One of the four (and visits): before as the baseline counts it, after; `share` None where before is nothing."""

    slug: str
    before: int
    after: int

    @property
    def share(self) -> float | None:
        return 1 - self.after / self.before if self.before else None


def bundle_of(rules: Rulebook, slug: str) -> Bundle:
    found = rules.bundles.get(slug)
    if found is None:
        raise NotFound(_("There is no such bundle: %(slug)s.") % {"slug": slug[:60]}, code="no_bundle")
    return found


def given(bundle: Bundle, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that are answers; everything else stays open."""
    return {one.slug: answers[one.slug] for one in bundle.questions if answers.get(one.slug) in one.options}


def plan(rules: Rulebook, bundle: Bundle, answers: Mapping[str, str]) -> Plan:
    """What the bundle comes to after these answers; an open question keeps what hangs on it as `maybe`."""
    known = given(bundle, answers)
    return _plan(rules, bundle, {item.service: _state(item, known) for item in bundle.items})


def plan_of(rules: Rulebook, bundle: Bundle, services: Collection[str]) -> Plan:
    """The plan with exactly these services of the bundle: what an application that was sent comes to."""
    return _plan(
        rules, bundle, {item.service: NEEDED if item.service in services else "" for item in bundle.items}
    )


def _plan(rules: Rulebook, bundle: Bundle, states: Mapping[str, str]) -> Plan:
    kept = [item for item in bundle.items if states[item.service]]
    names = {item.service for item in kept}
    items: list[Placed] = []
    level: dict[str, int] = {}
    days: dict[str, int] = {}
    for item in kept:
        after = tuple(slug for slug in item.after if slug in names)
        service = rules.services[item.service]
        level[item.service] = max((level[slug] + 1 for slug in after), default=0)
        days[item.service] = max((days[slug] for slug in after), default=0) + days_of(service.promised)
        form_slug = item.form or service.form
        items.append(Placed(service, states[item.service], level[item.service], after, form_slug))
    schemas = _schemas(rules, items)
    form = forms.read(merged(schemas)) if schemas else None
    return Plan(
        bundle,
        tuple(items),
        _materials(items),
        form,
        _count(form),
        sum(_count(forms.read(schema)) for schema in schemas),
        max(days.values(), default=0),
    )


def schema_of(rules: Rulebook, plan: Plan) -> dict | None:
    """The one form as a JSON Schema; None where nothing is asked."""
    schemas = _schemas(rules, plan.items)
    return merged(schemas) if schemas else None


def _schemas(rules: Rulebook, items: Iterable[Placed]) -> list[dict]:
    return [whole_schema(one.form, rules.form_rows) for one in items if one.form in rules.form_rows]


def _state(item: Item, known: Mapping[str, str]) -> str:
    if item.when is None:
        return NEEDED
    value = item.when(known.get)
    return NEEDED if value is True else "" if value is False else MAYBE


def _count(form: forms.Form | None) -> int:
    return (
        sum(1 for _path, one in form.every() if one.asked and one.kind not in ("group", "rows"))
        if form
        else 0
    )


def _materials(items: list[Placed]) -> tuple[Once, ...]:
    before = made_before(items)
    found: dict[str, list] = {}
    for item in items:
        for needed in item.service.materials:
            found.setdefault(needed.material.slug, []).append((needed, item.service))
    listed = []
    for rows in found.values():
        material = rows[0][0].material
        made = all(material.licence in before[service.slug] for _needed, service in rows)
        how = MADE if made else FILLED if material.from_form else LOOKED_UP if material.shared else BROUGHT
        optional = all(needed.need == "optional" or bool(needed.when) for needed, _service in rows)
        binding = [needed for needed, _service in rows if needed.need != "optional"]
        later = bool(binding) and all(needed.need == "deferrable" for needed in binding)
        who = tuple({service.slug: service for _needed, service in rows}.values())
        when = (
            tuple(dict.fromkeys(needed.when for needed, _service in rows if needed.when)) if optional else ()
        )
        listed.append(Once(material, how, optional, later, who, when))
    return tuple(listed)


def made_before(items: Iterable[Placed]) -> dict[str, set[str]]:
    """For each service the licences that those it waits for, and those before them, issue."""
    issued = {one.service.slug: {got.licence for got in one.service.results if got.licence} for one in items}
    before: dict[str, set[str]] = {}
    for one in items:
        before[one.service.slug] = set().union(*(before[slug] | issued[slug] for slug in one.after))
    return before


def days_of(limit: str) -> int:
    """A limit in whole days; hours are a day."""
    if not limit:
        return 0
    found = worktime.Limit.parse(limit)
    return found.amount if found.counts_days else 1


def reductions(rules: Rulebook, bundle: Bundle) -> list[Reduction]:
    """The four reductions (四减: steps, materials, days, fees) and visits, of the whole bundle against its baseline.

    None where no service of the bundle is in the catalogue.
    """
    if bundle.baseline is None:
        return []
    whole = plan(rules, bundle, {})
    fees = sum(fee.fen or 0 for one in whole.items for fee in one.service.fees)
    before = bundle.baseline
    return [
        Reduction("steps", before.steps, bundle.steps),
        Reduction("materials", before.materials, whole.brought),
        Reduction("visits", before.visits, bundle.visits),
        Reduction("days", before.days, days_of(bundle.promised)),
        Reduction("fees", before.fen, fees),
    ]


def promised_by(bundle: Bundle, now: datetime) -> worktime.Due | None:
    """The one promised date, day by day, were the bundle accepted now; None where nothing is promised."""
    if not bundle.promised:
        return None
    return worktime.due(current_calendar(), now, worktime.Limit.parse(bundle.promised))
