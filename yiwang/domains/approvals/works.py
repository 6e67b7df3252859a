"""What the clocks of items and stages are computed from: the tasks and pauses of an item's case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yiwang.core import worktime
from yiwang.domains.approvals.stage_clock import Work, standing
from yiwang.kernel.matters.case import Case, CaseTask

# Steps after the decision: they belong to no clock of the item.
AFTERWARDS = frozenset({"deliver", "tell_no", "tell_refusal"})
# Steps in which one waits for the applicant.
WAITING = {"supplement": "supplement", "papers": "supplement"}
DECIDING = frozenset({"decide", "give"})


@dataclass(frozen=True, slots=True)
class Times:
    """When an item was accepted and decided (None: not yet, or never), and whether it is at its end."""

    received: datetime
    accepted: datetime | None
    decided: datetime | None
    ended: datetime | None  # decided, not accepted, given up


def times_of(case: Case) -> Times:
    decided = max((t.done_at for t in _done(case, DECIDING)), default=None)
    accepted = case.filed_at
    if accepted is None and any(task.node == "give" for task in case.tasks.values()):
        accepted = case.opened_at  # an opinion needs no acceptance
    refused = max((t.done_at for t in _done(case, {"accept"}) if t.outcome == "refuse"), default=None)
    return Times(case.opened_at, accepted, decided, decided or refused or case.closed_at)


def _done(case: Case, nodes: Iterable[str]) -> list[CaseTask]:
    return [task for task in case.tasks.values() if task.state == "done" and task.node in nodes]


def works_of(case: Case) -> list[Work]:
    """Each step of the item up to its decision as a piece of work; held, or waiting for the applicant, it stands."""
    found = []
    for task in case.tasks.values():
        if task.node in AFTERWARDS:
            continue
        waits = [
            (pause.start, pause.end, pause.reason)
            for pause in case.pauses.values()
            if pause.covers(task) and (pause.end is None or pause.end > task.opened_at)
        ]
        if task.node in WAITING:
            waits.append((task.opened_at, task.done_at, WAITING[task.node]))
        found.append(Work(task.opened_at, task.done_at, tuple(waits)))
    return found


def holds_of(case: Case, since: datetime | None = None) -> tuple[worktime.Hold, ...]:
    """When the item as a whole stood."""
    return standing(works_of(case), since)
