"""Moments: aware outside, whole local seconds inside.

Mainland China has kept one time, UTC+8 without summer time, since 1992. Inside this package a moment is
an int: seconds since 1970-01-01 00:00 of *local* time, so that a day is always 86,400 of them.
"""

import math
import re
from datetime import date, datetime, timedelta, timezone

from yiwang.core.worktime.errors import MomentError

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = 86_400
HOUR = 3_600
OPEN = 2**62  # the end of a hold that has none yet; later than any moment, and safe to add to
_OFFSET = 8 * HOUR
_EPOCH = date(1970, 1, 1).toordinal()
# A date alone, or with hours and minutes and perhaps more. Weeks (2026-W39) and bare 20260924 are refused:
# they are far more often slips than meant.
_TEXT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)


def seconds_of(moment: datetime, what: str = "start") -> int:
    """Local seconds of an aware moment; fractions of a second are dropped. MomentError if it is naive."""
    offset = moment.utcoffset() if isinstance(moment, datetime) else None
    if offset is None:
        raise MomentError(
            "naive",
            f"{what} {moment!s} has no time zone: give an aware datetime, for example with "
            "tzinfo=yiwang.core.worktime.SHANGHAI",
            what=what,
            value=str(moment),
        )
    return math.floor(moment.timestamp()) + _OFFSET


def moment_of(seconds: int) -> datetime:
    """The aware moment (UTC+8) of local seconds."""
    return datetime.fromtimestamp(seconds - _OFFSET, SHANGHAI)


def day_of(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def date_of(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def parse_moment(text: str, what: str = "moment") -> datetime:
    """An aware moment from ISO 8601 text; text without an offset is Shanghai time, a date alone its 00:00.

    MomentError says what was expected.
    """
    text = text.strip()
    moment = None
    if _TEXT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:  # 2026-02-30, 25:00
            moment = None
    if moment is None:
        raise MomentError(
            "format",
            f"{what} “{text}” is not a moment: write YYYY-MM-DDTHH:MM, for example 2026-09-24T16:30",
            what=what,
            value=text,
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
