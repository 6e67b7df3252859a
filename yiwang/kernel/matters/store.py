"""Cases and rows: loading under a lock, writing what a draft changed, readable numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from yiwang.core.codes import matter_number
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters import search
from yiwang.kernel.matters.case import (
    MATTER_COLUMNS,
    PAUSE_COLUMNS,
    TASK_COLUMNS,
    Case,
    CasePause,
    CaseTask,
    CaseTimer,
    Draft,
    EventRow,
)
from yiwang.kernel.matters.models import Matter, NumberBlock, Pause, Task, Timer
from yiwang.kernel.matters.tables import (
    FOREIGN,
    MATTERS,
    TASK_FOREIGN,
    matter_row,
    matter_values,
    write_parts,
)
from yiwang.kernel.matters.transactions import one_transaction

ZONE = ZoneInfo("Asia/Shanghai")


def lock(*, matter: UUID | str | None = None, task: UUID | None = None) -> Case:
    """The case of a matter (by id or number) or of a task, locked until the transaction ends."""
    rows = Matter.objects.select_for_update(of=("self",))
    if task is not None:
        rows = rows.filter(pk=Task.objects.filter(pk=task).values("matter_id")[:1])
    elif isinstance(matter, UUID):
        rows = rows.filter(pk=matter)
    else:
        rows = rows.filter(number=matter)
    row = next(iter(rows), None)
    if row is None:
        raise NotFound(_("There is no such matter.") if task is None else _("There is no such task."))
    return load(row)


def lock_rows(matters: Sequence[UUID | str]) -> None:
    """Locks several matters in one order, so that two people who merge each into the other do not block."""
    texts = [name for name in matters if isinstance(name, str)]
    ids = [name for name in matters if isinstance(name, UUID)]
    rows = Matter.objects.select_for_update(of=("self",)).filter(Q(pk__in=ids) | Q(number__in=texts))
    list(rows.order_by("pk").values_list("pk"))


def load(row: Matter) -> Case:
    """The case of a row, with all its tasks, pauses and timers (three queries)."""
    return load_many([row])[row.pk]


def load_many(rows: Sequence[Matter]) -> dict[UUID, Case]:
    """The cases of rows by id, in three queries however many there are."""
    cases = {
        row.pk: Case(**{name: getattr(row, FOREIGN.get(name, name)) for name in MATTER_COLUMNS})
        for row in rows
    }
    for task in Task.objects.filter(matter_id__in=cases).order_by("token"):
        columns = {name: getattr(task, TASK_FOREIGN.get(name, name)) for name in TASK_COLUMNS}
        cases[task.matter_id].tasks[task.id] = CaseTask(**columns)
    for pause in Pause.objects.filter(matter_id__in=cases).order_by("start", "id"):
        columns = {name: getattr(pause, name) for name in PAUSE_COLUMNS}
        cases[pause.matter_id].pauses[pause.id] = CasePause(**columns)
    for timer in Timer.objects.filter(matter_id__in=cases):
        cases[timer.matter_id].timers.append(CaseTimer(timer.token, timer.node, timer.fire_at))
    return cases


def insert(draft: Draft, event: EventRow) -> Matter:
    """Writes a case that did not exist."""
    MATTERS.insert([matter_values(draft.case)])
    search.add([draft.case])
    write_parts(draft, event)
    _tell(draft, event)
    return matter_row(draft.case)


def save(draft: Draft, event: EventRow) -> None:
    """Writes what the draft changed in a locked case."""
    case = draft.case
    changed = {FOREIGN.get(name, name): value for name, value in draft.changed.items()}
    Matter.objects.filter(pk=case.id).update(**changed)
    if not search.NAMES.isdisjoint(draft.changed):
        search.change(case)
    for key, change in draft.task_changes.items():
        Task.objects.filter(pk=key).update(**{TASK_FOREIGN.get(n, n): v for n, v in change.items()})
    for key, change in draft.pause_changes.items():
        Pause.objects.filter(pk=key).update(**change)
    if draft.timers_cancelled:
        Timer.objects.filter(matter_id=case.id, token__in=draft.timers_cancelled).delete()
    write_parts(draft, event)
    _tell(draft, event)


# Told of every action in its transaction. What is written in bulk (`bulk.Hall`) is told to nobody.
listeners: list[Callable[[Draft, EventRow], None]] = []


def _tell(draft: Draft, event: EventRow) -> None:
    for listener in listeners:
        listener(draft, event)


def task_row(matter: UUID, task: CaseTask) -> Task:
    columns = {TASK_FOREIGN.get(name, name): getattr(task, name) for name in TASK_COLUMNS}
    return Task(matter_id=matter, **columns)


def pause_row(matter: UUID, pause: CasePause) -> Pause:
    return Pause(matter_id=matter, **{name: getattr(pause, name) for name in PAUSE_COLUMNS})


def timer_row(matter: UUID, timer: CaseTimer) -> Timer:
    return Timer(matter_id=matter, token=timer.token, node=timer.node, fire_at=timer.fire_at)


class Numbers(threading.local):
    """Readable numbers of a day, taken in blocks, so that two reports never wait for one counter.

    What is left of a block is kept only once the transaction that took it is committed, and is lost when
    the process ends: numbers have gaps, and say nothing of how many matters there are.
    """

    def __init__(self) -> None:
        self.ready: dict[str, list[int]] = {}

    def next(self, at: datetime, block: int = 50) -> str:
        local = at.astimezone(ZONE)
        day = local.strftime("%Y%m%d")
        left = self.ready.get(day)
        if left:
            return matter_number(local.date(), left.pop())
        first, *rest = take_numbers(day, block)
        transaction.on_commit(lambda: self.ready.update({day: rest[::-1]}))
        return matter_number(local.date(), first)

    def forget(self) -> None:
        self.ready.clear()


numbers = Numbers()


def take_numbers(day: str, count: int) -> Iterable[int]:
    """A range of unused numbers of the day, taken for good."""
    with one_transaction():
        if not NumberBlock.objects.filter(day=day).update(last=F("last") + count):
            NumberBlock.objects.bulk_create([NumberBlock(day=day, last=0)], ignore_conflicts=True)
            NumberBlock.objects.filter(day=day).update(last=F("last") + count)
        last = NumberBlock.objects.values_list("last", flat=True).get(day=day)
    return range(last - count + 1, last + 1)
