"""Open matters that a report may repeat: near in place and time, of the same class or alike in words.

Only suggested: a person merges, and every reporter still gets the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Left

from yiwang.core.geo import Point, bbox, distance_m
from yiwang.domains.operations.classify.features import normal
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import current

MOST_LOOKED_AT = 200
MOST = 5
READ = 300  # characters of a description that are compared


@dataclass(frozen=True, slots=True)
class Probe:
    """What is compared: a matter, or a report that is none yet."""

    text: str
    point: Point | None = None
    area: str | None = None
    standard: str = ""
    class_code: str = ""
    id: UUID | None = None

    @classmethod
    def of_matter(cls, matter: Matter) -> Probe:
        point = Point(matter.lon, matter.lat, matter.system) if matter.system else None
        text = f"{matter.title}\n{matter.description}"
        return cls(text, point, matter.area_id, matter.standard, matter.class_code, matter.pk)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A matter that may be the same: `score` 0 to 1; `why` is of near, same_class, similar_text, same_area."""

    id: UUID
    number: str
    title: str
    opened_at: datetime
    area: str | None
    score: float
    distance_m: int | None
    similarity: float
    why: tuple[str, ...]


def candidates(probe: Probe | Matter, now: datetime, most: int = MOST) -> list[Candidate]:
    """The open matters that may be the same, the likeliest first. One query; none without a place."""
    probe = Probe.of_matter(probe) if isinstance(probe, Matter) else probe
    settings = current().settings
    radius = settings["duplicate_radius_m"]
    if probe.point is not None:
        box = bbox(probe.point, radius)
        place = Q(lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east)
    elif probe.area:
        place = Q(area=probe.area)
    else:
        return []
    rows = (
        Matter.objects.filter(
            place, state="open", opened_at__gte=now - timedelta(days=settings["duplicate_days"])
        )
        .exclude(pk=probe.id)
        .annotate(start=Left("description", READ))
        .order_by("-opened_at")
        .values(
            "id", "number", "title", "start", "standard", "class_code", "lat", "lon", "opened_at", "area_id"
        )
    )
    grams = pairs(f"{probe.text[:READ]}")
    found = [
        _compare(probe, grams, row, radius, settings["duplicate_similarity"]) for row in rows[:MOST_LOOKED_AT]
    ]
    return sorted(filter(None, found), key=lambda one: (-one.score, one.number))[:most]


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters of a normal text."""
    text = normal(text)
    return frozenset(map(str.__add__, text, text[1:]))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How alike two texts are, 0 to 1: shared pairs over the pairs of both, halved (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _compare(
    probe: Probe, grams: frozenset[str], row: dict[str, Any], radius: float, similar: float
) -> Candidate | None:
    distance = None
    if probe.point is not None:
        distance = distance_m(probe.point, Point(row["lon"], row["lat"]))
        if distance > radius:
            return None
    same = bool(probe.class_code) and (probe.standard, probe.class_code) == (
        row["standard"],
        row["class_code"],
    )
    texts = (row["title"], f"{row['title']}\n{row['start']}", row["start"])
    alike = max(likeness(grams, pairs(text)) for text in texts)
    # Without points only words can tell: a community has many matters of one class.
    if alike < similar and not (same and distance is not None):
        return None
    near = 1 - distance / radius if distance is not None else 0.0
    why = [
        "near" if distance is not None else "same_area",
        *(["same_class"] if same else []),
        *(["similar_text"] if alike >= similar else []),
    ]
    score = 0.4 * max(alike, 0.0) + 0.3 * same + 0.3 * near
    return Candidate(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        opened_at=row["opened_at"],
        area=row["area_id"],
        score=round(score, 3),
        distance_m=round(distance) if distance is not None else None,
        similarity=round(alike, 3),
        why=tuple(why),
    )
