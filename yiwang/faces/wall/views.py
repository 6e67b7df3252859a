"""The wall as a page, and what keeps it up to date: one document with an ETag, cells and points for the map."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry import shape

from yiwang.core.geo import Bbox
from yiwang.domains.operations.wall import places, whole
from yiwang.faces.wall import links, told
from yiwang.faces.wall.chart import options
from yiwang.faces.wall.door import of_an_area
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.registers.models import Area
from yiwang.kernel.registers.queries import AreaRow
from yiwang.kernel.ui import clock, moments
from yiwang.kernel.ui.moments import time_state


@require_safe
@of_an_area
def wall(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """The page: complete without script; with it, the map and the chart are drawn and all of it stays current."""
    seen = whole.kept_look(area, clock.now())
    said = told.whole(seen, request.actor)
    context = {"wall": said, "at": seen.at, "curve": options(said["curve"]), "fit": _bounds(area)}
    return render(request, "wall/wall.html", context)


@require_safe
@of_an_area
def data(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """The same as a document: the values, and the parts of the page that change. 304 while nothing has changed."""
    seen = whole.kept_look(area, clock.now())
    said = told.whole(seen, request.actor)
    said["chart"] = options(said["curve"])
    said["html"] = render_to_string("wall/live.html", {"wall": said}, request)
    return _document(request, said, at=seen.at.isoformat(), counted_at=seen.counted_at)


@require_safe
@of_an_area
def cells(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """The open matters added up in H3 cells, as GeoJSON for the map."""
    found = places.cells(area, clock.now())
    most = max((one["count"] for one in found), default=1)
    features = [
        {
            "type": "Feature",
            "geometry": one["geometry"],
            "properties": {
                "count": one["count"],
                "overdue": one["overdue"],
                # How full the colour is: the root, or one full cell would make all others pale.
                "share": round((one["count"] / most) ** 0.5, 3),
                "tone": "overdue" if one["overdue"] * 4 >= one["count"] else "running",
                "title": _("%(open)s open, %(overdue)s overdue")
                % {"open": moments.number(one["count"]), "overdue": moments.number(one["overdue"])},
                "url": links.listed(area, "cell", cell=one["cell"]),
            },
        }
        for one in found
    ]
    return _document(request, {"type": "FeatureCollection", "features": features})


@require_safe
@of_an_area
def points(request: HttpRequest, area: AreaRow) -> HttpResponse:
    """The open matters in a box of the map (`box=west,south,east,north`), as GeoJSON; at most 800."""
    now = clock.now()
    found, more = places.points(area, _box(request.GET.get("box", "")))
    features = []
    for row in found:
        state = time_state(row["due_at"], row["held"], now)
        known = rulebook(row["pack_id"]).class_def(row["standard"], row["class_code"])
        name = ((not moments.chinese() and known.name_en) or known.name) if known else _("no class yet")
        due = _("clock paused") if row["held"] else moments.left(row["due_at"], now)
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
                "properties": {
                    "title": f"{name} {row['number']}",
                    "sub": f"{told.unit_name(row['unit_id'] or '')} · {due}",
                    "url": f"/matters/{row['number']}",
                    "tone": state if state != "none" else "running",
                },
            }
        )
    return _document(request, {"type": "FeatureCollection", "features": features, "more": more})


def _bounds(area: AreaRow) -> str:
    """West, south, east, north of an area for the map; '' without an outline.

    Read from this one outline: the tree of all areas takes a second to build in a new process.
    """
    geometry = Area.objects.filter(pk=area.code).values_list("geometry", flat=True).first()
    if not geometry:
        return ""
    west, south, east, north = shape(geometry).bounds
    return f"{west},{south},{east},{north}"


def _box(text: str) -> Bbox:
    try:
        west, south, east, north = map(float, text.split(","))
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return Bbox(south, west, north, east)
    except ValueError:
        pass
    raise Invalid(_("A box of the map is given as west,south,east,north in degrees."), where="box")


def _document(request: HttpRequest, said: dict[str, Any], **beside: Any) -> HttpResponse:
    """JSON with an ETag of what was said; `beside` is sent with it and does not count as a change."""
    digest = hashlib.sha256(orjson.dumps(said) + str(get_language()).encode()).hexdigest()[:24]
    tag = f'"{digest}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(orjson.dumps(said | beside), content_type="application/json", headers=headers)
