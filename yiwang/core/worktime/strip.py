"""A due date as text for a terminal: one line a week, one cell a day."""

from collections.abc import Mapping
from datetime import timedelta

from yiwang.core.worktime.days import DueDay
from yiwang.core.worktime.due import Due

# What the strip says; give the same keys in another language. A counted day shows its number instead.
LABELS = {
    "due": "Due",
    "held": "On hold",
    "remaining": "remaining",
    "provisional": "provisional: the holiday notice of a year is not published",
    "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
    "from": "from",
    "first_day": "start, not counted",
    "working": "working day",
    "makeup": "make-up workday",
    "natural": "day",
    "last_day": "due",
    "moved": "moved here from a day off",
    "weekend": "weekend",
    "holiday": "holiday",
    "hold": "on hold",
    "closed": "office shut",
}
_MARKS = {"first_day": "·", "weekend": "-", "holiday": "休", "hold": "‖", "closed": "-", "moved": "→"}
_CELL = 5


def strip(due: Due, labels: Mapping[str, str] = LABELS) -> str:
    """`due` as lines: the moment, a week a line with each day's number or mark, and the legend of the marks.

    A counted day shows its number (hour limits: hours used up); `班` after it is a make-up workday, `*` is the
    due day. Cells are padded by the width that a terminal gives to Chinese characters.
    """
    lines = [_headline(due, labels), " " * 11 + "".join(_pad(name) for name in labels["weekdays"].split())]
    days = {day.date: day for day in due.days}
    if not days:
        return lines[0]
    first, last = min(days), max(days)
    monday = first - timedelta(first.weekday())
    while monday <= last:
        week = [days.get(monday + timedelta(n)) for n in range(7)]
        lines.append(f"{monday.isoformat()} {''.join(_pad(_cell(day, due)) for day in week)}".rstrip())
        monday += timedelta(7)
    return "\n".join([*lines, *_legend(due, labels)])


def _headline(due: Due, labels: Mapping[str, str]) -> str:
    span = f"{due.total} {labels['from']} {due.start.strftime('%Y-%m-%d %H:%M')}"
    if due.moment is None:
        left = f"{due.remaining}{due.total.unit}" if due.total.counts_days else _hours(due.remaining)
        return f"{labels['held']}: {span}; {labels['remaining']} {left}"
    line = f"{labels['due']} {due.moment.strftime('%Y-%m-%d %H:%M')} ({span})"
    return f"{line} [{labels['provisional']}]" if due.provisional else line


def _cell(day: DueDay | None, due: Due) -> str:
    if day is None:
        return ""
    text = _MARKS.get(day.reason, "")
    if day.counted:
        text = str(day.index) if due.total.counts_days else _hours(day.seconds)
    if day.kind == "makeup" and day.counted:
        text += "班"
    return text + ("*" if day.reason in ("last_day", "moved") else "")


def _legend(due: Due, labels: Mapping[str, str]) -> list[str]:
    """A line for each mark that the strip uses; for holidays with their names."""
    lines: dict[str, None] = {}
    for day in due.days:
        if day.reason in ("working", "natural"):
            continue
        mark = "班" if day.kind == "makeup" and day.counted else _MARKS.get(day.reason, "*")
        if day.reason == "last_day" and mark == "班":
            lines[f"班 {labels['makeup']}{_named(day)}"] = None
            mark = "*"
        name = _named(day) if day.reason in ("holiday", "makeup") else ""
        lines[f"{mark} {labels[day.reason]}{name}"] = None
    return ["; ".join(lines)] if lines else []


def _named(day: DueDay) -> str:
    return f" ({day.name})" if day.name else ""


def _hours(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}h{rest // 60:02}" if rest else f"{hours}h"


def _pad(text: str) -> str:
    width = sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
    return text + " " * max(1, _CELL + 1 - width)
