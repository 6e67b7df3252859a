"""Places: coordinate systems, grid cells, areas, nearest things, addresses. Pure; no database, no files."""

from .addresses import AddressIndex, Match, NamedRoad, Stretch, road_stretches
from .areas import Area, AreaTree, LocatedArea
from .cells import cell, cell_centre, cell_outline, cells_around
from .errors import GeoError, OutsideArea
from .nearest import Near, NearestIndex
from .plane import Plane
from .points import EARTH_RADIUS_M, SYSTEMS, Bbox, Point, System, bbox, convert, distance_m

__all__ = [
    "EARTH_RADIUS_M",
    "SYSTEMS",
    "AddressIndex",
    "Area",
    "AreaTree",
    "Bbox",
    "GeoError",
    "LocatedArea",
    "Match",
    "NamedRoad",
    "Near",
    "NearestIndex",
    "OutsideArea",
    "Plane",
    "Point",
    "Stretch",
    "System",
    "bbox",
    "cell",
    "cell_centre",
    "cell_outline",
    "cells_around",
    "convert",
    "distance_m",
    "road_stretches",
]
