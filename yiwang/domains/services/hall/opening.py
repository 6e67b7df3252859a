"""When a hall is open, and at which times an appointment can begin: the office calendar cut into slots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.utils.translation import gettext as _

from yiwang.core.worktime import SHANGHAI, Calendar, CalendarError
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.halls import Hall, HallLine
from yiwang.kernel.packs.rulebook import Rulebook

LONGEST_LOOK = 200  # days that are looked at for the working days ahead


def hall_of(rules: Rulebook, slug: str) -> Hall:
    """Raises NotFound for a hall that the pack does not have."""
    found = rules.halls.get(slug)
    if found is None:
        raise NotFound(_("There is no service hall %(slug)s.") % {"slug": slug[:40]}, code="no_hall")
    return found


def hall_for(rules: Rulebook, service: str) -> tuple[Hall, HallLine] | None:
    """The first hall that does a service, with the line for it."""
    for hall in rules.halls.values():
        line = hall.line_of(service)
        if line is not None:
            return hall, line
    return None


def local_day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)


def hours(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """The office hours of a day, none when it is not worked or lies beyond the calendar."""
    try:
        if not calendar.day(day).working:
            return []
        spans = calendar.windows(day)
    except CalendarError:
        return []
    midnight = datetime.combine(day, time(), SHANGHAI)
    return [(midnight + timedelta(seconds=begin), midnight + timedelta(seconds=end)) for begin, end in spans]


def slots(hall: Hall, calendar: Calendar, day: date) -> Iterator[datetime]:
    """When an appointment can begin; each slot lies whole within the office hours."""
    length = timedelta(minutes=hall.slot)
    for begin, end in hours(calendar, day):
        while begin + length <= end:
            yield begin
            begin += length


def days(hall: Hall, calendar: Calendar, now: datetime) -> list[date]:
    """The days that can be booked: today if it is worked, and as many working days ahead as the hall says."""
    today = local_day(now)
    found = [today] if hours(calendar, today) else []
    later = (today + timedelta(days=n) for n in range(1, LONGEST_LOOK))
    return found + list(islice((day for day in later if hours(calendar, day)), hall.ahead))


def is_open(calendar: Calendar, now: datetime, early: int = 0) -> bool:
    """Whether the hall takes people in: from `early` minutes before each window to its end."""
    before = timedelta(minutes=early)
    return any(begin - before <= now < end for begin, end in hours(calendar, local_day(now)))
