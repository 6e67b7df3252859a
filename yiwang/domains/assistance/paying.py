"""The payment list of a month (发放名单), made once whatever is retried, and what is paid on the spot.

One transaction makes a batch with all its payments, so that a server that dies leaves nothing half; the database
refuses a second payment of an award in a month, and a second one in place of one that came back, so that nothing is
ever doubled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import money, returning
from yiwang.domains.assistance.models import Award, Payment, PaymentBatch, PaymentChange
from yiwang.domains.assistance.programmes import MONTHLY, NEVER, ONCE
from yiwang.domains.assistance.reach import require_pay
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.packs.rulebook import current

WAYS: Mapping[str, Any] = {
    "bank": gettext_lazy("Bank transfer"),
    "cash": gettext_lazy("Cash from the petty fund of the sub-district"),
}
AT_ONCE = 2000  # rows of one INSERT
NO_ACCOUNT = "没有账号，未进入银行文件"  # said to people in Chinese, like the bank's own reasons


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list would hold, or holds: totals by programme and by sub-district, each (count, fen)."""

    month: date
    count: int
    fen: int
    by_programme: Mapping[str, tuple[int, int]]
    by_area: Mapping[str, tuple[int, int]]
    again: int = 0  # of them, how many came back and are paid again

    def as_dict(self) -> dict[str, dict[str, list[int]]]:
        return {
            "programme": {key: list(value) for key, value in self.by_programme.items()},
            "area": {key: list(value) for key, value in self.by_area.items()},
        }


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid for `month`. `repays`: the payment that came back and is paid again by this."""

    award: Award
    month: date
    fen: int
    members: int
    repays: Payment | None = None


def waiting(month: date) -> list[Due]:
    """What is to be paid for this month and is not listed yet, and what came back and has its account put right.

    A household gets a programme once a month: of an award that takes the place of one that is listed for this month
    already, only what it gives more is due.
    """
    listed = Payment.objects.filter(award=OuterRef("pk"))
    monthly = Q(rhythm=MONTHLY) & ~Exists(listed.filter(month=month)) & (Q(until=None) | Q(until__gte=month))
    once = Q(rhythm=ONCE) & ~Exists(listed)
    rows = Award.objects.filter(monthly | once, since__lte=month, fen__gt=0).exclude(rhythm=NEVER)
    # What an emergency decides is handed over by its own step.
    rows = rows.exclude(matter__kind="assistance_emergency")
    got = _listed_already(month, rows)
    found = []
    for row in rows.order_by("made_at", "id"):
        fen = row.fen
        if row.rhythm == MONTHLY:
            whose = (row.household, row.programme, row.person)
            fen -= got[whose]
            got[whose] += max(fen, 0)
        if fen > 0:
            found.append(Due(row, month, fen, row.members))
    again = returning.ready(month).select_related("award")
    found += [Due(row.award, row.month, row.fen, row.members, row) for row in again]
    return sorted(found, key=lambda one: (one.award.area_id or "", one.award.programme, str(one.award.pk)))


def _listed_already(month: date, rows: Any) -> dict[tuple[UUID, str, UUID | None], int]:
    """What the households of these awards are listed for in this month, by household, programme and person."""
    listed = Payment.objects.filter(
        month=month, repays=None, award__rhythm=MONTHLY, household__in=rows.values("household")
    ).exclude(returning.LAID_ASIDE)
    sums = listed.order_by().values_list("household", "programme", "award__person").annotate(fen=Sum("fen"))
    return defaultdict(int, {tuple(key): fen for *key, fen in sums})


def preview(month: date) -> Listed:
    due = waiting(month)
    found = totals(month, ((one.award.programme, one.award.area_id, one.fen) for one in due))
    return replace(found, again=sum(one.repays is not None for one in due))


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
    # Under the lock nobody takes back meanwhile that they came back.
    list(returning.ready(month).select_for_update(of=("self",)))
    rows = waiting(month)
    if not rows:
        return None
    district = current().district
    found = totals(month, ((one.award.programme, one.award.area_id, one.fen) for one in rows))
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
        (_payment(one, now, batch=batch, state="listed", way="bank") for one in rows), batch_size=AT_ONCE
    )
    return batch


def _payment(one: Due, now: datetime, id: UUID | None = None, **more: Any) -> Payment:
    award = one.award
    return Payment(
        id=id or uuid7(),
        district=award.district,
        award=award,
        month=one.month,
        household=award.household,
        programme=award.programme,
        area_id=award.area_id,
        fen=one.fen,
        members=one.members,
        account=award.account,
        repays=one.repays,
        made_at=now,
        **more,
    )


def pay_now(matter: UUID, way: str, receiver: str, now: datetime, id: UUID) -> Payment:
    """What an emergency was granted is paid on the spot, once. In the transaction of its step."""
    award = Award.objects.filter(matter=matter, rhythm=ONCE).order_by("-made_at").first()
    if award is None:
        raise Conflict(_("Nothing was granted here."), code="no_award")
    known = Payment.objects.filter(award=award).first()
    if known is not None:
        return known
    due = Due(award, award.since, award.fen, award.members)
    row = _payment(due, now, id=id, state="paid", way=way, paid_at=now, received_by=receiver)
    row.save(force_insert=True)
    return row


def confirm_paid(*, actor: Any, batch: UUID, now: datetime) -> PaymentBatch:
    """The bank has paid the batch: all that is still listed in it is paid. Twice is once.

    What has no account was not in the bank's file and can't have been paid: it counts as come back. Raises Conflict
    where a line was taken out or put back after the file for the bank was taken.
    """
    require_pay(actor)
    with store.one_transaction():
        row = locked_batch(batch)
        if row.state != "paid":
            _refuse_older_file(row)
        lines = Payment.objects.filter(batch=row, state="listed")
        for one in no_account(lines).select_for_update(of=("self",)):
            returning.mark(one, NO_ACCOUNT, actor, now)
        lines.update(state="paid", paid_at=now)
        if row.state != "paid":
            row.state = "paid"
            row.save(update_fields=["state"])
        return row


def summed(payments: Any) -> tuple[int, int]:
    """How many payments, and their fen."""
    found = payments.order_by().aggregate(n=Count("pk"), fen=Sum("fen"))
    return found["n"], found["fen"] or 0


def changed_after_file(batch: PaymentBatch) -> bool:
    """Whether the file that was taken for the bank is not that of the list any more."""
    if batch.sent_at is None:
        return False
    moved = PaymentChange.objects.filter(payment__batch=batch, what__in=("withheld", "relisted"))
    return moved.filter(at__gt=batch.sent_at).exists()


def _refuse_older_file(batch: PaymentBatch) -> None:
    if changed_after_file(batch):
        raise Conflict(
            _(
                "The list has changed since its file was taken. Take the file again and give the bank that one; "
                "what the bank has paid already is put back first."
            ),
            code="older_file",
        )


def locked_batch(id: UUID) -> PaymentBatch:
    row = PaymentBatch.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such batch."))
    return row


def without_account(batch: PaymentBatch) -> int:
    """How many payments of a batch the bank cannot make, because no account is known."""
    return no_account(batch.payments.exclude(state__in=returning.AWAY)).count()


def no_account(payments: Any) -> Any:
    """Those of the payments that the bank can't make, because no account is known."""
    return payments.filter(Q(account="") | Q(account__isnull=True, award__account=""))


def reconcile(batch: PaymentBatch) -> list[str]:
    """What does not add up between a batch and its payments, as sentences; empty when all does."""
    rows = batch.payments.exclude(state=returning.WITHHELD).values_list("programme", "area_id", "fen")
    found = totals(batch.month, rows)
    wrong = []
    if (found.count, found.fen) != (batch.count, batch.fen):
        values = {"n": found.count, "fen": found.fen, "count": batch.count, "sum": batch.fen}
        wrong.append(
            _("The payments are %(n)d with %(fen)d fen; the batch says %(count)d with %(sum)d fen.") % values
        )
    if found.as_dict() != batch.totals:
        wrong.append(_("The totals by programme or area differ from the payments."))
    odd = batch.payments.filter(repays__isnull=False).exclude(
        repays__state__in=returning.AWAY,
        repays__fen=F("fen"),
        repays__award=F("award"),
        repays__month=F("month"),
    )
    if count := odd.count():
        wrong.append(
            _("%(n)d payments are paid again that did not come back, or with another amount.") % {"n": count}
        )
    return wrong
