"""A matter in memory, and the record of what one action changed in it.

No database here. An action works on a `Draft`: it changes the `Case` and writes down each change; the
written-down changes are the event's body. `fold` applies such a body to a case, so that the columns can be
rebuilt from the events alone, and so that bulk generation runs the very code that the actions run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

_TIMES = frozenset(
    "opened_at filed_at due_at closed_at clock_from claimed_at done_at start end fire_at".split()
)
_UUIDS = frozenset({"id", "merged_into", "task_id"})


@dataclass(slots=True)
class CaseTask:  # 任务
    """One open or finished task; the fields are the columns of `Task`."""

    id: UUID
    token: int
    node: str
    link: str
    kind: str
    post: str
    unit: str | None
    area: str | None
    state: str
    limit: str
    clock_from: datetime
    opened_at: datetime
    extension: str = ""
    due_at: datetime | None = None
    held: bool = False
    provisional: bool = False
    assignee: int | None = None
    claimed_at: datetime | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(slots=True)
class CasePause:  # 计时暂停
    id: UUID
    reason: str
    start: datetime
    task_id: UUID | None = None
    end: datetime | None = None
    note: str = ""

    def covers(self, task: CaseTask) -> bool:
        return self.task_id is None or self.task_id == task.id


@dataclass(slots=True)
class CaseTimer:
    token: int
    node: str
    fire_at: datetime


@dataclass(slots=True)
class Case:  # 件
    """The fields are the columns of `Matter`; area, unit and merged_into are codes and ids."""

    id: UUID
    number: str
    district: str
    kind: str
    pack: int
    source: str = ""
    title: str = ""
    description: str = ""
    state: str = "open"
    link: str = ""
    standard: str = ""
    class_code: str = ""
    condition: str = ""
    area: str | None = None
    unit: str | None = None
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    system: str = ""
    priority: int = 0
    opened_at: datetime | None = None
    filed_at: datetime | None = None
    due_at: datetime | None = None
    held: bool = False
    closed_at: datetime | None = None
    outcome: str = ""
    reworks: int = 0
    returns: int = 0
    extensions: int = 0
    reopenings: int = 0
    rating: int | None = None
    merged_into: UUID | None = None
    data: dict = field(default_factory=dict)
    tokens: str = ""
    seq: int = 0
    head: str = ""
    tasks: dict[UUID, CaseTask] = field(default_factory=dict)
    pauses: dict[UUID, CasePause] = field(default_factory=dict)
    timers: list[CaseTimer] = field(default_factory=list)

    @property
    def open_tasks(self) -> list[CaseTask]:
        return [task for task in self.tasks.values() if task.state == "open"]

    def last_done(self, link: str, unit: str | None = None, node: str = "") -> CaseTask | None:
        """The task of this link that was finished last (of this unit and at this node, if they are given)."""
        done = [
            t
            for t in self.tasks.values()
            if t.link == link and t.state == "done" and unit in (None, t.unit) and node in ("", t.node)
        ]
        return max(done, key=lambda t: (t.done_at, t.token), default=None)


# Free text is not in the events: a person may ask for it to be erased, and the chain must still hold.
FREE_TEXT = frozenset({"title", "description", "address"})
MATTER_COLUMNS = tuple(f.name for f in fields(Case) if f.name not in ("tasks", "pauses", "timers"))
TASK_COLUMNS = tuple(f.name for f in fields(CaseTask))
PAUSE_COLUMNS = tuple(f.name for f in fields(CasePause))


@dataclass(slots=True)
class EventRow:
    """What will be one row of `Event`."""

    seq: int
    at: datetime
    action: str
    actor: str
    actor_name: str
    body: str
    prev: str
    hash: str


@dataclass(slots=True)
class Notice:
    """What will be one row of `Outbox`."""

    topic: str
    payload: dict


class Draft:
    """Changes a case and writes down each change, for one action."""

    def __init__(self, case: Case, new_id: Callable[[], UUID]) -> None:
        self.case = case
        self.new_id = new_id
        self.changed: dict[str, Any] = {}
        self.opened: list[CaseTask] = []
        self.task_changes: dict[UUID, dict[str, Any]] = {}
        self.paused: list[CasePause] = []
        self.pause_changes: dict[UUID, dict[str, Any]] = {}
        self.timers_set: list[CaseTimer] = []
        self.timers_cancelled: list[int] = []
        self.links: list[tuple[UUID, UUID, str]] = []
        self.notices: list[Notice] = []
        self.record: dict[str, Any] = {}

    def set(self, **columns: Any) -> None:
        for name, value in columns.items():
            if getattr(self.case, name) != value:
                setattr(self.case, name, value)
                self.changed[name] = value

    def open_task(self, task: CaseTask) -> None:
        self.case.tasks[task.id] = task
        self.opened.append(task)

    def set_task(self, task: CaseTask, **columns: Any) -> None:
        new = {name: value for name, value in columns.items() if getattr(task, name) != value}
        for name, value in new.items():
            setattr(task, name, value)
        if new and not any(task is opened for opened in self.opened):
            self.task_changes.setdefault(task.id, {}).update(new)

    def pause(self, pause: CasePause) -> None:
        self.case.pauses[pause.id] = pause
        self.paused.append(pause)

    def set_pause(self, pause: CasePause, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(pause, name, value)
        self.pause_changes.setdefault(pause.id, {}).update(columns)

    def set_timer(self, timer: CaseTimer) -> None:
        self.case.timers.append(timer)
        self.timers_set.append(timer)

    def cancel_timers(self, tokens: tuple[int, ...]) -> None:
        if tokens:
            self.case.timers = [t for t in self.case.timers if t.token not in tokens]
            self.timers_cancelled.extend(tokens)

    def notify(self, topic: str, **payload: Any) -> None:
        self.notices.append(Notice(topic, payload))

    def finish(self, action: str, actor: str, actor_name: str, at: datetime) -> EventRow:
        """Derives the matter's own due moment, link and hold, and seals the event."""
        self._derive()
        case = self.case
        body = _canonical(self._body())
        seq, prev = case.seq + 1, case.head
        digest = event_hash(prev, case.id, seq, at, action, actor, actor_name, body)
        case.seq, case.head = seq, digest
        self.changed.update(seq=seq, head=digest)
        return EventRow(seq, at, action, actor, actor_name, body, prev, digest)

    def _derive(self) -> None:
        running = self.case.open_tasks
        dues = [task.due_at for task in running if task.due_at]
        self.set(
            due_at=min(dues, default=None),
            held=any(task.held for task in running),
            link=min(running, key=lambda t: t.token).link if running else "",
        )

    def _body(self) -> dict:
        body: dict[str, Any] = {
            "set": {k: v for k, v in self.changed.items() if k not in FREE_TEXT},
            "open": [_columns(task, TASK_COLUMNS) for task in self.opened],
            "tasks": [{"id": key} | change for key, change in self.task_changes.items()],
            "pause": [_columns(pause, PAUSE_COLUMNS) for pause in self.paused],
            "pauses": [{"id": key} | change for key, change in self.pause_changes.items()],
            "timers": [_columns(timer, ("token", "node", "fire_at")) for timer in self.timers_set],
            "untimed": self.timers_cancelled,
            "links": [[str(source), str(target), kind] for source, target, kind in self.links],
            "record": self.record,
        }
        return {key: value for key, value in body.items() if value}


