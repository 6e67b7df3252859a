"""Licences that a holder reads for the own use, such as to fill in a form: each reading is an event of the licence."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from yiwang.kernel.access.actors import Actor
from yiwang.kernel.records.licences import actions, chain
from yiwang.kernel.records.models_licences import Licence


def valid(holder_number: str, types: Collection[str], now: datetime) -> dict[str, Licence]:
    """The newest valid licence of each of these kinds that was issued to this number."""
    rows = Licence.objects.filter(
        holder_hash=actions.holder_hash(holder_number), type__in=list(types), status=actions.VALID
    ).order_by("issued_at", "pk")
    return {row.type: row for row in rows if actions.status_of(row, now) == actions.VALID}


def values(licence: Licence) -> dict[str, str]:
    """What the current version says, by field."""
    newest = licence.versions.get(version=licence.version)
    return dict(json.loads(newest.content)["values"])


def read(licence: Licence, actor: Actor, purpose: str, now: datetime) -> dict[str, Any]:
    """The same, on record: call it in a transaction, for the holder who has proven to be it."""
    locked = Licence.objects.select_for_update().get(pk=licence.pk)
    chain.append(locked, "use", actor, now, purpose=purpose, by="holder")
    return values(locked)
