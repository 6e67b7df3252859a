"""When something is due.

THE RULES. A clerk may have to defend each of them; the tests state each as an example.

Where they come from
    行政许可法 (Administrative Licensing Law) art. 82: its time limits count working days, without statutory
    holidays. Art. 45: time for hearings, inspections, expert reviews and the like is not counted (holds).
    民法典 (Civil Code) art. 201: of a period in days the first day is not counted; a period in hours starts
    at once. Art. 203: a last day that is a holiday moves to the day after the holiday; the last day ends at
    24:00, or at close of business where there are business hours. Art. 204 leaves other rules to law and
    agreement. What no law fixes is marked (house rule).

Day limits: wd working days (工作日), d natural days (自然日)
    1. The day of the start is not counted, whatever its hour and whether or not it is worked. (201)
       A matter accepted on a Saturday or at 22:00 therefore has its first counted day on the next day that
       counts. Where a service treats what arrives after hours as received the next working day, give that
       day as the start.
    2. wd counts each day that is worked, make-up days (调休上班) included. d counts every day. (82, 201)
    3. Due is the close of business, the end of the last office window, of the n-th counted day. (203)
    4. For d, if that day is not worked, due is the close of the next day that is worked and not held. (203;
       weekends too, since offices are shut: house rule.)
    5. Zero days: due at the first close of business after the start, on a day that is not held. (house rule)
    6. Holds: neither the day on which a hold begins nor the day on which it ends is counted, nor any day
       between; the clock starts again the day after, as after the first day. (45; house rule after 201)

Hour limits: wh working hours (工作时), h hours (小时), eh emergency hours (紧急工作时)
    7. The clock starts at once; for wh, when the office is shut, at the next opening. (201)
    8. wh runs only within office windows of days that are worked. h and eh run day and night, every day, and
       a holiday moves neither. eh also says that somebody must be on duty at night.
    9. Due is the first moment at which the time is used up: four working hours from 13:00 end at 17:00 that
       day, not at the opening of the next.
    10. A hold stops the clock to the second, from its beginning (included) to its end (not included).

Both
    11. Holds are a union: parallel ones that overlap count once. A hold that began before the start counts
        from the start; one that ended by the start, or is empty, counts nothing.
    12. A hold matters only if it begins before the moment at which the thing was due without it. What is
        overdue cannot be saved by a hold. A hold that begins on the last day before its close moves the due
        date; one that begins at or after the close does not.
    13. While a hold that matters has no end there is no due moment (`held`), only what remains.
    14. An extension adds to the limit, in the same unit. It does not depend on when it was granted.
    15. Seconds are whole; fractions of a second are dropped.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from yiwang.core.worktime.calendar import PROVISIONAL, Calendar
from yiwang.core.worktime.days import DueDay, Spans, explain_days
from yiwang.core.worktime.hold import Hold, union, with_reasons
from yiwang.core.worktime.limit import Limit
from yiwang.core.worktime.moment import DAY, HOUR, OPEN, date_of, moment_of, seconds_of


@dataclass(frozen=True)
class Due:
    """A due date and why it is that one  # 到期时间

    `moment` is aware (UTC+8), or None while an open hold stops the clock (`held`). `remaining` is then what
    is left of the limit: days for wd and d, seconds for hours; it is 0 when there is a moment.
    `calendar_version` is the fingerprint of the calendar it was computed with.
    """

    start: datetime
    limit: Limit
    extension: Limit | None
    holds: tuple[Hold, ...]
    moment: datetime | None
    remaining: int
    calendar_version: str
    _calendar: Calendar = field(repr=False, compare=False)
    _spans: tuple[tuple[int, int], ...] = field(repr=False, compare=False)

    @property
    def held(self) -> bool:
        return self.moment is None

    @property
    def total(self) -> Limit:
        """The limit with its extension."""
        return self.limit.extended(self.extension)

    @cached_property
    def days(self) -> tuple[DueDay, ...]:
        """Every day from the start to the due day (while held: to the day on which the open hold begins),
        counted or not, with the reason."""
        until = None if self.moment is None else seconds_of(self.moment)
        start = seconds_of(self.start)
        reasons = with_reasons(self.holds, start)
        return explain_days(self._calendar, start, until, self.total, self._spans, reasons)

    @cached_property
    def provisional(self) -> bool:
        """Whether the due moment rests on a day of a year whose notice is not published."""
        if self.total.unit in ("h", "eh"):
            return False
        # Without building the strip, for nearly every due date: all its years have their notice.
        if self.moment is not None:
            first, last = date_of(seconds_of(self.start) // DAY).year, self.moment.year
            if all(year in self._calendar.official_years for year in range(first, last + 1)):
                return False
        days = self.days
        if self.total.unit == "d":  # only whether the last day is worked depends on a notice
            last = max((number for number, day in enumerate(days) if day.counted), default=0)
            days = days[last:]
        return any(day.status == PROVISIONAL for day in days)

    def as_dict(self) -> dict:
        """For JSON: from, limit, extension, holds, due (ISO 8601 with offset, or null), held, remaining,
        provisional, calendar, days."""
        return {
            "from": self.start.isoformat(),
            "limit": str(self.limit),
            "extension": str(self.extension) if self.extension else None,
            "holds": [
                {
                    "from": hold.start.isoformat(),
                    "to": hold.end.isoformat() if hold.end else None,
                    "reason": hold.reason,
                }
                for hold in self.holds
            ],
            "due": self.moment.isoformat() if self.moment else None,
            "held": self.held,
            "remaining": self.remaining,
            "provisional": self.provisional,
            "calendar": self.calendar_version,
            "days": [day.as_dict() for day in self.days],
        }


def due(
    calendar: Calendar,
    start: datetime,
    limit: Limit,
    holds: Sequence[Hold] = (),
    extension: Limit | None = None,
) -> Due:
    """When something with `limit` that started at `start` is due, by the rules at the head of this module.

    Raises MomentError (start without a time zone), LimitError (an extension in another unit), CalendarError
    (start, or the due day, outside the calendar).
    """
    total = limit.extended(extension)
    begin = seconds_of(start)
    spans = union(holds, begin)
    moment, remaining = due_seconds(calendar, begin, total, spans)
    return Due(
        start=start,
        limit=limit,
        extension=extension,
        holds=tuple(holds),
        moment=None if moment is None else moment_of(moment),
        remaining=remaining,
        calendar_version=calendar.fingerprint,
        _calendar=calendar,
        _spans=tuple(spans),
    )


def due_seconds(calendar: Calendar, start: int, limit: Limit, spans: Spans) -> tuple[int | None, int]:
    """(due, 0), or (None, what remains) while held; local seconds. `spans` as from `hold.union`."""
    tables = calendar.tables
    if not tables.start <= start < tables.end:
        raise calendar.out_of_range(date_of(start // DAY))
    try:
        moment, remaining = _RULES[limit.unit](tables, start, limit.amount, spans)
    except IndexError:
        moment, remaining = tables.end, 0
    if moment is not None and moment >= tables.end:
        raise calendar.out_of_range(f"the due date ({limit} from {moment_of(start):%Y-%m-%d})")
    return moment, remaining


def _working_days(tables, start: int, amount: int, spans: Spans) -> tuple[int | None, int]:
    rank, close = tables.lists.rank, tables.lists.close
    seen, count = first_day(tables, start, amount)  # seen: the first day that may still be counted
    index = rank[seen] + count - 1
    for begin, end in spans:
        if begin >= close[index]:
            break
        low = max(begin // DAY - tables.first, seen)
        if end == OPEN:
            return None, min(amount, index - rank[low] + 1)
        high = end // DAY - tables.first + 1
        if high > low:
            index += rank[high] - rank[low]
            seen = high
    return close[index], 0


def _natural_days(tables, start: int, amount: int, spans: Spans) -> tuple[int | None, int]:
    rank, close = tables.lists.rank, tables.lists.close
    seen, count = first_day(tables, start, amount)
    last = seen + count - 1
    moment = close[rank[last]]
    for begin, end in spans:
        if begin >= moment:
            break
        low = max(begin // DAY - tables.first, seen)
        if end == OPEN:
            return None, min(amount, max(0, last - low + 1))
        high = end // DAY - tables.first + 1
        if high > low:
            if low <= last:
                last += high - low
            seen = high
            moment = close[rank[max(last, seen)]]
    return moment, 0


def _working_hours(tables, start: int, amount: int, spans: Spans) -> tuple[int | None, int]:
    target = worked_before(tables, start) + amount * HOUR
    moment = _when_worked(tables, target)
    for begin, end in spans:
        if begin >= moment:
            break
        if end == OPEN:
            return None, target - worked_before(tables, begin)
        target += worked_before(tables, end) - worked_before(tables, begin)
        moment = _when_worked(tables, target)
    return moment, 0


def _natural_hours(tables, start: int, amount: int, spans: Spans) -> tuple[int | None, int]:
    moment = start + amount * HOUR
    for begin, end in spans:
        if begin >= moment:
            break
        if end == OPEN:
            return None, moment - begin
        moment += end - begin
    return moment, 0


_RULES = {
    "wd": _working_days,
    "d": _natural_days,
    "wh": _working_hours,
    "h": _natural_hours,
    "eh": _natural_hours,
}


def first_day(tables, start: int, amount: int) -> tuple[int, int]:
    """(day index from which days count, how many to count). Zero days is one day that may be today."""
    day = start // DAY - tables.first
    if amount:
        return day + 1, amount
    lists = tables.lists
    open_today = lists.working[day] and start < lists.close[lists.rank[day]]
    return (day if open_today else day + 1), 1


def worked_before(tables, moment: int) -> int:
    """Office seconds between the calendar's first day and `moment`."""
    day, second = divmod(moment, DAY)
    day -= tables.first
    if day >= tables.size:
        raise IndexError(day)
    worked = tables.lists.worked[tables.lists.rank[day]]
    if tables.lists.working[day]:
        for opening, closing in tables.spans[tables.lists.season[day]]:
            if second > opening:
                worked += min(second, closing) - opening
    return worked


def _when_worked(tables, target: int) -> int:
    """The first moment by which `target` office seconds have passed."""
    lists = tables.lists
    index = bisect_left(lists.worked, target) - 1
    day = lists.nth[index]
    left = target - lists.worked[index]
    for opening, closing in tables.spans[lists.season[day]]:
        if left <= closing - opening:
            return (day + tables.first) * DAY + opening + left
        left -= closing - opening
    raise AssertionError("a working day is shorter than its office hours")
