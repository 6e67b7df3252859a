"""When things happen: by season, weekday and hour, and the hours in which people work on them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from functools import cache
from itertools import accumulate
from math import floor
from random import Random

from yiwang.core import worktime

HOUR, DAY = 3600, 86_400
OFFSET = 8 * HOUR  # China has one time, UTC+8

# Share of a scene's usual number in each month, from January.
SEASONS = {
    "all": (8, 8, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9),
    "warm": (1, 1, 4, 8, 11, 13, 14, 14, 11, 7, 2, 1),
    "cold": (13, 12, 10, 7, 4, 4, 4, 4, 5, 8, 12, 13),
    "winter": (16, 12, 5, 0, 0, 0, 0, 0, 0, 1, 8, 15),
    "autumn": (2, 2, 3, 4, 4, 4, 4, 5, 9, 16, 14, 5),
}
# Share of each hour of the day.
HOURS = {
    "day": (1, 1, 0, 0, 0, 1, 3, 6, 9, 10, 10, 8, 6, 7, 8, 8, 8, 7, 5, 4, 4, 3, 2, 1),
    "rush": (1, 0, 0, 0, 0, 2, 6, 14, 13, 7, 5, 5, 5, 4, 4, 5, 8, 14, 12, 7, 4, 3, 2, 1),
    "night": (6, 4, 2, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 9, 13, 15, 14, 12, 9),
    "morning": (1, 0, 0, 1, 3, 9, 16, 18, 14, 9, 6, 4, 3, 3, 3, 3, 3, 3, 2, 2, 1, 1, 1, 1),
    "patrol": (0, 0, 0, 0, 0, 0, 0, 2, 12, 16, 15, 10, 2, 10, 15, 14, 10, 4, 0, 0, 0, 0, 0, 0),
}
# When each post is staffed: (windows in hours, only on working days).
SHIFTS = {
    "acceptor": (((0, 24),), False),
    "dispatcher": (((7.5, 22),), False),
    "handler": (((7, 19),), False),
    "reviewer": (((8.5, 11.5), (13, 17.5)), True),
    "inspector": (((8, 12), (13, 18)), False),
    "duty_leader": (((8, 12), (13, 20)), False),
    "resident": (((7, 23),), False),
    "crew": (((0, 24),), False),
}


class Clock:
    """Seconds since 1970 in UTC, and what they are in the district."""

    def __init__(self, calendar: worktime.Calendar) -> None:
        self.calendar = calendar
        self.working = cache(lambda day: calendar.day(dt.date.fromordinal(day + 719_163)).working)

    def after(self, start: int, work: float, shift: str) -> int:
        """The moment at which `work` seconds of the shift have passed since `start`."""
        windows, office_days = SHIFTS[shift]
        local, left = start + OFFSET, work
        for day in range(local // DAY, local // DAY + 60):
            if office_days and not self.working(day):
                continue
            for opening, closing in windows:
                begin, end = max(local, day * DAY + int(opening * HOUR)), day * DAY + int(closing * HOUR)
                if begin < end:
                    if left <= end - begin:
                        return int(begin + left) - OFFSET
                    left -= end - begin
        return start + int(work)

    def busy(self, day: dt.date) -> float:
        """How many reports come that day, against an ordinary working day."""
        known = self.calendar.day(day)
        if known.kind == "holiday":
            return 0.62
        return 0.78 if not known.working else 1.0


def moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def local_midnight(day: dt.date) -> int:
    """Seconds of 00:00 of the day in China."""
    return (day.toordinal() - 719_163) * DAY - OFFSET


@cache
def _hour_table(profile: str) -> tuple[int, ...]:
    return tuple(accumulate(HOURS[profile]))


def second_of_day(profile: str, rng: Random) -> int:
    table = _hour_table(profile)
    return bisect(table, rng.random() * table[-1]) * HOUR + rng.randrange(HOUR)


def month_share(season: str, day: dt.date) -> float:
    """The scene's share on that day, between the middles of the months."""
    table = SEASONS[season]
    position = day.month - 1 + (day.day - 15) / 30
    low = floor(position)
    share = position - low
    return table[low % 12] * (1 - share) + table[(low + 1) % 12] * share
