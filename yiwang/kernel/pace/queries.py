"""Where matters stand now, how long steps take, how much of a class there is: what a page about rules shows.

The counts are of the whole district and name nobody, so everybody who is signed in may have them.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Count, Max, Q, Sum

from yiwang.core.worktime import SHANGHAI
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.pace.models import ClassDay, CountedDay, StepDay
from yiwang.kernel.pace.spread import percentile

FRESH_SECONDS = 20.0
PARTS = ("elapsed", "worked", "outcomes", "lacking")


@dataclass(frozen=True, slots=True)
class Standing:
    """Open tasks of one node: all, those past their due moment, those whose clock stands."""

    open: int
    overdue: int
    held: int


@dataclass(frozen=True, slots=True)
class Pace:  # 环节用时
    """How long the steps of one node took; lengths in seconds, None where none was finished."""

    done: int = 0
    with_due: int = 0
    late: int = 0
    median: float | None = None
    p90: float | None = None
    median_worked: float | None = None
    p90_worked: float | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    lacking: Mapping[frozenset[str], int] = field(default_factory=dict)  # what first looks told missing
    first: int = 0  # those that were no second look at what had been sent back

    @property
    def late_share(self) -> float | None:
        return self.late / self.with_due if self.with_due else None

    def outcome_share(self, outcome: str) -> float | None:
        return self.outcomes.get(outcome, 0) / self.done if self.done else None


@dataclass(frozen=True, slots=True)
class Counted:
    """The pace of a kind of matters by node, and which days it was counted from."""

    nodes: Mapping[str, Pace]
    asked: int  # days that were asked for
    days: int  # days of them that are counted
    first: date
    last: date
    steps: int


def standing(kind: str, now: datetime) -> Mapping[str, Standing]:
    """Node -> its open tasks, at most twenty seconds old. One query."""
    return _kept(("standing", kind), lambda: _standing(kind, now))


def _standing(kind: str, now: datetime) -> Mapping[str, Standing]:
    rows = (
        Task.objects.filter(state="open", kind=kind)
        .order_by()
        .values_list("node")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            stopped=Count("pk", filter=Q(held=True)),
        )
    )
    return {node: Standing(*counts) for node, *counts in rows}


def pace(kind: str, days: int, now: datetime) -> Counted:
    """How long the steps took that were finished in the last `days` complete days. Two queries at most."""
    last = now.astimezone(SHANGHAI).date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    counted = CountedDay.objects.filter(day__gte=first, day__lte=last).aggregate(
        n=Count("pk"), stamp=Max("counted_at"), steps=Sum("steps")
    )
    nodes = _paces(kind, first, last, counted["n"], counted["stamp"])
    return Counted(nodes, days, counted["n"], first, last, counted["steps"] or 0)


@lru_cache(maxsize=32)
def _paces(kind: str, first: date, last: date, days: int, stamp: datetime | None) -> Mapping[str, Pace]:
    """`days` and `stamp` are there so that a newly counted day makes another key."""
    sums: dict[str, dict[str, Counter]] = {}
    totals: dict[str, Counter] = {}
    rows = StepDay.objects.filter(kind=kind, day__gte=first, day__lte=last).values(
        "node", "done", "with_due", "late", "elapsed", "worked", "outcomes", "lacking", "again"
    )
    for row in rows.iterator():
        parts = sums.setdefault(row["node"], {name: Counter() for name in PARTS})
        total = totals.setdefault(row["node"], Counter())
        for name in ("done", "with_due", "late", "again"):
            total[name] += row[name]
        for name, part in parts.items():
            part.update(row[name])
    return {node: _pace(totals[node], parts) for node, parts in sums.items()}


def _pace(total: Counter, parts: Mapping[str, Counter]) -> Pace:
    elapsed, worked = (
        {int(number): n for number, n in parts[name].items()} for name in ("elapsed", "worked")
    )
    return Pace(
        done=total["done"],
        with_due=total["with_due"],
        late=total["late"],
        median=percentile(elapsed, 0.5),
        p90=percentile(elapsed, 0.9),
        median_worked=percentile(worked, 0.5),
        p90_worked=percentile(worked, 0.9),
        outcomes=dict(parts["outcomes"]),
        lacking={frozenset(names.split(",")): n for names, n in parts["lacking"].items()},
        first=total["done"] - total["again"],
    )


def received(standard: str, code: str, days: int, now: datetime) -> int:
    """Matters of a class received in the last `days` complete days, as far as they are counted."""
    last = now.astimezone(SHANGHAI).date() - timedelta(days=1)
    rows = ClassDay.objects.filter(
        standard=standard, class_code=code, day__gt=last - timedelta(days=days), day__lte=last
    )
    return rows.aggregate(n=Sum("matters"))["n"] or 0


def open_by_class() -> Mapping[tuple[str, str], int]:
    """(standard, class) -> matters that are open now, at most twenty seconds old. One query."""

    def ask() -> Mapping[tuple[str, str], int]:
        rows = Matter.objects.filter(state="open").order_by().values_list("standard", "class_code")
        return {(standard, code): n for standard, code, n in rows.annotate(n=Count("pk"))}

    return _kept(("classes",), ask)


def open_by_version() -> Mapping[int, int]:
    """Pack version -> running matters that were opened under it. One query."""
    rows = Matter.objects.filter(state="open").order_by().values_list("pack_id").annotate(n=Count("pk"))
    return _kept(("versions",), lambda: dict(rows))


_values: dict[tuple, tuple[float, Mapping]] = {}


def _kept(key: tuple, ask) -> Mapping:
    """What was asked within the last seconds: a crowd that looks at once asks the database once."""
    found = _values.get(key)
    if found is None or time.monotonic() - found[0] > FRESH_SECONDS:
        found = _values[key] = (time.monotonic(), ask())
    return found[1]


def reset_caches() -> None:
    """Forgets what this process keeps; for tests."""
    _values.clear()
    _paces.cache_clear()
