"""The journal of changes (变动): what was known before and after, in an order that can be read on from a number.

`changes_since(cursor)` is how others hear of new facts: alert rules, screening, notices. What a department's first
file or the generator writes into an empty register is no change; everything later is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.registers.models_people import Change, Household, LastChange, Person
from yiwang.kernel.registers.people.facts import Fact

# What changes besides facts, which go by the name of their variable.
EVENTS = ("registered", "household", "area", "left", "died", "erased")
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Noted:
    """A change to be written. `person` and `household` are ids; a person's change also names the household."""

    what: str
    source: str
    as_of: dt.date
    person: UUID | None = None
    household: UUID | None = None
    was: Any = None
    became: Any = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as it is read: values are None where nothing was, or is, known."""

    seq: int
    at: dt.datetime
    what: str
    source: str
    as_of: dt.date
    by: str
    person: UUID | None
    household: UUID | None
    was: Any
    became: Any


def changes_since(cursor: int, limit: int = 1000, what: Sequence[str] | None = None) -> list[Changed]:
    """The changes after `cursor` (0: from the first), oldest first; `what` keeps those of these variables or events.

    Ask again with the `seq` of the last one. Nothing that is written later has a number below one that was read.
    For parts of Yiwang that work on their own; a page that shows a value reveals it first.
    """
    rows = Change.objects.filter(seq__gt=cursor)
    if what is not None:
        rows = rows.filter(what__in=tuple(what))
    return [changed(row) for row in rows.order_by("seq")[:limit]]


def last_change() -> int:
    """The number of the last change: where somebody begins who wants only what comes from now on."""
    return LastChange.objects.filter(pk=1).values_list("seq", flat=True).first() or 0


def changed(row: Change) -> Changed:
    return Changed(
        row.seq,
        row.at,
        row.what,
        row.source,
        row.as_of,
        row.by,
        row.person_id,
        row.household_id,
        orjson.loads(row.was) if row.was else None,
        orjson.loads(row.became) if row.became else None,
    )


def noted_of(row: Person | Household, changed: Mapping[str, tuple[Fact | None, Fact]]) -> list[Noted]:
    """The journal's lines for facts of a row that changed."""
    mine = isinstance(row, Person)
    return [
        Noted(
            name,
            fact.source,
            fact.as_of,
            person=row.pk if mine else None,
            household=row.household_id if mine else row.pk,
            was=before,
            became=fact,
        )
        for name, (before, fact) in changed.items()
    ]


def note(noted: Iterable[Noted], *, by: str, at: dt.datetime) -> int:
    """Writes changes in the caller's transaction and gives how many. Other writers wait until it has ended."""
    noted = list(noted)
    if not noted:
        return 0
    with one_transaction():
        last = _locked()
        rows = [
            Change(
                seq=last.seq + n,
                at=at,
                person_id=one.person,
                household_id=one.household,
                what=one.what,
                source=one.source[:80],
                as_of=one.as_of,
                by=by,
                was=_text(one.was),
                became=_text(one.became),
            )
            for n, one in enumerate(noted, start=1)
        ]
        for start in range(0, len(rows), CHUNK):
            Change.objects.bulk_create(rows[start : start + CHUNK])
        last.seq += len(rows)
        last.save(update_fields=["seq"])
    return len(rows)


def _locked() -> LastChange:
    LastChange.objects.get_or_create(pk=1)
    return LastChange.objects.select_for_update().get(pk=1)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return orjson.dumps(value.as_dict() if isinstance(value, Fact) else value).decode()
