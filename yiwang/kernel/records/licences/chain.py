"""The events of a licence, each sealed to the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yiwang.kernel.records.licences.document import canonical
from yiwang.kernel.records.models_licences import Licence, LicenceEvent


def append(licence: Licence, action: str, actor: Any, now: datetime, **data: Any) -> LicenceEvent:
    """Writes the next event. Call it under the licence's lock."""
    event = LicenceEvent(
        licence=licence, seq=licence.events.count() + 1, action=action, at=now, actor=actor.label,
        actor_name=actor.name[:100], data=data, previous=licence.last_hash,
    )  # fmt: skip
    event.hash = hash_of(event)
    event.save(force_insert=True)
    licence.last_hash = event.hash
    licence.save(update_fields=["last_hash"])
    return event


def hash_of(event: LicenceEvent) -> str:
    body = {
        "licence": str(event.licence_id), "seq": event.seq, "action": event.action, "at": event.at.isoformat(),
        "actor": event.actor, "data": event.data, "previous": event.previous,
    }  # fmt: skip
    return hashlib.sha256(canonical(body)).hexdigest()


def faults(licence: Licence) -> Iterable[str]:
    """What is wrong with the chain of a licence, in words for an engineer."""
    previous = ""
    for place, event in enumerate(licence.events.order_by("seq"), start=1):
        if event.seq != place or event.previous != previous:
            yield f"{licence.number}: event {place} is missing or out of order"
        if event.hash != hash_of(event):
            yield f"{licence.number}: event {event.seq} ({event.action}) was changed"
        previous = event.hash
    if previous != licence.last_hash:
        yield f"{licence.number}: the last event is missing"
