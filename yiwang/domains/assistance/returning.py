"""What came back from the bank (退回): the bank's reason, the account put right, and paid again with a later list.

A payment that came back stays as it is. The sub-district puts the account right with the household; the finance post
lists it again (`paying.make_list`) as a new payment that points to the first. Who pays changes no account.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import intake
from yiwang.domains.assistance.models import Award, Payment, PaymentChange
from yiwang.domains.assistance.programmes import MONTHLY
from yiwang.domains.assistance.reach import reached, require_correct, require_pay, works
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import store, texts

RETURNED, STAYED, ACCOUNT = "returned", "stayed", "account"
WITHHELD = "withheld"  # taken out of a list (`withholding`)
AWAY = (RETURNED, WITHHELD)
# Taken out of a list and neither paid with another one nor to be: no money of the month.
LAID_ASIDE = Q(state=WITHHELD, ready_at=None, repaid=None)
LONGEST = 200
MOST_LINES = 2000


def ready(month: date) -> Any:
    """Payments for this or an earlier month that came back or were taken out of a list, may go out and are not paid yet."""
    rows = Payment.objects.filter(state__in=AWAY, ready_at__isnull=False, repaid=None, month__lte=month)
    return rows.order_by("month", "id")


def come_back(*, actor: Any, payment: UUID, why: str, now: datetime) -> Payment:
    """The bank sent a payment back: it counts no longer as paid, and the reason stays. Twice is once.

    Raises Denied, Invalid, NotFound, and Conflict for what was paid in cash.
    """
    require_pay(actor)
    with store.one_transaction():
        row, why = _returnable(payment, why)
        if row.state != RETURNED:
            mark(row, why, actor, now)
        return row


def come_back_all(*, actor: Any, lines: Sequence[tuple[UUID, str]], now: datetime) -> int:
    """The same for a whole answer of the bank, all or none; gives how many are new. Raises Invalid with the line."""
    require_pay(actor)
    with store.one_transaction():
        rows: dict[UUID, tuple[Payment, str]] = {}
        for number, (payment, why) in enumerate(lines, 1):
            try:
                rows.setdefault(payment, _returnable(payment, why))
            except (Invalid, NotFound, Conflict) as problem:
                raise Invalid(
                    _("Line %(n)d: %(what)s Nothing was written down.") % {"n": number, "what": problem},
                    where="lines",
                ) from None
        fresh = [(row, why) for row, why in rows.values() if row.state != RETURNED]
        for row, why in fresh:
            mark(row, why, actor, now)
    return len(fresh)


def _returnable(payment: UUID, why: str) -> tuple[Payment, str]:
    """The payment under a lock, and the cleaned reason."""
    why = reason_of(why, "why", _("Write why the bank sent it back."))
    row = locked(payment)
    if row.way != "bank":
        raise Conflict(
            _("This was paid in cash: the bank has nothing to send back."), code="cash", where="payment"
        )
    return row, why


def read(text: str) -> list[tuple[UUID, str]]:
    """Serial number and reason of each line of a bank's answer: `serial,reason`, or cells parted by a tab.

    Empty lines and a heading are passed over. Raises Invalid with the line.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        raise Invalid(_("More than %(most)d lines at once.") % {"most": MOST_LINES}, where="lines")
    found = []
    for number, line in enumerate(lines, 1):
        cells = next(csv.reader([line.replace("\t", ",").replace("，", ",")]), [])
        cells = [cell.strip() for cell in cells]
        if not any(cells) or (number == 1 and cells[0] == "流水号"):
            continue
        try:
            key = UUID(cells[0])
        except ValueError:
            raise Invalid(
                _("Line %(n)d begins with no serial number of the file for the bank.") % {"n": number},
                where="lines",
            ) from None
        found.append((key, cells[1] if len(cells) > 1 else ""))
    if not found:
        raise Invalid(_("Give the serial number and the reason of each payment, a line each."), where="lines")
    return found


