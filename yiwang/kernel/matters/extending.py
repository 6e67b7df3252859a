"""More time for a task (延期): as often and by as much as the step allows, else the district."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yiwang.core import worktime
from yiwang.core.process import NEVER, UserTask
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import clock
from yiwang.kernel.matters.case import Case, CaseTask, Draft
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.worktime_words import told

if TYPE_CHECKING:
    from yiwang.kernel.matters.engine import Desk


def extend(
    draft: Draft, desk: Desk, task: CaseTask, limit: str, note: str, asked_at: datetime | None = None
) -> None:
    """Lengthens a task's limit (延期): same unit of time, as often as the district allows, before it is overdue.

    `asked_at`: when it was asked for, where it is granted later; asked in time is in time.
    """
    may_extend(draft.case, desk.rulebook, task, limit, asked_at or desk.now)
    draft.set(extensions=draft.case.extensions + 1)
    draft.set_task(task, extension=clock.add_limits(task.extension, limit))
    draft.record.update(task=str(task.id), limit=limit, note=note)
    clock.set_due(draft, task, desk.calendar)


def may_extend(case: Case, rules: Rulebook, task: CaseTask, limit: str, now: datetime) -> None:
    """Raises Invalid when the limit of this task cannot be lengthened by so much at this moment."""
    try:
        more = worktime.Limit.parse(limit)
    except worktime.LimitError as error:
        raise Invalid(told(error), where="limit") from None
    own = worktime.Limit.parse(task.limit) if task.limit else None
    if own is None or more.unit != own.unit or more.amount < 1:
        raise Invalid(
            _("An extension of a limit of %(limit)s is given in the same unit, for example %(example)s.")
            % {"limit": task.limit or "—", "example": f"2{own.unit if own else 'wd'}"},
            where="limit",
        )
    most = _extend_of(rules, case, task)
    if most == NEVER:
        raise Invalid(_("The limit of this step is fixed: it can't be extended."), where="limit")
    if most and _exceeds(more, worktime.Limit.parse(most)):
        raise Invalid(
            _("The limit of this step can be extended by at most %(most)s.") % {"most": most},
            where="limit",
        )
    at_most = _times(rules, most)
    if case.extensions >= at_most:
        raise Invalid(
            _("This matter was extended %(count)s times; the district allows %(most)s.")
            % {"count": case.extensions, "most": at_most}
        )
    if task.due_at and task.due_at < now:
        raise Invalid(_("This task is overdue; an extension must be given before it is due."))


def _extend_of(rules: Rulebook, case: Case, task: CaseTask) -> str:
    node = rules.process(case.kind).nodes.get(task.node)
    return node.extend if isinstance(node, UserTask) else ""


def _exceeds(more: worktime.Limit, most: worktime.Limit) -> bool:
    """Whether an extension is longer than the most; days of any kind count as days, eight hours as one."""
    if more.unit == most.unit or (more.counts_days and most.counts_days):
        return more.amount > most.amount
    return more.amount > 8 * most.amount


def left(case: Case, rules: Rulebook, task: CaseTask) -> bool:
    """Whether a task may still get more time, as far as its step and the count say."""
    most = _extend_of(rules, case, task)
    return most != NEVER and case.extensions < _times(rules, most)


def _times(rules: Rulebook, most: str) -> int:
    return 1 if most else int(rules.settings.get("max_extensions", 1))
