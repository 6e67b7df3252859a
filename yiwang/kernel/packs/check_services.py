"""Checks of the service catalogue: the quality rules of the national basic catalogue (目录质检规则)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.kernel.packs.findings import Finding, error, nearest, warning
from yiwang.kernel.packs.packtext import Entry, PackText
from yiwang.kernel.worktime_words import told

CATALOG_CODE, TASK_CODE = 12, 31
HOURS_OF_A_DAY = {"wh": 8, "h": 24, "eh": 24}
WORKING = {"wd", "wh"}
# What a result is called tells what it is: 证 is a certificate, 批复 an approval, 文 a document.
RESULT_WORDS = (("批复", "approval"), ("证", "certificate"), ("证书", "certificate"), ("文", "document"))


def check(pack: PackText) -> Iterator[Finding]:
    codes: dict[str, str] = {}
    for entry in pack.section("services").values():
        yield from _names(pack, entry)
        yield from _limits(entry)
        yield from _visits(entry)
        yield from _basis(entry)
        yield from materials_asked(pack, entry)
        yield from _commitment(entry)
        yield from _fees(entry)
        yield from _results(entry)
        yield from _codes(entry, codes)
        if pack.district:
            yield from _of_a_district(entry)
    yield from _unused(pack)


def _names(pack: PackText, entry: Entry) -> Iterator[Finding]:
    units, topics, kinds = (pack.section(name) for name in ("units", "topics", "kinds"))
    for n, slug in enumerate(entry["topics"]):
        if slug not in topics:
            yield error(
                entry.where("topics", n),
                _("there is no topic %(slug)s") % {"slug": slug},
                nearest(slug, topics),
            )
    if entry["matter"] is not None and entry["matter"] not in kinds:
        yield error(
            entry.where("matter"),
            _("there is no kind of matters %(word)s") % {"word": entry["matter"]},
            nearest(entry["matter"], kinds),
        )
    forms = pack.section("forms")
    if entry["form"] is not None and entry["form"] not in forms:
        yield error(
            entry.where("form"),
            _("there is no form %(name)s") % {"name": entry["form"]},
            nearest(entry["form"], forms),
        )
    if not pack.district:
        return  # the units are the district's
    named = [
        ("unit", None, entry["unit"]),
        *(("supports", n, one) for n, one in enumerate(entry["supports"])),
    ]
    for field, n, code in named:
        if code is not None and code not in units:
            where = entry.where(field) if n is None else entry.where(field, n)
            yield error(where, _("there is no unit %(code)s") % {"code": code}, nearest(code, units))


def limit_at(entry: Entry, *path) -> tuple[worktime.Limit | None, Finding | None]:
    """The limit that stands there, or what is wrong with it; neither where there is none."""
    value = entry.data
    for key in path:
        value = value[key]
    if value is None:
        return None, None
    try:
        return worktime.Limit.parse(value), None
    except worktime.LimitError as wrong:
        return None, error(entry.where(*path), told(wrong))


def days_of(limit: worktime.Limit) -> tuple[bool, float]:
    """(whether in working time, in days): limits of the same kind can be compared."""
    return limit.unit in WORKING, limit.amount / HOURS_OF_A_DAY.get(limit.unit, 1)


def _limits(entry: Entry) -> Iterator[Finding]:
    statutory, wrong = limit_at(entry, "statutory")
    promised, wrong_too = limit_at(entry, "promised")
    yield from (one for one in (wrong, wrong_too) if one)
    for name in ("steps", "special"):
        for n, _part in enumerate(entry[name]):
            _limit_, wrong = limit_at(entry, name, n, "limit")
            if wrong:
                yield wrong
    paths = [("deferral",), *([("commitment", "check")] if entry["commitment"] else [])]
    for path in paths:
        _limit_, wrong = limit_at(entry, *path)
        if wrong:
            yield wrong
    if statutory is None and entry["statutory"] is None and not entry["statutory_note"]:
        yield error(
            entry.where(),
            _("no statutory limit is given"),
            _("Give statutory, or say in statutory_note that no law fixes one."),
        )
    if promised and statutory:
        yield from promise_within(entry, promised, statutory)
    if promised and entry["handling"] == "instant" and days_of(promised)[1] > 1:
        yield error(
            entry.where("promised"),
            _("an instant service (即办件) is done the same day, but %(promised)s is promised")
            % {"promised": promised},
            _("Promise 0wd or hours, or say handling: promised."),
        )


def promise_within(entry: Entry, promised: worktime.Limit, statutory: worktime.Limit) -> Iterator[Finding]:
    """What is wrong with a promise beside the limit of the law."""
    (working, days), (working_too, most) = days_of(promised), days_of(statutory)
    if working != working_too:
        # n working days take at least n calendar days; how many more depends on the weekends between.
        if working and days > most:
            yield _beyond(entry, promised, statutory)
        elif days and (working or days > most):
            yield warning(
                entry.where("promised"),
                _("%(promised)s promised and %(statutory)s allowed by law can't always be compared")
                % {"promised": promised, "statutory": statutory},
                _("Give both in working days, or both in calendar days."),
            )
    elif days > most:
        yield _beyond(entry, promised, statutory)


def _beyond(entry: Entry, promised: worktime.Limit, statutory: worktime.Limit) -> Finding:
    return error(
        entry.where("promised"),
        _("%(promised)s is promised, longer than the %(statutory)s that the law allows")
        % {"promised": promised, "statutory": statutory},
        _("A promise (承诺时限) may only be shorter than the law's limit or equal to it."),
    )


def _visits(entry: Entry) -> Iterator[Finding]:
    visits = entry["visits"]
    if visits is None:
        return
    if visits and not entry["visit_reason"]:
        yield error(
            entry.where("visits"),
            _("%(n)d visits are asked for without a reason") % {"n": visits},
            _("Give visit_reason: what can only be done on the spot, or say visits: 0."),
        )
    if not visits and entry["visit_reason"]:
        yield error(entry.where("visit_reason"), _("a reason for visits is given, but no visit is asked for"))
    if not visits and not (entry["online"] or entry["mail"]):
        yield error(
            entry.where("visits"),
            _("no visit is asked for, but it can be done neither online nor by mail"),
            _("Say online: true or mail: true, or give the visits with their reason."),
        )
    if entry["online_depth"] in ("apply", "whole") and not entry["online"]:
        yield error(
            entry.where("online_depth"), _("the depth says that one applies online, but online is false")
        )
    if entry["online_depth"] == "whole" and visits:
        yield error(
            entry.where("online_depth"),
            _("what is done online as a whole (全程网办) needs no visit, but %(n)d are asked for")
            % {"n": visits},
        )


def _basis(entry: Entry) -> Iterator[Finding]:
    if not entry["basis"] and entry["type"] != "public":
        yield error(
            entry.where("type"),
            _("what is not a public service needs its legal basis"),
            _("Give basis with law and article."),
        )
    if entry["status"] == "official" and not entry["source"]:
        yield warning(
            entry.where("status"),
            _("the status is official but no source is given"),
            _("Name the source, or say illustrative."),
        )
    if entry["valid_from"] and entry["valid_to"] and entry["valid_to"] < entry["valid_from"]:
        yield error(entry.where("valid_to"), _("it ends before it begins"))


def materials_asked(pack: PackText, entry: Entry) -> Iterator[Finding]:
    known = pack.section("materials")
    seen: set[tuple] = set()
    for n, part in enumerate(entry["materials"]):
        where = entry.where("materials", n)
        material = known.get(part["material"])
        if material is None:
            yield error(
                where,
                _("there is no material %(slug)s") % {"slug": part["material"]},
                nearest(part["material"], known),
            )
            continue
        name = material["name"]
        if not part["reason"]:
            yield error(
                where,
                _("the material %(name)s is asked for without a reason") % {"name": name},
                _("Give reason: the law or what it proves."),
            )
        if (part["material"], part["when"]) in seen:
            yield error(where, _("the material %(name)s is asked for twice") % {"name": name})
        seen.add((part["material"], part["when"]))
        if part["need"] == "deferrable" and not entry["deferral"]:
            yield error(
                where,
                _("%(name)s may be brought later, but it is not said until when") % {"name": name},
                _("Give deferral: the time for what may be brought later (容缺后补)."),
            )
        if material["shared"] and part["kind"] != "original":
            yield error(
                where,
                _("a copy of %(name)s is asked for, which the government can look up itself")
                % {"name": name},
                _("Leave kind out: data that can be shared may not be collected again."),
            )
    if entry["deferral"] and not any(part["need"] == "deferrable" for part in entry["materials"]):
        yield error(entry.where("deferral"), _("nothing may be brought later, so deferral has no meaning"))


def _commitment(entry: Entry) -> Iterator[Finding]:
    if promise := entry["commitment"]:
        asked = {part["material"] for part in entry["materials"]}
        for n, slug in enumerate(promise["instead"]):
            if slug not in asked:
                yield error(
                    entry.where("commitment", "instead", n),
                    _("the commitment stands for %(slug)s, which is not asked for") % {"slug": slug},
                    nearest(slug, asked),
                )


def _fees(entry: Entry) -> Iterator[Finding]:
    for n, part in enumerate(entry["fees"]):
        if part["fen"] != 0 and not part["basis"]:
            yield error(
                entry.where("fees", n),
                _("the fee %(name)s has no basis") % {"name": part["name"]},
                _("Give basis: who fixed the fee, and where."),
            )
        if part["fen"] is None and not part["per"]:
            yield error(
                entry.where("fees", n),
                _("the fee %(name)s has neither an amount nor what it is counted by")
                % {"name": part["name"]},
                _("Give fen, or per with the basis that holds the scale."),
            )


def _results(entry: Entry) -> Iterator[Finding]:
    for n, part in enumerate(entry["results"]):
        expected = next((kind for word, kind in RESULT_WORDS if part["name"].endswith(word)), None)
        if expected and part["kind"] != expected:
            yield error(
                entry.where("results", n),
                _("a result named %(name)s is of the kind %(expected)s, not %(kind)s")
                % {"name": part["name"], "expected": expected, "kind": part["kind"]},
            )
    if entry["type"] in ("permit", "confirmation", "benefit") and not entry["results"]:
        yield error(entry.where(), _("what the applicant gets is not said"), _("Give results."))


def _codes(entry: Entry, seen: dict[str, str]) -> Iterator[Finding]:
    for field, length in (("catalog_code", CATALOG_CODE), ("task_code", TASK_CODE)):
        code = entry[field]
        if code and (len(code) != length or not code.isascii() or not code.isalnum()):
            yield error(
                entry.where(field),
                _("%(code)s is not a code of %(length)d letters and digits")
                % {"code": code, "length": length},
            )
        if field == "task_code" and code:
            other = seen.setdefault(code, entry.key)
            if other != entry.key:
                yield error(
                    entry.where(field),
                    _("the code %(code)s belongs to %(other)s already") % {"code": code, "other": other},
                )


def _of_a_district(entry: Entry) -> Iterator[Finding]:
    needs = {
        "unit": _("Give unit: a code of units.yaml."),
        "promised": _("Give promised, the limit that the district promises."),
        "visits": _("Give visits, and visit_reason where it is not 0."),
        "window": _("Give window with place."),
    }
    for field, advice in needs.items():
        if entry[field] is None:
            yield error(
                entry.where(),
                _("%(name)s has no %(field)s") % {"name": entry["name"], "field": field},
                advice,
            )
    if not entry["topics"]:
        yield warning(entry.where(), _("%(name)s is listed under no topic") % {"name": entry["name"]})


def _unused(pack: PackText) -> Iterator[Finding]:
    if not pack.district:
        return
    asking = [*pack.section("services").values(), *pack.section("permits").values()]
    used = {part["material"] for entry in asking for part in entry["materials"]}
    for slug, entry in pack.section("materials").items():
        if slug not in used:
            yield warning(entry.where(), _("no service asks for the material %(slug)s") % {"slug": slug})
