"""Dates, times, spans and limits in words, in the language of the request and the time of Shanghai.

Every function takes the moment it measures against: nothing here reads a clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yiwang.core.worktime import Limit

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTE, HOUR, DAY = 60, 3600, 86400


def local(value: datetime) -> datetime:
    """`value` in the district's time. A naive moment has no meaning here and is refused."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(ZoneInfo(settings.TIME_ZONE))


def chinese() -> bool:
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


def moment(value: datetime | None) -> str:
    """2026年9月24日 16:30, or 24 Sep 2026, 16:30. Empty for None."""
    if value is None:
        return ""
    at = local(value)
    return f"{day(at)} {at:%H:%M}" if chinese() else f"{day(at)}, {at:%H:%M}"


def day(value: date | datetime | None) -> str:
    """2026年9月24日, or 24 Sep 2026. Empty for None."""
    if value is None:
        return ""
    on = local(value).date() if isinstance(value, datetime) else value
    if chinese():
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(value: date | datetime) -> str:
    """9月24日, or 24 Sep."""
    on = local(value).date() if isinstance(value, datetime) else value
    return f"{on.month}月{on.day}日" if chinese() else f"{on.day} {MONTHS[on.month - 1]}"


def weekday(value: date | datetime) -> str:
    """周四, or Thu."""
    on = local(value).date() if isinstance(value, datetime) else value
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[on.weekday()]


def span(seconds: float) -> str:
    """A length of time in its one or two largest units: 2 days 3 hours, 40 minutes, under a minute."""
    whole = int(abs(seconds))
    if whole < MINUTE:
        return _("under a minute")
    days, rest = divmod(whole, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts = []
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if minutes and not days:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes})
    return " ".join(parts[:2]) if days < 10 else parts[0]


def length_of(seconds: float | None) -> str:
    """A length of time in words; a dash where there was nothing to measure."""
    return "—" if seconds is None else span(seconds)


def ago(value: datetime | None, now: datetime) -> str:
    """How long before `now`: 5 minutes ago. A moment in the future reads as the time to it."""
    if value is None:
        return ""
    seconds = (now - value).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now")
    if seconds < 0:
        return _("in %(span)s") % {"span": span(seconds)}
    return _("%(span)s ago") % {"span": span(seconds)}


def left(due: datetime | None, now: datetime) -> str:
    """How long until it is due, or for how long it is overdue, from the exact moment that it was due."""
    if due is None:
        return _("no due time")
    seconds = (due - now).total_seconds()
    if seconds < 0:
        return _("overdue by %(span)s") % {"span": span(seconds)}
    return _("%(span)s left") % {"span": span(seconds)}


def limit_text(value: str | Limit | None) -> str:
    """A time limit in words: 5wd is 5 working days. Empty for no limit."""
    if not value:
        return ""
    limit = value if isinstance(value, Limit) else Limit.parse(value)
    n = limit.amount
    words = {
        "wd": ngettext("%(n)s working day", "%(n)s working days", n),
        "wh": ngettext("%(n)s working hour", "%(n)s working hours", n),
        "d": ngettext("%(n)s calendar day", "%(n)s calendar days", n),
        "h": ngettext("%(n)s clock hour", "%(n)s clock hours", n),
        "eh": ngettext("%(n)s emergency hour", "%(n)s emergency hours", n),
    }
    return words[limit.unit] % {"n": n}


def number(value: float | int | None, places: int = 0) -> str:
    """Digits grouped by thousands; a dash for an unknown value."""
    return "—" if value is None else f"{value:,.{places}f}"


def percent(share: float | None, places: int = 1) -> str:
    """A share of 0 to 1 as a percentage; a dash where there was nothing to measure."""
    return "—" if share is None else f"{share * 100:.{places}f}%"


SOON = timedelta(hours=2)


def time_state(due: datetime | None, held: bool, now: datetime, soon: timedelta = SOON) -> str:
    """held, overdue, soon, running or none: what the colour and the shape of a due time say."""
    if held:
        return "held"
    if due is None:
        return "none"
    if due < now:
        return "overdue"
    return "soon" if due - now <= soon else "running"
