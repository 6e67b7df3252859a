"""A line taken out of a payment list before the bank pays it (暂缓发放): a death, a wrong account, a stop decided since.

The payment keeps its row. It may be put back, or go out with a later list, once; until somebody says so it is not paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.domains.assistance import paying, returning
from yiwang.domains.assistance.models import Payment, PaymentBatch, PaymentChange, Review
from yiwang.domains.assistance.programmes import MONTHLY
from yiwang.domains.assistance.reach import require_pay
from yiwang.domains.assistance.returning import ACCOUNT, WITHHELD
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import queries as people

RELISTED, KEPT = "relisted", "kept"
CAUSES: Mapping[str, Any] = {
    "died": gettext_lazy("Somebody died"),
    ACCOUNT: gettext_lazy("The account is wrong"),
    "stopped": gettext_lazy("It was stopped or cut since the list was made"),
    "other": gettext_lazy("Another reason"),
}


def take_out(*, actor: Any, payment: UUID, cause: str, why: str, now: datetime) -> Payment:
    """A line leaves its list, and the list's totals with it. Twice is once.

    Raises Denied, Invalid with the field, NotFound, and Conflict for what is paid or no line of a list.
    """
    require_pay(actor)
    if cause not in CAUSES:
        raise Invalid(_("Choose why it is taken out."), where="cause")
    why = returning.reason_of(why, "why", _("Write how you know."))
    with store.one_transaction():
        batch = _batch_of(payment)
        row = returning.locked(payment)
        row.batch = batch
        if row.state == WITHHELD:
            return row
        if row.state != "listed" or batch.state != "made":
            raise Conflict(
                _("This is paid or came back: it can't be taken out of the list any more."),
                code="paid",
                where="payment",
            )
        row.state, row.withheld_for = WITHHELD, cause
        row.save(update_fields=["state", "withheld_for"])
        _count(batch, row, -1)
        returning.note(row, WITHHELD, why, actor, now)
        return row


def put_back(*, actor: Any, payment: UUID, why: str, now: datetime) -> Payment:
    """What was taken out is paid after all: in its list while the bank has not paid that, else with the next one.

    Goes to the account that the award has now. Twice is once. Raises Denied, Invalid, NotFound, and Conflict where the
    month is paid otherwise or the award does not reach into it any more.
    """
    require_pay(actor)
    why = returning.reason_of(why, "why", _("Write why it is paid after all."))
    with store.one_transaction():
        batch = _batch_of(payment)
        row = returning.locked(payment)
        row.batch = batch
        if row.state != WITHHELD:
            return row
        returning.not_paid_again(row)
        _require_due(row)
        if batch.state != "made":
            if row.ready_at is None:
                row.ready_at = now
                row.save(update_fields=["ready_at"])
                returning.note(row, RELISTED, why, actor, now)
            return row
        row.state, row.withheld_for, row.ready_at, row.account = "listed", "", None, row.award.account
        row.save(update_fields=["state", "withheld_for", "ready_at", "account"])
        _count(batch, row, 1)
        returning.note(row, RELISTED, why, actor, now)
        return row


def _batch_of(payment: UUID) -> PaymentBatch:
    """The list of a line, under a lock."""
    batch = Payment.objects.filter(pk=payment).values_list("batch", flat=True).first()
    if batch is None:
        raise NotFound(_("There is no such line in a list."), where="payment")
    return paying.locked_batch(batch)


def _count(batch: PaymentBatch, row: Payment, by: int) -> None:
    """The totals of a list with a line more or less."""
    batch.count, batch.fen = batch.count + by, batch.fen + by * row.fen
    for group, key in (("programme", row.programme), ("area", (row.area_id or "")[:9])):
        count, fen = batch.totals.setdefault(group, {}).get(key, (0, 0))
        batch.totals[group][key] = [count + by, fen + by * row.fen]
        if batch.totals[group][key] == [0, 0]:
            del batch.totals[group][key]
    batch.save(update_fields=["count", "fen", "totals"])


def _require_due(row: Payment) -> None:
    if not returning.still_due(row):
        raise Conflict(
            _(
                "The award does not reach into %(month)s any more, or its amount has changed. What is due is listed by itself."
            )
            % {"month": f"{row.month:%Y-%m}"},
            code="not_due",
        )


# what happened since a list was made


@dataclass(frozen=True, slots=True)
class Since:
    """A line whose household has changed since the list was made. `what`: ended | died | review."""

    row: Payment
    what: str

    @property
    def grave(self) -> bool:
        """Whether the file for the bank waits until somebody has taken the line out or said why it goes."""
        return self.what != "review"

    @property
    def cause(self) -> str:
        """What it would be taken out for."""
        return "stopped" if self.what == "ended" else "died"


def since_made(batch: PaymentBatch) -> list[Since]:
    """Lines of a list that is not paid whose award does not reach into the month any more, whose payee or person has
    died, or whose household is reviewed after a death; the gravest first."""
    if batch.state != "made":
        return []
    dead = Person.objects.filter(Q(pk=OuterRef("award__payee")) | Q(pk=OuterRef("award__person")))
    going = Review.objects.filter(award=OuterRef("award"), why="death", matter__state="open")
    rows = batch.payments.filter(state="listed").select_related("award")
    rows = rows.annotate(
        dead=Exists(dead.filter(died__isnull=False)),
        reviewed=Exists(going),
        kept=Exists(PaymentChange.objects.filter(payment=OuterRef("pk"), what=KEPT)),
    )
    over = Q(award__rhythm=MONTHLY, award__until__lt=F("month"))
    found = [
        Since(row, "ended" if _over(row) else "died" if row.dead else "review")
        for row in rows.filter(over | Q(dead=True) | Q(reviewed=True)).order_by("area", "programme", "id")
    ]
    return sorted(found, key=lambda one: ("ended", "died", "review").index(one.what))


def _over(row: Payment) -> bool:
    award = row.award
    return award.rhythm == MONTHLY and award.until is not None and award.until < row.month


def require_looked_at(batch: PaymentBatch, despite: str, actor: Any, now: datetime) -> None:
    """Before the file for the bank: what changed gravely is taken out, or `despite` says why it goes, which is kept.

    In the caller's transaction. Raises Conflict `changed`, Invalid.
    """
    open_ = [one.row for one in since_made(batch) if one.grave and not one.row.kept]
    if not open_:
        return
    if not despite.strip():
        raise Conflict(
            _(
                "Since the list was made %(n)d of its awards have ended or their people have died. Take these lines "
                "out, or write why they are paid all the same."
            )
            % {"n": len(open_)},
            code="changed",
            where="despite",
        )
    why = returning.reason_of(despite, "despite", _("Write why they are paid all the same."))
    for row in open_:
        returning.note(row, KEPT, why, actor, now)


def find(*, actor: Any, batch: PaymentBatch, text: str) -> list[Payment]:
    """Lines of a list by the serial number of the bank's file, or by the payee's or person's ID number. Raises Denied,
    Invalid."""
    require_pay(actor)
    text = text.strip()
    try:
        found = Q(pk=UUID(text))
    except ValueError:
        if not text:
            raise Invalid(_("Write a serial number or an ID number."), where="find") from None
        try:
            ids = list(Person.objects.filter(id_hash=people.id_hash(text)).values_list("pk", flat=True))
        except Invalid as wrong:
            raise Invalid(wrong.detail, where="find") from None
        found = Q(award__payee__in=ids) | Q(award__person__in=ids)
    rows = list(batch.payments.filter(found).select_related("award").order_by("area", "programme", "id"))
    if not rows:
        raise Invalid(_("No line of this list has this number."), where="find")
    return rows
