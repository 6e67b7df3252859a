"""A process of its own that makes awards, or the payment list of a month, and dies where it is told to.

python -m tests.domains.assistance.payroll awards 5000
python -m tests.domains.assistance.payroll pay [the writing statement at which it dies]
python -m tests.domains.assistance.payroll back 2500
python -m tests.domains.assistance.payroll right [the writing statement at which it dies]
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from uuid import uuid4, uuid5

NOW, MONTH = datetime(2026, 9, 25, 2, tzinfo=UTC), date(2026, 10, 1)


def awards(count: int) -> None:
    from yiwang.domains.assistance import applying
    from yiwang.domains.assistance.models import Award
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.registers import queries

    area = next(code for code in sorted(queries.areas()) if len(code) == 12)
    matter = applying.apply(
        actor=SYSTEM,
        id=uuid4(),
        now=NOW,
        programme="relief_emergency",
        emergency="fire",
        channel="call",
        name="王",
        id_number="",
        area=area,
    ).matter
    # The awards hang on one matter of another kind: lists leave out what an emergency pays itself.
    type(matter).objects.filter(pk=matter.pk).update(kind="assistance_application")
    Award.objects.bulk_create(
        Award(
            id=uuid4(),
            district="210104",
            household=uuid4(),
            programme="minimum_guarantee",
            area_id=area,
            since=MONTH,
            fen=50_000 + number,
            members=1,
            state="running",
            name="王",
            matter=matter,
            made_at=NOW,
        )
        for number in range(count)
    )


def pay(dies_at: int = 0) -> None:
    from yiwang.domains.assistance import paying
    from yiwang.kernel.access.actors import SYSTEM

    with dying(dies_at):
        paying.make_list(actor=SYSTEM, month=MONTH, now=NOW)


def back(count: int) -> None:
    """The bank sends so many payments back."""
    from yiwang.domains.assistance import returning
    from yiwang.domains.assistance.models import Payment
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.matters.transactions import one_transaction

    with one_transaction():
        for key in Payment.objects.order_by("id").values_list("pk", flat=True)[:count]:
            returning.come_back(actor=SYSTEM, payment=key, why="账号有误", now=NOW)


def right(dies_at: int = 0) -> None:
    """Every account is put right, one by one; where nobody dies, with one wait for the disk."""
    from yiwang.domains.assistance import returning
    from yiwang.domains.assistance.models import Payment
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.matters.transactions import one_transaction

    account = {"bank": "工商银行", "number": "6222021234567890128"}
    waiting = Payment.objects.filter(state="returned", ready_at=None, repaid=None).order_by("id")
    with dying(dies_at), nullcontext() if dies_at else one_transaction():
        for key in list(waiting.values_list("pk", flat=True)):
            returning.correct(
                actor=SYSTEM, payment=key, account=account, how="核对银行卡", now=NOW, id=uuid5(key, "right")
            )


@contextmanager
def dying(at: int) -> Iterator[None]:
    """The process is killed at the statement of this number that writes, from 1; at 0 it lives."""
    from django.db import connection

    written = 0

    def watch(execute, sql, params, many, context):
        nonlocal written
        if sql.startswith(("INSERT", "UPDATE")):
            written += 1
            if written == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


if __name__ == "__main__":
    import django

    django.setup()
    {"awards": awards, "pay": pay, "back": back, "right": right}[sys.argv[1]](
        *(int(word) for word in sys.argv[2:])
    )
