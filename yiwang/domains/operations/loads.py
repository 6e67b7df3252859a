"""What units have on their hands: what a dispatcher looks at before giving one more to them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q

from yiwang.kernel.matters.models import Task
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.queries import DutyRow

DAYS = 30
FRESH = timedelta(hours=1)
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Load:
    """Open tasks of one unit: how many, overdue, due later today. `on_time` of `due` handlings of the last thirty
    days were done in time; both None while that was not counted."""

    open: int = 0
    overdue: int = 0
    today: int = 0
    on_time: int | None = None
    due: int | None = None

    @property
    def rate(self) -> float | None:
        return self.on_time / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that could get it: by which line of the duty table, or as the office of the place or the unit above."""

    unit: str
    why: str  # duty | next_duty | office | above | below
    duty: DutyRow | None
    load: Load


def loads(now: datetime) -> dict[str, Load]:
    """The load of every unit that has open tasks. One query over the open tasks (what waits with its clock
    stopped has no due moment, so it is open and not overdue), and one an hour for the rates."""
    tomorrow = datetime.combine(now.astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
    rows = (
        Task.objects.filter(state="open", unit__isnull=False)
        .order_by()
        .values("unit_id")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=tomorrow)),
        )
    )
    rates = _rates.of(now)
    found = {}
    for row in rows:
        on_time, due = rates.get(row["unit_id"], (None, None))
        found[row["unit_id"]] = Load(row["open"], row["overdue"], row["today"], on_time, due)
    for unit, (on_time, due) in rates.items():
        found.setdefault(unit, Load(on_time=on_time, due=due))
    return found


def warm(now: datetime) -> int:
    """Counts the rates before somebody waits for them; gives for how many units. For the worker."""
    _rates.forget()
    return len(_rates.of(now))


def candidates(standard: str, class_code: str, area: str | None, known: dict[str, Load]) -> list[Candidate]:
    """The unit that the duty table names, then the next best: further lines, the office of the place, the unit above
    and the contractors below. Nobody's when the table names none: then only offices."""
    found: dict[str, tuple[str, DutyRow | None]] = {}
    for duty in registers.duties_for(standard, class_code, area):
        found.setdefault(duty.unit, ("next_duty" if found else "duty", duty))
    units = registers.units()
    first = next(iter(found), None)
    for code, row in units.items():
        if row.kind == "subdistrict" and area and row.area == area[:9]:
            found.setdefault(code, ("office", None))
    if first and first in units:
        above = units[first].parent
        if above:
            found.setdefault(above, ("above", None))
        for code in sorted(registers.unit_tree(first) - {first}):
            found.setdefault(code, ("below", None))
    listed = [Candidate(code, why, duty, known.get(code, Load())) for code, (why, duty) in found.items()]
    return listed[: 1 + MOST_ALTERNATIVES]


def prefix_name(rules: Rulebook, duty: DutyRow, english: bool) -> str:
    """What the class prefix of a line stands for: the class itself, or the major class that it begins."""
    found = rules.class_def(duty.standard, duty.class_prefix)
    if found is not None:
        return (english and found.name_en) or found.name
    inside = (
        row
        for (standard, _kind, code), row in rules.classes.items()
        if standard == duty.standard and code.startswith(duty.class_prefix)
    )
    first = next(inside, None)
    return first.major_name if first and duty.class_prefix else ""


class _Rates:
    """On-time handling of the last thirty days by unit, counted at most once an hour in each process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: datetime | None = None
        self._found: dict[str, tuple[int, int]] = {}

    def of(self, now: datetime) -> dict[str, tuple[int, int]]:
        with self._lock:
            if self._at is None or not timedelta(0) <= now - self._at < FRESH:
                self._found, self._at = self._count(now), now
            return self._found

    def forget(self) -> None:
        with self._lock:
            self._at = None

    def _count(self, now: datetime) -> dict[str, tuple[int, int]]:
        rows = (
            Task.objects.filter(link="handle", due_at__gte=now - timedelta(days=DAYS), due_at__lt=now)
            .exclude(state="dropped")
            .order_by()
            .values("unit_id")
            .annotate(due=Count("pk"), on_time=Count("pk", filter=Q(done_at__lte=F("due_at"))))
        )
        return {row["unit_id"]: (row["on_time"], row["due"]) for row in rows if row["unit_id"]}


_rates = _Rates()


def forget() -> None:
    """Counts the rates anew at the next look; for tests."""
    _rates.forget()