def mark(row: Payment, why: str, actor: Any, now: datetime) -> None:
    """Writes down that a locked payment came back, in the caller's transaction."""
    row.state, row.returned_why, row.returned_at = RETURNED, why, now
    row.paid_at, row.ready_at = None, None
    row.save(update_fields=["state", "returned_why", "returned_at", "paid_at", "ready_at"])
    note(row, RETURNED, why, actor, now)


def stayed(*, actor: Any, payment: UUID, why: str, now: datetime) -> Payment:
    """It did not come back after all, somebody took the wrong line. Raises Conflict once it is paid again."""
    require_pay(actor)
    why = reason_of(why, "why", _("Say how you know that it did not come back."))
    with store.one_transaction():
        row = locked(payment)
        not_paid_again(row)
        if row.state != RETURNED:
            return row
        paid = row.batch is None or row.batch.state == "paid"
        row.state = "paid" if paid else "listed"
        row.paid_at = now if paid else None
        row.returned_why, row.returned_at, row.ready_at = "", None, None
        row.save(update_fields=["state", "paid_at", "returned_why", "returned_at", "ready_at"])
        note(row, STAYED, why, actor, now)
        return row


def correct(
    *,
    actor: Any,
    payment: UUID,
    account: Mapping[str, str],
    how: str,
    now: datetime,
    id: UUID | None = None,
) -> Payment:
    """The right account of a payment that came back; it is paid again with the next list, and so is what follows.

    The same account again is possible, where the bank takes it now. `how`: how it is known. The same id is the same
    correction. Raises Denied, Invalid with the field, Conflict, NotFound.
    """
    row = Payment.objects.filter(pk=payment).first()
    if row is None:
        raise NotFound(_("There is no such payment."))
    require_correct(actor, row.area_id)
    how = reason_of(how, "how", _("Say how you know the account, such as by the bank card."))
    with store.one_transaction():
        if id is not None and PaymentChange.objects.filter(pk=id).exists():
            return row
        row = locked(payment)
        if not waits().filter(pk=row.pk).exists():
            not_paid_again(row)
            raise Conflict(_("This payment did not come back."), code="not_returned")
        not_paid_again(row)
        award = Award.objects.select_for_update().get(pk=row.award_id)
        right = intake.account_of(account, award.name)
        if not right:
            raise Invalid(_("Write the account."), where="account_number")
        text = orjson.dumps(right).decode()
        for one in _of_the_account(award):
            one.account = text
            one.save(update_fields=["account"])
            for back in waits().filter(award=one).select_for_update(of=("self",)):
                if back.state == WITHHELD and not still_due(back):
                    continue
                back.ready_at = now
                back.save(update_fields=["ready_at"])
                own = id if back.pk == row.pk else uuid5(id, str(back.pk)) if id else None
                note(back, ACCOUNT, how, actor, now, text, own)
        row.refresh_from_db()
        return row


def still_due(row: Payment) -> bool:
    """Whether the household would not get more for the month than it is awarded, were this paid too."""
    award = row.award
    if award.rhythm != MONTHLY:
        return True
    whose = {"household": award.household, "programme": award.programme, "person": award.person}
    others = Payment.objects.filter(month=row.month, repays=None, award__rhythm=MONTHLY).exclude(award=award)
    others = others.filter(**{f"award__{name}": value for name, value in whose.items()}).exclude(LAID_ASIDE)
    reaches = Award.objects.filter(
        Q(until=None) | Q(until__gte=row.month), since__lte=row.month, rhythm=MONTHLY, **whose
    )
    got = others.aggregate(fen=Sum("fen"))["fen"] or 0
    return got + row.fen <= (reaches.aggregate(most=Max("fen"))["most"] or 0)


def _of_the_account(award: Award) -> list[Award]:
    """The award, and those of its household that are paid to the same account and not over."""
    others = Award.objects.select_for_update().filter(household=award.household, payee=award.payee)
    others = others.exclude(pk=award.pk).exclude(rhythm="never")
    old = _number(award.account)
    same = [one for one in others.order_by("id") if _number(one.account) == old]
    return [award, *(one for one in same if one.state != "ended" or _owed(one))]


