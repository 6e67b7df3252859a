"""The working calendar: which days are worked, and between which hours."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from yiwang.core.worktime.errors import CalendarError
from yiwang.core.worktime.moment import DAY, date_of, day_of
from yiwang.core.worktime.notice import Notice, NoticeDay, named_days
from yiwang.core.worktime.season import Season, season_by_day
from yiwang.core.worktime.statutory import FIRST_YEAR, LAST_YEAR, statutory_holidays

KINDS = ("workday", "weekend", "holiday", "makeup")
OFFICIAL, PROVISIONAL = "official", "provisional"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a calendar.

    `kind` is workday, weekend, holiday or makeup (a weekend day that is worked, 调休上班). `name` is the
    holiday that a day off or a make-up day belongs to, else "". `status` is provisional as long as the
    notice for its year is not published.
    """

    date: date
    working: bool
    status: str
    name: str
    kind: str


class Calendar:
    """Working days and office hours of whole years  # 工作日历

    Immutable. Two calendars are equal when every date and every office hour is: `fingerprint` says so in
    16 hexadecimal characters, to be stored with a due date that was computed.

    A year with a notice follows it (status official). A year without one has its weekends and its
    statutory holidays off and no make-up days, since those cannot be known (status provisional).
    """

    def __init__(self, notices: Sequence[Notice], seasons: Sequence[Season], first_year: int, last_year: int):
        _check_years(first_year, last_year)
        self.notices = tuple(sorted(notices, key=lambda notice: notice.year))
        self.seasons = tuple(seasons)
        self.first_year, self.last_year = first_year, last_year
        self.first, self.last = date(first_year, 1, 1), date(last_year, 12, 31)
        self._base = day_of(self.first)
        self._days = tuple(_days(self.notices, self._base, day_of(self.last)))
        by_month_day = season_by_day(self.seasons)
        self._season = [by_month_day[(day.date.month, day.date.day)] for day in self._days]
        self._spans = tuple(season.spans() for season in self.seasons)

    @classmethod
    def build(
        cls, notices: Iterable[Notice], seasons: Sequence[Season], first_year: int, last_year: int
    ) -> "Calendar":
        """The calendar of first_year to last_year, both whole and included.

        Raises NoticeError (notices that contradict one another), SeasonError (a day of the year without
        office hours, or with two), CalendarError (years for which the lunar holidays are not known).
        """
        return cls(tuple(notices), seasons, first_year, last_year)

    def with_notice(self, notice: Notice) -> "Calendar":
        """This calendar with `notice` put in, in place of an earlier one for the same year."""
        others = tuple(other for other in self.notices if other.year != notice.year)
        return Calendar((*others, notice), self.seasons, self.first_year, self.last_year)

    @cached_property
    def official_years(self) -> frozenset[int]:
        """The years whose notice is known: none of their days is provisional."""
        return frozenset(notice.year for notice in self.notices)

    def day(self, day: date) -> Day:
        """What `day` is; CalendarError when the calendar does not reach it."""
        index = day_of(day) - self._base
        if not 0 <= index < len(self._days):
            raise self.out_of_range(day)
        return self._days[index]

    def windows(self, day: date) -> tuple[tuple[int, int], ...]:
        """(opening, closing) of `day`'s season in seconds of the day, whether or not it is worked."""
        self.day(day)
        return self._spans[self._season[day_of(day) - self._base]]

    @cached_property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(f"{self.first} {self.last} ".encode())
        for day, season in zip(self._days, self._season, strict=True):
            digest.update(f"{day.kind} {day.status} {day.name} {self._spans[season]};".encode())
        return digest.hexdigest()[:16]

    def __eq__(self, other) -> bool:
        return isinstance(other, Calendar) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        years = ", ".join(str(notice.year) for notice in self.notices) or "none"
        return f"<Calendar {self.first_year}-{self.last_year}, notices: {years}, {self.fingerprint}>"

    def __reduce__(self):
        return Calendar, (self.notices, self.seasons, self.first_year, self.last_year)

    def out_of_range(self, day: date | str) -> CalendarError:
        """The refusal of a date that the calendar does not reach."""
        return CalendarError(
            "out_of_range",
            f"{day} is outside the calendar, which covers {self.first} to {self.last}: "
            "correct the date, or build the calendar for more years",
            date=str(day),
            first=self.first.isoformat(),
            last=self.last.isoformat(),
        )

    @cached_property
    def tables(self) -> "Tables":
        """The look-up arrays behind `due` and `due_many`."""
        return Tables(self)


