"""The explanation of a due date: day by day, counted or not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from yiwang.core.worktime.limit import Limit
from yiwang.core.worktime.moment import DAY, OPEN, date_of, day_of

if TYPE_CHECKING:
    from yiwang.core.worktime.calendar import Calendar

Spans = Sequence[tuple[int, int]]

REASONS = (
    "first_day",  # the day of the start: not counted for day limits
    "working",  # counted
    "makeup",  # counted: a weekend day that is worked
    "natural",  # counted: natural days and hours count every day
    "last_day",  # due on it; counted, unless the limit is zero days
    "moved",  # not counted, and due: the last day was not worked, so it moved here
    "weekend",
    "holiday",
    "hold",  # not counted: a hold stops the clock
    "closed",  # hour limits: no office hours between start (or hold) and the end of the day
)


@dataclass(frozen=True, slots=True)
class DueDay:
    """One day of the explanation.

    `index` is the number of the counted day (1, 2, …), 0 when it does not count. `seconds` is what an hour
    limit used up on it, 0 for day limits. `reason` is one of REASONS; `kind`, `name` and `status` are the
    calendar's (workday, weekend, holiday, makeup; the holiday's name; official or provisional). `hold` is the
    reason of the hold that touches the day, or "" when none does or it gives no reason.
    """

    date: date
    counted: bool
    index: int
    seconds: int
    reason: str
    kind: str
    name: str
    status: str
    hold: str = ""

    def as_dict(self) -> dict:
        return {
            "date": self.date.isoformat(),
            "counted": self.counted,
            "index": self.index,
            "seconds": self.seconds,
            "reason": self.reason,
            "kind": self.kind,
            "name": self.name,
            "status": self.status,
            "hold": self.hold,
        }


def explain_days(
    calendar: "Calendar",
    start: int,
    due: int | None,
    limit: Limit,
    spans: Spans,
    reasons: Sequence[tuple[int, int, str]] = (),
) -> tuple[DueDay, ...]:
    """The days from `start` to `due` (local seconds; None: to the day on which the open hold begins).

    `spans` is the union of the holds, `reasons` each of them with its reason.
    """
    if due is None:
        due_day = next(begin for begin, end in spans if end == OPEN) // DAY
        effective = spans
    else:
        due_day = due // DAY
        effective = tuple(span for span in spans if span[0] < due)
    stop = effective[-1][0] if due is None else due
    walk = _day_limit if limit.counts_days else _hour_limit
    days = walk(calendar, start, due, due_day, limit, effective)
    given = [hold for hold in reasons if hold[2] and hold[0] < stop + (due is None)]
    if not given:
        return tuple(days)
    before_end = 0 if limit.counts_days else 1  # for hours, an end at 00:00 does not touch that day
    return tuple(replace(day, hold=_reason_on(day_of(day.date), given, before_end)) for day in days)


def _reason_on(number: int, reasons: Sequence[tuple[int, int, str]], before_end: int) -> str:
    touching = (text for begin, end, text in reasons if begin // DAY <= number <= (end - before_end) // DAY)
    return next(touching, "")


def _day_limit(calendar, start: int, due: int | None, due_day: int, limit: Limit, spans: Spans):
    index = 0
    first = start // DAY
    for number in range(first, due_day + 1):
        day = calendar.day(date_of(number))
        held = any(begin // DAY <= number <= end // DAY for begin, end in spans)
        last = number == due_day and due is not None
        done = index >= limit.amount
        counts = not held and not done and number > first and (limit.unit == "d" or day.working)
        index += counts
        if limit.amount == 0 and last:
            reason = "last_day"
        elif number == first:
            reason = "first_day"
        elif held:
            reason = "hold"
        elif last:
            reason = "last_day" if counts else "moved"
        elif not counts:
            reason = day.kind
        elif limit.unit == "d":
            reason = "natural"
        else:
            reason = "makeup" if day.kind == "makeup" else "working"
        yield DueDay(day.date, counts, index if counts else 0, 0, reason, day.kind, day.name, day.status)


def _hour_limit(calendar, start: int, due: int | None, due_day: int, limit: Limit, spans: Spans):
    index = 0
    stop = due if due is not None else next(begin for begin, end in spans if end == OPEN)
    for number in range(start // DAY, due_day + 1):
        day = calendar.day(date_of(number))
        windows = ((0, DAY),)
        if limit.unit == "wh":
            windows = calendar.windows(day.date) if day.working else ()
        begin, end = max(start, number * DAY), min(stop, (number + 1) * DAY)
        open_spans = [
            (max(begin, number * DAY + opening), min(end, number * DAY + closing))
            for opening, closing in windows
        ]
        open_spans = [(low, high) for low, high in open_spans if high > low]
        held = sum(max(0, min(high, to) - max(low, frm)) for low, high in open_spans for frm, to in spans)
        seconds = sum(high - low for low, high in open_spans) - held
        counts = seconds > 0
        index += counts
        yield DueDay(
            day.date,
            counts,
            index if counts else 0,
            seconds,
            _hour_reason(day, number == due_day and due is not None, counts, held, limit),
            day.kind,
            day.name,
            day.status,
        )


def _hour_reason(day, last: bool, counts: bool, held: int, limit: Limit) -> str:
    if last:
        return "last_day"
    if counts and limit.unit != "wh":
        return "natural"
    if counts:
        return "makeup" if day.kind == "makeup" else "working"
    if held:
        return "hold"
    return day.kind if not day.working else "closed"
