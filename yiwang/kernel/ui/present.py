"""A due date's explanation as the cells, the words and the rules that the time strip shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from yiwang.kernel.ui import moments

# What a cell looks like. Each has its own mark, so that nothing depends on seeing colour.
KINDS = ("start", "counted", "makeup", "rest", "holiday", "hold", "closed", "due", "moved")
_KIND_OF = {
    "first_day": "start",
    "working": "counted",
    "natural": "counted",
    "makeup": "makeup",
    "last_day": "due",
    "moved": "moved",
    "weekend": "rest",
    "holiday": "holiday",
    "hold": "hold",
    "closed": "closed",
}
# The calendar names holidays as the State Council does, in Chinese.
HOLIDAYS = {
    "元旦": gettext_noop("New Year's Day"),
    "春节": gettext_noop("Spring Festival"),
    "清明节": gettext_noop("Qingming Festival"),
    "劳动节": gettext_noop("Labour Day"),
    "端午节": gettext_noop("Dragon Boat Festival"),
    "中秋节": gettext_noop("Mid-Autumn Festival"),
    "国庆节": gettext_noop("National Day"),
}
MARKS = {
    "start": "▷",
    "makeup": "＋",
    "rest": "○",
    "holiday": "◇",
    "hold": "‖",
    "closed": "–",
    "due": "■",
    "moved": "■",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: `mark` and `word` are seen, `sentence` is read aloud."""

    date: date
    kind: str
    mark: str
    word: str
    sentence: str
    column: int  # 1 Monday to 7 Sunday
    label: str  # the day of the month, with the month where one begins
    begins: bool
    provisional: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """Why days of one kind do or do not count."""

    kind: str
    mark: str
    word: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Held:
    """One time in which the clock stood, in words."""

    start: datetime
    end: datetime | None
    name: str
    basis: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything that the component `strip` draws. `cells` is empty when there is no clock."""

    summary: str
    cells: tuple[Cell, ...]
    rules: tuple[Rule, ...]
    holds: tuple[Held, ...]
    provisional: bool
    skipped: int  # days in the middle of a long strip that are not drawn
    gap_after: int  # how many cells come before them


MOST_CELLS = 84  # twelve weeks; longer strips show their beginning and their end


def strip(explained: object, now: datetime | None = None, reasons: Mapping | None = None) -> Strip:
    """The time strip of a `core.worktime.Due`, or of what its `as_dict()` gave.

    `reasons` maps the slug of a hold reason to something with `name` and `basis`; `now` marks today.
    """
    data = explained if isinstance(explained, Mapping) else explained.as_dict()
    today = moments.local(now).date() if now else None
    unit = _unit(data["limit"])
    days = data["days"]
    cells = [_cell(day, position, unit, data, today) for position, day in enumerate(days)]
    head, tail = _ends(cells) if len(cells) > MOST_CELLS else (cells, [])
    return Strip(
        summary=_summary(data, unit),
        cells=(*head, *tail),
        rules=tuple(_rules({cell.kind for cell in cells}, unit)),
        holds=tuple(_held(hold, reasons or {}) for hold in data["holds"]),
        provisional=bool(data["provisional"]),
        skipped=len(cells) - len(head) - len(tail),
        gap_after=len(head),
    )


def _ends(cells: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    """The first and the last four weeks or so, cut at the end of a week so that columns stay true."""
    cut = next(n for n in range(28, 36) if cells[n].column == 1)
    resume = next(n for n in range(len(cells) - 28, len(cells) - 36, -1) if cells[n].column == 1)
    return cells[:cut], [_begun(cells[resume]), *cells[resume + 1 :]]


def _begun(cell: Cell) -> Cell:
    return replace(cell, begins=True, label=_with_month(cell.date))


def _with_month(on: date) -> str:
    return f"{on.month}/{on.day}" if moments.chinese() else moments.short_day(on)


def _holiday(name: str) -> str:
    """The holiday's name in the language of the page; joined ones as the notice writes them."""
    return _(HOLIDAYS[name]) if name in HOLIDAYS else name or pgettext("day", "holiday")


