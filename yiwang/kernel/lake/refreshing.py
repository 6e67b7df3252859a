"""A new snapshot out of the registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256

from yiwang.kernel.lake import reading, writing
from yiwang.kernel.lake.columns import People
from yiwang.kernel.lake.gathering import Progress, gather
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.rulebook import Rulebook, Variable
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
    return put(people, rules, now, change=change, apart=apart, keep=keep)


def put(
    people: People, rules: Rulebook, now: dt.datetime, *, change: int, apart: int, keep: int
) -> reading.Snapshot:
    """Writes what was gathered. `change`: the number of the last change that is in it; `apart`: who is in no household."""
    about = {
        "made_at": now.isoformat(),
        "pack": rules.digest,
        "variables": words_of(rules.variables),
        "change": change,
        "without_household": apart,
    }
    day = now.astimezone(CHINA).date()
    writing.write(people, rules.variables, day, about, keep=keep)
    return reading.snapshot(day, rules.variables)


def words_of(variables: Mapping[str, Variable]) -> str:
    """A fingerprint of the columns and their choices: with other ones an old snapshot can't be gone on with."""
    told = [(one.slug, one.entity, one.type, list(one.choices or ())) for one in variables.values()]
    return sha256(repr(sorted(told)).encode()).hexdigest()
