"""When a task is due, and why: the case's pauses and limits handed to core.worktime."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from yiwang.core import worktime
from yiwang.kernel.matters.case import Case, CasePause, CaseTask, Draft

limit_of = lru_cache(maxsize=1024)(worktime.Limit.parse)  # limits are few, tasks are many


def holds(task: CaseTask, pauses: Iterable[CasePause]) -> list[worktime.Hold]:
    """The times in which this task's clock stood."""
    return [worktime.Hold(p.start, p.end, p.reason) for p in pauses if p.covers(task)]


def explain(task: CaseTask, pauses: Iterable[CasePause], calendar: worktime.Calendar) -> worktime.Due | None:
    """The due moment of a task with its day-by-day explanation; None when the task has no limit."""
    if not task.limit:
        return None
    extension = limit_of(task.extension) if task.extension else None
    return worktime.due(calendar, task.clock_from, limit_of(task.limit), holds(task, pauses), extension)


def set_due(draft: Draft, task: CaseTask, calendar: worktime.Calendar) -> None:
    """Computes the task's due moment anew and writes down what changed."""
    pauses = draft.case.pauses.values()
    held = any(p.end is None and p.covers(task) for p in pauses)
    if not task.limit:
        draft.set_task(task, held=held)
        return
    answer = explain(task, pauses, calendar)
    draft.set_task(task, due_at=answer.moment, provisional=answer.provisional, held=held)


def set_all_due(draft: Draft, calendar: worktime.Calendar) -> None:
    for task in draft.case.open_tasks:
        set_due(draft, task, calendar)


def add_limits(first: str, second: str) -> str:
    """`2wd` and `1wd` are `3wd`. Both in one unit; the caller has checked it."""
    if not first:
        return second
    a, b = worktime.Limit.parse(first), worktime.Limit.parse(second)
    return str(worktime.Limit(a.amount + b.amount, a.unit))


def shares(promised: str) -> tuple[str, str]:
    """How the promised limit is shared between review and decision: together they are exactly it."""
    limit = worktime.Limit.parse(promised)
    deciding = max(limit.amount // 5, 1 if limit.amount else 0)
    reviewing = limit.amount - deciding
    if not limit.counts_days and not reviewing:  # an hour can't be halved: both within it
        return str(limit), str(limit)
    return f"{reviewing}{limit.unit}", f"{deciding}{limit.unit}"


def open_overdue(case: Case, now) -> list[CaseTask]:
    return [task for task in case.open_tasks if task.due_at and task.due_at < now]
