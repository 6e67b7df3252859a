"""Silence counts as agreement (默认同意): opinions that were not given within their limit, where the pack says so.

The limit is that of the task, with its holds; while it is held nothing is agreed to.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from yiwang.domains.approvals.stages import ITEM, OPINION
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Task
from yiwang.kernel.packs.rulebook import rulebook

AT_ONCE = 100


def agree(now: datetime) -> int:
    """Ends opinions whose limit is over; gives how many."""
    overdue = (
        Task.objects.filter(Q(kind=ITEM, node="opinion") | Q(kind=OPINION, node="give"))
        .filter(state="open", held=False, due_at__lt=now)
        .select_related("matter")
        .order_by("due_at", "id")
    )
    done = 0
    for task in overdue[: AT_ONCE * 3]:
        permit = rulebook(task.matter.pack_id).approvals.permits.get(task.matter.data.get("permit", ""))
        if permit is None or not permit.silence:
            continue
        try:
            actions.complete(actor=SYSTEM, task=task.pk, outcome="silent", now=now)
        except Problem:  # somebody was faster
            continue
        done += 1
        if done >= AT_ONCE:
            break
    return done
