"""Counts complete days, one at a time, so that a page that shows ninety of them reads a few hundred small rows.

A day is read once by its index and counted again three days later, when what was filed late has its class.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import orjson
from django.db.models import Count, Exists, F, OuterRef

from yiwang.core.worktime import SHANGHAI, Calendar, Hold, used, worked_many
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Event, Matter, Pause, Task
from yiwang.kernel.matters.papers import MISSING
from yiwang.kernel.pace.models import ClassDay, CountedDay, StepDay
from yiwang.kernel.pace.spread import spread

WINDOW = 90  # days that are kept counted
SETTLED = timedelta(days=3)
BATCH = 500


@dataclass
class _Step:
    elapsed: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    outcomes: Counter = field(default_factory=Counter)
    lacking: Counter = field(default_factory=Counter)
    again: int = 0
    with_due: int = 0
    late: int = 0


def count_missing(calendar: Calendar, now: datetime, at_most: int = 1) -> int:
    """Counts up to `at_most` days that are not counted yet, the newest first; gives how many it did."""
    done = 0
    for day in missing(now)[:at_most]:
        count_day(calendar, day, now)
        done += 1
    if done:
        forget(now)
    return done


def missing(now: datetime) -> list[date]:
    """The complete days of the window that are to be counted, the newest first."""
    today = now.astimezone(SHANGHAI).date()
    days = [today - timedelta(days=n) for n in range(1, WINDOW + 1)]
    counted = dict(CountedDay.objects.filter(day__gte=days[-1]).values_list("day", "counted_at"))
    return [day for day in days if day not in counted or _settles(day, counted[day], now)]


def _settles(day: date, counted_at: datetime, now: datetime) -> bool:
    """Whether a day was counted while its matters could still change, and no longer can."""
    settled = bounds(day)[1] + SETTLED
    return counted_at < settled <= now


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in Shanghai, and of the next."""
    start = datetime.combine(day, time(), SHANGHAI)
    return start, start + timedelta(days=1)


def count_day(calendar: Calendar, day: date, now: datetime) -> None:
    """Counts one complete day anew, in one transaction."""
    start, end = bounds(day)
    steps = _steps(calendar, start, end)
    classes = list(
        Matter.objects.filter(opened_at__gte=start, opened_at__lt=end)
        .values_list("standard", "class_code")
        .annotate(n=Count("pk"))
        .order_by()
    )
    with store.one_transaction():
        StepDay.objects.filter(day=day).delete()
        ClassDay.objects.filter(day=day).delete()
        StepDay.objects.bulk_create([_row(day, key, step) for key, step in steps.items()], batch_size=BATCH)
        ClassDay.objects.bulk_create(
            [ClassDay(day=day, standard=s, class_code=c, matters=n) for s, c, n in classes if c],
            batch_size=BATCH,
        )
        CountedDay.objects.update_or_create(
            day=day,
            defaults={
                "counted_at": now,
                "steps": sum(len(step.elapsed) for step in steps.values()),
                "matters": sum(n for _standard, _code, n in classes),
            },
        )


def _row(day: date, key: tuple[str, str], step: _Step) -> StepDay:
    return StepDay(
        day=day,
        kind=key[0],
        node=key[1],
        done=len(step.elapsed),
        with_due=step.with_due,
        late=step.late,
        elapsed=spread(step.elapsed),
        worked=spread(step.worked),
        outcomes=dict(step.outcomes),
        lacking=dict(step.lacking),
        again=step.again,
    )


def _steps(calendar: Calendar, start: datetime, end: datetime) -> dict[tuple[str, str], _Step]:
    """The steps finished from `start` to before `end`, by kind of matters and node."""
    tasks = list(
        Task.objects.filter(state="done", done_at__gte=start, done_at__lt=end)
        .order_by()
        .values_list("id", "kind", "node", "opened_at", "done_at", "due_at", "outcome")
    )
    holds = _holds(start, end) if tasks else {}
    worked = _worked(calendar, tasks, holds)
    found: dict[tuple[str, str], _Step] = defaultdict(_Step)
    for (_id, kind, node, opened, done, due, outcome), seconds in zip(tasks, worked, strict=True):
        step = found[kind, node]
        step.elapsed.append(max(0.0, (done - opened).total_seconds()))
        step.worked.append(float(seconds))
        step.outcomes[outcome] += 1
        if due is not None:
            step.with_due += 1
            step.late += done > due
    if tasks:
        _missing(found, start, end)
    return found


def _missing(found: dict[tuple[str, str], _Step], start: datetime, end: datetime) -> None:
    """What the looks of a day found missing, and how many looked again at what had been sent back."""
    told = Task.objects.filter(state="done", outcome=MISSING, done_at__gte=start, done_at__lt=end)
    of = {str(pk): (kind, node) for pk, kind, node in told.values_list("id", "kind", "node")}
    events = Event.objects.filter(matter__in=told.values("matter"), at__gte=start, at__lt=end)
    for body in events.order_by().values_list("body", flat=True) if of else ():
        record = orjson.loads(body).get("record", {})
        if record.get("task") in of and isinstance(record.get(MISSING), list):
            found[of[record["task"]]].lacking[",".join(sorted(record[MISSING]))] += 1
    earlier = Task.objects.filter(
        matter=OuterRef("matter"), node=OuterRef("node"), outcome=MISSING, done_at__lte=OuterRef("opened_at")
    )
    again = Task.objects.filter(Exists(earlier), state="done", done_at__gte=start, done_at__lt=end)
    for kind, node, number in again.order_by().values_list("kind", "node").annotate(n=Count("pk")):
        found[kind, node].again = number


def _worked(calendar: Calendar, tasks: list[tuple], holds: dict[Any, list[Hold]]) -> Iterable[int]:
    """Office seconds of each task while its clock ran."""
    if not tasks:
        return []
    opened, done = (
        np.array([np.datetime64(int(row[place].timestamp()) + 8 * 3600, "s") for row in tasks])
        for place in (3, 4)
    )
    worked = worked_many(calendar, opened, done).tolist()
    for place, row in enumerate(tasks):
        if row[0] in holds:
            worked[place] = used(calendar, row[3], row[4], "wh", holds[row[0]]).amount
    return worked


def _holds(start: datetime, end: datetime) -> dict[Any, list[Hold]]:
    """Task -> the times in which its clock stood, of the tasks finished in between."""
    rows = Pause.objects.filter(
        matter__tasks__state="done", matter__tasks__done_at__gte=start, matter__tasks__done_at__lt=end
    ).values_list("task_id", "start", "end", "reason", F("matter__tasks__id"))
    found: dict[Any, list[Hold]] = defaultdict(list)
    for task, begin, until, reason, of in rows:
        if task is None or task == of:
            found[of].append(Hold(begin, until, reason))
    return found


def forget(now: datetime) -> None:
    """Removes what was counted of days that no page shows any more."""
    oldest = now.astimezone(SHANGHAI).date() - timedelta(days=WINDOW + 10)
    with store.one_transaction():
        for model in (StepDay, ClassDay, CountedDay):
            model.objects.filter(day__lt=oldest).delete()
