"""What would happen if these actions were done now: the engine run on copies in memory, nothing written.

The decisions are those of `kernel.matters.engine`, so a preview and the action that follows cannot disagree, unless
somebody acts in between; then the action refuses and says who did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.kernel.access.policy import WHY_NOT, Subject, decide, matters_filter, tasks_filter
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import engine, forms, store
from yiwang.kernel.matters.case import Case, CaseTask, Draft
from yiwang.kernel.matters.engine import Desk
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.matters.refusals import claimed_by
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.calendars import current_calendar

MOST = 200  # at once


@dataclass(frozen=True, slots=True)
class Line:
    """What would happen to one matter, or why nothing can."""

    number: str
    title: str
    case: Case
    task: CaseTask | None = None
    unit: str = ""  # code of the unit that would get it
    suggested: bool = False  # by the duty table just now, not by the filing
    limit: str = ""
    due_at: datetime | None = None
    problem: str = ""
    address: str = ""


def chosen(actor: Any, tasks: Sequence[UUID]) -> list[tuple[Case, UUID]]:
    """The cases of these tasks that the person works or may see, in the order chosen; four queries."""
    seen = Task.objects.filter(pk__in=tasks).filter(
        matter__in=Matter.objects.filter(matters_filter(actor, "see"))
    )
    worked = Task.objects.filter(tasks_filter(actor), pk__in=tasks)
    of = dict(worked.values_list("pk", "matter_id")) | dict(seen.values_list("pk", "matter_id"))
    cases = store.load_many(list(Matter.objects.filter(pk__in=of.values())))
    return [(cases[of[task]], task) for task in dict.fromkeys(tasks) if task in of]


def dispatch(actor: Any, case: Case, task_id: UUID, now: datetime, unit: str = "") -> Line:
    """Whose it would be by filing and duty table, its limit and the moment that it would be due."""
    task = case.tasks[task_id]
    problem = _not_mine(actor, case, task)
    if not problem and task.link != "dispatch":
        problem = _("It does not stand at dispatch.")
    duty = registers.responsible_unit(case.standard, case.class_code, case.area) if case.class_code else None
    wanted = unit or case.unit or (duty.unit if duty else "")
    line = {"unit": wanted, "suggested": not unit and not case.unit and bool(wanted)}
    if problem:
        return _line(case, task, problem=problem, **line)

    def change(draft: Draft, desk: Desk) -> None:
        engine.complete(
            draft, desk, draft.case.tasks[task_id], forms.Answer("dispatch", "", {"unit": wanted})
        )

    done, problem = _try(actor, case, now, change)
    new = next((one for one in done.open_tasks), None) if done and not problem else None
    return _line(
        case,
        task,
        problem=problem,
        limit=new.limit if new else "",
        due_at=new.due_at if new else None,
        **line,
    )


def claim(actor: Any, case: Case, task_id: UUID, now: datetime) -> Line:
    """Whether the task can be taken."""
    task = case.tasks[task_id]
    problem = _not_mine(actor, case, task)
    if not problem and task.assignee == actor.id:
        problem = _("You have taken it already.")
    return _line(case, task, problem=problem, unit=task.unit or "", limit=task.limit, due_at=task.due_at)


def merge(actor: Any, case: Case, now: datetime, primary: bool) -> Line:
    """Whether the matter can be joined, or take the others in."""
    subject = Subject(case.kind, case.area, case.unit, matter_id=case.id, district=case.district)
    decision, problem = decide(actor, "merge", subject), ""
    if not decision:
        problem = _(WHY_NOT[decision.reason])
    elif case.state != "open":
        problem = _("It is not open any more.")
    elif not primary:
        _done, problem = _try(
            actor, case, now, lambda draft, desk: engine.end(draft, desk, "merged", "merged")
        )
    return _line(case, None, problem=problem, unit=case.unit or "", due_at=case.due_at)


def _not_mine(actor: Any, case: Case, task: CaseTask) -> str:
    """Why the person cannot do this task now; '' when nothing stands against it."""
    subject = Subject(case.kind, task.area, task.unit, task.post, task.assignee, case.id, case.district)
    decision = decide(actor, "complete", subject)
    if not decision:
        return str(_(WHY_NOT[decision.reason]))
    if not task.is_open:
        return str(_("Somebody has done it meanwhile."))
    if task.assignee not in (None, actor.id):
        return str(claimed_by(task))
    return ""


def _try(
    actor: Any, case: Case, now: datetime, change: Callable[[Draft, Desk], Any]
) -> tuple[Case | None, str]:
    """The case after the change, made on the loaded copy; or the sentence that refuses it."""
    draft = Draft(case, uuid7)
    try:
        change(draft, Desk(rulebook(case.pack), current_calendar(), actor, engine.whole_second(now), uuid7))
    except Problem as problem:
        return None, problem.detail
    return case, ""


def _line(case: Case, task: CaseTask | None, **found: Any) -> Line:
    return Line(case.number, case.title, case, task, address=case.address, **found)
