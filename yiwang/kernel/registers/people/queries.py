"""Reading people and households. What an actor may not see does not exist for that actor.

Two sorts of functions: those with an `actor` are for pages and give personal values masked; those without give what
is known to parts of Yiwang that compute (rules, the lake, screening) and never to a page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core import codes
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import people_filter
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import NotFound
from yiwang.kernel.registers.models_people import Change, Household, Person
from yiwang.kernel.registers.people import given, journal
from yiwang.kernel.registers.people.facts import NEVER, Fact, unpack
from yiwang.kernel.registers.people.variables import variables

LONGEST_LIST = 200
REGISTER = "register"  # the source of what stands in a person's own columns


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household as a page shows it. Masked until it was opened for a purpose; then `hidden` is empty.

    `hidden`: what is known but not shown, health and finance, with where it comes from.
    """

    id: UUID
    name: str
    id_number: str
    phone: str
    relation: str
    died: dt.date | None
    facts: Mapping[str, Fact]
    hidden: Mapping[str, tuple[str, dt.date]]


@dataclass(frozen=True, slots=True)
class HouseholdView:
    id: UUID
    area: str
    address: str
    since: dt.date
    left: dt.date | None
    head: UUID | None
    members: tuple[Member, ...]
    facts: Mapping[str, Fact]
    hidden: Mapping[str, tuple[str, dt.date]]
    opened: bool


def id_hash(id_number: str) -> str:
    """The keyed hash that finds a resident ID. Raises Invalid for a number that is none."""
    return keyed_hash(given.resident_id(id_number).value)


def phone_hash(phone: str) -> str:
    """The keyed hash that finds a phone. Raises Invalid for a number that is none."""
    return keyed_hash(given.phone(phone))


# for pages


def find(actor: Actor, *, id_number: str = "", phone: str = "") -> Person:
    """The person with this resident ID or phone whom `actor` may see. Raises Invalid, NotFound."""
    rows = Person.objects.filter(people_filter(actor), erased_at=None).select_related("household")
    if id_number:
        found = rows.filter(id_hash=id_hash(id_number)).first()
    else:
        found = rows.filter(phone_hash=phone_hash(phone)).order_by("id").first()
    if found is None:
        raise _no_person()
    return found


def see_person(actor: Actor, id: UUID) -> Person:
    """Raises NotFound where there is none that `actor` may see."""
    found = Person.objects.filter(people_filter(actor), pk=id, erased_at=None).select_related("household")
    row = found.first()
    if row is None:
        raise _no_person()
    return row


def see_household(actor: Actor, id: UUID) -> HouseholdView:
    """A household with its members, masked, and what is known from where. Raises NotFound. Two queries."""
    return shown(household(actor, id), opened=False)


def household(actor: Actor, id: UUID) -> Household:
    """The row of a household that `actor` may see. Raises NotFound."""
    row = Household.objects.filter(people_filter(actor), pk=id).first()
    if row is None:
        raise NotFound(_("There is no such household."), code="no_household")
    return row


def shown(row: Household, *, opened: bool) -> HouseholdView:
    """A household as a page shows it; `opened` only after its purpose is on record (`opening.open_household`)."""
    people = sorted(members(row.pk), key=lambda one: (one.pk != row.head_id, one.since, one.pk))
    facts, hidden = split(unpack(row.facts), opened)
    return HouseholdView(
        id=row.pk,
        area=row.area_id,
        address=row.address if opened else mask_address(row.address),
        since=row.since,
        left=row.left,
        head=row.head_id,
        members=tuple(member(one, opened) for one in people),
        facts=facts,
        hidden=hidden,
        opened=opened,
    )


def split(facts: Mapping[str, Fact], opened: bool) -> tuple[dict[str, Fact], dict[str, tuple[str, dt.date]]]:
    """Facts that may be shown, and of the others where they come from. A variable that left the pack is hidden."""
    kinds = variables()
    plain = {
        name: fact
        for name, fact in facts.items()
        if opened or (name in kinds and kinds[name].sensitive == "none")
    }
    return plain, {name: (fact.source, fact.as_of) for name, fact in facts.items() if name not in plain}


def households(
    actor: Actor, *, area: str = "", after: UUID | None = None, limit: int = 50
) -> list[Household]:
    """Households that live here and that `actor` may see, by area and id; `after` is the last id of the page before."""
    rows = Household.objects.filter(people_filter(actor), left=None)
    if area:
        rows = rows.filter(area__gte=area, area__lte=area.ljust(12, "9"))
    if after is not None:
        last = Household.objects.filter(pk=after).values_list("area_id", flat=True).first()
        if last is None:
            raise NotFound(_("There is no such household."), code="no_household")
        rows = rows.filter(area__gte=last).exclude(area=last, pk__lte=after)
    return list(rows.select_related("head").order_by("area", "id")[: min(limit, LONGEST_LIST)])


def member(person: Person, opened: bool = False) -> Member:
    """A person as a page shows it; `opened` only after the purpose is on record."""
    facts, hidden = split(known(person), opened)
    return Member(
        id=person.pk,
        name=person.name if opened else codes.mask_name(person.name),
        id_number=person.id_number if opened else codes.mask_id(person.id_number),
        phone=person.phone if opened else codes.mask_phone(person.phone),
        relation=person.relation,
        died=person.died,
        facts=facts,
        hidden=hidden,
    )


def mask_address(address: str) -> str:
    """The address down to its road; door and stair are left out."""
    head = address.split("号")[0]
    kept = "".join(sign for sign in head if not sign.isdigit())
    return f"{kept}**" if address else ""


def changes_of(
    *, person: UUID | None = None, household: UUID | None = None, what: str = "", limit: int = 200
) -> list[journal.Changed]:
    """The changes of one person or one household, newest first: the older facts are found here."""
    rows = Change.objects.filter(person=person) if person else Change.objects.filter(household=household)
    if what:
        rows = rows.filter(what=what)
    return [journal.changed(row) for row in rows.order_by("-seq")[:limit]]


# for what computes


def members(household: UUID) -> list[Person]:
    """Who lives in a household now."""
    return list(Person.objects.filter(household=household, died=None, left=None, erased_at=None))


def known(person: Person) -> dict[str, Fact]:
    """The facts of a person, with those that stand in columns of their own."""
    facts = unpack(person.facts)
    facts["relation"] = Fact(person.relation, REGISTER, person.since)
    died = person.died
    facts["died_on"] = Fact(died.isoformat() if died else NEVER, REGISTER, died or person.since)
    return facts


def known_household(household: Household) -> dict[str, Fact]:
    """The facts of a household."""
    return unpack(household.facts)


def _no_person() -> NotFound:
    return NotFound(
        _("There is no such person in the register, or not where your post reaches."), code="no_person"
    )
