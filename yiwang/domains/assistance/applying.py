"""An application for assistance comes in (申请): the matter, the application, the special register, in one transaction.

The applicant follows it with its number and a secret, like a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import intake
from yiwang.domains.assistance.intake import Content
from yiwang.domains.assistance.models import Application, Kinship
from yiwang.domains.assistance.programmes import Programme
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Denied
from yiwang.kernel.matters import actions, applications, receipts
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import current


@dataclass(frozen=True, slots=True)
class Applied:
    """`secret` is what the applicant follows with; `created` says whether this call made it."""

    application: Application
    matter: Matter
    created: bool
    secret: str


def apply(
    *,
    actor: Any,
    id: UUID,
    now: datetime,
    channel: str,
    household: UUID | None = None,
    person: UUID | None = None,
    **given: Any,
) -> Applied:
    """Takes an application. `given`: the fields of `intake.content`. `id` comes from the client: the same content again
    is the same application, other content raises Conflict. Residents apply on line only. Raises Invalid, Denied.
    """
    if actor.kind == "resident" and channel != "online":
        raise Denied(_("Residents apply on line, at the counter or by telephone."))
    came = intake.content(channel=channel, **given)
    now, secret = actions.whole_second(now), receipts.secret_for(id)

    def write() -> Application:
        row = _row(_open(actor, id, came, now), came, secret, now, household, person)
        row.save(force_insert=True)
        if came.kin:
            register_kin(row.pk, came.kin, actor, now)
        return row

    row, created = applications.once(Application, id, came.digest, write)
    return Applied(row, row.matter, created, secret)


def title(benefit: Programme, members: int) -> str:
    """What the matter is called, in the language of the record."""
    return f"{benefit.name}（{members}人）"


def _open(actor: Any, id: UUID, came: Content, now: datetime) -> Matter:
    benefit = came.programme
    return actions.open(
        actor=actor,
        kind=benefit.kind,
        id=id,
        title=title(benefit, len(came.members)),
        source=came.channel,
        area=came.area,
        now=now,
        data={
            "programme": benefit.slug,
            "members": len(came.members),
            "kin": bool(came.kin),
            "complained": False,
            "spot_check": False,
        },
    )


def _row(
    matter: Matter, came: Content, secret: str, now: datetime, household: UUID | None, person: UUID | None
) -> Application:
    return Application(
        matter=matter,
        district=current().district,
        programme=came.programme.slug,
        channel=came.channel,
        household=household,
        person=person,
        name=came.name,
        id_number=came.id_number,
        id_hash=keyed_hash(came.id_number) if came.id_number else "",
        phone=came.phone,
        address=came.address,
        account=_json(came.account),
        agent=_json(came.agent),
        members=came.members_json,
        members_count=len(came.members),
        situation=came.situation,
        emergency=came.emergency,
        materials=dict(came.materials),
        kin=bool(came.kin),
        digest=came.digest,
        secret_hash=receipts.secret_hash(matter.pk, secret),
        received_at=now,
    )


def _json(row: Any) -> str:
    return orjson.dumps(dict(row)).decode() if row else ""


def register_kin(matter: UUID, kin: Mapping[str, str], actor: Any, now: datetime) -> None:
    """The special register (单独登记备案), 57号 art. 11. On line nobody of the staff has written it down yet."""
    Kinship.objects.create(
        id=uuid7(),
        matter_id=matter,
        staff_name=kin["name"],
        staff_unit=kin["unit"],
        relation=kin["relation"],
        registered_at=now,
        registered_by_id=actor.user_id,
    )


def applicant(number: str, secret: str) -> Application:
    """The application of this number with this secret. Raises NotFound, the same for a wrong number or secret."""
    return applications.of_applicant(Application, number, secret)
