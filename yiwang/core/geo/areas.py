"""The tree of areas (district, sub-district, community) and which of them a point lies in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import shape

from .errors import N_, GeoError, OutsideArea
from .lookup import OUTSIDE, GridLookup
from .plane import Plane
from .points import Point


@dataclass(frozen=True, slots=True)
class Area:  # 区域
    code: str
    name: str
    level: str  # district | subdistrict | community
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class LocatedArea:
    area: Area  # the deepest area that holds the point
    chain: tuple[Area, ...]  # from the district down to `area`

    def code(self, level: str) -> str | None:
        """The code of the area of this level, None where the point lies in none."""
        return next((area.code for area in self.chain if area.level == level), None)


class AreaTree:
    """Areas with their outlines; answers where a point is in about a microsecond, or ten near a border.

    `areas` gives the areas in the order of `locate_many`'s answers. Neighbouring outlines may touch; a point on the
    shared line belongs to the area with the lower code. Outlines are WGS 84.
    """

    def __init__(self, areas: Sequence[Area], outlines: Sequence[shapely.Geometry], cell_m: float = 50.0):
        """Raises GeoError: empty, parent (unknown or in a circle), duplicate, roots, outline (invalid geometry)."""
        self.areas = tuple(areas)
        self._outlines = np.array(list(outlines), dtype=object)
        self._index = {area.code: n for n, area in enumerate(self.areas)}
        self._check()
        self._located = [LocatedArea(area, self._chain(area)) for area in self.areas]
        roots = [n for n, area in enumerate(self.areas) if area.parent is None]
        if len(roots) != 1:
            raise GeoError(
                "roots", N_("%(count)d areas have no parent; exactly one must"), {"count": len(roots)}
            )
        self.root = self.areas[roots[0]]
        depths = [len(found.chain) for found in self._located]
        order = sorted(range(len(self.areas)), key=lambda n: (-depths[n], self.areas[n].code))
        self._plane = Plane.around(self._outlines)
        self._lookup = GridLookup(self._outlines, order, self._plane, cell_m)
        self._root_outline = self._outlines[roots[0]]
        self._boundary = shapely.boundary(self._plane.flat(self._root_outline))

    @classmethod
    def from_geojson(cls, document: Mapping) -> "AreaTree":
        """From a FeatureCollection whose properties hold code, name, level and parent.

        Raises GeoError as the constructor, and: feature (a property or geometry is missing; tells which feature).
        """
        areas, outlines = [], []
        for place, feature in enumerate(document.get("features", ()), start=1):
            try:
                given = feature["properties"]
                areas.append(Area(given["code"], given["name"], given["level"], given.get("parent")))
                outlines.append(shape(feature["geometry"]))
            except (KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
                raise GeoError(
                    "feature",
                    N_("feature %(place)d of the areas can't be read: %(error)s is missing or wrong"),
                    {"place": place, "error": error},
                ) from error
        return cls(areas, outlines)

    def _check(self) -> None:
        if not self.areas:
            raise GeoError("empty", N_("there are no areas"))
        if len(self._index) != len(self.areas):
            seen: set[str] = set()
            twice = next(a.code for a in self.areas if a.code in seen or seen.add(a.code))
            raise GeoError("duplicate", N_("area %(code)s is given twice"), {"code": twice})
        for area, outline in zip(self.areas, self._outlines, strict=True):
            if not shapely.is_valid(outline) or outline.is_empty:
                raise GeoError(
                    "outline",
                    N_("the outline of %(name)s (%(code)s) is not valid: %(reason)s"),
                    {"name": area.name, "code": area.code, "reason": shapely.is_valid_reason(outline)},
                )

    def _chain(self, area: Area) -> tuple[Area, ...]:
        chain = [area]
        while chain[-1].parent is not None:
            parent = self._index.get(chain[-1].parent)
            if parent is None or self.areas[parent] in chain:
                raise GeoError(
                    "parent",
                    N_("the parent %(parent)s of %(name)s is unknown or its own descendant"),
                    {"parent": chain[-1].parent, "name": chain[-1].name},
                )
            chain.append(self.areas[parent])
        return tuple(reversed(chain))

    def __getitem__(self, code: str) -> LocatedArea:
        return self._located[self._index[code]]

    def __contains__(self, code: str) -> bool:
        return code in self._index

    def outline(self, code: str) -> shapely.Geometry:
        """The outline of an area, WGS 84."""
        return self._outlines[self._index[code]]

    def children(self, code: str) -> list[Area]:
        return [area for area in self.areas if area.parent == code]

    def within(self, code: str) -> list[Area]:
        """The area and everything below it."""
        return [found.area for found in self._located if any(a.code == code for a in found.chain)]

    def locate(self, point: Point) -> LocatedArea | None:
        """The deepest area that holds the point, with those above it; None outside."""
        there = point.wgs84
        found = self._lookup.one(there.lon, there.lat)
        return None if found == OUTSIDE else self._located[found]

    def require(self, point: Point) -> LocatedArea:
        """As `locate`. Raises OutsideArea with the distance when the point is outside."""
        found = self.locate(point)
        if found is None:
            raise OutsideArea(self.root.name, self.distance_to_boundary_m(point))
        return found

    def locate_many(self, lons: Iterable[float], lats: Iterable[float]) -> np.ndarray:
        """For WGS 84 arrays: int32 positions in `areas`, -1 outside (also for NaN)."""
        return self._lookup.many(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))

    def distance_to_boundary_m(self, point: Point) -> float:
        """Metres to the nearest boundary of the whole tree, from inside as from outside."""
        there = point.wgs84
        x, y = self._plane.xy(there.lon, there.lat)
        return float(shapely.distance(self._boundary, shapely.Point(x, y)))
