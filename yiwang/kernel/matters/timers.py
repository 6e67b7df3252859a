"""What happens by itself: process timers that come due, and due dates after a new holiday notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from yiwang.core.worktime import Calendar
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import clock, engine, store
from yiwang.kernel.matters.case import Case, Draft
from yiwang.kernel.matters.engine import Desk, whole_second
from yiwang.kernel.matters.models import Matter, Task, Timer
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers.calendars import current_calendar

_AT_A_TIME = 500


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


def recompute_open(now: datetime, actor: Any = SYSTEM, *, why: str = "calendar") -> int:
    """Computes the due moments of all open tasks anew; each matter whose due moment changes gets an event.

    Reads without a lock first, since a new notice moves few of them. Gives how many matters changed.
    """
    now, calendar = whole_second(now), current_calendar()
    open_tasks = Task.objects.filter(state="open").exclude(limit="")
    ids = list(open_tasks.order_by("matter_id").values_list("matter_id", flat=True).distinct())
    changed = 0
    for start in range(0, len(ids), _AT_A_TIME):
        cases = store.load_many(list(Matter.objects.filter(pk__in=ids[start : start + _AT_A_TIME])))
        for case in cases.values():
            if case.state == "open" and _moved(case, calendar):
                changed += _recompute(case.id, calendar, actor, now, why)
    return changed


def _moved(case: Case, calendar: Calendar) -> bool:
    draft = Draft(case, uuid7)
    clock.set_all_due(draft, calendar)
    return bool(draft.task_changes)


def _recompute(matter: UUID, calendar: Calendar, actor: Any, now: datetime, why: str) -> bool:
    with store.one_transaction():
        case = store.lock(matter=matter)
        before = {task.id: task.due_at for task in case.open_tasks}
        draft = Draft(case, uuid7)
        clock.set_all_due(draft, calendar)
        if case.state != "open" or not draft.task_changes:
            return False  # somebody acted on it meanwhile
        due = [
            {"task": str(t.id), "from": before[t.id], "to": t.due_at}
            for t in case.open_tasks
            if before[t.id] != t.due_at
        ]
        draft.record.update(why=why, due=due)
        store.save(draft, draft.finish("recompute", actor.label, actor.name, now))
    return True
