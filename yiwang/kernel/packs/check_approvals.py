"""Checks of project approvals: promises that add up, permits in an order that can be gone, limits within the law."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.kernel.packs.approvals import FACTS
from yiwang.kernel.packs.check_services import limit_at, materials_asked, promise_within
from yiwang.kernel.packs.findings import Finding, error, nearest, warning
from yiwang.kernel.packs.forms import FormProblem, whole_schema
from yiwang.kernel.packs.packtext import Entry, PackText

WORKING_DAYS = "wd"


def check(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("project_classes").values():
        yield from _class(pack, entry)
    for entry in pack.section("approval_stages").values():
        yield from _stage(pack, entry)
    for entry in pack.section("permits").values():
        yield from _names(pack, entry)
        yield from _limits(entry)
        yield from _order(pack, entry)
        yield from materials_asked(pack, entry)
        yield from _licence(pack, entry)
        yield from _commitment(entry)
        yield from _opinions(pack, entry)
        if pack.district:
            yield from _of_a_district(entry)
    yield from _chains(pack)
    yield from _assessments(pack)
    yield from _methods(pack)


def _known(
    pack: PackText, section: str, where: tuple[str, int], slug: str, sentence: str
) -> Iterator[Finding]:
    known = pack.section(section)
    if slug not in known:
        yield error(where, sentence % {"slug": slug}, nearest(slug, known))


def _class(pack: PackText, entry: Entry) -> Iterator[Finding]:
    for n, slug in enumerate(entry["stages"]):
        where = entry.where("stages", n)
        yield from _known(pack, "approval_stages", where, slug, _("there is no stage %(slug)s"))
        if slug in entry["stages"][:n]:
            yield error(where, _("the stage %(slug)s stands here twice") % {"slug": slug})
    before = None
    for n, promise in enumerate(entry["promises"]):
        where = entry.where("promises", n)
        if before is not None and promise["since"] <= before:
            yield error(where, _("promises stand in the order of their days, each day once"))
        before = promise["since"]
        if set(promise["stages"]) != set(entry["stages"]):
            yield error(
                where,
                _("the promise must name each stage of the class once: %(stages)s")
                % {"stages": ", ".join(entry["stages"])},
            )
            continue
        yield from _sum(entry, n, promise)
    if pack.district and not entry["promises"]:
        yield error(
            entry.where(),
            _("%(name)s has no %(field)s") % {"name": entry["name"], "field": "promises"},
            _("Give promises: from when on, how many working days in all and for each stage."),
        )


def _sum(entry: Entry, n: int, promise: dict) -> Iterator[Finding]:
    whole, wrong = limit_at(entry, "promises", n, "total")
    parts = [limit_at(entry, "promises", n, "stages", slug) for slug in promise["stages"]]
    bad = [one for one in (wrong, *(finding for _part, finding in parts)) if one]
    yield from bad
    if bad:
        return
    limits = [part for part, _finding in parts if part] + ([whole] if whole else [])
    where = entry.where("promises", n, "total")
    if any(one.unit != WORKING_DAYS for one in limits):
        yield error(where, _("a promise is counted in working days (工作日), such as 40wd"))
        return
    total = sum(part.amount for part, _finding in parts if part)
    if whole and total != whole.amount:
        yield error(
            where,
            _("%(total)s is promised, but its stages come to %(sum)dwd") % {"total": whole, "sum": total},
            _("What is promised in all is the sum of the stages."),
        )


def _stage(pack: PackText, entry: Entry) -> Iterator[Finding]:
    if entry["form"] is not None:
        yield from _known(pack, "forms", entry.where("form"), entry["form"], _("there is no form %(slug)s"))
    if not pack.district:
        return
    if entry["lead"] is None:
        yield error(
            entry.where(),
            _("%(name)s has no %(field)s") % {"name": entry["name"], "field": "lead"},
            _("Every stage has one lead department (一家牵头)."),
        )
    else:
        yield from _known(pack, "units", entry.where("lead"), entry["lead"], _("there is no unit %(slug)s"))


def _names(pack: PackText, entry: Entry) -> Iterator[Finding]:
    yield from _known(
        pack, "approval_stages", entry.where("stage"), entry["stage"], _("there is no stage %(slug)s")
    )
    for n, slug in enumerate(entry["classes"]):
        yield from _known(
            pack,
            "project_classes",
            entry.where("classes", n),
            slug,
            _("there is no class of projects %(slug)s"),
        )
    if pack.district and entry["unit"] is not None:
        yield from _known(pack, "units", entry.where("unit"), entry["unit"], _("there is no unit %(slug)s"))
    if not entry["basis"]:
        yield error(
            entry.where(),
            _("the permit %(name)s needs its legal basis") % {"name": entry["name"]},
            _("Give basis with law and article."),
        )


def _limits(entry: Entry) -> Iterator[Finding]:
    statutory, wrong = limit_at(entry, "statutory")
    promised, wrong_too = limit_at(entry, "promised")
    found = [limit_at(entry, name)[1] for name in ("deferral", "opinion_limit", "preview")]
    yield from (one for one in (wrong, wrong_too, *found) if one)
    if statutory is None and entry["statutory"] is None and not entry["statutory_note"]:
        yield error(
            entry.where(),
            _("no statutory limit is given"),
            _("Give statutory, or say in statutory_note that no law fixes one."),
        )
    if promised and statutory:
        yield from promise_within(entry, promised, statutory)
    if promised and promised.unit != WORKING_DAYS:
        yield error(entry.where("promised"), _("a promise is counted in working days (工作日), such as 40wd"))


def _order(pack: PackText, entry: Entry) -> Iterator[Finding]:
    """What comes before a permit is there, not later than its own stage, and does not come after it."""
    permits, order = pack.section("permits"), list(pack.section("approval_stages"))

    def place(stage: str) -> int:
        return order.index(stage) if stage in order else -1

    for n, slug in enumerate(entry["after"]):
        where = entry.where("after", n)
        yield from _known(pack, "permits", where, slug, _("there is no permit %(slug)s"))
        if slug not in permits:
            continue
        if place(permits[slug]["stage"]) > place(entry["stage"]):
            yield error(
                where, _("%(slug)s belongs to a later stage, so it can't come before") % {"slug": slug}
            )
        if _comes_after(pack, slug, entry.key):
            yield error(
                where, _("%(slug)s comes after %(own)s itself: a circle") % {"slug": slug, "own": entry.key}
            )
    if entry["before"] is not None:
        where = entry.where("before")
        yield from _known(pack, "approval_stages", where, entry["before"], _("there is no stage %(slug)s"))
        if entry["before"] in order and place(entry["before"]) <= place(entry["stage"]):
            yield error(where, _("it must be done before a stage that is later than its own"))


def _comes_after(pack: PackText, slug: str, other: str) -> bool:
    """Whether `slug` waits for `other`, directly or through others."""
    permits = pack.section("permits")
    seen: set[str] = set()
    ahead = [slug]
    while ahead:
        one = ahead.pop()
        if one == other:
            return True
        if one in permits and one not in seen:
            seen.add(one)
            ahead += permits[one]["after"]
    return False


def _licence(pack: PackText, entry: Entry) -> Iterator[Finding]:
    if entry["licence"] is None:
        if entry["shows"]:
            yield error(entry.where("shows"), _("no licence is issued, so nothing is shown on it"))
        return
    kinds = pack.section("licences")
    yield from _known(
        pack, "licences", entry.where("licence"), entry["licence"], _("there is no licence %(slug)s")
    )
    if entry["licence"] not in kinds:
        return
    fields = {field["name"]: field["required"] for field in kinds[entry["licence"]]["fields"]}
    sources = {*FACTS, *_asked(pack, entry["stage"])}
    for name, source in entry["shows"].items():
        where = entry.where("shows", name)
        if name not in fields:
            yield error(where, _("the licence has no field %(name)s") % {"name": name}, nearest(name, fields))
        if source not in sources:
            yield error(
                where,
                _("%(name)s is neither a fact of a project nor asked in the form of the stage")
                % {"name": source},
                nearest(source, sources),
            )
    for name, required in fields.items():
        if required and name not in entry["shows"]:
            yield error(
                entry.where("licence"),
                _("shows does not say what stands in the field %(name)s of the licence") % {"name": name},
            )


def _commitment(entry: Entry) -> Iterator[Finding]:
    """A commitment stands for materials that are asked for, and is decided no later than without it."""
    part = entry["commitment"]
    if part is None:
        return
    known = [one["material"] for one in entry["materials"]]
    for n, slug in enumerate(part["instead"]):
        if slug not in known:
            yield error(
                entry.where("commitment", "instead", n),
                _("the permit does not ask for the material %(slug)s") % {"slug": slug},
                nearest(slug, known),
            )
    promised, wrong = limit_at(entry, "commitment", "promised")
    whole, _told = limit_at(entry, "promised")
    yield from (one for one in (wrong, limit_at(entry, "commitment", "check")[1]) if one)
    where = entry.where("commitment", "promised")
    if promised and promised.unit != WORKING_DAYS:
        yield error(where, _("a promise is counted in working days (工作日), such as 40wd"))
    elif promised and whole and promised.amount > whole.amount:
        yield error(where, _("by commitment it may not take longer than %(limit)s") % {"limit": whole})
    if entry["sort"] == "opinion":
        yield error(entry.where("commitment"), _("an opinion is not given by commitment"))


def _asked(pack: PackText, stage: str) -> set[str]:
    """What the form of a stage asks for."""
    stages = pack.section("approval_stages")
    slug = stages[stage]["form"] if stage in stages else None
    rows = {key: entry.data for key, entry in pack.section("forms").items()}
    if slug not in rows:
        return set()
    try:
        return set(whole_schema(slug, rows)["properties"])
    except FormProblem:  # told by the checks of the forms
        return set()


def _opinions(pack: PackText, entry: Entry) -> Iterator[Finding]:
    for n, part in enumerate(entry["opinions"]):
        if pack.district:
            yield from _known(
                pack, "units", entry.where("opinions", n), part["unit"], _("there is no unit %(slug)s")
            )
        if part["unit"] in [one["unit"] for one in entry["opinions"][:n]]:
            yield error(
                entry.where("opinions", n), _("the unit %(slug)s is heard twice") % {"slug": part["unit"]}
            )
    if entry["opinions"] and entry["opinion_limit"] is None:
        yield error(
            entry.where("opinions"),
            _("departments are heard, but it is not said within what time"),
            _("Give opinion_limit."),
        )
    if entry["sort"] == "opinion" and entry["opinions"]:
        yield error(entry.where("opinions"), _("an opinion is given by one department; it hears no others"))
    if entry["silence"] and entry["sort"] != "opinion" and not entry["opinions"]:
        yield error(
            entry.where("silence"),
            _("silence counts as agreement (默认同意) only for opinions; a permit is always decided"),
        )


def _of_a_district(entry: Entry) -> Iterator[Finding]:
    for field, advice in (
        ("unit", _("Give unit: a code of units.yaml.")),
        ("promised", _("Give promised, the limit that the district promises.")),
    ):
        if entry[field] is None:
            yield error(
                entry.where(),
                _("%(name)s has no %(field)s") % {"name": entry["name"], "field": field},
                advice,
            )


def _chains(pack: PackText) -> Iterator[Finding]:
    """Permits that wait for each other must fit into what is promised for the stage."""
    permits = {key: entry.data for key, entry in pack.section("permits").items()}
    for entry in pack.section("project_classes").values():
        for n, promise in enumerate(entry["promises"]):
            for stage in promise["stages"]:
                limit, wrong = limit_at(entry, "promises", n, "stages", stage)
                longest, last = _longest(permits, entry.key, stage)
                if limit and not wrong and longest > limit.amount:
                    yield warning(
                        entry.where("promises", n, "stages", stage),
                        _("%(limit)s is promised, but the permits up to %(last)s take %(days)d working days")
                        % {"limit": limit, "last": permits[last]["name"], "days": longest},
                    )


def _longest(permits: dict[str, dict], project_class: str, stage: str) -> tuple[int, str]:
    """Working days of the longest chain of permits in a stage, and its last one."""
    known: dict[str, int] = {}

    def days(slug: str, on_the_way: tuple[str, ...] = ()) -> int:
        row = permits.get(slug)
        counts = row and row["stage"] == stage and not row["before"] and slug not in on_the_way
        if not counts or (row["classes"] and project_class not in row["classes"]):
            return 0
        if slug not in known:
            try:
                own = worktime.Limit.parse(row["promised"]).amount if row["promised"] else 0
            except worktime.LimitError:
                own = 0
            known[slug] = own + max((days(one, (*on_the_way, slug)) for one in row["after"]), default=0)
        return known[slug]

    return max(((days(slug), slug) for slug in permits), default=(0, ""))


def _assessments(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("assessments").values():
        for n, slug in enumerate(entry["removes"]):
            yield from _known(
                pack, "permits", entry.where("removes", n), slug, _("there is no permit %(slug)s")
            )
        if pack.district and entry["area"] not in pack.section("areas"):
            yield error(entry.where("area"), _("there is no area %(code)s") % {"code": entry["area"]})
        if entry["valid_to"] and entry["valid_to"] < entry["valid_from"]:
            yield error(entry.where("valid_to"), _("it ends before it begins"))


def _methods(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("methods").values():
        days = [step["day"] for step in entry["steps"]]
        if days != sorted(days):
            yield error(entry.where("steps"), _("the steps stand in the order of their days"))
        for n, step in enumerate(entry["steps"]):
            for m, slug in enumerate(step["permits"]):
                where = entry.where("steps", n, "permits", m)
                yield from _known(pack, "permits", where, slug, _("there is no permit %(slug)s"))
        for n, slug in enumerate(entry["classes"]):
            yield from _known(
                pack,
                "project_classes",
                entry.where("classes", n),
                slug,
                _("there is no class of projects %(slug)s"),
            )
