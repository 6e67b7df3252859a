"""The clock of a stage over its parallel permits (阶段计时): pure, over moments.

The rule. A stage runs from the first accepted item to the last decision. It stands while at least one of its items is
open and nobody works on any of them: each is held, or waits for what the applicant must bring. One item that goes on
keeps the clock of the whole stage running, so the holds of parallel items count only where they all overlap. Between
two items (one decided, the next not begun) the clock runs. What stood is one hold for `core.worktime`: neither the day
on which it begins nor the day on which it ends is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yiwang.core import worktime
from yiwang.core.worktime import SHANGHAI


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work, from `start` to `end` (None: still open); in `waits` nobody works on it."""

    start: datetime
    end: datetime | None
    waits: tuple[tuple[datetime, datetime | None, str], ...] = ()  # from, until, why


def standing(works: Iterable[Work], since: datetime | None = None) -> tuple[worktime.Hold, ...]:
    """When some work was open and none of it went on; holds in order that do not touch, from `since` on.

    The reason is that of the wait which began last before the clock stood still.
    """
    changes: list[tuple[datetime, int, int, str]] = []  # moment, open, at work, reason of a wait that begins
    for work in works:
        changes += _changes(work)
    changes.sort(key=lambda one: one[0])
    found: list[worktime.Hold] = []
    open_, going, begun, why = 0, 0, None, ""
    place = 0
    while place < len(changes):
        moment = changes[place][0]
        while place < len(changes) and changes[place][0] == moment:
            _at, more_open, more_going, reason = changes[place]
            open_, going, why = open_ + more_open, going + more_going, reason or why
            place += 1
        stands = open_ > 0 and going == 0
        if stands and begun is None:
            begun = (moment, why)
        elif not stands and begun is not None:
            found.append(worktime.Hold(begun[0], moment, begun[1]))
            begun = None
    if begun is not None:
        found.append(worktime.Hold(begun[0], None, begun[1]))
    return tuple(_clipped(found, since))


def _changes(work: Work) -> Iterable[tuple[datetime, int, int, str]]:
    """What the work adds to the counts of open and of going work, and when."""
    if work.end is not None and work.end <= work.start:
        return
    yield work.start, 1, 1, ""
    if work.end is not None:
        yield work.end, -1, -1, ""
    for begin, end, why in _merged(work):
        yield begin, 0, -1, why
        if end is not None:
            yield end, 0, 1, ""


def _merged(work: Work) -> list[tuple[datetime, datetime | None, str]]:
    """Its waits as a union, inside the work."""
    spans: list[tuple[datetime, datetime | None, str]] = []
    for begin, end, why in sorted(work.waits, key=lambda one: one[0]):
        begin = max(begin, work.start)
        end = work.end if end is None or (work.end is not None and end > work.end) else end
        if end is not None and end <= begin:
            continue
        last = spans[-1] if spans else None
        if last is not None and (last[1] is None or begin <= last[1]):
            later = None if last[1] is None or end is None else max(last[1], end)
            spans[-1] = (last[0], later, last[2])
        else:
            spans.append((begin, end, why))
    return spans


def _clipped(holds: Sequence[worktime.Hold], since: datetime | None) -> Iterable[worktime.Hold]:
    for hold in holds:
        if since is None or hold.start >= since:
            yield hold
        elif hold.end is None or hold.end > since:
            yield worktime.Hold(since, hold.end, hold.reason)


@dataclass(frozen=True, slots=True)
class Took:
    """How long it took: counted working days, and the calendar days between the first and the last."""

    working: int
    span: int


def took(
    calendar: worktime.Calendar, start: datetime, end: datetime, holds: Sequence[worktime.Hold] = ()
) -> Took:
    """From acceptance to decision. The first day is not counted, the day of the decision is, whatever its hour:
    what is decided on the day on which it is due took exactly its limit."""
    day = end.astimezone(SHANGHAI).date()
    close = datetime.combine(day + timedelta(days=1), time(0), SHANGHAI) - timedelta(seconds=1)
    known = [one for one in holds if one.start < end]
    known = [
        worktime.Hold(one.start, end if one.end is None or one.end > end else one.end, one.reason)
        for one in known
    ]
    working = worktime.used(calendar, start, max(close, end), "wd", known).amount
    return Took(working, (day - start.astimezone(SHANGHAI).date()).days)
