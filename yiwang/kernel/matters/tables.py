"""The tables of a case and the values of its parts in their order: what actions and bulk work both write with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from uuid import UUID

from yiwang.kernel.matters.case import MATTER_COLUMNS, PAUSE_COLUMNS, TASK_COLUMNS, Case, Draft, EventRow
from yiwang.kernel.matters.models import Event, Link, Matter, Outbox, Pause, Task, Timer
from yiwang.kernel.matters.rows import Table

# Fields of a case whose column has another name.
FOREIGN = {"pack": "pack_id", "area": "area_id", "unit": "unit_id", "merged_into": "merged_into_id"}
TASK_FOREIGN = {"unit": "unit_id", "area": "area_id", "assignee": "assignee_id", "done_by": "done_by_id"}


def _names(columns: Sequence[str], renamed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(renamed.get(name, name) for name in columns)


_EVENT_COLUMNS = tuple(field.name for field in fields(EventRow))
matter_values, task_values = attrgetter(*MATTER_COLUMNS), attrgetter(*TASK_COLUMNS)
pause_values, event_values = attrgetter(*PAUSE_COLUMNS), attrgetter(*_EVENT_COLUMNS)
MATTERS = Table(Matter, _names(MATTER_COLUMNS, FOREIGN))
TASKS = Table(Task, (*_names(TASK_COLUMNS, TASK_FOREIGN), "matter_id"))
PAUSES = Table(Pause, (*PAUSE_COLUMNS, "matter_id"))
TIMERS = Table(Timer, ("token", "node", "fire_at", "matter_id"))
LINKS = Table(Link, ("source_id", "target_id", "kind", "at"))
EVENTS = Table(Event, (*_EVENT_COLUMNS, "matter_id"))
NOTICES = Table(Outbox, ("matter_id", "topic", "payload", "next_at", "created_at"))


class Story:
    """What is only ever added, collected for one insert a table: events, links, notices."""

    def __init__(self) -> None:
        self.events: list[tuple[UUID, EventRow]] = []
        self.links: list[tuple] = []
        self.notices: list[tuple] = []

    def add(self, draft: Draft, event: EventRow) -> None:
        """Takes over the event, the links and the notices of a draft."""
        matter, at = draft.case.id, event.at
        self.events.append((matter, event))
        self.links += [(*link, at) for link in draft.links]
        self.notices += [(matter, notice.topic, notice.payload, at, at) for notice in draft.notices]

    def write(self) -> None:
        """Writes what was collected; the matters must be there."""
        LINKS.insert(self.links)
        EVENTS.insert((*event_values(event), matter) for matter, event in self.events)
        NOTICES.insert(self.notices)


def write_parts(draft: Draft, event: EventRow) -> None:
    """Writes what one draft added beside the matter's own row."""
    matter = draft.case.id
    TASKS.insert([(*task_values(task), matter) for task in draft.opened])
    PAUSES.insert([(*pause_values(pause), matter) for pause in draft.paused])
    TIMERS.insert([(timer.token, timer.node, timer.fire_at, matter) for timer in draft.timers_set])
    story = Story()
    story.add(draft, event)
    story.write()


# A matter's columns in the order of the model, as a new instance takes them soonest.
_CASE_NAMES = {column: name for name, column in FOREIGN.items()}
_in_order = attrgetter(*[_CASE_NAMES.get(f.attname, f.attname) for f in Matter._meta.concrete_fields])


def matter_row(case: Case) -> Matter:
    """The row of a case, as an instance that was not read from the database."""
    return Matter(*_in_order(case))
