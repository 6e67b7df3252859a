"""What lies around a matter: the open matters near it as points of the map, and who is responsible for the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.core.geo import Point, bbox, distance_m
from yiwang.faces.workbench import naming
from yiwang.kernel.access.models import Holding
from yiwang.kernel.access.policy import matters_filter
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters import queries
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock, moments
from yiwang.kernel.ui.door import staff_only

RADIUS_M = 500
MOST = 200
LISTED = 8
# Kinds of scope in which somebody answers for a place and not for a unit.
PLACE_LEVELS = ("community", "subdistrict")


@dataclass(frozen=True, slots=True)
class Near:
    """An open matter near the place."""

    number: str
    title: str
    lat: float
    lon: float
    metres: int
    tone: str
    sub: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """Somebody who answers for the place of a matter: post, and who holds it today."""

    area: str
    post: str
    people: tuple[str, ...]


def near(actor, row: Matter, now, most: int = MOST) -> list[Near]:
    """The open matters within half a kilometre that the person may see, the nearest first. One query, no point none."""
    if not row.system:
        return []
    here = Point(row.lon, row.lat, row.system)
    box = bbox(here, RADIUS_M)
    rows = (
        Matter.objects.filter(matters_filter(actor, "see"), state="open")
        .filter(lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east)
        .exclude(pk=row.pk)
        .values("number", "title", "lat", "lon", "due_at", "held", "standard", "class_code", "pack_id")
    )
    found = []
    for one in rows[:MOST]:
        metres = distance_m(here, Point(one["lon"], one["lat"]))
        if metres <= RADIUS_M:
            tone = moments.time_state(one["due_at"], one["held"], now)
            sub = f"{one['number']} · {_('%(m)s m away') % {'m': round(metres)}}"
            found.append(Near(one["number"], one["title"], one["lat"], one["lon"], round(metres), tone, sub))
    return sorted(found, key=lambda one: (one.metres, one.number))[:most]


def responsible(row: Matter, rules: Rulebook, on: date) -> list[Responsible]:
    """Who answers for the community and the sub-district of the place: posts whose grants end at their area. One query."""
    area = registers.areas().get(row.area_id or "")
    if area is None:
        return []
    codes = [code for code in (area.code, area.parent) if code and _level(code) in PLACE_LEVELS]
    kinds = [
        slug
        for slug, kind in rules.post_kinds.items()
        if any("area" in grant.scope and "see" in grant.actions for grant in kind.grants)
    ]
    rows = Holding.objects.filter(
        Q(until=None) | Q(until__gte=on),
        since__lte=on,
        post__active=True,
        post__area__in=codes,
        post__kind__in=kinds,
        user__is_active=True,
    ).order_by("-post__area", "post__kind", "user__name")
    found: dict[tuple[str, str], list[str]] = {}
    for code, kind, name in rows.values_list("post__area", "post__kind", "user__name")[:60]:
        found.setdefault((code, kind), []).append(name)
    return [
        Responsible(
            naming.name_of(registers.areas().get(code)),
            naming.name_of(rules.post_kinds.get(kind)),
            tuple(names),
        )
        for (code, kind), names in found.items()
    ]


def _level(code: str) -> str:
    row = registers.areas().get(code)
    return row.level if row else ""


@require_safe
@staff_only
def points(request: HttpRequest, number: str) -> HttpResponse:
    """The open matters near this one, as GeoJSON for its map."""
    row = queries.visible(request.actor, number)
    if row is None:
        raise NotFound(_("There is no matter %(number)s that you may see.") % {"number": number})
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
            "properties": {
                "title": one.title,
                "sub": one.sub,
                "url": reverse("matter", args=[one.number]),
                "tone": one.tone,
            },
        }
        for one in near(request.actor, row, clock.now())
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})
