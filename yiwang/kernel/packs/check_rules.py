"""Checks of the rules: catalogue, crosswalk, filing conditions, grants, settings, calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from django.utils.translation import gettext as _

from yiwang.core import codes, worktime
from yiwang.core.codes.city import CURRENT, LEGACY
from yiwang.core.worktime.files import calendar_of
from yiwang.kernel.packs import help_rules
from yiwang.kernel.packs.entries import ACTIONS, APART, SCOPES
from yiwang.kernel.packs.findings import Finding, error, nearest, warning
from yiwang.kernel.packs.packtext import Entry, PackText
from yiwang.kernel.packs.settings import KNOWN
from yiwang.kernel.worktime_words import told

_ANY_HOURS = (time(8), time(17))
SOURCED = ("standards", "areas", "duties", "settings")


def check(pack: PackText) -> Iterator[Finding]:
    yield from _classes(pack)
    yield from _crosswalk(pack)
    yield from _conditions(pack)
    yield from _grants(pack)
    yield from _variables(pack)
    yield from help_rules.check(pack)
    yield from _settings(pack)
    yield from _notices(pack)
    yield from _office_hours(pack)
    yield from _sources(pack)


def class_keys(pack: PackText) -> set[tuple[str, str, str]]:
    """(standard, kind, code) of every class."""
    return {(e["standard"], e["kind"], e["code"]) for e in pack.section("classes").values()}


def _classes(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("classes").values():
        if entry["standard"] not in (CURRENT, LEGACY) or entry["kind"] == "topic":
            continue
        try:
            given = codes.parse_matter_class(entry["code"])
        except codes.CodeError as wrong:
            yield error(entry.where("code"), str(wrong))
            continue
        if given.standard != entry["standard"] or given.area:
            digits = 5 if entry["standard"] == CURRENT else 4
            yield error(
                entry.where("code"),
                _("%(code)s is not a class code of %(standard)s, which has %(digits)d digits")
                % {"code": entry["code"], "standard": entry["standard"], "digits": digits},
            )
        if entry["major"] and entry["major"] != given.major:
            yield error(
                entry.where("major"),
                _("the class %(code)s belongs to %(given)s, not to %(major)s")
                % {"code": entry["code"], "given": given.major, "major": entry["major"]},
            )
    for entry in pack.section("standards").values():
        if entry["replaces"] == entry["standard"]:
            yield error(entry.where("replaces"), _("a standard can't replace itself"))


def _crosswalk(pack: PackText) -> Iterator[Finding]:
    known = class_keys(pack)
    standards = pack.section("standards")
    for entry in pack.section("crosswalk").values():
        for side in ("from", "to"):
            standard = entry[f"{side}_standard"]
            key = (standard, entry[f"{side}_kind"], entry[f"{side}_code"])
            # The older standard's catalogue need not be in the pack; the newer one's must.
            if key in known or (side == "from" and standard not in standards):
                continue
            yield error(
                entry.where(f"{side}_code"),
                _("there is no class %(class)s") % {"class": " ".join(key)},
                nearest(key[2], [code for s, k, code in known if (s, k) == key[:2]]),
            )


def _conditions(pack: PackText) -> Iterator[Finding]:
    known = class_keys(pack)
    standards = pack.section("standards")
    for entry in pack.section("conditions").values():
        try:
            worktime.Limit.parse(entry["limit"])
        except worktime.LimitError as wrong:
            yield error(entry.where("limit"), told(wrong))
        if entry["standard"] not in standards:
            yield error(
                entry.where("standard"),
                _("there is no catalogue of %(standard)s") % {"standard": entry["standard"]},
                nearest(entry["standard"], standards),
            )
        elif not any(
            (entry["standard"], kind, entry["class_code"]) in known
            for kind in ("matter", "component", "topic")
        ):
            yield error(
                entry.where("class"),
                _("there is no class %(class)s in %(standard)s")
                % {"class": entry["class_code"], "standard": entry["standard"]},
                nearest(entry["class_code"], [code for s, _kind, code in known if s == entry["standard"]]),
            )


def _grants(pack: PackText) -> Iterator[Finding]:
    kinds = pack.section("kinds")
    for entry in pack.section("post_kinds").values():
        for n, grant in enumerate(entry["grants"]):
            yield from _words(entry, n, "actions", grant["actions"], ACTIONS)
            yield from _words(entry, n, "scope", grant["scope"], SCOPES)
            if grant["kinds"] != "*":
                yield from _words(entry, n, "kinds", grant["kinds"], (*kinds, *APART))
            if not grant["scope"]:
                yield error(
                    entry.where("grants", n),
                    _("a grant without a scope grants nothing"),
                    _("Give scope: district, area or unit."),
                )


def _words(entry: Entry, n: int, name: str, words: list[str], known) -> Iterator[Finding]:
    messages = {
        "actions": _("there is no action %(word)s"),
        "scope": _("there is no scope %(word)s"),
        "kinds": _("there is no kind of matters %(word)s"),
    }
    for place, word in enumerate(words):
        if word not in known:
            yield error(
                entry.where("grants", n, name, place), messages[name] % {"word": word}, nearest(word, known)
            )


def _variables(pack: PackText) -> Iterator[Finding]:
    """Keys that belong to one type stand only at it."""
    belongs = {"choices": ("choice",), "most": ("int",), "negative": ("money",), "never": ("date",)}
    for entry in pack.section("variables").values():
        for field, types in belongs.items():
            if entry[field] and entry["type"] not in types:
                yield error(
                    entry.where(field),
                    _("%(key)s is for variables of the type %(type)s") % {"key": field, "type": types[0]},
                )
        if entry["type"] == "choice" and len(entry["choices"]) < 2:
            yield error(entry.where("type"), _("a choice needs at least two values under choices"))


def _settings(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("settings").values():
        known = KNOWN.get(entry["name"])
        if known is None:
            yield error(
                entry.where(),
                _("there is no setting %(name)s") % {"name": entry["name"]},
                nearest(entry["name"], KNOWN),
            )
            continue
        refusal = known.refusal(entry["value"])
        if refusal:
            yield error(
                entry.where("value"),
                _("%(name)s can't be %(value)s: %(reason)s")
                % {"name": entry["name"], "value": entry["value"], "reason": refusal},
            )
        if entry["unit"] and entry["unit"] != known.unit:
            yield error(
                entry.where("unit"),
                _("%(name)s is given in %(known)s, not in %(unit)s")
                % {"name": entry["name"], "known": known.unit or "—", "unit": entry["unit"]},
            )


def _notices(pack: PackText) -> Iterator[Finding]:
    good = []
    for key, entry in pack.section("notices").items():
        try:
            notice = worktime.Notice.from_pack(entry.data)
        except (worktime.NoticeError, AttributeError, TypeError) as wrong:
            yield error(_notice_place(entry, wrong), str(wrong))
            continue
        if key != str(notice.year):
            yield error(entry.where("year"), _("the file is for another year than it says"))
        good.append((notice, entry))
    seasons = (worktime.Season((1, 1), (12, 31), (_ANY_HOURS,)),)
    if good:
        try:
            calendar_of([notice for notice, _entry in good], seasons)
        except worktime.WorktimeError as wrong:
            yield error(good[-1][1].where(), str(wrong))


def _notice_place(entry: Entry, wrong: Exception):
    params = getattr(wrong, "params", {})
    if "entry" in params:
        found = next((key for key in ("days_off", "makeup_days") if f"{key}[" in str(wrong)), "days_off")
        return entry.where(found, params["entry"] - 1)
    if "date" in params:
        return _line_of_date(entry, params["date"])
    return entry.where("year") if params.get("year") else entry.where()


def _line_of_date(entry: Entry, text: str):
    day = date.fromisoformat(text)
    for key in ("makeup_days", "days_off"):
        for n, item in enumerate(entry.data.get(key) or ()):
            first = item.get("from", item.get("date"))
            if str(first) <= str(day) <= str(item.get("to", first)):
                return entry.where(key, n)
    return entry.where()


def _office_hours(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("office_hours").values():
        hours = entry.data.get("office_hours")
        seasons = hours.get("seasons") if isinstance(hours, dict) else None
        if not isinstance(seasons, list) or not seasons or not all(isinstance(s, dict) for s in seasons):
            yield error(entry.where("office_hours"), _("the office hours have no list of seasons"))
            continue
        made = []
        for n, season in enumerate(seasons):
            try:
                made.append(worktime.Season.from_pack(season))
            except (worktime.SeasonError, TypeError) as wrong:
                yield error(entry.where("office_hours", "seasons", n), str(wrong))
        if len(made) == len(seasons):
            try:
                worktime.Calendar.build((), made, 2024, 2024)
            except worktime.SeasonError as wrong:
                yield error(entry.where("office_hours", "seasons"), str(wrong))
    if pack.district and not pack.section("office_hours"):
        yield warning(
            pack.manifest_where("district"),
            _("the district has no office hours, so no working time can be counted"),
            _("Add calendar.yaml."),
        )
    if pack.district and not pack.section("notices"):
        yield warning(
            pack.manifest_where("district"),
            _("there is no holiday notice of any year"),
            _("Add calendar/YEAR.yaml, or extend a pack that has it."),
        )


def _sources(pack: PackText) -> Iterator[Finding]:
    """What claims to be official must say by whom."""
    for section in SOURCED:
        told: set[str] = set()
        for entry in pack.section(section).values():
            where = entry.where("status")
            if entry["status"] == "official" and not entry["source"] and where.file not in told:
                told.add(where.file)
                yield warning(
                    where,
                    _("the status is official but no source is given"),
                    _("Name the source, or say illustrative."),
                )
