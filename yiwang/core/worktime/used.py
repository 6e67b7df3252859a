"""How much of a limit is used up at a moment, and how much is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yiwang.core.worktime.calendar import Calendar
from yiwang.core.worktime.due import due, worked_before
from yiwang.core.worktime.errors import LimitError
from yiwang.core.worktime.hold import Hold, union
from yiwang.core.worktime.limit import DAY_UNITS, UNITS, Limit
from yiwang.core.worktime.moment import DAY, HOUR, date_of, seconds_of


@dataclass(frozen=True, slots=True)
class Used:
    """Time used: `amount` days for wd and d, seconds for wh, h and eh."""

    amount: int
    unit: str


def used(calendar: Calendar, start: datetime, until: datetime, unit: str, holds: Sequence[Hold] = ()) -> Used:
    """The time of `unit` that passed from `start` to `until`, by the rules of `due`.

    A day is used once it is over: at its close of business, or at 24:00 when it is not worked. So at the
    due moment of a limit of n working days, exactly n are used, and a minute earlier n - 1. Holds that begin
    at `until` or later are not known yet. Nothing is used before the start. CalendarError as in `due`.
    """
    if unit not in UNITS:
        raise LimitError("unit", f"“{unit}” is not a unit of time limits: use {', '.join(UNITS)}", unit=unit)
    begin, end = seconds_of(start), seconds_of(until, "until")
    tables = calendar.tables
    for moment in (begin, end):
        if not tables.start <= moment < tables.end:
            raise calendar.out_of_range(date_of(moment // DAY))
    if end <= begin:
        return Used(0, unit)
    spans = [span for span in union(holds, begin) if span[0] < end]
    count = _days_used if unit in DAY_UNITS else _seconds_used
    return Used(count(tables, begin, end, unit, spans), unit)


def remaining(
    calendar: Calendar,
    start: datetime,
    until: datetime,
    limit: Limit,
    holds: Sequence[Hold] = (),
    extension: Limit | None = None,
) -> int:
    """What is left of the limit at `until`: days for wd and d, seconds for hours.

    From the due moment on it is negative by the time that has passed since: what is overdue is not saved by
    a hold, and natural days whose last day moved are not overdue before the day to which it moved.
    """
    total = limit.extended(extension)
    moment = due(calendar, start, total, holds).moment
    if moment is not None and until >= moment:
        return -used(calendar, moment, until, total.unit).amount
    allowed = total.amount if total.counts_days else total.amount * HOUR
    return max(0, allowed - used(calendar, start, until, total.unit, holds).amount)


def _days_used(tables, begin: int, end: int, unit: str, spans) -> int:
    lists = tables.lists
    first, last = begin // DAY - tables.first + 1, end // DAY - tables.first
    if lists.working[last] and end >= lists.close[lists.rank[last]]:
        last += 1  # the day of `until` is over
    if last <= first:
        return 0
    count = _worked_days if unit == "wd" else _all_days
    total = count(lists, first, last)
    for low, high in spans:
        low = max(low // DAY - tables.first, first)
        high = min(high // DAY - tables.first + 1, last)
        if high > low:
            total -= count(lists, low, high)
            first = high
    return total


def _worked_days(lists, low: int, high: int) -> int:
    return lists.rank[high] - lists.rank[low]


def _all_days(lists, low: int, high: int) -> int:
    return high - low


def _seconds_used(tables, begin: int, end: int, unit: str, spans) -> int:
    def clock(moment: int) -> int:
        return worked_before(tables, moment) if unit == "wh" else moment

    held = sum(clock(min(high, end)) - clock(low) for low, high in spans)
    return clock(end) - clock(begin) - held
