"""A district with many applications for services: made by the engine's bulk path, with halls, tickets and licences.

    python -m benchmarks.stage.applications COUNT

prints what it made as JSON. Applications go through the same steps as in the office (`kernel.matters.bulk.Hall`); their
rows, decisions and licences are written as the actions would write them, but licences without their files: drawing a
hundred thousand of them is not what is measured.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

SERVICES = ("food-business-licence", "signboard", "individual-business")
OPEN_SHARE = 0.03
AT_ONCE = 1000
TICKETS, TICKET_DAYS = 400, 30
LICENCES_PER = 1.0  # licences for each application
POSTS = (
    "window-clerk", "hall-guide", "licence-officer", "service-reviewer-market-regulation",
    "service-decider-market-regulation", "duty-leader",
)  # fmt: skip
COMPANY = "91350100M000100Y43"


def main(count: int) -> dict:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    django.setup()
    from django.utils import timezone

    from tests import people
    from yiwang.kernel.packs.rulebook import current

    now, rng = timezone.now(), Random(7)
    for post in POSTS:
        people.user(post, name=post)
    began = time.perf_counter()
    made = applications(count, now, rng, current())
    seconds = time.perf_counter() - began
    licences(int(count * LICENCES_PER), now, current())
    hall = tickets(now, rng)
    return made | hall | {"seconds": round(seconds, 1), "per_second": round(count / seconds)}


def applications(count: int, now: datetime, rng: Random, rules, offset: int = 100_000) -> dict:
    """`count` applications of the last year; the youngest are still open, at every step."""
    from uuid_utils.compat import uuid7

    from tests.domains.services.restaurant import RESTAURANT
    from yiwang.domains.services.applying import KIND
    from yiwang.domains.services.models import Application, Decision
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.access.sealed import keyed_hash
    from yiwang.kernel.matters import receipts, store
    from yiwang.kernel.matters.bulk import Hall
    from yiwang.kernel.matters.clock import shares
    from yiwang.kernel.registers.calendars import current_calendar

    body = json.dumps(RESTAURANT, ensure_ascii=False, sort_keys=True)
    hall = Hall(rules, current_calendar())
    rows, decisions, numbers = [], [], {"open": "", "closed": ""}
    year = timedelta(days=365)
    for n in range(count):
        service = rules.services[SERVICES[n % len(SERVICES)]]
        at = now - year + year * (n / count) - timedelta(hours=1)
        left_open = n >= count * (1 - OPEN_SHARE)
        review, decide = shares(service.promised)
        id: UUID = uuid7()  # noqa: A001
        case = hall.new_case(
            id=id, number=f"{at:%Y%m%d}-{offset + n:06d}-0", kind=KIND, title=service.name, source="online",
            unit=service.unit,
            data={"service": service.slug, "way": "ordinary", "conditional": False, "commitment": False, "review_limit": review,
                  "decide_limit": decide, "deferral": "5wd", "check": "20wd", "unit": service.unit},
        )  # fmt: skip
        hall.open(actor=SYSTEM, case=case, now=at)
        states = {needed.material.slug: "received" for needed in service.materials}
        steps = [
            ("accept", "accept", {f"material_{slug}": "received" for slug in states}),
            ("review", "done", {"opinion": "agree"}),
            ("decide", "grant", {}),
            ("deliver", "delivered", {"way": "online"}),
        ]
        accepted = None
        for node, outcome, data in steps[: rng.randrange(4)] if left_open else steps:
            at = min(at + timedelta(hours=rng.randrange(1, 30)), now)
            task = next(task for task in case.open_tasks if task.node == node)
            hall.complete(actor=SYSTEM, case=case, task=task, outcome=outcome, now=at, data=data)
            accepted = accepted or at
            if node != "deliver":
                decisions.append(
                    Decision(matter_id=id, node=node, outcome=outcome if node != "review" else "agree", at=at)
                )
        rows.append(
            Application(
                matter_id=id, district=rules.district, service=service.slug, form=service.form, channel="online",
                answers=body, materials=states, consent=True, digest=keyed_hash(str(id)),
                secret_hash=receipts.secret_hash(id, receipts.secret_for(id)), received_at=case.opened_at,
                accepted_at=accepted,
            )
        )  # fmt: skip
        numbers["open" if left_open else "closed"] = case.number
        if len(rows) == AT_ONCE or n == count - 1:
            with store.one_transaction():
                hall.write()
                Application.objects.bulk_create(rows)
                Decision.objects.bulk_create(decisions)
            rows, decisions = [], []
    return {"applications": count, **numbers}


def licences(count: int, now: datetime, rules) -> None:
    from uuid_utils.compat import uuid7

    from yiwang.kernel.records.licences.actions import holder_hash
    from yiwang.kernel.records.models import Licence

    same = {"holder": "大东区老味道饭店", "holder_number": COMPANY, "holder_hash": holder_hash(COMPANY)}
    for start in range(0, count, AT_ONCE):
        Licence.objects.bulk_create(
            Licence(
                id=uuid7(), district=rules.district, area="", type="food-licence", number=f"SP-{now.year}-{n:07d}",
                code=f"{n:016x}", status="valid", version=1, issued_at=now, valid_from=now.date(),
                valid_to=None, last_hash="", **(same | {"holder_hash": f"{n:064x}"} if n % 1000 else same),
            )
            for n in range(start, min(start + AT_ONCE, count))
        )  # fmt: skip


def tickets(now: datetime, rng: Random) -> dict:
    """A month of tickets that were called, and sixty that wait today."""
    from uuid_utils.compat import uuid7

    from yiwang.domains.services.hall import opening
    from yiwang.domains.services.models import HallDay, Ticket

    today, rows, waiting = opening.local_day(now), [], ""
    for back in range(TICKET_DAYS):
        for n in range(TICKETS if back else 60):
            waited = rng.randrange(30, 3600)
            taken = now - timedelta(days=back, seconds=waited)
            row = Ticket(
                id=uuid7(), district="210104", hall="service-centre", line=("enterprises", "insurance")[n % 2],
                day=today - timedelta(days=back), label=f"A{n:04d}", service="", taken_at=taken, since=taken,
                state="done" if back else "waiting", waited=waited if back else None,
            )  # fmt: skip
            rows.append(row)
            waiting = waiting if back else str(row.pk)
    Ticket.objects.bulk_create(rows, batch_size=AT_ONCE)
    HallDay.objects.create(hall="service-centre", day=today)
    return {"tickets": len(rows), "waiting": waiting, "at": now.astimezone(UTC).isoformat()}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
