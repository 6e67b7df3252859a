"""An application and the registers: whose it is there, and who is not there yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.models import Application
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import actions as people

# Relations of the application that the register has by the same word; the others are `other` there.
SAME = frozenset({"head", "spouse", "child", "parent", "grandparent", "grandchild", "sibling"})


def link(row: Application, actor: Any, now: datetime) -> None:
    """The person and the household of the application in the register; who is not there yet is written down.

    Whoever accepted it stands in the application's story; the register's journal says that Yiwang wrote it.
    """
    if row.household is not None:
        return
    known = Person.objects.filter(id_hash=row.id_hash, erased_at=None).first() if row.id_hash else None
    if known is not None:
        row.person = known.pk
        row.household = known.household_id
    if row.household is None:
        row.household = _household(row, now).pk
        if known is not None:
            people.join_household(
                actor=SYSTEM,
                person=known.pk,
                household=row.household,
                relation="head",
                on=today(now),
                now=now,
            )
        _members(row, now)


def _household(row: Application, now: datetime) -> Household:
    area = row.matter.area_id
    # In an emergency the address may come later: the community stands for it.
    address = row.address or registers.area_name(area, False)
    return people.register_household(actor=SYSTEM, area=area, address=address, since=today(now), now=now)


def _members(row: Application, now: datetime) -> None:
    """Those with a number that nobody in the register has; others stay with the application."""
    for one in orjson.loads(row.members) if row.members else ():
        number = one["id_number"]
        if not number or Person.objects.filter(id_hash=keyed_hash(number)).exists():
            continue
        made = people.register_person(
            actor=SYSTEM,
            name=one["name"],
            id_number=number,
            area=row.matter.area_id,
            since=today(now),
            now=now,
            phone=row.phone if one["relation"] == "head" else "",
            household=row.household,
            relation=one["relation"] if one["relation"] in SAME else "other",
        )
        if one["relation"] == "head":
            row.person = made.pk


def area_of(household: UUID) -> str | None:
    return Household.objects.filter(pk=household).values_list("area_id", flat=True).first()
