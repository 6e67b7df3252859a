"""Road chiefs of an area, and who holds each post today."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yiwang.domains.operations.tallies import day_of
from yiwang.kernel.access.models import Holding
from yiwang.kernel.registers.models import RoadChief
from yiwang.kernel.registers.queries import AreaRow

LEVELS_SHOWN = {"district": (1, 2), "subdistrict": (1, 2, 3), "community": (1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Chief:
    """A post, the names of those who hold it today (none: nobody is named), and how many roads of the area it has."""

    post: str
    level: int
    area: str
    name: str
    name_en: str
    holders: tuple[str, ...]
    roads: int


def chiefs(area: AreaRow, now: datetime) -> list[Chief]:
    """The chiefs of the roads of an area, the highest first. Two queries."""
    rows = RoadChief.objects.filter(
        active=True, post__active=True, road__active=True, level__in=LEVELS_SHOWN.get(area.level, (1, 2, 3))
    )
    if area.level != "district":
        inside = Q(post__area__gte=area.code, post__area__lte=area.code.ljust(12, "9"))
        here = RoadChief.objects.filter(inside, active=True).values("road")
        around = Q(post__area__in=[area.code[:6], area.code[:9]]) | inside
        rows = rows.filter(around, road__in=here)
    found = list(
        rows.values_list("post", "level", "post__area", "post__name", "post__name_en")
        .annotate(roads=Count("road", distinct=True))
        .order_by("level", "post")
    )
    on = day_of(now)
    held = Holding.objects.filter(
        Q(until=None) | Q(until__gte=on),
        since__lte=on,
        post__in=[row[0] for row in found],
        user__is_active=True,
    )
    holders = defaultdict(list)
    for post, name in held.order_by("post", "pk").values_list("post_id", "user__name"):
        holders[post].append(name)
    return [
        Chief(post, level, place, name, name_en, tuple(holders[post]), roads)
        for post, level, place, name, name_en, roads in found
    ]
