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

from yiwang.core import codes
from yiwang.kernel.access import purposes
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import PERSON, Subject, require
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import journal, queries
from yiwang.kernel.registers.people.facts import Fact, pack, take, unpack
from yiwang.kernel.registers.people.journal import Noted
from yiwang.kernel.registers.people.relations import HEAD, require_relation
from yiwang.kernel.registers.people.variables import IN_COLUMNS, checked, variable

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SOURCE = 40, 200, 80


def register_household(
    *,
    actor: Actor,
    area: str,
    address: str,
    since: dt.date,
    now: dt.datetime,
    id: UUID | None = None,  # noqa: A002
) -> Household:
    """A new household without members. The same id again gives the one that is there."""
    area = _community(area)
    require(actor, "record", Subject(PERSON, area, None))
    with one_transaction():
        known = Household.objects.filter(pk=id).first() if id else None
        if known is not None:
            return known
        row = Household.objects.create(
            id=id or uuid7(),
            district=area[:6],
            area_id=area,
            address=_address(address),
            since=_past(since, now, "since"),
        )
        journal.note([_event("registered", since, household=row)], by=actor.label, at=now)
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
    id: UUID | None = None,  # noqa: A002
) -> Person:
    """A new resident; birth and sex are taken from the number. Raises Conflict `known` for a number that is there."""
    area = _community(area)
    require(actor, "record", Subject(PERSON, area, None))
    found = _resident_id(id_number, now)
    with one_transaction():
        digest = queries.id_hash(found.value)
        known = Person.objects.filter(id_hash=digest).first()
        if known is not None:
            if id is not None and known.pk == id:
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
            name=_name(name),
            id_number=found.value,
            id_hash=digest,
            relation=require_relation(relation),
            since=_past(since, now, "since"),
            facts=pack(facts),
        )
        _set_phone(row, phone)
        row.save(force_insert=True)
        noted = [_event("registered", since, person=row)]
        if household is not None:
            noted.append(_join(row, _locked_household(actor, household), relation, since))
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
        name: Fact(checked(variable(name, entity), value), _source(source), _past(as_of, now, "as_of"))
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
        journal.note(noted_of(row, taken.changed), by=actor.label, at=now)
    return tuple(taken.changed)


def join_household(
    *, actor: Actor, person: UUID, household: UUID, relation: str, on: dt.date, now: dt.datetime
) -> Person:
    """The person lives in this household from that day on, and in no other."""
    with one_transaction():
        row, into = _locked_person(actor, person), _locked_household(actor, household)
        _must_live(row)
        if into.left is not None:
            raise Conflict(_("This household has left; register a new one."), code="left")
        on = _past(on, now, "on")
        noted = _leave(row, on) if row.household_id else []
        noted.append(_join(row, into, require_relation(relation), on))
        journal.note(noted, by=actor.label, at=now)
    return row


def leave_household(*, actor: Actor, person: UUID, on: dt.date, now: dt.datetime) -> Person:
    """The person no longer lives in the household. A household that nobody is left in has left."""
    with one_transaction():
        row = _locked_person(actor, person)
        if row.household_id is None:
            raise Conflict(_("This person lives in no household."), code="no_household")
        journal.note(_leave(row, _past(on, now, "on")), by=actor.label, at=now)
    return row


def move_household(
    *, actor: Actor, household: UUID, area: str, address: str, on: dt.date, now: dt.datetime
) -> Household:
    """The whole household moves, in the district. Both communities must lie within the actor's reach."""
    area = _community(area)
    require(actor, "record", Subject(PERSON, area, None))
    with one_transaction():
        row = _locked_household(actor, household)
        on, before = _past(on, now, "on"), row.area_id
        row.area_id, row.address = area, _address(address)
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
        on = _past(on, now, "on")
        noted = _leave(row, on) if row.household_id else []
        row.left = on
        row.save(update_fields=["left"])
        journal.note([*noted, _event("left", on, person=row)], by=actor.label, at=now)
    return row


def die(*, actor: Actor, person: UUID, on: dt.date, source: str, now: dt.datetime) -> Person:
    """The person has died. The household stays; when the head died, the spouse becomes head, else who came first.

    Twice with the same day is once; another day is a correction.
    """
    with one_transaction():
        row = _locked_person(actor, person)
        on = _past(on, now, "on")
        if row.died == on:
            return row
        journal.note(died_notes(row, on, _source(source)), by=actor.label, at=now)
    return row


def died_notes(row: Person, on: dt.date, source: str) -> list[Noted]:
    """Writes a death into the row, in the caller's transaction, and gives what the journal must hold."""
    was = row.died.isoformat() if row.died else None
    row.died = on
    row.save(update_fields=["died"])
    _new_head(row)
    noted = Noted(
        "died", source, on, person=row.pk, household=row.household_id, was=was, became=on.isoformat()
    )
    return [noted]


