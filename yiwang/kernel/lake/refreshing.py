"""A new snapshot out of the registers."""

from __future__ import annotations

import datetime as dt

from yiwang.kernel.lake import reading, writing
from yiwang.kernel.lake.gathering import Progress, gather
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.people import journal

KEEP = 14
CHINA = dt.timezone(dt.timedelta(hours=8))


def refresh(now: dt.datetime, *, keep: int = KEEP, progress: Progress | None = None) -> reading.Snapshot:
    """Writes the snapshot of `now`'s day, in place of one of the same day, and gives it.

    `snapshot.json` names the pack's digest and the number of the last change that is surely in it.
    """
    rules = rulebook.current()
    change = journal.last_change()  # read first: what comes in meanwhile is told of again
    people, apart = gather(rules.variables, progress)
    about = {
        "made_at": now.isoformat(),
        "pack": rules.digest,
        "change": change,
        "without_household": apart,
    }
    day = now.astimezone(CHINA).date()
    writing.write(people, rules.variables, day, about, keep=keep)
    return reading.snapshot(day, rules.variables)
