"""Notices and office hours from a pack's files."""

from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from yiwang.core.worktime.calendar import Calendar
from yiwang.core.worktime.errors import NoticeError, SeasonError, WorktimeError
from yiwang.core.worktime.notice import Notice
from yiwang.core.worktime.season import Season
from yiwang.core.worktime.statutory import LAST_YEAR

YEARS_AHEAD = 10


def read_notices(folder: Path) -> tuple[Notice, ...]:
    """The notices in `folder`/*.yaml, by year. NoticeError begins with the file that is wrong."""
    return tuple(_read(path, NoticeError, Notice.from_pack) for path in sorted(Path(folder).glob("*.yaml")))


def read_seasons(path: Path) -> tuple[Season, ...]:
    """The office hours in the `office_hours` of a pack's calendar file; SeasonError begins with the file."""

    def seasons(data: dict) -> tuple[Season, ...]:
        entries = (data.get("office_hours") or {}).get("seasons")
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise SeasonError("missing", "no list office_hours: seasons:")
        return tuple(Season.from_pack(entry) for entry in entries)

    return _read(Path(path), SeasonError, seasons)


def calendar_of(notices: Iterable[Notice], seasons: tuple[Season, ...]) -> Calendar:
    """The calendar from the first notice's year to ten years after the last one's."""
    notices = tuple(notices)
    if not notices:
        raise NoticeError("none", "a calendar needs the holiday notice of at least one year")
    years = [notice.year for notice in notices]
    return Calendar.build(notices, seasons, min(years), min(max(years) + YEARS_AHEAD, LAST_YEAR))


def _read(path: Path, error: type[WorktimeError], make: Callable):
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise error("file", "not a mapping of keys")
        return make(data)
    except WorktimeError as reason:
        raise error(reason.code, f"{path}: {reason}", **{**reason.params, "file": str(path)}) from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as reason:
        raise error("file", f"{path}: cannot be read: {reason}", file=str(path)) from None
