"""What comes after an application, and what is several at once: bad ratings looked into, families with one application.

Follow-ups are written by the bulk path; families apply through the very actions, one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

STILL_OPEN = 0.3


def followups(bad: Sequence[tuple], now: datetime, rng: Random, rules: Any, offset: int = 600_000) -> dict:
    """A matter for each bad rating `(matter, number, unit, at)`; most are answered."""
    from uuid import uuid5

    from yiwang.domains.services.followups import KIND
    from yiwang.domains.services.models import Followup
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.matters import store
    from yiwang.kernel.matters.bulk import Hall
    from yiwang.kernel.registers.calendars import current_calendar

    hall, rows, found = Hall(rules, current_calendar()), [], {"followup": ""}
    for n, (about, number, unit, at) in enumerate(bad):
        case = hall.new_case(
            id=uuid5(about, KIND), number=f"{at:%Y%m%d}-{offset + n:06d}-0", kind=KIND, title="差评：食品经营许可",
            source="online", unit=unit, data={"about": number},
        )  # fmt: skip
        hall.open(actor=SYSTEM, case=case, now=at)
        answered = None
        if n < len(bad) * (1 - STILL_OPEN):
            answered = min(at + timedelta(hours=rng.randrange(1, 90)), now)
            task = case.open_tasks[0]
            said = {"reached": "yes", "reply": "已当面说明并改正。"}
            hall.complete(actor=SYSTEM, case=case, task=task, outcome="fixed", now=answered, data=said)
        rows.append(
            Followup(
                matter_id=case.id, district=rules.district, about_id=about, score=1, answered_at=answered,
                outcome="fixed" if answered else "", reached=True if answered else None,
                reply="已当面说明并改正。" if answered else "",
            )
        )  # fmt: skip
        if not answered and unit == "market-regulation":
            found["followup"] = case.number
    with store.one_transaction():
        hall.write()
        Followup.objects.bulk_create(rows, batch_size=500)
    return found | {"followups": len(rows)}


def families(count: int, now: datetime) -> dict:
    """Joint applications: most accepted, so that their parts are at work; some have their first result."""
    from tests.domains.services import family

    got: Any = None
    for n in range(count):
        at = now - timedelta(hours=5) + timedelta(seconds=n)
        got = family.sent(now=at)
        if n % 10 == 0:
            continue
        family.window(got, now=at)
        if n % 3 == 1:
            family.office(got, "birth-household", now=at)
    return {"families": count, "joint": got.number if got else ""}
