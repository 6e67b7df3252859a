"""The payment list of a month (发放名单), made once whatever is retried, and what is paid on the spot.

One transaction makes a batch with all its payments, so that a server that dies leaves nothing half; the database
refuses a second payment of an award in a month, so that nothing is ever doubled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import money
from yiwang.domains.assistance.models import Award, Payment, PaymentBatch
from yiwang.domains.assistance.programmes import MONTHLY, NEVER, ONCE
from yiwang.kernel.access.policy import Subject, decide
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn
from yiwang.kernel.matters import store
from yiwang.kernel.packs.rulebook import current

WAYS: Mapping[str, Any] = {
    "bank": gettext_lazy("Bank transfer"),
    "cash": gettext_lazy("Cash from the petty fund of the sub-district"),
}
KIND = "assistance_application"  # whoever may pay these may pay all
AT_ONCE = 2000  # rows of one INSERT


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list would hold, or holds: totals by programme and by sub-district, each (count, fen)."""

    month: date
    count: int
    fen: int
    by_programme: Mapping[str, tuple[int, int]]
    by_area: Mapping[str, tuple[int, int]]

    def as_dict(self) -> dict[str, dict[str, list[int]]]:
        return {
            "programme": {key: list(value) for key, value in self.by_programme.items()},
            "area": {key: list(value) for key, value in self.by_area.items()},
        }


def require_pay(actor: Any) -> None:
    """Only the finance post makes lists and sees accounts. Raises NotSignedIn, Denied."""
    if actor.kind == "resident":
        raise NotSignedIn(_("Sign in first."))
    district = current().district
    if not decide(actor, "pay", Subject(kind=KIND, area=None, unit=None, district=district)):
        raise Denied(_("Only the finance post of civil affairs pays."), reason="not_granted", action="pay")


def waiting(month: date) -> list[Award]:
    """Awards that are to be paid for this month and are not listed yet."""
    listed = Payment.objects.filter(award=OuterRef("pk"))
    monthly = Q(rhythm=MONTHLY) & ~Exists(listed.filter(month=month)) & (Q(until=None) | Q(until__gte=month))
    once = Q(rhythm=ONCE) & ~Exists(listed)
    rows = Award.objects.filter(monthly | once, since__lte=month, fen__gt=0).exclude(rhythm=NEVER)
    # What an emergency decides is handed over by its own step.
    return list(rows.exclude(matter__kind="assistance_emergency").order_by("area", "programme", "id"))


def preview(month: date) -> Listed:
    return totals(month, ((row.programme, row.area_id, row.fen) for row in waiting(month)))


def totals(month: date, rows: Iterable[tuple[str, str | None, int]]) -> Listed:
    by_programme: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    by_area: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    count = fen = 0
    for programme, area, amount in rows:
        count, fen = count + 1, fen + amount
        for group, key in ((by_programme, programme), (by_area, (area or "")[:9])):
            group[key][0] += 1
            group[key][1] += amount
    fixed = [
        {key: (n, sum_) for key, (n, sum_) in sorted(group.items())} for group in (by_programme, by_area)
    ]
    return Listed(month, count, fen, *fixed)


def make_list(*, actor: Any, month: date, now: datetime) -> PaymentBatch | None:
    """Lists everything that waits for this month, as one batch; None when nothing waits.

    Asked again, or by two people at once, it lists only what is new. Raises Denied, Invalid, Conflict (`listing`).
    """
    require_pay(actor)
    if month.day != 1:
        raise Invalid(_("Write a month, such as 2026-12."), where="month")
    if month > money.next_month(now.astimezone(store.ZONE).date()):
        raise Invalid(_("A list is made for this month or the next one, not further ahead."), where="month")
    try:
        with store.one_transaction():
            return _make(actor, month, now)
    except IntegrityError:
        raise Conflict(
            _("Somebody else makes the list of this month at this very moment. Look at it, then try again."),
            code="listing",
        ) from None


