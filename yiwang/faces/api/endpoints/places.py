"""Areas and units, and where a point or an address lies."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from yiwang.core.geo import Area, Near, Point
from yiwang.core.geo.points import System
from yiwang.faces.api import replies, rows, told_rules
from yiwang.kernel.access import limits
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers

router = Router(by_alias=True, tags=["places"])


@router.get("/areas", response={200: told_rules.Areas}, operation_id="areas", summary="Areas")
def areas(request: HttpRequest) -> HttpResponse:
    """The district, its sub-districts and communities."""
    items = [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "level": row.level,
            "parent": row.parent,
            "point": rows.point(row.lon, row.lat, "WGS84"),
        }
        for row in registers.areas().values()
    ]
    return replies.shared(request, replies.dumps({"items": items}), f"areas-{current().digest}")


@router.get(
    "/areas/locate", response={200: told_rules.Located}, operation_id="locate", summary="Where a point lies"
)
def locate(
    request: HttpRequest,
    lon: float = Query(ge=-180, le=180, allow_inf_nan=False),
    lat: float = Query(ge=-90, le=90, allow_inf_nan=False),
    system: System = "WGS84",
) -> HttpResponse:
    """The community that holds the point. Outside the district: 422 with the distance."""
    limits.LOOKS.take(request)
    place = Point(lon, lat, system)
    found = registers.require(place)
    stored = place.to("CGCS2000")
    return replies.reply(
        {
            "area": _named(found.area),
            "chain": [_named(one) for one in found.chain],
            "point": rows.point(stored.lon, stored.lat, stored.system),
            "road": _near(registers.nearest_road(place)),
            "component": _near(registers.nearest_component(place)),
        }
    )


@router.get(
    "/areas/resolve",
    response={200: told_rules.Resolved},
    operation_id="resolve_address",
    summary="Which area an address names",
)
def resolve(request: HttpRequest, address: str = Query(min_length=1, max_length=500)) -> HttpResponse:
    """The areas that the words speak of, the likeliest first."""
    limits.LOOKS.take(request)
    found = registers.resolve_address(address)[:10]
    return replies.reply(
        {"items": [{"area": rows.area(one.area_code), "confidence": one.confidence} for one in found]}
    )


@router.get("/units", response={200: told_rules.Units}, operation_id="units", summary="Units")
def units(request: HttpRequest) -> HttpResponse:
    """Departments, sub-district offices and contractors."""
    items = [asdict(row) for row in registers.units().values()]
    return replies.shared(request, replies.dumps({"items": items}), f"units-{current().digest}")


def _named(area: Area) -> dict:
    return {"code": area.code, "name": registers.area_name(area.code, rows.english())}


def _near(found: Near | None) -> dict | None:
    return {"code": found.key, "distance_m": round(found.distance_m, 1)} if found else None
