"""The lake follows the registers: a look that writes a new snapshot when something has changed, by night.

A few changed households are read anew and put into the snapshot before; after many changes, or other columns, or when
the counts do not agree, everybody is. What the last look did stands in `lake/last.json`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotFound
from yiwang.kernel.lake import reading, refreshing, writing
from yiwang.kernel.lake.gathering import gather, living
from yiwang.kernel.lake.merging import merged
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.models_people import Change, Household
from yiwang.kernel.registers.people import journal

NOTHING, SOME, WHOLE, FAILED = "nothing", "some", "whole", "failed"
MOST_SHARE = 5  # more than one household in so many changed: everybody is read
NIGHT = dt.timedelta(hours=4)  # how long after the hour that is set the night lasts
MISSED = dt.timedelta(hours=48)  # no look for so long: at any hour


@dataclass(frozen=True, slots=True)
class Look:
    """What a look did: `how` is nothing, some, whole or failed; `households`: how many were read anew."""

    at: str
    how: str
    households: int = 0
    seconds: float = 0.0
    snapshot: str = ""
    problem: str = ""


def last() -> Look | None:
    """What the last look did; None before the first."""
    try:
        return Look(**json.loads(_file().read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def told(look: Look) -> str:
    """What a look did, in a sentence of the reader's language."""
    at = dt.datetime.fromisoformat(look.at).astimezone(refreshing.CHINA).strftime("%Y-%m-%d %H:%M")
    sentence = {
        NOTHING: _("Looked at %(at)s: nothing had changed; the snapshot of %(day)s holds."),
        SOME: _(
            "Looked at %(at)s: %(count)d households had changed and were read anew into the snapshot of %(day)s; "
            "%(seconds).1f s."
        ),
        WHOLE: _(
            "Looked at %(at)s: all %(count)d households were read into the snapshot of %(day)s; %(seconds).1f s."
        ),
        FAILED: _("Looked at %(at)s: it failed (%(problem)s); the snapshot before is whole."),
    }[look.how]
    if look.how == NOTHING and not look.snapshot:
        sentence = _("Looked at %(at)s: nobody is in the register yet.")
    return sentence % {
        "at": at,
        "day": look.snapshot,
        "count": look.households,
        "seconds": look.seconds,
        "problem": look.problem,
    }


def nightly(now: dt.datetime) -> int:
    """The worker's job: a look once a night, at the hour that is set. 1 when a snapshot was written."""
    if not _time_for_it(now):
        return 0
    return int(follow(now).how in (SOME, WHOLE))


def _time_for_it(now: dt.datetime) -> bool:
    at = settings.LAKE_AT
    if at is None:
        return False
    local = now.astimezone(refreshing.CHINA)
    begins = dt.datetime.combine(local.date(), at, refreshing.CHINA)
    if local < begins:
        begins -= dt.timedelta(days=1)
    at_night = local - begins < NIGHT
    before = last()
    if before is None:
        return at_night
    looked = dt.datetime.fromisoformat(before.at)
    return now - looked >= MISSED or (at_night and looked < begins)


def follow(now: dt.datetime, *, keep: int = refreshing.KEEP) -> Look:
    """Looks whether the registers have changed since the newest snapshot, writes a new one if so, and keeps what it did."""
    began = time.perf_counter()
    try:
        how, households, snapshot = _follow(now, keep)
    except Exception as wrong:
        _keep(Look(now.isoformat(), FAILED, problem=type(wrong).__name__))
        raise
    seconds = round(time.perf_counter() - began, 2)
    return _keep(Look(now.isoformat(), how, households, seconds, snapshot))


def _follow(now: dt.datetime, keep: int) -> tuple[str, int, str]:
    rules = rulebook.current()
    before = _newest()
    there = Household.objects.filter(left=None).count()
    at_home = living().filter(household__left=None).exclude(household=None).count()
    if before is None and not there:
        return NOTHING, 0, ""
    change = journal.last_change()  # read first: what comes in meanwhile is told of again
    fits = before is not None and before.about.get("variables") == refreshing.words_of(rules.variables)
    if not fits or before is None:
        return _whole(now, keep)
    if before.about.get("change") == change and _agrees(before.about, there, at_home):
        return NOTHING, 0, before.about["date"]
    touched = _touched(before.about.get("change") or 0, change)
    if len(touched) * MOST_SHARE > there:
        return _whole(now, keep)
    fresh, _apart = gather(rules.variables, only=touched)
    people = merged(before.people(), fresh, touched)
    if not _agrees({"households": len(people.households), "persons": len(people.persons)}, there, at_home):
        return _whole(now, keep)
    apart = living().filter(Q(household=None) | ~Q(household__left=None)).count()
    made = refreshing.put(people, rules, now, change=change, apart=apart, keep=keep)
    return SOME, len(touched), made.about["date"]


def _whole(now: dt.datetime, keep: int) -> tuple[str, int, str]:
    made = refreshing.refresh(now, keep=keep)
    return WHOLE, made.households_count, made.about["date"]


def _newest() -> reading.Snapshot | None:
    try:
        return reading.latest()
    except NotFound:
        return None


def _agrees(about: dict[str, Any], households: int, persons: int) -> bool:
    return (about["households"], about["persons"]) == (households, persons)


def _touched(after: int, until: int) -> set[UUID]:
    """The households that something was noted of, or of whose members."""
    rows = Change.objects.filter(seq__gt=after, seq__lte=until).exclude(household=None)
    return set(rows.values_list("household_id", flat=True).distinct())


def _file() -> Path:
    return writing.folder() / "last.json"


def _keep(look: Look) -> Look:
    file = _file()
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(look)), encoding="utf-8")
    os.replace(new, file)
    return look