def _make(actor: Any, month: date, now: datetime) -> PaymentBatch | None:
    rows = waiting(month)
    if not rows:
        return None
    district = current().district
    found = totals(month, ((row.programme, row.area_id, row.fen) for row in rows))
    earlier = PaymentBatch.objects.filter(district=district, month=month).order_by("-number")
    number = (earlier.values_list("number", flat=True).first() or 0) + 1
    batch = PaymentBatch.objects.create(
        id=uuid7(),
        district=district,
        month=month,
        number=number,
        state="made",
        count=found.count,
        fen=found.fen,
        totals=found.as_dict(),
        made_at=now,
        made_by_id=actor.user_id,
    )
    Payment.objects.bulk_create(
        (_payment(row, month, now, batch=batch, state="listed", way="bank") for row in rows),
        batch_size=AT_ONCE,
    )
    return batch


def _payment(row: Award, month: date, now: datetime, id: UUID | None = None, **more: Any) -> Payment:  # noqa: A002
    return Payment(
        id=id or uuid7(),
        district=row.district,
        award=row,
        month=month,
        household=row.household,
        programme=row.programme,
        area_id=row.area_id,
        fen=row.fen,
        members=row.members,
        made_at=now,
        **more,
    )


def pay_now(matter: UUID, way: str, receiver: str, now: datetime, id: UUID) -> Payment:  # noqa: A002
    """What an emergency was granted is paid on the spot, once. In the transaction of its step."""
    award = Award.objects.filter(matter=matter, rhythm=ONCE).order_by("-made_at").first()
    if award is None:
        raise Conflict(_("Nothing was granted here."), code="no_award")
    known = Payment.objects.filter(award=award).first()
    if known is not None:
        return known
    row = _payment(award, award.since, now, id=id, state="paid", way=way, paid_at=now, received_by=receiver)
    row.save(force_insert=True)
    return row


def confirm_paid(*, actor: Any, batch: UUID, now: datetime) -> PaymentBatch:
    """The bank has paid the batch: all that is still listed in it is paid. Twice is once."""
    require_pay(actor)
    with store.one_transaction():
        row = _batch(batch)
        Payment.objects.filter(batch=row, state="listed").update(state="paid", paid_at=now)
        if row.state != "paid":
            row.state = "paid"
            row.save(update_fields=["state"])
        return row


def come_back(*, actor: Any, payment: UUID, why: str, now: datetime) -> Payment:
    """The bank sent a payment back (退回): it counts no longer as paid, and the reason stays."""
    require_pay(actor)
    why = " ".join(why.split())[:200]
    if len(why) < 2:
        raise Invalid(_("Write why the bank sent it back."), where="why")
    with store.one_transaction():
        row = Payment.objects.select_for_update().filter(pk=payment).first()
        if row is None:
            raise NotFound(_("There is no such payment."))
        row.state, row.returned_why, row.paid_at = "returned", why, None
        row.save(update_fields=["state", "returned_why", "paid_at"])
        return row


def _batch(id: UUID) -> PaymentBatch:  # noqa: A002
    row = PaymentBatch.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such batch."))
    return row


def without_account(batch: PaymentBatch) -> int:
    """How many payments of a batch the bank cannot make, because no account is known."""
    return batch.payments.filter(award__account="").exclude(state="returned").count()


def reconcile(batch: PaymentBatch) -> list[str]:
    """What does not add up between a batch and its payments, as sentences; empty when all does."""
    rows = batch.payments.values_list("programme", "area_id", "fen")
    found = totals(batch.month, rows)
    wrong = []
    if (found.count, found.fen) != (batch.count, batch.fen):
        values = {"n": found.count, "fen": found.fen, "count": batch.count, "sum": batch.fen}
        wrong.append(
            _("The payments are %(n)d with %(fen)d fen; the batch says %(count)d with %(sum)d fen.") % values
        )
    if found.as_dict() != batch.totals:
        wrong.append(_("The totals by programme or area differ from the payments."))
    return wrong
