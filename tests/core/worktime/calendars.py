"""The calendars that the tests count on: the district's own, and one with odd office hours."""

from functools import cache
from pathlib import Path

from yiwang.core.worktime import SHANGHAI, Calendar, Hold, Limit, Season, due, parse_moment
from yiwang.core.worktime.files import calendar_of, read_notices, read_seasons

PACKS = Path(__file__).parents[3] / "packs"


@cache
def district() -> Calendar:
    """2019 to 2036: official to 2026; winter to 17:00 and, from June to September, summer to 17:30."""
    return calendar_of(notices(), read_seasons(PACKS / "dadong" / "calendar.yaml"))


@cache
def notices():
    return read_notices(PACKS / "national" / "calendar")


@cache
def odd() -> Calendar:
    """Three seasons of one, three and two windows, to the odd minute; 2026 has no notice."""
    seasons = [
        {"from": "12-15", "to": "02-28", "windows": ["09:17-16:03"]},
        {"from": "02-29", "to": "07-31", "windows": ["06:00-07:30", "10:00-12:00", "20:00-23:59"]},
        {"from": "08-01", "to": "12-14", "windows": ["08:30-11:30", "13:00-17:00"]},
    ]
    return Calendar.build(notices()[:-1], [Season.from_pack(entry) for entry in seasons], 2023, 2028)


def at(text: str):
    """The moment of MM-DD HH:MM in 2026, or of a full ISO text."""
    return parse_moment(text if len(text) > 11 else f"2026-{text.replace(' ', 'T')}")


def hold(text: str, reason: str = "") -> Hold:
    """A hold from "MM-DD HH:MM / MM-DD HH:MM"; nothing after the slash while it lasts."""
    begin, end = (part.strip() for part in text.split("/"))
    return Hold(at(begin), at(end) if end else None, reason)


def due_text(start: str, limit: str, *holds: str, extension: str = "") -> str | None:
    """The due moment on the district's calendar as MM-DD HH:MM, or None while held."""
    more = Limit.parse(extension) if extension else None
    found = due(district(), at(start), Limit.parse(limit), [hold(text) for text in holds], more)
    return found.moment and found.moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
