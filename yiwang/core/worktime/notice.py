"""The yearly holiday notice of the State Council  # 国务院办公厅关于部分节假日安排的通知

The notice says which days are off and which weekend days are worked instead (调休). It appears between
October and December for the year after, and has been amended within the year (2019, 2020).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.core.worktime.errors import NoticeError


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day named by a notice: off, or worked."""

    date: date
    off: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """The days that the notice for `year` names, and where it was published.

    New Year's holiday may begin in the last days of the December before.
    """

    year: int
    days: tuple[NoticeDay, ...]
    sources: tuple[str, ...] = ()

    def __post_init__(self):
        if not self.days:
            raise NoticeError(
                "empty",
                f"the notice for {self.year} names no day: it is probably not published yet. "
                "Leave it out; the year then counts as provisional",
                year=self.year,
            )
        seen: dict[date, NoticeDay] = {}
        for day in self.days:
            if not date(self.year - 1, 12, 20) <= day.date <= date(self.year, 12, 31):
                raise NoticeError(
                    "year",
                    f"{day.date} ({day.name}) is not a day of the notice for {self.year}, which may only name "
                    f"{self.year - 1}-12-20 to {self.year}-12-31: correct the year or the date",
                    year=self.year,
                    date=day.date.isoformat(),
                )
            other = seen.get(day.date)
            if other is not None:
                said = "twice" if other.off == day.off else "once as off and once as worked"
                raise NoticeError(
                    "duplicate",
                    f"{day.date} is listed {said} in the notice for {self.year}: keep one",
                    year=self.year,
                    date=day.date.isoformat(),
                )
            if not day.off and day.date.weekday() < 5 and not _follows_holiday(day, self.days):
                raise NoticeError(
                    "weekday_worked",
                    f"{day.date} ({day.name}) is listed as worked but is no weekend day: correct the date",
                    date=day.date.isoformat(),
                )
            seen[day.date] = day

    @classmethod
    def from_json(cls, data: Mapping) -> "Notice":
        """A notice from {"year", "papers": [url], "days": [{"name", "date", "isOffDay"}]}, the format in
        which holiday-cn publishes it. NoticeError names the entry that is wrong.
        """
        year = _year(data)
        entries = data.get("days")
        if not isinstance(entries, list):
            raise NoticeError("days", f"the notice for {year} has no list “days”", year=year)
        days = []
        for number, entry in enumerate(entries, 1):
            where = f"days[{number}] of the notice for {year}"
            if not isinstance(entry, Mapping):
                raise NoticeError("entry", f"{where} is {entry!r}, not an object", entry=number)
            if not isinstance(entry.get("isOffDay"), bool):
                raise NoticeError(
                    "entry",
                    f"{where} needs isOffDay true or false, has {entry.get('isOffDay')!r}",
                    entry=number,
                )
            days.append(NoticeDay(_date(entry.get("date"), where), entry["isOffDay"], _name(entry, where)))
        return cls(year, tuple(days), _texts(data.get("papers")))

    @classmethod
    def from_pack(cls, data: Mapping) -> "Notice":
        """A notice as a pack writes it:

            year: 2026
            source: [URL]
            days_off:    [{name: 国庆节, from: 2026-10-01, to: 2026-10-07}]
            makeup_days: [{name: 国庆节, date: 2026-10-10}]

        NoticeError names the entry that is wrong.
        """
        year = _year(data)
        days = []
        for number, entry in enumerate(_entries(data, "days_off", year), 1):
            where = f"days_off[{number}] of the notice for {year}"
            first, last = _date(entry.get("from"), where), _date(entry.get("to"), where)
            if not timedelta(0) <= last - first <= timedelta(31):
                raise NoticeError("range", f"{where} runs from {first} to {last}: correct it", entry=number)
            name = _name(entry, where)
            days += [NoticeDay(first + timedelta(n), True, name) for n in range((last - first).days + 1)]
        for number, entry in enumerate(_entries(data, "makeup_days", year), 1):
            where = f"makeup_days[{number}] of the notice for {year}"
            days.append(NoticeDay(_date(entry.get("date"), where), False, _name(entry, where)))
        return cls(year, tuple(sorted(days, key=lambda day: day.date)), _texts(data.get("source")))


def named_days(notices: Iterable[Notice]) -> dict[date, NoticeDay]:
    """All days of `notices`; NoticeError where two notices disagree, or two are for one year."""
    years: set[int] = set()
    named: dict[date, NoticeDay] = {}
    for notice in notices:
        if notice.year in years:
            raise NoticeError(
                "same_year",
                f"two notices are for {notice.year}: merge an amendment into one notice",
                year=notice.year,
            )
        years.add(notice.year)
        for day in notice.days:
            other = named.setdefault(day.date, day)
            if other.off != day.off:
                raise NoticeError(
                    "conflict",
                    f"{day.date} is off in one notice and worked in another (the second is for {notice.year}): "
                    "correct one of them",
                    year=notice.year,
                    date=day.date.isoformat(),
                )
    return named


def _follows_holiday(day: NoticeDay, days: tuple[NoticeDay, ...]) -> bool:
    """An amendment that prolongs a holiday may name the ordinary weekday on which work resumes, as that of
    2020-01-27 did with Monday 2020-02-03. Any other weekday listed as worked is a slip.
    """
    return any(other.off and other.date == day.date - timedelta(1) for other in days)


def _year(data: Mapping) -> int:
    year = data.get("year") if isinstance(data, Mapping) else None
    if isinstance(year, bool) or not isinstance(year, int) or not 1999 < year < 2100:
        raise NoticeError(
            "year", f"a holiday notice needs its year as a number, not {year!r}", year=str(year)
        )
    return year


def _entries(data: Mapping, key: str, year: int) -> list[Mapping]:
    entries = data.get(key) or []
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise NoticeError(
            "entry",
            f"{key} of the notice for {year} must be a list of entries with name and dates",
            year=year,
        )
    return entries


def _date(value: object, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise NoticeError(
            "date", f"{where}: “{value}” is not a date, write YYYY-MM-DD", value=str(value)
        ) from None


def _name(entry: Mapping, where: str) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise NoticeError("name", f"{where} does not say which holiday it belongs to: give its name")
    return name.strip()


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(text) for text in value or ())
