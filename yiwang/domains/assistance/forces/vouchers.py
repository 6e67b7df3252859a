"""Vouchers (服务券) and what was given for them (服务记录). A voucher is used once, whatever is retried."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.assistance.forces import checks
from yiwang.domains.assistance.forces.actions import locked
from yiwang.domains.assistance.models_forces import HelpMatch, ServiceRecord, Voucher
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.packs.rulebook import current

# Without letters and digits that are taken for each other. Twelve of thirty: 59 bits, and a try needs a sign-in.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = 12
HOW = ("code", "signed", "phone")


def issue(*, actor: Any, match: UUID, now: datetime) -> tuple[Voucher, str]:
    """A voucher for what is still due of a confirmed match, and its code, which is shown this once (发券)."""
    with one_transaction():
        row = _confirmed(actor, match)
        if row.vouchers.filter(state="issued", expires_at__gt=now).exists():
            raise Conflict(_("A voucher of this match can still be used."), code="voucher_open")
        row.vouchers.filter(state="issued").update(state="void")  # it has expired
        left = row.quantity - _given(row)
        if left <= 0:
            raise Conflict(_("Everything of this match was given."), code="all_given")
        code = "".join(secrets.choice(ALPHABET) for _n in range(DIGITS))
        voucher = Voucher.objects.create(
            id=uuid7(),
            match=row,
            code_hash=keyed_hash(code),
            code_end=code[-4:],
            quantity=left,
            issued_at=now,
            issued_by_id=actor.user_id,
            expires_at=now + timedelta(days=int(current().settings["voucher_days"])),
        )
    return voucher, f"{code[:4]}-{code[4:8]}-{code[8:]}"


def redeem(*, actor: Any, code: str, now: datetime) -> ServiceRecord:
    """The household has shown its code: the voucher is used, and the household has so confirmed the service (核销)."""
    plain = "".join(code.upper().split()).replace("-", "")
    with one_transaction():
        voucher = Voucher.objects.select_for_update(of=("self",)).filter(code_hash=keyed_hash(plain)).first()
        if voucher is None:
            raise NotFound(_("There is no voucher with this code."), where="code", code="no_voucher")
        checks.may(actor, voucher.match.need.area_id)
        if voucher.state == "used":
            raise Conflict(_("This voucher was used before."), where="code", code="voucher_used")
        if voucher.state == "void" or voucher.expires_at <= now:
            raise Conflict(_("This voucher can no longer be used."), where="code", code="voucher_expired")
        voucher.state, voucher.used_at, voucher.used_by_id = "used", now, actor.user_id
        voucher.save(update_fields=["state", "used_at", "used_by"])
        return ServiceRecord.objects.create(
            id=uuid7(),
            match=voucher.match,
            voucher=voucher,
            quantity=voucher.quantity,
            given_at=now,
            recorded_at=now,
            recorded_by_id=actor.user_id,
            confirmed_at=now,
            confirmed_how="code",
        )


def withdraw(*, actor: Any, voucher: UUID, now: datetime) -> Voucher:
    """A voucher that was lost, or is not wanted: its code opens nothing any more (作废)."""
    with one_transaction():
        row = locked(Voucher, voucher)
        checks.may(actor, row.match.need.area_id)
        if row.state == "used":
            raise Conflict(_("This voucher was used before."), code="voucher_used")
        row.state = "void"
        row.save(update_fields=["state"])
    return row


def record(
    *,
    actor: Any,
    id: UUID,  # noqa: A002
    match: UUID,
    quantity: int,
    given_at: datetime,
    now: datetime,
    note: str = "",
) -> ServiceRecord:
    """Something was given without a voucher (服务记录). The household's confirmation comes by `confirm`."""
    checks.quantity(quantity)
    note = checks.text(note, "note", checks.LONGEST_NOTE)
    if given_at > now:
        raise Invalid(_("This moment has not come yet."), where="given_at")
    with one_transaction():
        known = ServiceRecord.objects.filter(pk=id).first()
        if known is not None:
            checks.may(actor, known.match.need.area_id)
            if (known.match_id, known.quantity) != (match, quantity):
                raise Conflict(_("This was sent before with other content."), code="other_content")
            return known
        row = _confirmed(actor, match)
        # What an open voucher promises is not given a second time beside it.
        promised = row.vouchers.filter(state="issued", expires_at__gt=now).aggregate(sum=Sum("quantity"))[
            "sum"
        ]
        if _given(row) + (promised or 0) + quantity > row.quantity:
            raise Conflict(
                _("That is more than is still due of this match."), where="quantity", code="too_much"
            )
        return ServiceRecord.objects.create(
            id=id,
            match=row,
            quantity=quantity,
            given_at=given_at,
            note=note,
            recorded_at=now,
            recorded_by_id=actor.user_id,
        )


def confirm(
    *, actor: Any, record: UUID, how: str, now: datetime, satisfied: int | None = None
) -> ServiceRecord:
    """The household says that it got it, signed or by telephone (服务确认), and how good it was: 1 to 5."""
    if how not in HOW:
        raise Invalid(_("Say how the household confirmed."), where="how")
    if satisfied is not None and satisfied not in range(1, 6):
        raise Invalid(_("Give 1 to 5."), where="satisfied")
    with one_transaction():
        row = locked(ServiceRecord, record)
        checks.may(actor, row.match.need.area_id)
        if row.confirmed_at is None:
            row.confirmed_at, row.confirmed_how = now, how
        if satisfied is not None:
            row.satisfied = satisfied
        row.save(update_fields=["confirmed_at", "confirmed_how", "satisfied"])
    return row


def _confirmed(actor: Any, match: UUID) -> HelpMatch:
    row = locked(HelpMatch, match)
    checks.may(actor, row.need.area_id)
    if row.state != "confirmed":
        raise Conflict(_("This match is not confirmed."), code="not_confirmed")
    return row


def _given(row: HelpMatch) -> int:
    return row.records.aggregate(sum=Sum("quantity"))["sum"] or 0
