"""Office hours for the compiled loop: how much was worked before a moment, and when so much will have been.

The rules are those of `yiwang.core.worktime.due`, without holds; tests compare both on random moments. Moments are
whole local seconds; FAR stands for a moment after the calendar's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.worktime import Calendar

DAY = 86_400
FAR = 2**61
WORKING_DAYS, DAYS, WORKING_HOURS, HOURS = range(4)
#: For functions inside the loop, which make no arrays: Numba would count references to each array that they look into,
#: which took four fifths of the time of a simulated year.
WITHIN = {"cache": True, "forceinline": True, "_nrt": False}
UNITS = {"wd": WORKING_DAYS, "d": DAYS, "wh": WORKING_HOURS, "h": HOURS, "eh": HOURS}


class Clocks(NamedTuple):
    """The tables of several calendars of the same years; the first axis is the calendar."""

    first: int  # day number of the first day
    start: int
    end: int
    before: np.ndarray  # [calendar, day] office seconds before the day, one entry more than days
    rank: np.ndarray  # [calendar, day] working days before the day, one entry more
    nth: np.ndarray  # [calendar, k] the k-th working day; padded with the number of days
    season: np.ndarray  # [calendar, day]
    opening: np.ndarray  # [calendar, season, window] seconds of the day
    length: np.ndarray
    close: np.ndarray  # [calendar, season]


def clocks(calendars: Sequence[Calendar]) -> Clocks:
    """The tables of `calendars`. SimulationError when they do not cover the same years."""
    tables = [calendar.tables for calendar in calendars]
    if len({(one.first, one.size) for one in tables}) != 1:
        raise SimulationError("calendars", "calendars", "they cover different years: build them for the same")
    size, count = tables[0].size, len(tables)
    windows = [one.window_arrays for one in tables]
    seasons = max(opening.shape[0] for opening, _length in windows)
    width = max(opening.shape[1] for opening, _length in windows)
    before, rank = np.zeros((count, size + 1), np.int64), np.zeros((count, size + 1), np.int64)
    nth, season = np.full((count, size + 1), size, np.int64), np.zeros((count, size), np.int64)
    opening, length = (np.zeros((count, seasons, width), np.int64) for _ in range(2))
    close = np.zeros((count, seasons), np.int64)
    for index, one in enumerate(tables):
        rank[index], season[index] = one.rank, one.season
        nth[index, : len(one.nth)] = one.nth
        before[index] = one.worked[one.rank]
        opens, lengths = windows[index]
        opening[index, : opens.shape[0], : opens.shape[1]] = opens
        length[index, : opens.shape[0], : opens.shape[1]] = lengths
        close[index, : len(one.spans)] = [spans[-1][1] for spans in one.spans]
    first = tables[0].first
    return Clocks(first, tables[0].start, tables[0].end, before, rank, nth, season, opening, length, close)


@njit(**WITHIN)
def worked(clocks, calendar, moment):
    """Office seconds from the calendar's start to the moment."""
    if moment >= clocks.end:
        return clocks.before[calendar, -1]
    day = moment // DAY - clocks.first
    total = clocks.before[calendar, day]
    if clocks.before[calendar, day + 1] > total:
        second = moment % DAY
        season = clocks.season[calendar, day]
        for window in range(clocks.opening.shape[2]):
            part = second - clocks.opening[calendar, season, window]
            if part > 0:
                total += min(part, clocks.length[calendar, season, window])
    return total


@njit(**WITHIN)
def when_worked(clocks, calendar, target):
    """The first moment at which `target` office seconds have been worked; FAR when the calendar ends before."""
    return when_worked_from(clocks, calendar, target, 0)


