"""What is held about one person in all of Yiwang: given out on request (查阅复制), and erased on request (删除).

The register has its own part; a domain registers what it holds. What the law keeps, a part names, with the reason.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.looked import looks_at
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.access.policy import PERSON, Subject, require
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.transactions import one_transaction
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models_people import AccessCode, Change, Household, Person
from yiwang.kernel.registers.people import given, journal, living, opening, queries
from yiwang.kernel.registers.people.facts import unpack


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays although erasure was asked for, and the reason with its source."""

    what: str
    count: int
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of Yiwang holds about people.

    `give(person)`: a JSON-able value. `hinder(person)`: sentences why nothing may be erased now, such as a running
    award. `erase(person, now)`: what was erased, word -> count, in the caller's transaction. `keep(person)`: what stays.
    """

    name: str
    give: Callable[[Person], Any]
    hinder: Callable[[Person], list[str]] = lambda _person: []
    erase: Callable[[Person, dt.datetime], dict[str, int]] = lambda _person, _now: {}
    keep: Callable[[Person], list[Kept]] = lambda _person: []


@dataclass(frozen=True, slots=True)
class Erased:
    erased: dict[str, int] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.name] = part


def give(*, actor: Actor, person: UUID, purpose: str, now: dt.datetime) -> dict[str, Any]:
    """Everything that is held about a person, as JSON-able values by part; the look is on record. Raises Denied …"""
    with one_transaction():
        row = queries.see_person(actor, person)
        require(actor, "export", Subject.of_person(row))
        opening.record(actor, row, "export", purpose, now)
    return everything(row, now)


def everything(row: Person, now: dt.datetime) -> dict[str, Any]:
    """What `give` gives, for the person herself, who has proven who she is."""
    told = {"person": str(row.pk), "as_of": now.isoformat(), "register": _register(row)}
    return told | {name: part.give(row) for name, part in _parts.items()}


def as_zip(told: dict[str, Any]) -> bytes:
    """One JSON file for each part, as a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in told.items():
            if not isinstance(value, str):
                archive.writestr(f"{name}.json", as_json(value))
        about = {name: value for name, value in told.items() if isinstance(value, str)}
        archive.writestr("about.json", as_json(about))
    return out.getvalue()


def as_json(told: Any) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)


def erase(*, actor: Actor, person: UUID, reason: str, now: dt.datetime) -> Erased:
    """Erases what may be erased, and names what the law keeps. The row stays, empty, so that what points at it holds.

    Raises Conflict with every reason why it cannot be done now, Denied, NotFound, Invalid without a reason.
    """
    with one_transaction():
        row = queries.see_person(actor, person)
        require(actor, "erase", Subject.of_person(row))
        row = Person.objects.select_for_update().get(pk=row.pk)
        reasons = [one for part in _parts.values() for one in part.hinder(row)]
        if reasons:
            raise Conflict(
                _("Nothing was erased: %(reason)s") % {"reason": reasons[0]},
                code="still_needed",
                errors=[{"where": "", "detail": one} for one in reasons],
            )
        opening.record(actor, row, "erase", reason, now)
        kept = [one for part in _parts.values() for one in part.keep(row)]
        erased: dict[str, int] = {}
        for part in _parts.values():
            erased |= part.erase(row, now)
        erased |= _erase_register(row, actor, now)
    return Erased(erased, (*kept, *_kept_here(row)))


# the register's own part


def _register(row: Person) -> dict[str, Any]:
    house = Household.objects.filter(pk=row.household_id).first()
    return {
        "name": row.name,
        "id_number": row.id_number,
        "phone": row.phone,
        "area": registers.area_name(row.area_id),
        "since": row.since.isoformat(),
        "died": row.died and row.died.isoformat(),
        "left": row.left and row.left.isoformat(),
        "facts": {name: fact.as_dict() for name, fact in queries.known(row).items()},
        "household": house
        and {
            "address": house.address,
            "relation": row.relation,
            "members": Person.objects.filter(household=house.pk).count(),
            "facts": {name: fact.as_dict() for name, fact in unpack(house.facts).items()},
        },
        "changes": [
            {
                "at": one.at.isoformat(),
                "what": one.what,
                "source": one.source,
                "was": one.was,
                "became": one.became,
            }
            for one in queries.changes_of(person=row.pk, limit=1000)
        ],
        "looked": [
            {"at": one.at.isoformat(), "who": one.who, "fields": one.fields, "purpose": one.purpose}
            for one in looks_at(PERSON, row.pk, most=1000)
        ],
    }


def _erase_register(row: Person, actor: Actor, now: dt.datetime) -> dict[str, int]:
    facts = len(unpack(row.facts))
    changes = Change.objects.filter(person=row.pk).exclude(was="", became="").update(was="", became="")
    journal.note(
        [
            journal.Noted(
                "erased", queries.REGISTER, given.today(now), person=row.pk, household=row.household_id
            )
        ],
        by=actor.label,
        at=now,
    )
    home = row.household_id
    if home is not None:
        living.leave(row, given.today(now))
    for name in ("name", "id_number", "phone", "facts"):
        setattr(row, name, "")
    row.id_hash = row.phone_hash = None
    row.erased_at = now
    row.save()
    AccessCode.objects.filter(person=row).delete()
    erased = {"person": 1, "facts": facts, "values_in_journal": changes}
    house = Household.objects.filter(pk=home).exclude(left=None).first()
    if house is not None:
        house.address = house.facts = ""
        house.save(update_fields=["address", "facts"])
        Change.objects.filter(household=house.pk, person=None).update(was="", became="")
        erased["household"] = 1
    return erased


def _kept_here(row: Person) -> list[Kept]:
    looks = PurposeLog.objects.filter(subject_kind=PERSON, subject_id=str(row.pk)).count()
    found = [
        Kept(
            "purpose_log",
            looks,
            _(
                "Records of who looked are kept for three years (Personal Information Protection Law, art. 56)."
            ),
        )
    ]
    from yiwang.kernel.lake import reading

    days = reading.dates()
    if days:
        why = _("Under a pseudonym, until the snapshot goes; sooner by: yiwang lake refresh --keep 1")
        found.append(Kept("lake_snapshots", len(days), why))
    return found