def _owed(award: Award) -> bool:
    return waits().filter(award=award).exists()


def waits() -> Any:
    """What waits for the right account: it came back, or it was taken out of a list because the account is wrong."""
    return Payment.objects.filter(Q(state=RETURNED) | Q(state=WITHHELD, withheld_for=ACCOUNT), repaid=None)


def _number(account: str) -> str:
    return orjson.loads(account).get("number", "") if account else ""


def reason_of(text: str, where: str, missing: str) -> str:
    found = texts.line(text, where, LONGEST)
    if len(found) < 2:
        raise Invalid(missing, where=where)
    return found


def locked(payment: UUID) -> Payment:
    row = Payment.objects.select_for_update(of=("self",)).select_related("batch").filter(pk=payment).first()
    if row is None:
        raise NotFound(_("There is no such payment."), where="payment")
    return row


def not_paid_again(row: Payment) -> None:
    if Payment.objects.filter(repays=row).exists():
        raise Conflict(_("It is paid again already, with a later list."), code="repaid")


def note(
    row: Payment,
    what: str,
    why: str,
    actor: Any,
    now: datetime,
    account: str = "",
    id: UUID | None = None,
) -> None:
    PaymentChange.objects.create(
        id=id or uuid7(), payment=row, what=what, why=why, account=account, at=now, by_id=actor.user_id
    )


# what people see


def owed() -> list[dict[str, Any]]:
    """What came back and is not paid again, the oldest first, for programs: payment, month, fen, why, ready …"""
    rows = Payment.objects.filter(state=RETURNED, repaid=None).order_by("returned_at", "id")
    return [
        {
            "payment": str(row.pk),
            "month": f"{row.month:%Y-%m}",
            "programme": row.programme,
            "area": row.area_id,
            "fen": row.fen,
            "why": row.returned_why,
            "ready": row.ready_at is not None,
        }
        for row in rows
    ]


def visible(actor: Any) -> Any:
    """What came back or was taken out of a list, as far as the actor sees it: all for who pays, else the own area's."""
    rows = Payment.objects.filter(state__in=AWAY)
    if works(actor, "pay"):
        require_pay(actor)
        return rows
    return rows.filter(reached(actor, "open"), reached(actor, "reveal"))


def require_see(actor: Any) -> None:
    if not works(actor, "pay") and not (works(actor, "open") and works(actor, "reveal")):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="pay")


@dataclass(frozen=True, slots=True)
class Balance:
    """A month's money, each (count, fen): what was listed for it, what of it stands, what came back and is owed, and what
    was taken out of a list."""

    listed: tuple[int, int]
    stands: tuple[int, int]
    owed: tuple[int, int]
    withheld: tuple[int, int]

    @property
    def agrees(self) -> bool:
        parts = zip(self.listed, self.stands, self.owed, self.withheld, strict=True)
        return all(whole == a + b + c for whole, a, b, c in parts)


def balance(month: date) -> Balance:
    """Whether every payment of the month stands once: itself, or the one that took its place, or it is still owed or
    taken out."""
    rows = Payment.objects.filter(month=month).order_by()
    back, out = Q(state=RETURNED), Q(state=WITHHELD)
    found = rows.aggregate(
        **{
            f"{name}_{what}": made("pk" if what == "n" else "fen", filter=which)
            for name, which in (
                ("listed", Q(repays=None)),
                ("stands", ~back & ~out),
                ("owed", back & Q(repaid=None)),
                ("withheld", out & Q(repaid=None)),
            )
            for what, made in (("n", Count), ("fen", Sum))
        }
    )
    names = ("listed", "stands", "owed", "withheld")
    return Balance(*((found[f"{name}_n"], found[f"{name}_fen"] or 0) for name in names))
