"""Checking the event chains, and that the columns say what the events say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import QuerySet

from yiwang.kernel.matters import search, store
from yiwang.kernel.matters.case import FREE_TEXT, MATTER_COLUMNS, Case, event_hash, fold
from yiwang.kernel.matters.models import Event, Matter, Pause, Task, Timer


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as the chain says; `seq` is the event (0: the matter's row)."""

    number: str
    seq: int
    what: str


def verify(
    matters: QuerySet[Matter] | None = None, *, columns: bool = True
) -> Iterator[tuple[str, list[Fault]]]:
    """For each matter its number and the faults found: hashes re-computed, links followed, columns rebuilt."""
    rows = (Matter.objects.all() if matters is None else matters).order_by("id")
    batch: list[Matter] = []
    for row in rows.iterator(chunk_size=500):
        batch.append(row)
        if len(batch) == 500:
            yield from _verify_batch(batch, columns)
            batch = []
    yield from _verify_batch(batch, columns)


def _verify_batch(batch: list[Matter], columns: bool) -> Iterator[tuple[str, list[Fault]]]:
    ids = [row.pk for row in batch]
    events = Event.objects.filter(matter_id__in=ids).order_by("matter_id", "seq")
    chains = {key: list(chain) for key, chain in groupby(events, key=attrgetter("matter_id"))}
    cases = store.load_many(batch) if columns else {}
    for row in batch:
        chain = chains.get(row.pk, [])
        faults = list(check_chain(row, chain))
        if columns and not faults:
            faults = list(_check_columns(row, cases[row.pk], chain))
        yield row.number, faults


def check_chain(row: Matter, events: Iterable[Event]) -> Iterator[Fault]:
    """Faults of one chain: a gap, a changed event, a cut end."""
    prev, seq = "", 0
    for event in events:
        seq += 1
        if event.seq != seq:
            yield Fault(row.number, seq, "an event is missing")
            return
        if event.prev != prev:
            yield Fault(row.number, seq, "the event does not follow the one before it")
            return
        said = event_hash(
            prev, row.pk, seq, event.at, event.action, event.actor, event.actor_name, event.body
        )
        if said != event.hash:
            yield Fault(row.number, seq, "the event was changed after it was written")
            return
        prev = event.hash
    if (row.seq, row.head) != (seq, prev):
        yield Fault(
            row.number, seq, "the chain does not end where the matter says: events were removed or added"
        )


def rebuild(row: Matter, events: Iterable[Event]) -> Case:
    """The case as its events alone say it (free text is not in the events and is taken from the row)."""
    case = Case(
        id=row.pk,
        number=row.number,
        district=row.district,
        kind=row.kind,
        pack=row.pack_id,
        title=row.title,
        description=row.description,
        address=row.address,
    )
    for event in events:
        fold(case, event.data)
        case.seq, case.head = event.seq, event.hash
    return case


def _check_columns(row: Matter, stored: Case, events: list[Event]) -> Iterator[Fault]:
    told = rebuild(row, events)
    for name in MATTER_COLUMNS:
        if name not in FREE_TEXT and getattr(told, name) != getattr(stored, name):
            yield Fault(row.number, 0, f"the matter's {name} is not what its events say")
    for what in ("tasks", "pauses"):
        if getattr(told, what) != getattr(stored, what):
            yield Fault(row.number, 0, f"the {what} are not what the events say")


def repair(matter: UUID) -> None:
    """Writes the columns anew from the events (after a fault in the columns; never in the chain)."""
    with store.one_transaction():
        row = Matter.objects.select_for_update(of=("self",)).get(pk=matter)
        case = rebuild(row, row.events.order_by("seq"))
        store.matter_row(case).save(force_update=True)
        search.change(case)
        for model, kept, new in (
            (Task, case.tasks, [store.task_row(case.id, task) for task in case.tasks.values()]),
            (Pause, case.pauses, [store.pause_row(case.id, pause) for pause in case.pauses.values()]),
        ):
            model.objects.filter(matter=matter).exclude(pk__in=list(kept)).delete()
            for part in new:
                part.save()  # in place: appeals point at tasks
        row.timers.all().delete()
        Timer.objects.bulk_create([store.timer_row(case.id, timer) for timer in case.timers])
