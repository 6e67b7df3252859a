"""统计周期: the days that an evaluation is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.store import ZONE

CYCLES = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the district, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid(_("The period ends before it begins."), where="to")

    @classmethod
    def of(cls, cycle: str, day: date) -> Period:
        """The day, week (from Monday), month, quarter or year that holds `day`."""
        if cycle == "day":
            return cls(day, day)
        if cycle == "week":
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6))
        months = {"month": 1, "quarter": 3, "year": 12}.get(cycle)
        if months is None:
            raise Invalid(_("The period is one of: %(known)s.") % {"known": ", ".join(CYCLES)}, where="cycle")
        month = (day.month - 1) // months * months
        end = date(day.year + (month + months) // 12, (month + months) % 12 + 1, 1)
        return cls(date(day.year, month + 1, 1), end - timedelta(days=1))

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), ZONE)

    @property
    def end(self) -> datetime:
        """The moment after the last."""
        return datetime.combine(self.last + timedelta(days=1), time(), ZONE)
