"""Who lives with whom: joining and leaving a household, a death, and who is its head then.

For the actions, erasure and files of departments, in their transaction and after their checks; each gives what the
journal must hold.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries
from yiwang.kernel.registers.people.journal import Noted
from yiwang.kernel.registers.people.relations import HEAD


def join(row: Person, into: Household, relation: str, on: dt.date) -> Noted:
    row.household, row.relation, row.area_id, row.district = into, relation, into.area_id, into.district
    row.save(update_fields=["household", "relation", "area", "district"])
    if relation == HEAD:
        make_head(into, row.pk)
    return Noted(
        "household", queries.REGISTER, on, person=row.pk, household=into.pk, became={"joined": str(into.pk)}
    )


def make_head(house: Household, person: UUID) -> None:
    """The member whose own row says so already becomes the head; who was it is another relative."""
    if house.head_id and house.head_id != person:
        Person.objects.filter(pk=house.head_id).update(relation="other")
    house.head_id = person
    house.save(update_fields=["head"])


def leave(row: Person, on: dt.date) -> list[Noted]:
    house = Household.objects.select_for_update().get(pk=row.household_id)
    row.household = None
    row.save(update_fields=["household"])
    moved = Noted(
        "household", queries.REGISTER, on, person=row.pk, household=house.pk, was={"joined": str(house.pk)}
    )
    noted = [moved]
    rest = queries.members(house.pk)
    if not rest:
        # Its number in the roll is free again: who comes back is another household.
        house.left, house.head, house.number_hash = on, None, None
        house.save(update_fields=["left", "head", "number_hash"])
        noted.append(event("left", on, household=house))
    elif house.head_id == row.pk:
        _name_head(house, rest)
    return noted


def die(row: Person, on: dt.date, source: str) -> list[Noted]:
    """Writes a death into the row, in the caller's transaction, and gives what the journal must hold."""
    was = row.died.isoformat() if row.died else None
    row.died = on
    row.save(update_fields=["died"])
    _new_head(row)
    noted = Noted(
        "died", source, on, person=row.pk, household=row.household_id, was=was, became=on.isoformat()
    )
    return [noted]


def _new_head(dead: Person) -> None:
    house = Household.objects.select_for_update().filter(pk=dead.household_id, head=dead.pk).first()
    rest = queries.members(house.pk) if house else []
    if house and rest:
        _name_head(house, rest)


def _name_head(house: Household, rest: list[Person]) -> None:
    spouses = [one for one in rest if one.relation == "spouse"]
    head = min(spouses or rest, key=lambda one: (one.since, one.pk))
    head.relation = HEAD
    head.save(update_fields=["relation"])
    house.head = head
    house.save(update_fields=["head"])


def event(
    what: str, on: dt.date, *, person: Person | None = None, household: Household | None = None
) -> Noted:
    house = household.pk if household else person.household_id if person else None
    return Noted(
        what, queries.REGISTER, on, person=person and person.pk, household=house, became=on.isoformat()
    )
