"""Licences as anybody may verify them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from yiwang.faces.api import replies
from yiwang.faces.api.told import Told
from yiwang.kernel.access import limits
from yiwang.kernel.records.licences import queries
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["licences"])


class LicenceOut(Told):
    """What is known to whoever has number and code. The holder's name is masked."""

    number: str
    type: str
    type_en: str
    issuer: str
    issuer_en: str
    status: Literal["valid", "lost", "revoked", "expired"]
    holder: str
    version: int
    valid_from: date
    valid_to: date | None


@router.get(
    "/licences/{number}/{code}",
    response={200: LicenceOut},
    operation_id="verifyLicence",
    summary="Verify a licence",
)
def verify(
    request: HttpRequest,
    number: str = Path(max_length=40, description="Such as SP-2026-000001."),
    code: str = Path(
        max_length=16, description="The code behind the number in the address of the printed code."
    ),
) -> HttpResponse:
    """Status and masked holder of a licence, and nothing more. A wrong number and a wrong code are both 404."""
    limits.VERIFIES.take(request)
    return replies.reply(asdict(queries.public(number, code, clock.now())))
