"""The answer that reporters get: written to every report of a matter and of what was merged into it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiwang.domains.operations.models import Report
from yiwang.kernel.matters.models import Matter, Outbox

ANSWERED = "answered"  # topic of the notices


def family(matter: UUID) -> list[UUID]:
    """The matter and all that was merged into it, over any number of steps."""
    found, front = [matter], [matter]
    while front:
        rows = Matter.objects.filter(merged_into__in=front).values_list("pk", flat=True)
        front = [pk for pk in rows if pk not in found]
        found += front
    return found


def answer_reports(matter: UUID, text: str, now: datetime) -> int:
    """Writes the answer to every report of the family and queues a notice for each; gives how many.

    Runs in the transaction of the action that gives the answer.
    """
    reports = list(Report.objects.filter(matter__in=family(matter)).values_list("pk", "matter_id", "channel"))
    if not reports:
        return 0
    Report.objects.filter(pk__in=[pk for pk, _matter, _channel in reports]).update(
        answer=text, answered_at=now
    )
    Outbox.objects.bulk_create(
        Outbox(
            matter_id=own,
            topic=ANSWERED,
            payload={"report": str(pk), "channel": channel},
            next_at=now,
            created_at=now,
        )
        for pk, own, channel in reports
    )
    return len(reports)
