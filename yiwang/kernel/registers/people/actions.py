"""What is done with people and households: the only way their rows change one by one.

Each function takes keyword arguments, checks its own permission, does one transaction and writes the journal.
A fact has a source and a day; who changed it and when stands in the journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import PERSON, Subject, require
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import given, journal, living, queries
from yiwang.kernel.registers.people.facts import Fact, pack, take, unpack
from yiwang.kernel.registers.people.journal import Noted
from yiwang.kernel.registers.people.relations import HEAD, require_relation
from yiwang.kernel.registers.people.variables import IN_COLUMNS, checked, variable


def register_household(
    *,
    actor: Actor,
    area: str,
    address: str,
    since: dt.date,
    now: dt.datetime,
    id: UUID | None = None,
) -> Household:
    """A new household without members. The same id again gives the one that is there."""
    area = given.community(area)
    require(actor, "record", Subject(PERSON, area, None))
    with one_transaction():
        known = Household.objects.filter(pk=id).first() if id else None
        if known is not None:
            require(actor, "record", Subject.of_person(known))
            return known
        row = Household.objects.create(
            id=id or uuid7(),
            district=area[:6],
            area_id=area,
            address=given.address(address),
            since=given.past(since, given.today(now), "since"),
        )
        journal.note([living.event("registered", since, household=row)], by=actor.label, at=now)
    return row


def register_person(
    *,
    actor: Actor,
    name: str,
    id_number: str,
    area: str,
    since: dt.date,
    now: dt.datetime,
    phone: str = "",
    household: UUID | None = None,
    relation: str = HEAD,
    id: UUID | None = None,
) -> Person:
    """A new resident; birth and sex are taken from the number. Raises Conflict `known` for a number that is there."""
    area = given.community(area)
    require(actor, "record", Subject(PERSON, area, None))
    found = given.resident_id(id_number, given.today(now))
    with one_transaction():
        digest = keyed_hash(found.value)
        known = Person.objects.filter(id_hash=digest).first()
        if known is not None:
            if id is not None and known.pk == id:
                require(actor, "record", Subject.of_person(known))
                return known
            raise Conflict(_("A person with this number is in the register already."), code="known")
        facts = {
            "born_on": Fact(found.birth.isoformat(), queries.REGISTER, since),
            "sex": Fact(found.sex, queries.REGISTER, since),
        }
        row = Person(
            id=id or uuid7(),
            district=area[:6],
            area_id=area,
            name=given.name(name),
            id_number=found.value,
            id_hash=digest,
            relation=require_relation(relation),
            since=given.past(since, given.today(now), "since"),
            facts=pack(facts),
        )
        if phone.strip():
            row.phone = given.phone(phone)
            row.phone_hash = keyed_hash(row.phone)
        row.save(force_insert=True)
        noted = [living.event("registered", since, person=row)]
        if household is not None:
            noted.append(living.join(row, _home(actor, household), relation, since))
        journal.note(noted, by=actor.label, at=now)
    return row


def set_facts(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    source: str,
    as_of: dt.date,
    now: dt.datetime,
    person: UUID | None = None,
    household: UUID | None = None,
) -> tuple[str, ...]:
    """Writes what `source` says of one person or one household as of a day; gives the names that changed.

    What is known as of a later day stays. Raises Invalid for a name or a value that may not be, Denied, NotFound.
    """
    entity = "person" if person else "household"
    new = {
        name: Fact(
            checked(variable(name, entity), value),
            given.source(source),
            given.past(as_of, given.today(now), "as_of"),
        )
        for name, value in values.items()
    }
    for name in IN_COLUMNS & set(new):
        raise Invalid(_("%(name)s is changed by its own action, not as a fact.") % {"name": name}, where=name)
    with one_transaction():
        row = _locked_person(actor, person) if person else _locked_household(actor, household)
        taken = take(unpack(row.facts), new)
        if taken.changed or taken.confirmed:
            row.facts = pack(taken.facts)
            row.save(update_fields=["facts"])
        journal.note(journal.noted_of(row, taken.changed), by=actor.label, at=now)
    return tuple(taken.changed)


def join_household(
    *, actor: Actor, person: UUID, household: UUID, relation: str, on: dt.date, now: dt.datetime
) -> Person:
    """The person lives in this household from that day on, and in no other."""
    with one_transaction():
        row, into = _locked_person(actor, person), _home(actor, household)
        _must_live(row)
        on = given.past(on, given.today(now), "on")
        noted = living.leave(row, on) if row.household_id else []
        noted.append(living.join(row, into, require_relation(relation), on))
        journal.note(noted, by=actor.label, at=now)
    return row


def leave_household(*, actor: Actor, person: UUID, on: dt.date, now: dt.datetime) -> Person:
    """The person no longer lives in the household. A household that nobody is left in has left."""
    with one_transaction():
        row = _locked_person(actor, person)
        if row.household_id is None:
            raise Conflict(_("This person lives in no household."), code="no_household")
        journal.note(living.leave(row, given.past(on, given.today(now), "on")), by=actor.label, at=now)
    return row


def move_household(
    *, actor: Actor, household: UUID, area: str, address: str, on: dt.date, now: dt.datetime
) -> Household:
    """The whole household moves, in the district. Both communities must lie within the actor's reach."""
    area = given.community(area)
    require(actor, "record", Subject(PERSON, area, None))
    with one_transaction():
        row = _locked_household(actor, household)
        on, before = given.past(on, given.today(now), "on"), row.area_id
        row.area_id, row.address = area, given.address(address)
        row.save(update_fields=["area", "address"])
        Person.objects.filter(household=row.pk).update(area=area)
        event = Noted("area", queries.REGISTER, on, household=row.pk, was=before, became=area)
        journal.note([event], by=actor.label, at=now)
    return row


def move_away(*, actor: Actor, person: UUID, on: dt.date, now: dt.datetime) -> Person:
    """The person leaves the district."""
    with one_transaction():
        row = _locked_person(actor, person)
        _must_live(row)
        on = given.past(on, given.today(now), "on")
        noted = living.leave(row, on) if row.household_id else []
        row.left = on
        row.save(update_fields=["left"])
        journal.note([*noted, living.event("left", on, person=row)], by=actor.label, at=now)
    return row


def die(*, actor: Actor, person: UUID, on: dt.date, source: str, now: dt.datetime) -> Person:
    """The person has died. The household stays; when the head died, the spouse becomes head, else who came first.

    Twice with the same day is once; another day is a correction.
    """
    with one_transaction():
        row = _locked_person(actor, person)
        on = given.past(on, given.today(now), "on")
        if row.died == on:
            return row
        journal.note(living.die(row, on, given.source(source)), by=actor.label, at=now)
    return row


# rows under a lock, with the permission


def _locked_person(actor: Actor, id: UUID | None) -> Person:
    row = Person.objects.select_for_update().filter(pk=id, erased_at=None).first()
    if row is None:
        raise NotFound(_("There is no such person."), code="no_person")
    require(actor, "record", Subject.of_person(row))
    return row


def _locked_household(actor: Actor, id: UUID | None) -> Household:
    row = Household.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such household."), code="no_household")
    require(actor, "record", Subject.of_person(row))
    return row


def _home(actor: Actor, id: UUID) -> Household:
    """A household that somebody may come into."""
    row = _locked_household(actor, id)
    if row.left is not None:
        raise Conflict(_("This household has left; register a new one."), code="left")
    return row


def _must_live(row: Person) -> None:
    if not row.active:
        raise Conflict(_("This person has died or left."), code="not_here")