def open_household(*, actor: Actor, household: UUID, purpose: str, now: dt.datetime) -> queries.HouseholdView:
    """The household with everything open, after the purpose is on record for each of its members."""
    with one_transaction():
        row = queries.household(actor, household)
        for one in queries.members(row.pk):
            _reveal(actor, one, "household", purpose, now)
    return queries.shown(row, opened=True)


def open_person(
    *, actor: Actor, person: UUID, purpose: str, now: dt.datetime, field: str = "everything"
) -> queries.Member:
    """One person with everything open, after the purpose is on record."""
    with one_transaction():
        row = queries.see_person(actor, person)
        _reveal(actor, row, field, purpose, now)
    return queries.member(row, opened=True)


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


def _reveal(actor: Actor, row: Person, field: str, purpose: str, now: dt.datetime) -> None:
    purposes.reveal(
        actor=actor,
        subject_kind=PERSON,
        subject_id=str(row.pk),
        field=field,
        purpose=purpose,
        now=now,
        subject=Subject.of_person(row),
    )


# rows under a lock, with the permission


def _locked_person(actor: Actor, id: UUID | None) -> Person:  # noqa: A002
    row = Person.objects.select_for_update().filter(pk=id, erased_at=None).first()
    if row is None:
        raise NotFound(_("There is no such person."), code="no_person")
    require(actor, "record", Subject.of_person(row))
    return row


def _locked_household(actor: Actor, id: UUID | None) -> Household:  # noqa: A002
    row = Household.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such household."), code="no_household")
    require(actor, "record", Subject.of_person(row))
    return row


def _must_live(row: Person) -> None:
    if not row.active:
        raise Conflict(_("This person has died or left."), code="not_here")


# parts of a change


def _join(row: Person, into: Household, relation: str, on: dt.date) -> Noted:
    row.household, row.relation, row.area_id, row.district = into, relation, into.area_id, into.district
    row.save(update_fields=["household", "relation", "area", "district"])
    if relation == HEAD:
        if into.head_id and into.head_id != row.pk:
            Person.objects.filter(pk=into.head_id).update(relation="other")
        into.head = row
        into.save(update_fields=["head"])
    return Noted(
        "household", queries.REGISTER, on, person=row.pk, household=into.pk, became={"joined": str(into.pk)}
    )


def _leave(row: Person, on: dt.date) -> list[Noted]:
    house = Household.objects.select_for_update().get(pk=row.household_id)
    row.household = None
    row.save(update_fields=["household"])
    event = Noted(
        "household", queries.REGISTER, on, person=row.pk, household=house.pk, was={"joined": str(house.pk)}
    )
    noted = [event]
    rest = queries.members(house.pk)
    if not rest:
        house.left, house.head = on, None
        house.save(update_fields=["left", "head"])
        noted.append(_event("left", on, household=house))
    elif house.head_id == row.pk:
        _name_head(house, rest)
    return noted


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


def _event(
    what: str, on: dt.date, *, person: Person | None = None, household: Household | None = None
) -> Noted:
    house = household.pk if household else person.household_id if person else None
    return Noted(
        what, queries.REGISTER, on, person=person and person.pk, household=house, became=on.isoformat()
    )


# what is given


def _community(area: str) -> str:
    row = registers.areas().get(area)
    if row is None or row.level != "community" or area[:6] != rulebook.current().district:
        raise Invalid(
            _("%(code)s is no community of this district.") % {"code": area[:20]},
            where="area",
            code="no_area",
        )
    return area


def _past(day: dt.date, now: dt.datetime, where: str) -> dt.date:
    if day > (now + dt.timedelta(hours=8)).date():
        raise Invalid(_("%(day)s has not come yet.") % {"day": day}, where=where, code="future")
    return day


def _source(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_SOURCE:
        raise Invalid(_("Say where this is known from."), where="source")
    return text


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_NAME:
        raise Invalid(_("Give the name as on the ID card."), where="name")
    return text


def _address(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_ADDRESS:
        raise Invalid(
            _("Give the address, at most %(most)d characters.") % {"most": LONGEST_ADDRESS}, where="address"
        )
    return text


def _resident_id(text: str, now: dt.datetime) -> codes.ResidentId:
    queries.id_hash(text)  # says in the reader's language what is wrong with it
    try:
        return codes.parse_resident_id(text, (now + dt.timedelta(hours=8)).date())
    except codes.CodeError:
        raise Invalid(_("The date of birth has not come yet."), where="id_number", code="future") from None


def _set_phone(row: Person, phone: str) -> None:
    if phone.strip():
        row.phone_hash = queries.phone_hash(phone)
        row.phone = codes.parse_phone(phone, "024").value
