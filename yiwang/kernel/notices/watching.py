"""Tells of tasks that are due soon or overdue, as their moment passes.

For each topic the database keeps up to which moment it has looked. The first look only begins there: what was due
before is in the queue and in the digest. What was missed while nothing ran is told when it runs again, as far as
`FURTHEST` back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Task
from yiwang.kernel.notices import telling
from yiwang.kernel.notices.models import Notice, Watch
from yiwang.kernel.ui.moments import SOON

LEADS = {"soon": SOON, "overdue": timedelta(0)}
FURTHEST = timedelta(days=3)
AT_A_TIME = 1000


def look(now: datetime) -> int:
    """Tells of every open task whose moment passed since the last look; gives how many. Safe to run twice."""
    return sum(_topic(topic, lead, now) for topic, lead in LEADS.items())


def _topic(topic: str, lead: timedelta, now: datetime) -> int:
    mark = Watch.objects.filter(topic=topic).first()
    if mark is None:
        with store.one_transaction():
            Watch.objects.bulk_create([Watch(topic=topic, at=now)], ignore_conflicts=True)
        return 0
    since = max(mark.at, now - FURTHEST)
    told, after = 0, (since + lead, UUID(int=0))
    while rows := _passed(after, now + lead):
        told += _tell(topic, rows, now)
        after = rows[-1].due_at, rows[-1].pk
    with store.one_transaction():
        Watch.objects.filter(topic=topic, at__lt=now).update(at=now)
    return told


def _passed(after: tuple[datetime, UUID], until: datetime) -> list[Task]:
    """The next tasks whose moment is after `after` (by moment and id) and not after `until`."""
    moment, key = after
    rows = Task.objects.filter(state="open", held=False, due_at__gte=moment, due_at__lte=until)
    return list(rows.exclude(due_at=moment, id__lte=key).order_by("due_at", "id")[:AT_A_TIME])


def _tell(topic: str, rows: list[Task], now: datetime) -> int:
    keys = {f"{topic}:{row.pk.hex}:{int(row.due_at.timestamp())}": row for row in rows}
    with store.one_transaction():
        known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
        new = [_notice(topic, row, now, key) for key, row in keys.items() if key not in known]
        telling.write(new, now)
    return len(new)


def _notice(topic: str, row: Task, now: datetime, key: str) -> Notice:
    who = (
        {"user_id": row.assignee_id}
        if row.assignee_id
        else {"post": row.post, "unit": row.unit_id or "", "area": row.area_id or ""}
    )
    data = {"task": str(row.pk), "node": row.node, "due_at": row.due_at.isoformat()}
    return Notice(key=key, topic=topic, at=now, matter_id=row.matter_id, data=data, **who)
