"""What the licences hold about a person: given out with everything else, and kept when the rest is erased."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.records.licences.actions import holder_hash
from yiwang.kernel.records.models_licences import Licence
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import held


def register() -> None:
    held.register(held.Part("licences", give, keep=keep))


def give(person: Person) -> dict[str, Any]:
    """The licences that the person holds, what they say now, and for what their use was allowed."""
    return {"licences": [_licence(row) for row in _licences(person).prefetch_related("versions", "uses")]}


def keep(person: Person) -> list[held.Kept]:
    count = _licences(person).count()
    why = _(
        "A licence is a document of the office that issued it, which may revoke it; it is not erased here."
    )
    return [held.Kept("licences", count, why)] if count else []


def _licences(person: Person) -> QuerySet[Licence]:
    if not person.id_number:
        return Licence.objects.none()
    return Licence.objects.filter(holder_hash=holder_hash(person.id_number)).order_by("issued_at", "pk")


def _licence(row: Licence) -> dict[str, Any]:
    newest = max(row.versions.all(), key=lambda one: one.version)
    return {
        "number": row.number,
        "type": row.type,
        "status": row.status,
        "issued_at": row.issued_at.isoformat(),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to and row.valid_to.isoformat(),
        "content": json.loads(newest.content),
        "uses": [
            {"purpose": one.purpose, "from": one.granted_at, "until": one.until, "ended": one.ended_at}
            for one in sorted(row.uses.all(), key=lambda one: one.granted_at)
        ],
    }