def event_hash(
    prev: str, matter: UUID, seq: int, at: datetime, action: str, actor: str, actor_name: str, body: str
) -> str:
    """SHA-256, in hex, over the previous hash and everything the event says."""
    said = [prev, str(matter), seq, at.astimezone(UTC).isoformat(), action, actor, actor_name, body]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def fold(case: Case, body: Mapping[str, Any]) -> None:
    """Applies the body of one event to the case."""
    for name, value in body.get("set", {}).items():
        setattr(case, name, _typed(name, value))
    for columns in body.get("open", ()):
        task = CaseTask(**{name: _typed(name, value) for name, value in columns.items()})
        case.tasks[task.id] = task
    for change in body.get("tasks", ()):
        _apply(case.tasks[UUID(change["id"])], change)
    for columns in body.get("pause", ()):
        pause = CasePause(**{name: _typed(name, value) for name, value in columns.items()})
        case.pauses[pause.id] = pause
    for change in body.get("pauses", ()):
        _apply(case.pauses[UUID(change["id"])], change)
    for columns in body.get("timers", ()):
        case.timers.append(CaseTimer(**{name: _typed(name, value) for name, value in columns.items()}))
    gone = set(body.get("untimed", ()))
    case.timers = [timer for timer in case.timers if timer.token not in gone]


def _apply(target: CaseTask | CasePause, change: Mapping[str, Any]) -> None:
    for name, value in change.items():
        if name != "id":
            setattr(target, name, _typed(name, value))


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _TIMES:
        return datetime.fromisoformat(value)
    if name in _UUIDS:
        return UUID(value)
    return value


def _columns(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _canonical(body: dict) -> str:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()
