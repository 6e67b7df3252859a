"""H3 cells: to add up by place and to draw, never to decide what is near."""

import h3

from .errors import N_, GeoError
from .points import Point


def cell(point: Point, resolution: int) -> str:
    """The H3 cell of a point, as its 15-digit index. Resolution 8: about 0.7 km², 9: 0.1 km², 10: 0.015 km².

    Raises GeoError (resolution) unless 0 <= resolution <= 15.
    """
    if not 0 <= resolution <= 15:
        raise GeoError(
            "resolution", N_("H3 has the resolutions 0 to 15, not %(resolution)s"), {"resolution": resolution}
        )
    there = point.wgs84
    return h3.latlng_to_cell(there.lat, there.lon, resolution)


def cell_centre(index: str) -> Point:
    """Raises GeoError (cell) for a text that is no cell index; so do the functions below."""
    lat, lon = h3.cell_to_latlng(_checked(index))
    return Point(lon, lat)


def cell_outline(index: str) -> dict:
    """The cell's hexagon as a GeoJSON geometry, WGS 84."""
    ring = [[lon, lat] for lat, lon in h3.cell_to_boundary(_checked(index))]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def cells_around(index: str, rings: int) -> list[str]:
    """The cell and those within `rings` steps of it, sorted."""
    return sorted(h3.grid_disk(_checked(index), rings))


def _checked(index: str) -> str:
    if not h3.is_valid_cell(index):
        raise GeoError("cell", N_("%(cell)s is no H3 cell"), {"cell": index})
    return index
