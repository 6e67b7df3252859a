"""More time for a decision (延长, 行政许可法 art. 42): what of it the applicant is told.

Once, at most ten working days, approved by the head: that stands in the process and in the grants. Here the reason is
written down for the applicant, in the transaction of the action.
"""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.core import worktime
from yiwang.domains.services.applying import KIND
from yiwang.domains.services.models import Decision
from yiwang.kernel.matters.case import Case, Draft, EventRow

NODE = "extend"  # of its row among the decisions


def of_action(draft: Draft, event: EventRow) -> None:
    """Hears of every action; keeps an extension of an application with its reason."""
    if draft.case.kind != KIND or event.action != "extend":
        return
    Decision.objects.create(
        matter_id=draft.case.id, node=NODE, outcome=str(draft.record.get("limit", "")),
        reason=str(draft.record.get("note", "")), by_id=draft_user(event), at=event.at,
    )  # fmt: skip


def draft_user(event: EventRow) -> int | None:
    kind, _colon, key = event.actor.partition(":")
    return int(key) if kind == "user" else None


def split(rows: Sequence[Decision]) -> tuple[list[Decision], Decision | None]:
    """The decisions proper, and the extension, None where there was none."""
    own = [row for row in rows if row.node != NODE]
    return own, next((row for row in rows if row.node == NODE), None)


def more_time(case: Case, promised: worktime.Limit) -> worktime.Limit | None:
    """By how much the whole limit of an application was extended; None for not at all."""
    given = [worktime.Limit.parse(task.extension) for task in case.tasks.values() if task.extension]
    amount = sum(one.amount for one in given if one.unit == promised.unit)
    return worktime.Limit(amount, promised.unit) if amount else None
