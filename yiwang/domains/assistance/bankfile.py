"""The file that the bank pays by (发放文件): a line a payment, with the sealed account opened. Every opening is on record."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from yiwang.domains.assistance import programmes, withholding
from yiwang.domains.assistance.models import Payment
from yiwang.domains.assistance.paying import locked_batch, no_account
from yiwang.domains.assistance.reach import require_pay
from yiwang.domains.assistance.returning import AWAY
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters import store

# The bank reads Chinese headings whatever the language of the page.
HEADINGS = ("序号", "月份", "户名", "账号", "开户银行", "金额(元)", "项目", "用途", "流水号")
ACCOUNT = "assistance_account"


def bank_file(*, actor: Any, batch: UUID, now: datetime, despite: str = "") -> tuple[str, bytes]:
    """(name, bytes) of the CSV of a batch, without what came back, was taken out or has no account.

    One row of the purpose log for each payment says who took whose account, when and what for. Raises Denied, NotFound,
    and Conflict where awards have ended or people died since the list was made, unless `despite` says why they are paid.
    """
    require_pay(actor)
    with store.one_transaction():
        row = locked_batch(batch)
        withholding.require_looked_at(row, despite, actor, now)
        standing = row.payments.exclude(state__in=AWAY)
        payments = list(
            standing.exclude(pk__in=no_account(standing).values("pk"))
            .select_related("award")
            .order_by("area", "programme", "id")
        )
        purpose = f"发放 {row.month:%Y-%m} 第{row.number}批"
        if row.state != "paid":
            row.sent_at = now
            row.save(update_fields=["sent_at"])
        PurposeLog.objects.bulk_create((_look(one, actor, purpose, now) for one in payments), batch_size=1000)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for number, one in enumerate(payments, 1):
        writer.writerow(_line(number, one))
    writer.writerow(
        ["合计", "", f"{len(payments)}笔", "", "", _yuan(sum(one.fen for one in payments)), "", "", ""]
    )
    return f"{row.month:%Y-%m}-{row.number}.csv", ("\ufeff" + out.getvalue()).encode()


def _look(one: Payment, actor: Any, purpose: str, now: datetime) -> PurposeLog:
    award = one.award
    return PurposeLog(
        at=now,
        user_id=actor.id,
        subject_kind="person" if award.payee else "application",
        subject_id=str(award.payee or award.matter_id),
        field=ACCOUNT,
        purpose=purpose,
    )


def _line(number: int, one: Payment) -> list[str]:
    kept = one.award.account if one.account is None else one.account
    account = orjson.loads(kept) if kept else {}
    benefit = programmes.PROGRAMMES.get(one.programme)
    cells = [account.get("holder") or one.award.name, account.get("number", ""), account.get("bank", "")]
    # A tab keeps a spreadsheet from turning 19 digits into a rounded number, and from running a formula.
    safe = [_plain(cells[0]), f"\t{cells[1]}" if cells[1] else "", _plain(cells[2])]
    name = benefit.name if benefit else one.programme
    again = "（补发）" if one.repays_id else ""
    return [
        str(number),
        f"{one.month:%Y-%m}",
        *safe,
        _yuan(one.fen),
        name,
        f"{one.month:%Y年%m月}{name}{again}",
        str(one.pk),
    ]


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
