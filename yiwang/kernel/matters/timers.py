"""What happens by itself: process timers that come due, and due dates after a new holiday notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import clock, engine, store
from yiwang.kernel.matters.case import Draft
from yiwang.kernel.matters.engine import Desk, whole_second
from yiwang.kernel.matters.models import Task, Timer
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers.calendars import current_calendar


def fire_due(now: datetime, at_most: int = 200) -> int:
    """Fires timers whose moment has come, each in its own transaction; gives how many."""
    now, fired = whole_second(now), 0
    for row in Timer.objects.filter(fire_at__lte=now).order_by("fire_at")[:at_most]:
        with store.one_transaction():
            case = store.lock(matter=row.matter_id)
            timer = next((t for t in case.timers if (t.token, t.node) == (row.token, row.node)), None)
            if timer is None or case.state != "open":
                Timer.objects.filter(pk=row.pk).delete()  # the case has moved on meanwhile
                continue
            draft = Draft(case, uuid7)
            desk = Desk(rulebook(case.pack), current_calendar(), SYSTEM, now, uuid7)
            engine.fire_timer(draft, desk, timer)
            store.save(draft, draft.finish("timer", SYSTEM.label, SYSTEM.name, now))
            fired += 1
    return fired


def recompute_open(now: datetime, actor: Any = SYSTEM, *, every: bool = False, why: str = "calendar") -> int:
    """Computes the due moments of open tasks anew; each matter whose due moment changes gets an event.

    Looks at the provisional ones, or at `every` open task. Gives how many matters changed.
    """
    now, changed = whole_second(now), 0
    tasks = Task.objects.filter(state="open").exclude(limit="")
    if not every:
        tasks = tasks.filter(provisional=True)
    for matter in tasks.order_by("matter_id").values_list("matter_id", flat=True).distinct().iterator():
        with store.one_transaction():
            case = store.lock(matter=matter)
            if case.state != "open":
                continue
            draft = Draft(case, uuid7)
            before = {task.id: task.due_at for task in case.open_tasks}
            clock.set_all_due(draft, current_calendar())
            if not draft.task_changes:
                continue
            draft.record.update(
                why=why,
                due=[
                    {"task": str(t.id), "from": before[t.id], "to": t.due_at}
                    for t in case.open_tasks
                    if before[t.id] != t.due_at
                ],
            )
            store.save(draft, draft.finish("recompute", actor.label, actor.name, now))
            changed += 1
    return changed
