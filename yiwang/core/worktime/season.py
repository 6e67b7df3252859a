"""Office hours by season."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from yiwang.core.worktime.errors import SeasonError

MonthDay = tuple[int, int]
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_WINDOW = re.compile(r"(\d\d):(\d\d) *[-–] *(\d\d):(\d\d)", re.ASCII)
_LEAP_YEAR = [date(2024, 1, 1) + timedelta(days) for days in range(366)]


@dataclass(frozen=True)
class Season:
    """Office hours from one day of the year to another, both included  # 作息时间

    `from_month_day` and `to_month_day` are (month, day); a season may wrap around the new year, and one
    from (1, 1) to (12, 31) is the whole year. `windows` are (opening, closing) in order, within one day.
    """

    from_month_day: MonthDay
    to_month_day: MonthDay
    windows: tuple[tuple[time, time], ...]

    def __post_init__(self):
        for month, day in (self.from_month_day, self.to_month_day):
            try:
                date(2024, month, day)
            except ValueError:
                raise SeasonError(
                    "month_day", f"{month:02}-{day:02} is not a day of the year", month=month, day=day
                ) from None
        if not self.windows:
            raise SeasonError(
                "no_windows", f"the season {self} has no office hours: give at least one window"
            )
        edges = [edge for window in self.windows for edge in window]
        if any(later <= earlier for earlier, later in zip(edges, edges[1:], strict=False)):
            raise SeasonError(
                "windows",
                f"the office hours of {self} overlap or run backwards: give them in order of the day",
            )

    @classmethod
    def from_pack(cls, entry: dict) -> "Season":
        """A season as a pack writes it: {from: 10-01, to: 05-31, windows: [08:30-11:30, 13:00-17:00]}."""
        missing = [key for key in ("from", "to", "windows") if not entry.get(key)]
        if missing:
            raise SeasonError("missing", f"a season lacks {', '.join(missing)}: {entry}", missing=missing)
        return cls(
            _month_day(entry["from"]),
            _month_day(entry["to"]),
            tuple(_window(text) for text in entry["windows"]),
        )

    def covers(self, month_day: MonthDay) -> bool:
        first, last = self.from_month_day, self.to_month_day
        if first <= last:
            return first <= month_day <= last
        return month_day >= first or month_day <= last

    def spans(self) -> tuple[tuple[int, int], ...]:
        """(opening, closing) in seconds of the day."""
        return tuple((_seconds(opening), _seconds(closing)) for opening, closing in self.windows)

    def __str__(self) -> str:
        (month, day), (to_month, to_day) = self.from_month_day, self.to_month_day
        return f"{month:02}-{day:02}..{to_month:02}-{to_day:02}"


def season_by_day(seasons: Sequence[Season]) -> dict[MonthDay, int]:
    """Which of `seasons` each of the 366 days of the year belongs to; SeasonError unless exactly one."""
    found = {}
    for day in _LEAP_YEAR:
        month_day = (day.month, day.day)
        covering = [index for index, season in enumerate(seasons) if season.covers(month_day)]
        if len(covering) != 1:
            problem = "no season has" if not covering else "more than one season has"
            raise SeasonError(
                "coverage",
                f"{problem} office hours for {day:%m-%d} (seasons: {_listed(seasons)}): "
                "every day of the year, 02-29 too, belongs to exactly one",
                day=f"{day:%m-%d}",
                seasons=_listed(seasons),
            )
        found[month_day] = covering[0]
    return found


def _listed(seasons: Iterable[Season]) -> str:
    return ", ".join(str(season) for season in seasons) or "none"


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _month_day(text: str) -> MonthDay:
    match = _MONTH_DAY.fullmatch(str(text))
    if not match:
        raise SeasonError("month_day", f"“{text}” is not a day of the year: write MM-DD, for example 10-01")
    return int(match[1]), int(match[2])


def _window(text: str) -> tuple[time, time]:
    match = _WINDOW.fullmatch(str(text))
    try:
        if not match:
            raise ValueError
        return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise SeasonError(
            "window", f"“{text}” is not a window of office hours: write HH:MM-HH:MM", value=str(text)
        ) from None
