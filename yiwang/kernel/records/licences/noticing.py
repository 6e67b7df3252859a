"""Who works an open application is told when a licence that it uses is no longer valid."""

from __future__ import annotations

from datetime import datetime

from yiwang.kernel.matters.models import Task
from yiwang.kernel.notices.telling import tell
from yiwang.kernel.records.models_licences import Licence

TOPIC = "licence"


def tell_users(licence: Licence, now: datetime) -> int:
    """One notice for each open task of each open application with a running authorisation; gives how many."""
    matters = licence.uses.filter(ended_at=None, matter__state="open").values_list("matter_id", flat=True)
    told = 0
    for task in Task.objects.filter(matter_id__in=list(matters), state="open").order_by("pk"):
        who = {"user": task.assignee_id} if task.assignee_id else {"post": task.post}
        if not task.assignee_id:
            who |= {"unit": task.unit_id or "", "area": task.area_id or ""}
        tell(
            TOPIC, key=f"{licence.pk.hex}:{licence.events.count()}:{task.pk.hex}"[:90], now=now, matter=task.matter_id,
            number=licence.number, status=licence.status, **who,
        )  # fmt: skip
        told += 1
    return told
