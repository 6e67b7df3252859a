"""Everything that the wall shows of one area, kept for a few seconds for everybody who looks at it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from yiwang.core.stats import Finding
from yiwang.domains.operations import tallies
from yiwang.domains.operations.wall import history
from yiwang.domains.operations.wall.chiefs import Chief, chiefs
from yiwang.domains.operations.wall.history import Ranked, Today
from yiwang.domains.operations.wall.picture import Picture, picture
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.registers.queries import AreaRow

KEPT_SECONDS = 8.0
MOST_KEPT = 200  # areas


@dataclass(frozen=True, slots=True)
class Wall:
    """`counted_at` is None, and what needs history is empty, as long as the tallies were never made."""

    area: AreaRow
    at: datetime
    counted_at: datetime | None
    picture: Picture
    today: Today | None
    rising: list[Finding]
    passed: dict
    league: list[Ranked]
    chiefs: list[Chief]


def look(area: AreaRow, now: datetime) -> Wall:
    """The wall of an area at this moment. About ten queries, whatever the number of matters."""
    kept = tallies.state()
    seen = picture(area, now)
    if kept is None:
        return Wall(area, now, None, seen, None, [], {}, [], chiefs(area, now))
    calendar = current_calendar()
    fresh = history.live(area, kept)
    return Wall(
        area,
        now,
        kept.at,
        seen,
        history.today(area, now, kept, fresh, calendar),
        history.what_rises(area, _communities(area), now, kept, fresh, calendar),
        history.passed(area, now),
        history.league(area, now),
        chiefs(area, now),
    )


def _communities(area: AreaRow) -> list[str]:
    known = registers.areas().values()
    return [row.code for row in known if row.level == "community" and row.code.startswith(area.code)]


_kept: dict[str, tuple[float, Wall]] = {}
_locks: dict[str, threading.Lock] = {}
_guard = threading.Lock()


def kept_look(area: AreaRow, now: datetime) -> Wall:
    """As `look`, at most eight seconds old; of many who ask at once, one asks the database."""
    found = _still(area.code, now)
    if found is not None:
        return found
    with _guard:
        lock = _locks.setdefault(area.code, threading.Lock())
    with lock:
        found = _still(area.code, now)
        if found is None:
            found = look(area, now)
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[area.code] = time.monotonic(), found
    return found


def _still(code: str, now: datetime) -> Wall | None:
    kept = _kept.get(code)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        return None
    # A clock that was set (in tests, in demonstrations) makes what was kept another day's.
    return kept[1] if abs((now - kept[1].at).total_seconds()) <= KEPT_SECONDS else None


def forget() -> None:
    """Forgets what is kept; for tests."""
    _kept.clear()
