"""What every map draws: the outlines of the areas and the roads, as GeoJSON that browsers may keep."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers import models
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.fresh import Fresh
from yiwang.kernel.ui import moments

KEEP = "public, max-age=300"
DIGITS = 5  # of a degree: about one metre


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """District, sub-districts and communities with their outlines, names in the language of the page."""
    return _send(request, _areas.value()[_language()])


@require_safe
def roads(request: HttpRequest) -> HttpResponse:
    """The roads of the register with their grade."""
    return _send(request, _roads.value()[_language()])


def settings_of_maps() -> dict[str, Any]:
    """What the component `map` needs to know beside its own arguments: the tiles, where a district has some."""
    return {"tiles": settings.TILES, "tiles_by": settings.TILES_BY}


def bounds(area: str = "") -> tuple[float, float, float, float] | None:
    """West, south, east, north of an area (the whole district when it is not known); None without outlines."""
    found = _bounds.value()
    return found.get(area) or found.get("")


def _language() -> str:
    return "zh" if moments.chinese() else "en"


def _send(request: HttpRequest, kept: tuple[bytes, str]) -> HttpResponse:
    body, tag = kept
    headers = {"ETag": tag, "Cache-Control": KEEP, "Vary": "Cookie"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/geo+json", headers=headers)


def _both(make: Any) -> dict[str, tuple[bytes, str]]:
    found = {}
    for language in ("zh", "en"):
        body = orjson.dumps(make(language == "en"))
        found[language] = body, f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return found


def _build_areas() -> dict[str, tuple[bytes, str]]:
    rows = list(models.Area.objects.filter(active=True, geometry__isnull=False).order_by("code"))

    def make(english: bool) -> dict:
        return _collection(
            _feature(
                row.geometry,
                code=row.code,
                name=(english and row.name_en) or row.name,
                level=row.level,
                parent=row.parent_id or "",
                lat=row.lat,
                lon=row.lon,
                synthetic=row.status != "official",
            )
            for row in rows
        )

    return _both(make)


def _build_roads() -> dict[str, tuple[bytes, str]]:
    rows = list(models.Road.objects.filter(active=True).order_by("code"))

    def make(english: bool) -> dict:
        return _collection(
            _feature(row.geometry, code=row.code, name=(english and row.name_en) or row.name, grade=row.grade)
            for row in rows
        )

    return _both(make)


def _build_bounds() -> dict[str, tuple[float, float, float, float]]:
    tree, known = registers.area_tree(), registers.areas()
    found = {code: tree.outline(code).bounds for code in known if code in tree}
    found[""] = found[tree.root.code]
    return found


def _feature(geometry: dict, **properties: Any) -> dict:
    rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
    return {"type": "Feature", "geometry": rounded, "properties": properties}


def _collection(features: Any) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


def _rounded(value: Any) -> Any:
    return [_rounded(one) for one in value] if isinstance(value, list) else round(value, DIGITS)


def _stamp() -> str:
    return rulebook.current().digest


_areas: Fresh[dict[str, tuple[bytes, str]]] = Fresh(_stamp, _build_areas)
_roads: Fresh[dict[str, tuple[bytes, str]]] = Fresh(_stamp, _build_roads)
_bounds: Fresh[dict[str, tuple[float, float, float, float]]] = Fresh(_stamp, _build_bounds)
