"""An application that is begun at the counter from a ticket (窗口收件): the same application as online."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.domains.services import applying
from yiwang.domains.services.hall import tickets
from yiwang.kernel.matters import store
from yiwang.kernel.packs.halls import Hall
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.services import Service


def services_of(rules: Rulebook, hall: Hall, line: str) -> list[Service]:
    """The services of a line that can be applied for here, in the order of the pack."""
    found = hall.line(line)
    known = [rules.services[slug] for slug in found.services if slug in rules.services] if found else []
    return [one for one in known if one.form in rules.forms and one.online and not one.matter]


def apply(
    *,
    actor: Any,
    ticket: UUID,
    id: UUID,  # noqa: A002
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