class Tables:
    """A calendar as arrays. A day is an index from 0 (`first`); N is the number of days.

    rank[i] working days before day i (N+1 entries)         nth[k] day index of the k-th working day
    close[k] close of business of the k-th working day, in local seconds
    worked[k] office seconds before the k-th working day (one entry more)
    season[i] season of day i                               working[i]
    """

    def __init__(self, calendar: Calendar):
        days = calendar._days
        self.first = calendar._base
        self.size = len(days)
        self.start, self.end = self.first * DAY, (self.first + self.size) * DAY
        self.working = np.fromiter((day.working for day in days), bool, self.size)
        self.rank = np.concatenate(([0], np.cumsum(self.working))).astype(np.int64)
        self.nth = np.flatnonzero(self.working).astype(np.int64)
        self.season = np.array(calendar._season, np.int64)
        self.spans = calendar._spans
        closing = np.array([spans[-1][1] for spans in self.spans], np.int64)
        length = np.array([sum(end - begin for begin, end in spans) for spans in self.spans], np.int64)
        season = self.season[self.nth]
        self.close = (self.nth + self.first) * DAY + closing[season]
        self.worked = np.concatenate(([0], np.cumsum(length[season]))).astype(np.int64)
        for table in (self.working, self.rank, self.nth, self.season, self.close, self.worked):
            table.setflags(write=False)

    @cached_property
    def close_or_end(self) -> np.ndarray:
        """`close` with the calendar's end after its last entry, for days that it does not reach."""
        return np.append(self.close, self.end)

    @cached_property
    def window_arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """(opening, length) in seconds, by season and window; short seasons are filled up with empty windows."""
        width = max(len(spans) for spans in self.spans)
        opening = np.zeros((len(self.spans), width), np.int64)
        length = np.zeros_like(opening)
        for season, spans in enumerate(self.spans):
            for window, (begin, end) in enumerate(spans):
                opening[season, window], length[season, window] = begin, end - begin
        return opening, length

    @cached_property
    def lists(self) -> "Lists":
        return Lists(self)


class Lists:
    """The same tables as Python lists: one look-up costs a tenth of what an array's does."""

    def __init__(self, tables: Tables):
        self.rank, self.nth = tables.rank.tolist(), tables.nth.tolist()
        self.close, self.worked = tables.close.tolist(), tables.worked.tolist()
        self.season, self.working = tables.season.tolist(), tables.working.tolist()


def _check_years(first: int, last: int) -> None:
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise CalendarError(
            "years",
            f"a calendar covers whole years between {FIRST_YEAR} and {LAST_YEAR}, not {first} to {last}",
            first=first,
            last=last,
        )


def _days(notices: tuple[Notice, ...], first: int, last: int) -> Iterable[Day]:
    named = named_days(notices)
    official = {notice.year for notice in notices}
    year, statutory = None, {}
    for number in range(first, last + 1):
        day = date_of(number)
        if day.year != year:
            year = day.year
            statutory = {} if year in official else statutory_holidays(year)
        yield _day(day, named.get(day), day.year in official, statutory)


def _day(day: date, named: NoticeDay | None, official: bool, statutory: dict[date, str]) -> Day:
    weekend = day.weekday() >= _SATURDAY
    status = OFFICIAL if official or named else PROVISIONAL
    if named and named.off:
        return Day(day, False, status, named.name, "holiday")
    if named:
        return Day(day, True, status, named.name if weekend else "", "makeup" if weekend else "workday")
    if day in statutory:
        return Day(day, False, status, statutory[day], "holiday")
    return Day(day, not weekend, status, "", "weekend" if weekend else "workday")
