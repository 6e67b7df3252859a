"""Working calendars, due dates, time used, and the day-by-day explanation.

`due` answers one case and explains it; `due_many` answers arrays. The legal rules are at the head of
`yiwang.core.worktime.due`.
"""

from yiwang.core.worktime.calendar import Calendar, Day
from yiwang.core.worktime.days import DueDay
from yiwang.core.worktime.due import Due, due
from yiwang.core.worktime.errors import (
    CalendarError,
    HoldError,
    LimitError,
    MomentError,
    NoticeError,
    SeasonError,
    WorktimeError,
)
from yiwang.core.worktime.hold import Hold
from yiwang.core.worktime.hold_arrays import HoldArrays
from yiwang.core.worktime.limit import UNITS, Limit
from yiwang.core.worktime.many import due_many, worked_many
from yiwang.core.worktime.moment import SHANGHAI, parse_moment
from yiwang.core.worktime.notice import Notice, NoticeDay
from yiwang.core.worktime.season import Season
from yiwang.core.worktime.strip import strip
from yiwang.core.worktime.used import Used, remaining, used

__all__ = [
    "SHANGHAI",
    "UNITS",
    "Calendar",
    "CalendarError",
    "Day",
    "Due",
    "DueDay",
    "Hold",
    "HoldArrays",
    "HoldError",
    "Limit",
    "LimitError",
    "MomentError",
    "Notice",
    "NoticeDay",
    "NoticeError",
    "Season",
    "SeasonError",
    "Used",
    "WorktimeError",
    "due",
    "due_many",
    "parse_moment",
    "remaining",
    "strip",
    "used",
    "worked_many",
]
