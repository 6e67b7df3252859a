"""What the applicant sees of a joint application: one date, and every service with where it stands and what it gave.

Nothing here names an official.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.domains.services import bundles, follow, followups, words
from yiwang.domains.services.applying import COMMITMENT
from yiwang.domains.services.joint import GRANTED, REFUSED, RUNNING, STOPPED, WAITING, WITHDRAWN
from yiwang.domains.services.models import Decision, Joint, JointPart
from yiwang.kernel.access import purposes
from yiwang.kernel.matters import store
from yiwang.kernel.matters.case import Case
from yiwang.kernel.matters.papers import state_said
from yiwang.kernel.packs.bundles import Bundle
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.packs.services import Service
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import schema_forms


@dataclass(frozen=True, slots=True)
class Part:
    """A service of the application. `number` is that of its own matter, '' while it has none."""

    service: Service
    unit: str
    state: str
    said: str  # where it stands, in a few words
    number: str
    waits_for: tuple[str, ...]
    answer: str  # the decision with its reasons
    refused: bool
    results: tuple[str, ...]
    delivered_at: datetime | None
    check: str  # by commitment: the time within which it is checked afterwards; '' otherwise


@dataclass(frozen=True, slots=True)
class Progress:
    number: str
    title: str
    bundle: Bundle
    unit: str
    state: str
    received_at: datetime
    steps: tuple[tuple[str, str, str], ...]  # (slug, name, done | now | next)
    next: str
    due: worktime.Due | None  # of the whole, from acceptance; None before it
    held: bool
    done: int
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    missing_note: str
    answer: str
    story: tuple[follow.Line, ...]
    lines: tuple[schema_forms.Line, ...]
    materials: tuple[tuple[str, str], ...]
    may_rate: bool
    may_withdraw: bool
    rating: int | None
    followup: followups.Told | None  # what came of a bad rating
    looks: list[dict]
    marks: dict[str, str]  # by path: from where an answer came


def progress(own: Joint, now: datetime) -> Progress:
    matter = own.matter
    case, rules = store.load(matter), rulebook(matter.pack_id)
    bundle = rules.bundles[own.bundle]
    rows = list(own.parts.select_related("matter"))
    decisions = _decisions(own, rows)
    parts = tuple(_part(row, rules, rows, decisions) for row in rows)
    nodes = {task.node for task in case.open_tasks}
    names, optional = material_names(own, rules), optional_of(own, rules)
    refusal = next((one for one in decisions.get(own.pk, []) if one.outcome == "refuse"), None)
    waits = "supplement" in nodes
    return Progress(
        number=matter.number,
        title=words.name_of(bundle),
        bundle=bundle,
        unit=words.unit_of(bundle.lead),
        state=matter.state,
        received_at=own.received_at,
        steps=follow.stepped(case, nodes, _stages()),
        next=follow.next_words(case, nodes, _working()),
        due=whole_due(own, case, bundle),
        held=matter.held,
        done=sum(part.state not in (WAITING, RUNNING) for part in parts),
        parts=parts,
        missing=tuple(names.get(slug, slug) for slug in own.missing) if waits else (),
        missing_note=own.missing_note if waits else "",
        answer="\n".join(filter(None, (_("Your application is not accepted."), refusal.reason)))
        if refusal
        else "",
        story=tuple(_story(own, parts, decisions)),
        lines=tuple(lines_of(own, rules)),
        materials=tuple(
            (names.get(slug, slug), state_said(state, slug in optional))
            for slug, state in own.materials.items()
        ),
        may_rate=matter.state == "closed" and own.rated_at is None,
        may_withdraw=nodes == {"accept"},
        rating=own.rating,
        followup=followups.told(matter),
        looks=_looks(own, rows),
        marks=follow.marks_of(own),
    )


def plan_of(own: Joint, rules: Rulebook) -> bundles.Plan:
    """What the application came to, by the rules that it was sent under."""
    return bundles.plan_of(rules, rules.bundles[own.bundle], {part.service for part in own.parts.all()})


def material_names(own: Joint, rules: Rulebook) -> dict[str, str]:
    return {one.material.slug: words.name_of(one.material) for one in plan_of(own, rules).materials}


def optional_of(own: Joint, rules: Rulebook) -> set[str]:
    """The materials that not every case needs."""
    return {one.material.slug for one in plan_of(own, rules).materials if one.optional}


def lines_of(own: Joint, rules: Rulebook) -> list[schema_forms.Line]:
    """What was answered, to be read: the questions about the case, then the one form."""
    bundle = rules.bundles[own.bundle]
    said = orjson.loads(own.said)
    found = [
        schema_forms.Line(
            one.slug, words.name_of(one, "text"), dict(words.options_of(one))[said[one.slug]], 0
        )
        for one in bundle.questions
        if said.get(one.slug) in one.options
    ]
    form = plan_of(own, rules).form
    return found + (schema_forms.read_out(form, orjson.loads(own.answers)) if form else [])


def whole_due(own: Joint, case: Case, bundle: Bundle) -> worktime.Due | None:
    """The one promised date: the bundle's limit from acceptance, without what lawfully stops a clock."""
    if own.accepted_at is None:
        return None
    holds = [worktime.Hold(pause.start, pause.end, pause.reason) for pause in case.pauses.values()]
    return worktime.due(current_calendar(), own.accepted_at, worktime.Limit.parse(bundle.promised), holds)


