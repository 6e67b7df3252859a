"""An application that is begun at the counter from a ticket (窗口收件): the same application as online."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.domains.services import applying, joint
from yiwang.domains.services.hall import tickets
from yiwang.kernel.matters import store
from yiwang.kernel.packs.bundles import Bundle
from yiwang.kernel.packs.halls import Hall
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.services import Service


def services_of(rules: Rulebook, hall: Hall, line: str) -> list[Service]:
    """The services of a line that can be applied for here, in the order of the pack."""
    found = hall.line(line)
    known = [rules.services[slug] for slug in found.services if slug in rules.services] if found else []
    return [one for one in known if one.form in rules.forms and one.online and not one.matter]


def bundles_of(rules: Rulebook, hall: Hall, line: str) -> list[Bundle]:
    """The bundles of which the line does a service: one counter takes the whole (一窗受理)."""
    found = hall.line(line)
    here = set(found.services) if found else set()
    return [one for one in rules.bundles.values() if here & {item.service for item in one.items}]


def apply(
    *,
    actor: Any,
    ticket: UUID,
    id: UUID,
    service: str,
    answers: Mapping[str, Any],
    now: datetime,
    way: str,
    materials: Mapping[str, str],
    consent: bool,
) -> applying.Applied:
    """The applicant stands at the counter, the clerk writes. Needs the ticket at the counter and the grant to open.

    Raises what `applying.apply` raises, and Conflict when the ticket is not being served.
    """
    with store.one_transaction():
        got = applying.apply(
            actor=actor, id=id, service=service, answers=answers, now=now, channel=applying.COUNTER, way=way,
            materials=materials, consent=consent,
        )  # fmt: skip
        tickets.applied(actor=actor, ticket=ticket, matter=got.matter.pk)
    return got


def apply_joint(*, actor: Any, ticket: UUID, now: datetime, **given: Any) -> joint.Sent:
    """As `apply`, for all services of a bundle; `given`: what `joint.apply` takes."""
    with store.one_transaction():
        got = joint.apply(actor=actor, now=now, channel=applying.COUNTER, **given)
        tickets.applied(actor=actor, ticket=ticket, matter=got.matter.pk)
    return got
