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
PROMISED = "fire-safety-check"  # applied for by commitment, and checked afterwards
EVERY = 25  # one in so many is by commitment
OPEN_SHARE = 0.03
RATED, BAD = 0.4, 0.02  # shares of the closed ones
AT_ONCE = 1000
TICKETS, TICKET_DAYS = 400, 30
LICENCES_PER = 1.0  # licences for each application
POSTS = (
    "window-clerk", "hall-guide", "licence-officer", "service-reviewer-market-regulation",
    "service-decider-market-regulation", "service-reviewer-fire-rescue", "duty-leader", "project-guide",
    "stage-lead-natural-resources",
)  # fmt: skip
COMPANY = "91350100M000100Y43"


def main(count: int) -> dict:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    django.setup()
    from django.utils import timezone

    from benchmarks.stage import afterwards, projects
    from tests import people
    from yiwang.kernel.packs.rulebook import current

    now, rng = timezone.now(), Random(7)
    for post in POSTS:
        people.user(post, name=post)
    began = time.perf_counter()
    made = applications(count, now, rng, current())
    seconds = time.perf_counter() - began
    made |= licences(int(count * LICENCES_PER), now, current())
    hall = tickets(now, rng)
    made |= afterwards.followups(made.pop("bad"), now, rng, current())
    made |= afterwards.families(max(count // 500, 3), now)
    made |= projects.make(max(count // 200, 5), now)
    return made | hall | {"seconds": round(seconds, 1), "per_second": round(count / seconds)}


def applications(count: int, now: datetime, rng: Random, rules, offset: int = 100_000) -> dict:
    """`count` applications of the last year; the youngest are still open, at every step."""
    from uuid_utils.compat import uuid7

    from tests.domains.services.restaurant import RESTAURANT
    from yiwang.domains.services.applying import KIND, opening_data
    from yiwang.domains.services.models import Application, Decision
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.access.sealed import keyed_hash
    from yiwang.kernel.matters import receipts, store
    from yiwang.kernel.matters.bulk import Hall
    from yiwang.kernel.registers.calendars import current_calendar

    body = json.dumps(RESTAURANT, ensure_ascii=False, sort_keys=True)
    hall = Hall(rules, current_calendar())
    rows, decisions, numbers, bad = [], [], {"open": "", "closed": "", "check": ""}, []
    year = timedelta(days=365)
    for n in range(count):
        promised = n % EVERY == 0
        service = rules.services[PROMISED if promised else SERVICES[n % len(SERVICES)]]
        at = now - year + year * (n / count) - timedelta(hours=1)
        left_open = n >= count * (1 - OPEN_SHARE)
        id: UUID = uuid7()
        case = hall.new_case(
            id=id, number=f"{at:%Y%m%d}-{offset + n:06d}-0", kind=KIND, title=service.name, source="online",
            unit=service.unit,
            data=opening_data(service, "commitment" if promised else "ordinary") | {"unit": service.unit},
        )  # fmt: skip
        hall.open(actor=SYSTEM, case=case, now=at)
        states = {needed.material.slug: "received" for needed in service.materials}
        said = {f"material_{slug}": "received" for slug in states}
        steps = [
            ("accept", "commitment" if promised else "accept", said),
            *([] if promised else [("review", "done", {"opinion": "agree"})]),
            ("decide", "grant", {}),
            ("deliver", "delivered", {"way": "online"}),
            *([("after_check", "kept", {})] if promised and n < count * (1 - 5 * OPEN_SHARE) else []),
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
        closed = case.state == "closed"
        stars = 0 if not closed or rng.random() > RATED else 1 if rng.random() < BAD else rng.randrange(3, 6)
        if stars == 1:
            bad.append((id, case.number, service.unit, at))
        rows.append(
            Application(
                matter_id=id, district=rules.district, service=service.slug, form=service.form, channel="online",
                way="commitment" if promised else "ordinary", rating=stars or None, rated_at=at if stars else None,
                answers=body, materials=states, consent=True, digest=keyed_hash(str(id)),
                secret_hash=receipts.secret_hash(id, receipts.secret_for(id)), received_at=case.opened_at,
                accepted_at=accepted,
            )
        )  # fmt: skip
        if promised:
            numbers["check" if not closed else "kept"] = case.number
        else:
            numbers["closed" if closed else "open"] = case.number
        if len(rows) == AT_ONCE or n == count - 1:
            with store.one_transaction():
                hall.write()
                Application.objects.bulk_create(rows)
                Decision.objects.bulk_create(decisions)
            rows, decisions = [], []
    return {"applications": count, "bad": bad, **numbers}


def licences(count: int, now: datetime, rules) -> dict:
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
    return {"licence": str(Licence.objects.order_by("-pk").values_list("pk", flat=True)[0])}


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