def _decisions(own: Joint, rows: list[JointPart]) -> dict:
    keys = [own.pk, *(row.matter_id for row in rows if row.matter_id)]
    found: dict = {}
    for one in Decision.objects.filter(matter__in=keys).order_by("at", "pk"):
        found.setdefault(one.matter_id, []).append(one)
    return found


def _part(row: JointPart, rules: Rulebook, rows: list[JointPart], decisions: Mapping) -> Part:
    service = rules.services[row.service]
    own = decisions.get(row.matter_id, []) if row.matter_id else []
    last = own[-1] if own else None
    states = {one.service: one.state for one in rows}
    waits = tuple(
        words.name_of(rules.services[slug]) for slug in row.after if states.get(slug) not in (None, GRANTED)
    )
    return Part(
        service=service,
        unit=words.unit_of(service.unit),
        state=row.state,
        said=said_of(row.state),
        number=row.matter.number if row.matter else "",
        waits_for=waits if row.state in (WAITING, STOPPED) else (),
        answer=follow.answer_of(last),
        refused=row.state in (REFUSED, WITHDRAWN),
        results=tuple(words.name_of(got) for got in service.results),
        delivered_at=next((one.delivered_at for one in reversed(own) if one.delivered_at), None),
        check=service.commitment.check if row.way == COMMITMENT and service.commitment else "",
    )


def said_of(state: str) -> str:
    return {
        WAITING: _("begins by itself when what it waits for is granted"),
        RUNNING: _("being done"),
        GRANTED: _("granted"),
        REFUSED: _("not granted"),
        STOPPED: _("not begun: what it waits for was not granted"),
        WITHDRAWN: _("withdrawn: the commitment was not kept"),
    }.get(state, state)


def _stages() -> tuple[follow.Stage, ...]:
    return (
        ("accept", _("Acceptance"), follow.ACCEPTING),
        ("together", _("The services"), ("together",)),
        ("hand_over", _("Delivery"), ("hand_over",)),
    )


def _working() -> tuple[tuple[str, str], ...]:
    return (
        ("together", _("The offices are working on your services.")),
        ("hand_over", _("Everything is decided; the results are on their way to you.")),
    )


def _story(own: Joint, parts: tuple[Part, ...], decisions: Mapping) -> list[follow.Line]:
    found = [follow.Line(own.received_at, "open", _("Your application came in."))]
    if own.told_at:
        found.append(follow.Line(own.told_at, "send_back", _("You were told, all at once, what is missing.")))
    if own.accepted_at:
        found.append(follow.Line(own.accepted_at, "complete", _("Accepted for all services")))
    for row in own.parts.all():
        name = next(words.name_of(part.service) for part in parts if part.service.slug == row.service)
        for one in decisions.get(row.matter_id, []) if row.matter_id else []:
            text = {
                "grant": _("%(name)s: granted"),
                "refuse": _("%(name)s: refused"),
                "withdrawn": _("%(name)s: given up"),
                "kept": _("%(name)s: checked, the commitment was kept"),
                "broken": _("%(name)s: checked, the commitment was not kept; withdrawn"),
            }.get(one.outcome)
            if text:
                found.append(follow.Line(one.at, "complete", text % {"name": name}))
            if one.delivered_at:
                found.append(
                    follow.Line(one.delivered_at, "complete", _("%(name)s: delivered") % {"name": name})
                )
    if own.matter.state == "closed" and own.matter.closed_at:
        found.append(follow.Line(own.matter.closed_at, "close", _("All of it has ended.")))
    return sorted(found, key=lambda line: line.at)


def _looks(own: Joint, rows: list[JointPart]) -> list[dict]:
    """Who looked at the answers, of the whole or of a part, the newest first."""
    found = purposes.looks("service_joint", str(own.pk))
    for row in rows:
        if row.matter_id:
            found += purposes.looks("service_application", str(row.matter_id))
    return sorted(found, key=lambda look: look["at"], reverse=True)