@njit(**WITHIN)
def when_worked_from(clocks, calendar, target, day):
    """The same, where the work has not been done before `day`: what is done within days is found at once."""
    if target > clocks.before[calendar, -1]:
        return FAR
    low, step, last = day, 1, clocks.before.shape[1] - 1  # the last day with before[day] < target
    while low + step < last and clocks.before[calendar, low + step] < target:
        low += step
        step *= 2
    high = min(low + step, last)
    while high - low > 1:
        middle = (low + high) // 2
        if clocks.before[calendar, middle] < target:
            low = middle
        else:
            high = middle
    left = target - clocks.before[calendar, low]
    season = clocks.season[calendar, low]
    for window in range(clocks.opening.shape[2]):
        if left <= clocks.length[calendar, season, window]:
            return (low + clocks.first) * DAY + clocks.opening[calendar, season, window] + left
        left -= clocks.length[calendar, season, window]
    return FAR


@njit(**WITHIN)
def advance(clocks, calendar, moment, seconds, natural):
    """The moment at which `seconds` of office or natural time have passed; at once when there are none."""
    if seconds <= 0:
        return moment
    if moment >= clocks.end:
        return FAR
    if natural:
        later = moment + seconds
        return later if later < clocks.end else FAR
    target = worked(clocks, calendar, moment) + seconds
    return when_worked_from(clocks, calendar, target, moment // DAY - clocks.first)


@njit(**WITHIN)
def close_of(clocks, calendar, rank):
    """The close of business of the working day with this number; FAR after the last."""
    day = clocks.nth[calendar, min(rank, clocks.nth.shape[1] - 1)]
    if day >= clocks.season.shape[1]:
        return FAR
    return (day + clocks.first) * DAY + clocks.close[calendar, clocks.season[calendar, day]]


@njit(**WITHIN)
def after_limit(clocks, calendar, moment, amount, unit):
    """When a limit that starts at `moment` is due (the rules of `due`, without holds)."""
    if unit == HOURS:
        return advance(clocks, calendar, moment, amount * 3600, True)
    if unit == WORKING_HOURS:
        return advance(clocks, calendar, moment, amount * 3600, False)
    if moment >= clocks.end:
        return FAR
    day = moment // DAY - clocks.first
    rank = clocks.rank[calendar]
    if amount == 0:
        today = close_of(clocks, calendar, rank[day])
        return today if moment < today else close_of(clocks, calendar, rank[day] + 1)
    if unit == WORKING_DAYS:
        return close_of(clocks, calendar, rank[day + 1] + amount - 1)
    last = day + amount
    if last >= clocks.season.shape[1]:
        return FAR
    return close_of(clocks, calendar, rank[last])


@njit(cache=True)
def worked_all(clocks, calendar, moments):
    """`worked` of each moment."""
    found = np.empty(moments.shape[0], np.int64)
    for index in range(moments.shape[0]):
        found[index] = worked(clocks, calendar, moments[index])
    return found


@njit(cache=True)
def when_all(clocks, calendar, targets):
    """`when_worked` of each target."""
    found = np.empty(targets.shape[0], np.int64)
    for index in range(targets.shape[0]):
        found[index] = when_worked(clocks, calendar, targets[index])
    return found


@njit(cache=True)
def days_counted(clocks, calendar, starts, ends, offsets, begins, untils):
    """Working days counted from each start to its end: the first day is not counted, nor is a day of a hold.

    The holds of row i are begins and untils from offsets[i] to offsets[i + 1], sorted by their beginning.
    """
    found = np.empty(starts.shape[0], np.int64)
    rank = clocks.rank[calendar]
    for row in range(starts.shape[0]):
        seen = starts[row] // DAY - clocks.first + 1  # the first day that is not looked at yet
        stop = min(ends[row], clocks.end - 1) // DAY - clocks.first + 1
        total = 0
        for place in range(offsets[row], offsets[row + 1]):
            low = min(max(begins[place] // DAY - clocks.first, seen), stop)
            high = min(untils[place], clocks.end - 1) // DAY - clocks.first + 1
            if low > seen:
                total += rank[low] - rank[seen]
            seen = max(seen, min(high, stop))
        if stop > seen:
            total += rank[stop] - rank[seen]
        found[row] = total
    return found
