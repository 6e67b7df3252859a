"""Licences as they may be seen: lists for those who may, one of them, and what the public may know."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_id, mask_name
from yiwang.kernel.access.policy import Subject, licences_filter, require
from yiwang.kernel.access.purposes import reveal
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.licences import actions
from yiwang.kernel.records.models_licences import Licence, LicenceUse

ROWS = 50


@dataclass(frozen=True, slots=True)
class PublicLicence:
    """What anybody with number and code may know, and nothing more."""

    number: str
    type: str
    type_en: str
    issuer: str
    issuer_en: str
    status: str  # valid | revoked | lost | expired
    holder: str  # masked
    version: int
    valid_from: date
    valid_to: date | None


def public(number: str, code: str, now: datetime) -> PublicLicence:
    """Raises NotFound for a wrong number and for a wrong code alike."""
    found = Licence.objects.filter(number=number[:40]).first()
    if found is None or not hmac.compare_digest(found.code.encode(), code.encode()):
        raise NotFound(_("There is no licence with this number and code."), code="no_licence")
    kind = current().licences.get(found.type)
    return PublicLicence(
        found.number, kind.name if kind else found.type, (kind.name_en if kind else "") or found.type,
        kind.issuer if kind else "", (kind.issuer_en if kind else "") or (kind.issuer if kind else ""),
        actions.status_of(found, now), masked(found, kind), found.version, found.valid_from, found.valid_to,
    )  # fmt: skip


def masked(licence: Licence, kind: Any = None) -> str:
    """A person's name with its first character; an organisation's with its first four and its last two."""
    name = licence.holder
    if kind is not None and kind.holder == "organisation" and len(name) > 8:
        return name[:4] + "*" * (len(name) - 6) + name[-2:]
    return mask_name(name)


def listed(
    actor: Any, *, type: str = "", status: str = "", number: str = "", before: str = ""
) -> tuple[list[Licence], str]:
    """(the newest licences the actor may see, the cursor of the next page or '')."""
    rows = Licence.objects.filter(licences_filter(actor))
    if type:
        rows = rows.filter(type=type)
    if status:
        rows = rows.filter(status=status)
    if number:
        rows = rows.filter(Q(number=number) | Q(holder_hash=actions.holder_hash(number)))
    if before:
        try:
            rows = rows.filter(pk__lt=UUID(before))
        except ValueError:
            raise NotFound(_("This page of the list is not there."), code="no_page") from None
    found = list(rows.order_by("-pk")[: ROWS + 1])
    return found[:ROWS], str(found[ROWS - 1].pk) if len(found) > ROWS else ""


def one(actor: Any, id: UUID) -> Licence:
    """A licence that the actor may see. Raises NotFound for one that is not there, Denied for another's."""
    found = Licence.objects.filter(pk=id).first()
    if found is None:
        raise NotFound(_("There is no such licence."), code="no_licence")
    require(actor, "see", Subject.of_licence(found))
    return found


def file_of(actor: Any, licence: Licence, purpose: str, now: datetime) -> bytes:
    """The signed file of the current version. A person who opens it says what for, and it is on record."""
    reveal(
        actor=actor, subject_kind="licence", subject_id=str(licence.pk), field="document", purpose=purpose, now=now,
        subject=Subject.of_licence(licence),
    )  # fmt: skip
    return base64.b64decode(licence.versions.get(version=licence.version).document)


def shown_number(licence: Licence) -> str:
    return mask_id(licence.holder_number)


def uses_of_matter(matter: UUID) -> list[LicenceUse]:
    """The authorisations of an application, the newest first."""
    return list(
        LicenceUse.objects.select_related("licence").filter(matter_id=matter).order_by("-granted_at", "-pk")
    )
