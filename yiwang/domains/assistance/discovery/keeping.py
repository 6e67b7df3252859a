"""Findings kept once: what is new is raised, what was looked into stays so, what is no longer so lapses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from yiwang.domains.assistance.models import AlertCursor, Finding, Screening
from yiwang.domains.assistance.models_discovery import OPEN_STATES
from yiwang.kernel.matters.store import one_transaction

CHUNK = 500  # findings written in one transaction: what a kill in between costs is done again by the next run


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding to be kept: of which household, where, and its columns."""

    household: UUID
    area: str
    cause: str
    says: str
    fingerprint: str
    columns: Mapping[str, Any]  # sort, severity, fen, missing, illustrative, explanation


def lock(district: str) -> AlertCursor:
    """One writer of findings at a time, until the transaction ends: screening, alerts, sending."""
    AlertCursor.objects.get_or_create(district=district)
    return AlertCursor.objects.select_for_update().get(district=district)


def keep_all(
    raised: Sequence[Raised], district: str, now: datetime, screening: Screening | None = None
) -> Counter:
    """Keeps findings, so many in a transaction; gives how many were raised, changed, known."""
    told: Counter = Counter()
    for start in range(0, len(raised), CHUNK):
        with one_transaction():
            lock(district)
            told += keep(raised[start : start + CHUNK], district, now, screening)
    return told


def keep(
    raised: Sequence[Raised], district: str, now: datetime, screening: Screening | None = None
) -> Counter:
    """Keeps findings in the caller's transaction, under `lock`. The same ones again change nothing."""
    households = {one.household for one in raised}
    open_of: dict[tuple[UUID, str], Finding] = {}
    seen_of: dict[tuple[UUID, str, str, str], Finding] = {}
    for row in Finding.objects.filter(household__in=households):
        seen_of[row.household, row.cause, row.says, row.fingerprint] = row
        if row.state in OPEN_STATES:
            open_of[row.household, row.cause] = row
    told: Counter = Counter()
    new: list[Finding] = []
    for one in raised:
        seen = seen_of.get((one.household, one.cause, one.says, one.fingerprint))
        waiting = open_of.get((one.household, one.cause))
        if seen is not None and seen.state != "lapsed":
            told["known"] += 1  # waits, is being looked into, or a person has looked: no new fact
            if seen.state == "waiting" and seen.area_id != one.area:  # the household has moved
                seen.area_id = one.area
                seen.save(update_fields=["area"])
        elif waiting is not None and one.says == "alert":
            _beside(waiting, one)  # of another member, or once more: who goes there sees both
            told["changed"] += 1
        elif waiting is not None and waiting.state == "checking":
            told["known"] += 1  # somebody is on the way to this household already
        elif seen is not None:
            _again(seen, waiting, one, now, screening)
            told["raised"] += 1
        elif waiting is not None:
            _write(waiting, one, screening)
            told["changed"] += 1
        else:
            row = Finding(
                id=uuid7(),
                district=district,
                household=one.household,
                area_id=one.area,
                cause=one.cause,
                says=one.says,
                fingerprint=one.fingerprint,
                screening=screening,
                found_at=now,
                **one.columns,
            )
            new.append(row)
            seen_of[one.household, one.cause, one.says, one.fingerprint] = open_of[
                one.household, one.cause
            ] = row
            told["raised"] += 1
    Finding.objects.bulk_create(new)
    return told


def _again(
    seen: Finding, waiting: Finding | None, one: Raised, now: datetime, screening: Screening | None
) -> None:
    """What had lapsed is so again; the one that waits in its place lapses."""
    if waiting is not None:
        waiting.state, waiting.done_at = "lapsed", now
        waiting.save(update_fields=["state", "done_at"])
    seen.state, seen.found_at, seen.done_at, seen.matter = "waiting", now, None, None
    _write(seen, one, screening)


def _beside(row: Finding, one: Raised) -> None:
    """A further alert of a rule for which somebody is to go there already: alerts are told once, so it is kept with it."""
    first, more = orjson.loads(row.explanation or "{}"), orjson.loads(one.columns["explanation"])
    row.explanation = orjson.dumps(first | {"more": [*first.get("more", ()), more]}).decode()
    row.severity = max(row.severity, one.columns["severity"])
    row.save(update_fields=["explanation", "severity"])


def _write(row: Finding, one: Raised, screening: Screening | None) -> None:
    row.says, row.fingerprint, row.area_id = one.says, one.fingerprint, one.area
    if screening is not None:
        row.screening = screening
    for name, value in one.columns.items():
        setattr(row, name, value)
    row.save()


def lapse(ids: Iterable[UUID], district: str, now: datetime) -> int:
    """What is no longer so and nobody has gone to look at yet."""
    ids = list(ids)
    count = 0
    for start in range(0, len(ids), CHUNK):
        with one_transaction():
            lock(district)
            count += Finding.objects.filter(pk__in=ids[start : start + CHUNK], state="waiting").update(
                state="lapsed", done_at=now
            )
    return count
