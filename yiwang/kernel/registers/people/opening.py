"""Opening what is sealed: only for a purpose that is on record first, for everybody whom it shows."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yiwang.kernel.access import purposes
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import PERSON, Subject
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries


def open_household(*, actor: Actor, household: UUID, purpose: str, now: dt.datetime) -> queries.HouseholdView:
    """The household with everything open, after the purpose is on record for each of its members.

    Of one that nobody lives in any more, the look is on record for the household itself.
    """
    with one_transaction():
        row = queries.household(actor, household)
        for one in queries.members(row.pk) or [row]:
            record(actor, one, "household", purpose, now)
    return queries.shown(row, opened=True)


def open_person(
    *, actor: Actor, person: UUID, purpose: str, now: dt.datetime, field: str = "everything"
) -> queries.Member:
    """One person with everything open, after the purpose is on record."""
    with one_transaction():
        row = queries.see_person(actor, person)
        record(actor, row, field, purpose, now)
    return queries.member(row, opened=True)


def record(actor: Actor, row: Person | Household, field: str, purpose: str, now: dt.datetime) -> None:
    """Puts a look on record. Raises Denied without the right to reveal, Invalid for a purpose that says nothing."""
    purposes.reveal(
        actor=actor,
        subject_kind=PERSON if isinstance(row, Person) else "household",
        subject_id=str(row.pk),
        field=field,
        purpose=purpose,
        now=now,
        subject=Subject.of_person(row),
    )
