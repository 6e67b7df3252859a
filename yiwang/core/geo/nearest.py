"""The nearest road, component or other thing to a point."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import shape

from .errors import N_, GeoError
from .plane import Plane
from .points import Point


@dataclass(frozen=True, slots=True)
class Near:
    key: Hashable
    distance_m: float
    point: Point  # the nearest position on the thing, WGS 84


class NearestIndex:
    """Things with a geometry (WGS 84; GeoJSON mapping, Shapely geometry or Point), found by distance in metres.

    Distances are plane ones around the middle of all the things: meant for one city, not for a country.
    """

    def __init__(self, things: Iterable[tuple[Hashable, object]]):
        """`things` are pairs of key and geometry. Raises GeoError (geometry) for one that can't be read or is empty."""
        self._keys: list[Hashable] = []
        geometries = []
        for key, given in things:
            geometries.append(_geometry(key, given))
            self._keys.append(key)
        self._plane = Plane.around(geometries) if geometries else Plane(0.0, 0.0)
        self._flat = np.asarray(self._plane.flat(np.array(geometries, dtype=object)), dtype=object)
        self._tree = shapely.STRtree(self._flat)

    def __len__(self) -> int:
        return len(self._keys)

    def nearest(self, point: Point, max_m: float | None = None) -> Near | None:
        """The nearest thing, None when there is none (within `max_m`). Of several equally near, the first given."""
        there = self._there(point)
        if max_m is not None:
            max_m = max(max_m, 1e-6)  # the tree refuses 0, which here asks for what lies on the very point
        found, distances = self._tree.query_nearest(there, max_distance=max_m, return_distance=True)
        if not len(found):
            return None
        return self._near(int(found.min()), float(distances[0]), there)

    def within(self, point: Point, radius_m: float) -> list[Near]:
        """All things at most `radius_m` away, nearest first."""
        there = self._there(point)
        found = np.sort(self._tree.query(there, predicate="dwithin", distance=radius_m))
        distances = shapely.distance(self._flat[found], there)
        order = np.argsort(distances, kind="stable")
        return [self._near(int(found[n]), float(distances[n]), there) for n in order]

    def _there(self, point: Point) -> shapely.Point:
        wgs84 = point.wgs84
        return shapely.Point(self._plane.xy(wgs84.lon, wgs84.lat))

    def _near(self, n: int, distance: float, there: shapely.Point) -> Near:
        touch = shapely.shortest_line(self._flat[n], there).coords[0]
        return Near(self._keys[n], distance, self._plane.point(*touch))


def _geometry(key: Hashable, given: object) -> shapely.Geometry:
    try:
        if isinstance(given, Point):
            there = given.wgs84
            return shapely.Point(there.lon, there.lat)
        geometry = shape(given) if isinstance(given, Mapping) else given
        if isinstance(geometry, shapely.Geometry) and not geometry.is_empty:
            return geometry
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        pass
    raise GeoError("geometry", N_("the geometry of %(key)s is empty or can't be read"), {"key": key})
