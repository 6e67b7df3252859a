"""What of an action is told, written in the transaction of the action itself.

`of_action` hears of every action on one matter (`kernel.matters.store.listeners`). Matters that are written in
bulk (imports, the demonstration) are told to nobody: who has ten thousand new tasks looks at the queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from yiwang.kernel.matters.case import Case, CaseTask, Draft, EventRow
from yiwang.kernel.matters.models import Outbox
from yiwang.kernel.matters.rows import insert_instances
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.topics import TOPICS, without_numbers

OUTSIDE = frozenset({"mail", "webhook"})  # notifiers for which a notice is worth a row in the outbox
TOPIC = "notice"  # of those rows


def of_action(draft: Draft, event: EventRow) -> None:
    """Writes the notices of one action."""
    write(list(notices_of(draft, event)), event.at)


def notices_of(draft: Draft, event: EventRow) -> Iterable[Notice]:
    """The notices of one action, unsaved: new and returned tasks, and what the action itself says to somebody."""
    case, by = draft.case, _user(event.actor)
    number = 0
    for task in draft.opened:
        if task.is_open:
            topic = "back" if _was_there(case, task) or event.action in ("send_back", "reopen") else "task"
            number += 1
            yield of_task(topic, case.id, task, event.at, key=_key(case, event, number), by=by)
    for key, change in draft.task_changes.items():
        task = case.tasks[key]
        if task.is_open and event.action == "reassign" and {"unit", "assignee"} & change.keys():
            number += 1
            yield of_task("task", case.id, task, event.at, key=_key(case, event, number), by=by)
    for one in draft.notices:
        if one.topic in TOPICS and ("user" in one.payload or "post" in one.payload):
            number += 1
            yield _said(case, one.topic, one.payload, event.at, _key(case, event, number), by)


def of_task(
    topic: str, matter: UUID, task: CaseTask, at: datetime, *, key: str, by: int | None = None
) -> Notice:
    """A notice to whoever works the task: the person who took it, else the holders of its post."""
    due = task.due_at.isoformat() if task.due_at else None
    data = {"task": str(task.id), "node": task.node, "due_at": due}
    if task.assignee:
        return Notice(key=key, topic=topic, at=at, matter_id=matter, user_id=task.assignee, by=by, data=data)
    return Notice(
        key=key,
        topic=topic,
        at=at,
        matter_id=matter,
        post=task.post,
        unit=task.unit or "",
        area=task.area or "",
        by=by,
        data=data,
    )


def tell(
    topic: str,
    *,
    key: str,
    now: datetime,
    matter: UUID | None = None,
    user: int | None = None,
    post: str = "",
    unit: str = "",
    area: str = "",
    by: int | None = None,
    **data: Any,
) -> None:
    """Tells a person or the holders of a post something that is no action on a matter. The same `key` tells once."""
    row = Notice(
        key=key,
        topic=topic,
        at=now,
        matter_id=matter,
        user_id=user,
        post=post,
        unit=unit,
        area=area,
        by=by,
        data=_clean(data),
    )
    write([row], now)


def write(rows: list[Notice], at: datetime) -> None:
    """Writes notices that are new, and queues each for the notifiers that lead outside, when there are any."""
    if not rows:
        return
    insert_instances(rows)
    if OUTSIDE & set(settings.NOTIFIERS):
        insert_instances(
            [
                Outbox(
                    matter_id=row.matter_id,
                    topic=TOPIC,
                    payload={"key": row.key, "topic": row.topic},
                    next_at=at,
                    created_at=at,
                )
                for row in rows
                if row.matter_id is not None
            ]
        )


def _said(case: Case, topic: str, payload: dict, at: datetime, key: str, by: int | None) -> Notice:
    rest = {name: value for name, value in payload.items() if name not in ("user", "post", "unit", "area")}
    who: dict[str, Any] = (
        {"user_id": payload["user"]}
        if "user" in payload
        else {
            "post": payload["post"],
            "unit": payload.get("unit") or "",
            "area": payload.get("area") or case.area or "",
        }
    )
    return Notice(key=key, topic=topic, at=at, matter_id=case.id, by=by, data=_clean(rest), **who)


def _clean(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: without_numbers(value) if name == "note" and isinstance(value, str) else value
        for name, value in data.items()
    }


def _was_there(case: Case, task: CaseTask) -> bool:
    return any(one.node == task.node and one.state == "done" for one in case.tasks.values())


def _key(case: Case, event: EventRow, number: int) -> str:
    return f"{case.id.hex}:{event.seq}:{number}"


def _user(label: str) -> int | None:
    kind, _colon, key = label.partition(":")
    return int(key) if kind == "user" and key.isdigit() else None
