"""Licences that an applicant lets an application use (用证授权): for this application only, until a day, each look on record.

The rules and events are those of `kernel.records.licences`; here stands what an application shows and asks of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.domains.services.applying import applicant
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.licences import actions, queries
from yiwang.kernel.records.models import Licence, LicenceUse
from yiwang.kernel.ui import moments

DAYS = (7, 30, 90)  # for how long a licence may be used


@dataclass(frozen=True, slots=True)
class Use:
    """`state`: running, ended, or the status that keeps the licence from being used."""

    id: UUID
    number: str
    kind: str
    purpose: str
    granted_at: datetime
    until: datetime
    looks: int
    state: str  # running | ended | revoked | lost | expired
    word: str


def uses_of(matter: UUID, now: datetime) -> list[Use]:
    """The licences of an application, the newest first; one query."""
    return [_use(row, now) for row in queries.uses_of_matter(matter)]


def broken(matter: UUID, now: datetime) -> list[Use]:
    """Those whose authorisation runs, but which are no longer valid."""
    return [one for one in uses_of(matter, now) if one.state not in ("running", "ended")]


def authorise(
    *, number: str, secret: str, licence: str, holder_number: str, days: int, now: datetime
) -> LicenceUse:
    """The applicant lets the own, open application use a licence. Raises NotFound, Invalid, Conflict."""
    own = applicant(number, secret)
    if own.matter.state != "open":
        raise Conflict(_("The application is closed."), code="closed")
    if days not in DAYS:
        raise Invalid(_("Choose for how long."), where="days", code="bad_until")
    found = Licence.objects.filter(number="".join(licence.split()).upper()[:40]).first()
    if found is None:
        raise NotFound(
            _("There is no licence of this number with this holder."), code="no_licence", where="licence"
        )
    return actions.authorise(
        actor=resident(own.pk), licence=found.pk, holder_number=holder_number, matter=own.pk,
        purpose=_purpose(own.service), until=now + timedelta(days=days), now=now,
    )  # fmt: skip


def take_back(*, number: str, secret: str, use: UUID, holder_number: str, now: datetime) -> LicenceUse:
    """The applicant ends the use of a licence in the own application. Raises NotFound."""
    own = applicant(number, secret)
    given = LicenceUse.objects.filter(pk=use, matter=own.pk).first()
    if given is None:
        raise NotFound(_("There is no such authorisation."), code="no_use")
    return actions.end_use(actor=resident(own.pk), use=use, holder_number=holder_number, now=now)


def _purpose(slug: str) -> str:
    """What for, as it stands in the events of the licence: in Chinese, the language of the record."""
    service = current().services.get(slug)
    return f"办理{service.name if service else slug}"[:200]


def _use(row: Any, now: datetime) -> Use:
    status = actions.status_of(row.licence, now)
    ended = row.ended_at is not None or row.until <= now
    state = "ended" if ended else "running" if status == actions.VALID else status
    kind = current().licences.get(row.licence.type)
    name = kind and ((not moments.chinese() and kind.name_en) or kind.name)
    word = {"ended": _("ended"), "running": _("may be used")}.get(state) or actions.status_word(status)
    return Use(
        row.pk, row.licence.number, name or row.licence.type, row.purpose, row.granted_at, row.until, row.looks, state, word
    )  # fmt: skip
