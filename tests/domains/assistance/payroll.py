"""A process of its own that makes awards, or the payment list of a month, and dies where it is told to.

python -m tests.domains.assistance.payroll awards 5000
python -m tests.domains.assistance.payroll pay [the statement at which it dies]
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, date, datetime
from uuid import uuid4

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
    from django.db import connection

    from yiwang.domains.assistance import paying
    from yiwang.kernel.access.actors import SYSTEM

    written = 0

    def watch(execute, sql, params, many, context):
        nonlocal written
        if sql.startswith("INSERT"):
            written += 1
            if written == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        paying.make_list(actor=SYSTEM, month=MONTH, now=NOW)


if __name__ == "__main__":
    import django

    django.setup()
    {"awards": awards, "pay": pay}[sys.argv[1]](*(int(word) for word in sys.argv[2:]))
