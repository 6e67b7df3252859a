"""Due dates of many at once: the rules of `due` on arrays.

The holds of a row are applied in order of beginning, each to the running due moment; that makes overlap and
lateness come out as in the scalar form.
"""

import numpy as np

from yiwang.core.worktime.calendar import Calendar, Tables
from yiwang.core.worktime.errors import LimitError, MomentError
from yiwang.core.worktime.hold_arrays import FAR, NAT, HoldArrays, Spans, chunks, columns, row_number
from yiwang.core.worktime.limit import MAX_AMOUNT, UNITS, Limit
from yiwang.core.worktime.moment import DAY, HOUR, date_of


def due_many(
    calendar: Calendar,
    starts: np.ndarray,
    limit: Limit | str,
    amounts: np.ndarray | int | None = None,
    *,
    holds: HoldArrays | None = None,
    extension: Limit | np.ndarray | int | None = None,
) -> np.ndarray:
    """Due moments as datetime64[s], local time (UTC+8), NaT where an open hold stops the clock.

    `starts` is a 1-D datetime64 array of local times. `limit` is one Limit for all, or a unit with `amounts`
    (an integer, or one a row). `extension` is in the limit's unit: a Limit, an integer, or one a row.
    Equal to `due` on every row. Raises what `due` raises, and names the first row that is wrong.
    """
    seconds = _seconds(starts)
    unit, amount = _unit_and_amounts(limit, amounts, extension, len(seconds))
    if holds is not None:
        holds.check(len(seconds))
    tables = calendar.tables
    _check_starts(calendar, seconds)
    out = np.empty(len(seconds), np.int64)
    for rows, begins, ends in chunks(len(seconds), holds):
        start = seconds[rows]
        each = amount if amount.ndim == 0 else amount[rows]
        moment = _RULES[unit](tables, start, each, columns(begins, ends, start, rows))
        if moment.max() >= tables.end:
            row = row_number(rows, int(np.argmax(moment >= tables.end)))
            count = int(amount if amount.ndim == 0 else amount[row])
            raise calendar.out_of_range(f"the due date of row {row} ({count}{unit} from {starts[row]})")
        out[rows] = moment
    return out.view("datetime64[s]")