def _unit(limit: str) -> str:
    return str(limit).lstrip("0123456789 ")


def _cell(day: Mapping, position: int, unit: str, data: Mapping, today: date | None) -> Cell:
    on = date.fromisoformat(day["date"])
    kind = _KIND_OF.get(day["reason"], "closed")
    if kind in ("due", "moved") and data["due"] is None:
        kind = "counted"
    word = _word(kind, day, unit)
    if unit in ("h", "eh", "wh"):
        mark = MARKS.get(kind, "●")
    else:
        mark = str(day["index"]) if day["counted"] and kind in ("counted", "makeup") else MARKS.get(kind, "●")
    begins = position == 0 or on.day == 1
    spoken = f"{moments.short_day(on)} {moments.weekday(on)}"
    return Cell(
        date=on,
        kind=kind,
        mark=mark,
        word=word,
        sentence=_("%(day)s: %(why)s") % {"day": spoken, "why": _sentence(kind, day, unit, data)},
        column=on.isoweekday(),
        label=_with_month(on) if begins else str(on.day),
        begins=begins,
        provisional=day["status"] == "provisional",
        today=on == today,
    )


def _word(kind: str, day: Mapping, unit: str) -> str:
    """The few letters under the day's number."""
    if kind in ("counted", "makeup") and unit in ("h", "eh", "wh"):
        return _hours(day["seconds"])
    if kind == "counted":
        return pgettext("day", "counted")
    if kind == "holiday":
        return (moments.chinese() and day["name"]) or pgettext("day", "holiday")
    return {
        "start": pgettext("day", "start"),
        "makeup": pgettext("day", "make-up"),
        "rest": pgettext("day", "weekend"),
        "hold": pgettext("day", "paused"),
        "closed": pgettext("day", "closed"),
        "due": pgettext("day", "due"),
        "moved": pgettext("day", "due"),
    }[kind]


def _hours(seconds: int) -> str:
    hours = seconds / 3600
    text = f"{hours:.1f}".rstrip("0").rstrip(".")
    return _("%(n)s h") % {"n": text}


def _sentence(kind: str, day: Mapping, unit: str, data: Mapping) -> str:
    """Why the day counts or not, for a screen reader and for the tip."""
    by_hours = unit in ("h", "eh", "wh")
    used = _hours(day["seconds"])
    due = moments.moment(datetime.fromisoformat(data["due"])) if data["due"] else ""
    if kind == "due" and by_hours:
        return _("due at %(moment)s, after %(hours)s of this day") % {"moment": due, "hours": used}
    if kind == "due":
        return _("due at %(moment)s") % {"moment": due}
    if kind == "moved":
        return _("due at %(moment)s; moved here because the last day was not a working day") % {"moment": due}
    if kind in ("counted", "makeup") and by_hours:
        return _("%(hours)s counted") % {"hours": used}
    if kind == "counted":
        return _("day %(n)s, counted") % {"n": day["index"]}
    if kind == "makeup":
        return _("day %(n)s, counted: a weekend day that is worked") % {"n": day["index"]}
    if kind == "holiday":
        return _("%(holiday)s, not counted") % {"holiday": _holiday(day["name"])}
    return {
        "start": _("the day of the start, not counted"),
        "rest": _("weekend, not counted"),
        "hold": _("the clock is paused, not counted"),
        "closed": _("no office hours left, not counted"),
    }[kind]


