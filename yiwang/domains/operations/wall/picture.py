"""The open matters of an area at this moment: by unit, by link, by the areas below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Substr

from yiwang.domains.operations.evaluation import KIND
from yiwang.domains.operations.tallies import LEVELS, day_of
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.store import ZONE
from yiwang.kernel.registers.queries import AreaRow


@dataclass(slots=True)
class Standing:
    """Open matters: all, past their due moment, due later today, with a standing clock; the earliest due of those past."""

    open: int = 0
    overdue: int = 0
    today: int = 0
    held: int = 0
    oldest: datetime | None = None

    def add(self, row: dict) -> None:
        self.merge(Standing(row["open"], row["overdue"], row["today"], row["held_"], row["oldest"]))

    def merge(self, other: Standing) -> None:
        self.open += other.open
        self.overdue += other.overdue
        self.today += other.today
        self.held += other.held
        if other.oldest and (self.oldest is None or other.oldest < self.oldest):
            self.oldest = other.oldest


@dataclass(frozen=True, slots=True)
class Picture:
    total: Standing
    by_unit: dict[str, Standing]  # "" for those that no unit has yet
    by_link: dict[str, Standing]
    by_area: dict[str, Standing]  # one level below; "" for those that lie in none


def inside(area: AreaRow) -> Q:
    """The matters of an area, as `policy.matters_filter` bounds them for a post of that area."""
    if area.level == "district":
        return Q(kind=KIND, district=area.code)
    if len(area.code) == LEVELS[-1]:
        return Q(kind=KIND, area=area.code)
    return Q(kind=KIND, area__gte=area.code, area__lte=area.code.ljust(12, "9"))


def open_matters(area: AreaRow) -> QuerySet[Matter]:
    return Matter.objects.filter(inside(area), state="open")


def picture(area: AreaRow, now: datetime) -> Picture:
    """One query."""
    digits = next((digits for digits in LEVELS if digits > len(area.code)), LEVELS[-1])
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), ZONE)
    late = Q(due_at__lt=now)
    rows = (
        open_matters(area)
        .annotate(below=Substr("area_id", 1, digits))
        .values("below", "unit_id", "link")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=late),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
            held_=Count("pk", filter=Q(held=True)),
            oldest=Min("due_at", filter=late),
        )
        .order_by()
    )
    total, found = Standing(), [defaultdict(Standing) for _by in range(3)]
    keys: tuple[Callable[[dict], str], ...] = (
        lambda row: row["unit_id"] or "",
        lambda row: row["link"],
        lambda row: row["below"] if row["below"] and len(row["below"]) == digits else "",
    )
    for row in rows:
        total.add(row)
        for counts, key in zip(found, keys, strict=True):
            counts[key(row)].add(row)
    return Picture(total, *(dict(counts) for counts in found))