def _working_days(tables: Tables, start, amount, spans: list[Spans]):
    seen, count = _first_day(tables, start, amount)
    index = tables.rank.take(seen, mode="clip")
    index += count - 1
    close = tables.close_or_end
    moment = close.take(index, mode="clip")
    held = None
    for begin, end, some_open in spans:
        matters = begin < moment
        matters &= end > begin
        low = np.maximum(begin // DAY - tables.first, seen)
        high = end // DAY
        high += 1 - tables.first
        gain = tables.rank.take(high, mode="clip")
        gain -= tables.rank.take(low, mode="clip")
        np.maximum(gain, 0, out=gain)
        gain *= matters
        index += gain
        moment = close.take(index, mode="clip")
        high *= matters
        seen = np.maximum(seen, high)
        held = _still_held(held, matters, end, some_open)
    return _without(moment, held)


def _natural_days(tables: Tables, start, amount, spans: list[Spans]):
    seen, count = _first_day(tables, start, amount)
    last = seen + (count - 1)

    def closing(day):
        return tables.close_or_end.take(tables.rank.take(day, mode="clip"), mode="clip")

    moment = closing(last)
    held = None
    for begin, end, some_open in spans:
        matters = (begin < moment) & (end > begin)
        held = _still_held(held, matters, end, some_open)
        low = np.maximum(begin // DAY - tables.first, seen)
        high = end // DAY + (1 - tables.first)
        matters &= high > low
        last += np.where(matters & (low <= last), high - low, 0)
        seen = np.where(matters, high, seen)
        moment = closing(np.maximum(last, seen))
    return _without(moment, held)


def _working_hours(tables: Tables, start, amount, spans: list[Spans]):
    target = _worked_before(tables, start)
    target += amount * HOUR
    moment = _when_worked(tables, target)
    held, done = None, start
    for begin, end, some_open in spans:
        begin = np.maximum(begin, done)
        matters = (begin < moment) & (end > begin)
        gain = _worked_before(tables, end)
        gain -= _worked_before(tables, begin)
        gain *= matters
        target += gain
        moment = _when_worked(tables, target)
        done = np.where(matters, end, done)
        held = _still_held(held, matters, end, some_open)
    return _without(moment, held)


def _natural_hours(tables: Tables, start, amount, spans: list[Spans]):
    moment = start + amount * HOUR
    held, done = None, start
    for begin, end, some_open in spans:
        begin = np.maximum(begin, done)
        matters = (begin < moment) & (end > begin)
        moment += np.where(matters & (end < FAR), end - begin, 0)
        done = np.where(matters, end, done)
        held = _still_held(held, matters, end, some_open)
    return _without(moment, held)


_RULES = {
    "wd": _working_days,
    "d": _natural_days,
    "wh": _working_hours,
    "h": _natural_hours,
    "eh": _natural_hours,
}


def _first_day(tables: Tables, start, amount):
    """As `due.first_day`: (day index from which days count, how many to count)."""
    seen = start // DAY
    seen += 1 - tables.first
    zero = amount == 0
    if not np.any(zero):
        return seen, amount
    today = seen - 1
    open_today = tables.working.take(today, mode="clip")
    open_today &= start < tables.close_or_end.take(tables.rank.take(today, mode="clip"), mode="clip")
    return np.where(zero & open_today, today, seen), np.where(zero, 1, amount)


def _worked_before(tables: Tables, moment):
    """As `due.worked_before`; moments after the calendar's end count as its end."""
    moment = np.minimum(moment, tables.end - 1)
    day = moment // DAY
    second = moment - day * DAY
    day -= tables.first
    worked = tables.worked.take(tables.rank.take(day, mode="clip"), mode="clip")
    today = np.zeros_like(second)
    opening, length = tables.window_arrays
    season = tables.season.take(day, mode="clip") if len(opening) > 1 else 0
    for window in range(opening.shape[1]):
        part = second - opening[season, window]
        np.maximum(part, 0, out=part)
        today += np.minimum(part, length[season, window], out=part)
    today *= tables.working.take(day, mode="clip")
    worked += today
    return worked


def _when_worked(tables: Tables, target):
    """As `due._when_worked`; the calendar's end where the target is not reached."""
    index = np.searchsorted(tables.worked, target, side="left")
    index -= 1
    day = tables.nth.take(index, mode="clip")
    left = target - tables.worked.take(index, mode="clip")
    opening, length = tables.window_arrays
    season = tables.season.take(day, mode="clip") if len(opening) > 1 else 0
    moment = np.full(target.shape, NAT)
    for window in range(opening.shape[1]):
        here = (moment == NAT) & (left <= length[season, window])
        moment = np.where(here, left + opening[season, window], moment)
        left = left - length[season, window]
    moment += (day + tables.first) * DAY
    moment[index >= len(tables.nth)] = tables.end
    return moment


def _still_held(held, matters, end, some_open: bool):
    if not some_open:
        return held
    now = matters & (end == FAR)
    return now if held is None else held | now


def _without(moment, held):
    if held is not None:
        moment[held] = NAT
    return moment


def _seconds(starts) -> np.ndarray:
    starts = np.asarray(starts)
    if starts.dtype.kind != "M" or starts.ndim != 1:
        raise MomentError(
            "dtype", f"starts are {starts.dtype} of shape {starts.shape}: give 1-D datetime64[s] local times"
        )
    return starts.astype("datetime64[s]", copy=False).view(np.int64)


def _check_starts(calendar: Calendar, seconds: np.ndarray) -> None:
    tables = calendar.tables
    if not len(seconds) or (seconds.min() >= tables.start and seconds.max() < tables.end):
        return
    row = int(np.argmax((seconds < tables.start) | (seconds >= tables.end)))
    if seconds[row] == NAT:
        raise MomentError("missing", f"row {row} has no start (NaT): give one, or leave the row out", row=row)
    raise calendar.out_of_range(f"the start of row {row} ({date_of(int(seconds[row]) // DAY)})")


def _unit_and_amounts(limit, amounts, extension, size: int) -> tuple[str, np.ndarray]:
    """The unit, and the amounts with their extension: int64, of one value or one a row."""
    if isinstance(limit, Limit):
        if amounts is not None:
            raise LimitError("twice", f"the limit {limit} already has its amount: leave `amounts` out")
        unit, amount = limit.unit, np.asarray(limit.amount)
    else:
        if limit not in UNITS or amounts is None:
            raise LimitError(
                "unit", f"give a Limit, or one of {', '.join(UNITS)} with amounts, not “{limit}”"
            )
        unit, amount = limit, np.asarray(amounts)
    if isinstance(extension, Limit):
        extension = Limit(1, unit).extended(extension).amount - 1  # refuses another unit
    amount = _whole(amount, size, "limits")
    if extension is not None:
        more = _whole(np.asarray(extension), size, "extensions")
        _check_amounts(more, 0, unit)
        amount = amount + more
    _check_amounts(amount, 0 if unit in ("wd", "d") else 1, unit)
    return unit, amount


def _whole(amount: np.ndarray, size: int, what: str) -> np.ndarray:
    if amount.dtype.kind not in "iu" or amount.shape not in ((), (size,)):
        raise LimitError(
            "amount", f"{what} are {amount.dtype} of shape {amount.shape}: give integers, one or one a row"
        )
    return amount.astype(np.int64, copy=False)


def _check_amounts(amount: np.ndarray, least: int, unit: str) -> None:
    if not amount.size or (amount.min() >= least and amount.max() <= MAX_AMOUNT):
        return
    row = int(np.argmax((amount < least) | (amount > MAX_AMOUNT)))
    value = int(amount if amount.ndim == 0 else amount[row])
    raise LimitError("range", f"row {row}: {value}{unit} is not between {least} and {MAX_AMOUNT}", row=row)


def worked_many(calendar: Calendar, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Office seconds from each start to its end, int64; 0 where the end is not after the start.

    Both are 1-D datetime64 arrays of local times, of one length. Equal to `used(…, "wh")` without holds on
    every row. Raises MomentError and CalendarError as `due_many`.
    """
    begin, end = _seconds(starts), _seconds(ends)
    if begin.shape != end.shape:
        raise MomentError("dtype", f"{len(begin)} starts and {len(end)} ends: give one end for each start")
    for moments in (begin, end):
        _check_starts(calendar, moments)
    if not len(begin):
        return np.zeros(0, np.int64)
    tables = calendar.tables
    worked = _worked_before(tables, end) - _worked_before(tables, begin)
    return np.where(end > begin, worked, 0)