def _summary(data: Mapping, unit: str) -> str:
    """The whole answer in one sentence."""
    values = {
        "start": moments.moment(datetime.fromisoformat(data["from"])),
        "limit": moments.limit_text(data["limit"]),
    }
    if data.get("extension"):
        values["limit"] = _("%(limit)s, extended by %(extension)s") % {
            "limit": values["limit"],
            "extension": moments.limit_text(data["extension"]),
        }
    if data["due"] is None:
        values["rest"] = _remaining(data["remaining"], unit)
        return _("From %(start)s, limit %(limit)s. The clock is paused; %(rest)s remain.") % values
    values["due"] = moments.moment(datetime.fromisoformat(data["due"]))
    return _("From %(start)s, limit %(limit)s, due %(due)s.") % values


def _remaining(amount: int, unit: str) -> str:
    if unit in ("wd", "d"):
        return moments.limit_text(f"{amount}{unit}")
    return moments.span(amount)


def _held(hold: Mapping, reasons: Mapping) -> Held:
    reason = reasons.get(hold["reason"])
    end = hold["to"]
    return Held(
        start=datetime.fromisoformat(hold["from"]),
        end=datetime.fromisoformat(end) if end else None,
        name=_name(reason) or hold["reason"] or _("no reason given"),
        basis=_part(reason, "basis"),
    )


def _name(reason: object) -> str:
    return (not moments.chinese() and _part(reason, "name_en")) or _part(reason, "name")


def _part(reason: object, name: str) -> str:
    if isinstance(reason, Mapping):
        return str(reason.get(name, ""))
    return str(getattr(reason, name, "") or "")


def _rules(kinds: set[str], unit: str) -> list[Rule]:
    """The rules that the days of this strip used, in the order of KINDS."""
    texts = _rule_texts(unit)
    found = []
    for kind in KINDS:
        if kind in kinds and kind in texts:
            word, text, source = texts[kind]
            found.append(Rule(kind, MARKS.get(kind, "1" if unit in ("wd", "d") else "●"), word, text, source))
    return found


def _rule_texts(unit: str) -> dict[str, tuple[str, str, str]]:
    civil_201, civil_203 = _("Civil Code, article 201"), _("Civil Code, article 203")
    licensing_82 = _("Administrative Licensing Law, article 82")
    by_days = unit in ("wd", "d")
    counted = {
        "wd": _("Each working day counts, make-up days included."),
        "d": _("Every calendar day counts, weekends and holidays included."),
        "wh": _("Only office hours of working days count."),
        "h": _("Every hour counts, day and night."),
        "eh": _("Every hour counts, day and night; somebody is on duty."),
    }[unit]
    passed = _("The time had run out; it moves on to the next working day.")
    return {
        "start": (pgettext("day", "start"), _("The day of the start is not counted."), civil_201),
        "counted": (pgettext("day", "counted"), counted, {"wd": licensing_82, "d": civil_201}.get(unit, "")),
        "makeup": (
            pgettext("day", "make-up"),
            _("A weekend day that is worked in exchange for a holiday counts."),
            _("State Council notice on holidays"),
        ),
        "rest": (
            pgettext("day", "weekend"),
            passed if unit == "d" else _("Weekends are not counted."),
            civil_203 if unit == "d" else licensing_82,
        ),
        "holiday": (
            pgettext("day", "holiday"),
            passed if unit == "d" else _("Statutory holidays are not counted."),
            civil_203 if unit == "d" else licensing_82,
        ),
        "hold": (pgettext("day", "paused"), _hold_text(by_days), _("the reason of the pause")),
        "closed": (pgettext("day", "closed"), _("No office hours were left on this day."), ""),
        "due": (pgettext("day", "due"), _due_text(by_days), civil_203 if by_days else ""),
        "moved": (
            pgettext("day", "due"),
            _("The last day was not a working day, so the time ends on the next one."),
            civil_203,
        ),
    }


def _hold_text(by_days: bool) -> str:
    if by_days:
        return _("While the clock is paused no day counts, nor the day it pauses and the day it resumes.")
    return _("While the clock is paused no time counts.")


def _due_text(by_days: bool) -> str:
    if by_days:
        return _("The time ends at close of business on the last day.")
    return _("The time ends at the moment when it is used up.")
