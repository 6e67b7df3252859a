"""What exists and whose it is: looked up in memory, at most two seconds behind the loaded pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.geo import (
    AddressIndex,
    Area,
    AreaTree,
    LocatedArea,
    Match,
    NamedRoad,
    Near,
    NearestIndex,
    OutsideArea,
    Point,
    Stretch,
)
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs import contents, rulebook
from yiwang.kernel.registers import calendars, models
from yiwang.kernel.registers.fresh import Fresh, reset_all

NEAREST_COMPONENT_M = 50.0
NEAREST_ROAD_M = 200.0


@dataclass(frozen=True, slots=True)
class AreaRow:  # 区域
    code: str
    name: str
    name_en: str
    level: str
    parent: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class UnitRow:  # 单位
    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None
    area: str | None


@dataclass(frozen=True, slots=True)
class DutyRow:  # 职责
    """One line of the duty table; area and unit are codes."""

    code: str
    standard: str
    class_prefix: str
    area: str
    unit: str
    source: str
    status: str

    @property
    def area_id(self) -> str:
        return self.area

    @property
    def unit_id(self) -> str:
        return self.unit


@dataclass(frozen=True, slots=True)
class _Units:
    rows: Mapping[str, UnitRow]
    trees: Mapping[str, frozenset[str]]


def _digest() -> str:
    return rulebook.current().digest


def _rows(model: Any, kind: type, **renamed: str) -> Iterable[Any]:
    columns = [renamed.get(name, name) for name in kind.__slots__]
    order = "pk"
    return (kind(*row) for row in model.objects.filter(active=True).order_by(order).values_list(*columns))


# areas


def areas() -> Mapping[str, AreaRow]:
    """The areas in force by code."""
    return _areas.value()


def area_name(code: str | None, english: bool = False) -> str:
    """The area's name; its code where it is no longer in force, "" where there is none."""
    row = areas().get(code) if code else None
    if row is None:
        return code or ""
    return (english and row.name_en) or row.name


def area_tree() -> AreaTree:
    """The areas with their outlines. Raises Problem `no_places` when the pack has no outlines."""
    return _tree.value()


def locate(point: Point) -> LocatedArea | None:
    """The community that holds the point, with what it lies in; None outside the district."""
    return area_tree().locate(point)


def require(point: Point) -> LocatedArea:
    """As `locate`; Invalid `outside_district` with the distance, unless the pack's tolerance takes the point.

    A point within the tolerance outside belongs to the district as a whole.
    """
    tree = area_tree()
    try:
        return tree.require(point)
    except OutsideArea as wrong:
        if wrong.distance_m <= rulebook.current().settings["outside_tolerance_m"]:
            return tree[tree.root.code]
        raise Invalid(
            _("The point is outside %(area)s, %(distance)s from its boundary.")
            % {"area": wrong.area_name, "distance": wrong.params["distance"]},
            code="outside_district",
            where="point",
            distance_m=round(wrong.distance_m),
        ) from None


def resolve_address(text: str) -> list[Match]:
    """The areas that an address or a message speaks of, best first; empty when it names none."""
    return _addresses.value().find(text)


# units and duties


def units() -> Mapping[str, UnitRow]:
    """The units in force by code."""
    return _units.value().rows


def unit_name(code: str | None, english: bool = False) -> str:
    """The unit's name; its code where it is no longer in force, "" where there is none."""
    row = units().get(code) if code else None
    if row is None:
        return code or ""
    return (english and row.name_en) or row.name


def unit_tree(code: str) -> frozenset[str]:
    """The unit and all below it."""
    return _units.value().trees.get(code, frozenset({code}))


def responsible_unit(standard: str, class_code: str, area_code: str | None) -> DutyRow | None:
    """Whose a matter of this class in this area is: the longest class prefix, then the deepest area, decides.

    Where the area is not known yet, only the duties for the whole district count. None: nobody's.
    """
    return _duties.value().find(standard, class_code, area_code)


def duty_table() -> DutyTable:
    """All lines in force, for what is looked up many times."""
    return _duties.value()


def duties_for(standard: str, class_code: str, area_code: str | None) -> list[DutyRow]:
    """Every line of the duty table that such a matter falls under, the one that decides first."""
    return list(_duties.value().falling(standard, class_code, area_code))


class DutyTable:
    """The duty table, looked up by class prefix."""

    def __init__(self, duties: Iterable[DutyRow], district: str):
        self._district = district
        self._by_prefix: dict[tuple[str, str], list[DutyRow]] = defaultdict(list)
        for duty in duties:
            self._by_prefix[duty.standard, duty.class_prefix].append(duty)
        for found in self._by_prefix.values():
            found.sort(key=lambda duty: (-len(duty.area), duty.code))

    def find(self, standard: str, class_code: str, area_code: str | None) -> DutyRow | None:
        return next(self.falling(standard, class_code, area_code), None)

    def falling(self, standard: str, class_code: str, area_code: str | None) -> Iterator[DutyRow]:
        area = area_code or self._district
        for end in range(len(class_code), -1, -1):
            for duty in self._by_prefix.get((standard, class_code[:end]), ()):
                if area.startswith(duty.area):
                    yield duty

    def all(self) -> list[DutyRow]:
        """Every line, by class prefix."""
        return [duty for _key, found in sorted(self._by_prefix.items()) for duty in found]

    def lines(self, standard: str, class_code: str) -> list[DutyRow]:
        """The lines that speak of this class, the one that goes first at the head."""
        return [
            duty
            for end in range(len(class_code), -1, -1)
            for duty in self._by_prefix.get((standard, class_code[:end]), ())
        ]


# roads and components


def nearest_component(
    point: Point, max_m: float = NEAREST_COMPONENT_M, class_code: str | None = None
) -> Near | None:
    """The nearest component, of one class if asked; `key` is its code. None: none within `max_m`."""
    index = _components.value()
    if class_code is None:
        return index.nearest(point, max_m)
    return next((near for near in index.within(point, max_m) if near.key[6:-6] == class_code), None)


def nearest_road(point: Point, max_m: float = NEAREST_ROAD_M) -> Near | None:
    """The nearest road; `key` is its code. None: none within `max_m`."""
    return _roads.value().nearest(point, max_m)


def component(code: str) -> models.Component:
    """Raises NotFound for a code that is not in the register."""
    found = models.Component.objects.filter(pk=code, active=True).first()
    if found is None:
        raise NotFound(_("There is no component %(code)s.") % {"code": code}, code="no_component")
    return found


# what is kept in memory


def _build_areas() -> Mapping[str, AreaRow]:
    return MappingProxyType({row.code: row for row in _rows(models.Area, AreaRow, parent="parent_id")})


def _build_tree() -> AreaTree:
    rows = models.Area.objects.filter(active=True, geometry__isnull=False).order_by("code")
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "level": level, "parent": parent},
            "geometry": geometry,
        }
        for code, name, level, parent, geometry in rows.values_list(
            "code", "name", "level", "parent_id", "geometry"
        )
    ]
    if not features:
        raise Problem(
            _("The areas have no outlines. Add places/areas.geojson to the pack and run: yiwang pack load"),
            code="no_places",
            status=503,
        )
    return AreaTree.from_geojson({"type": "FeatureCollection", "features": features})


def _build_addresses() -> AddressIndex:
    known = [Area(row.code, row.name, row.level, row.parent) for row in areas().values()]
    roads = [
        NamedRoad(name, tuple(Stretch(s["area"], s["share"], s["first"], s["last"]) for s in stretches))
        for name, stretches in models.Road.objects.filter(active=True)
        .order_by("code")
        .values_list("name", "stretches")
    ]
    names = dict(models.PlaceName.objects.filter(active=True).order_by("name").values_list("name", "area_id"))
    return AddressIndex(known, roads, names)


def _build_units() -> _Units:
    rows = {row.code: row for row in _rows(models.Unit, UnitRow, parent="parent_id", area="area_id")}
    inside: dict[str, set[str]] = {code: {code} for code in rows}
    for code in rows:
        above = rows[code].parent
        for _step in range(len(rows)):  # a circle of parents must not hang the server
            if above is None or above not in rows:
                break
            inside[above].add(code)
            above = rows[above].parent
    return _Units(
        MappingProxyType(rows), MappingProxyType({code: frozenset(found) for code, found in inside.items()})
    )


def _build_duties() -> DutyTable:
    active = _units.value().rows
    duties = _rows(models.Duty, DutyRow, area="area_id", unit="unit_id")
    return DutyTable((duty for duty in duties if duty.unit in active), rulebook.current().district)


def _build_components() -> NearestIndex:
    rows = models.Component.objects.filter(active=True).order_by("code").values_list("code", "lon", "lat")
    return NearestIndex(
        (code, {"type": "Point", "coordinates": [lon, lat]}) for code, lon, lat in rows.iterator()
    )


def _build_roads() -> NearestIndex:
    return NearestIndex(
        models.Road.objects.filter(active=True).order_by("code").values_list("code", "geometry")
    )


_areas: Fresh[Mapping[str, AreaRow]] = Fresh(_digest, _build_areas)
_tree: Fresh[AreaTree] = Fresh(_digest, _build_tree)
_addresses: Fresh[AddressIndex] = Fresh(_digest, _build_addresses)
_units: Fresh[_Units] = Fresh(_digest, _build_units)
_duties: Fresh[DutyTable] = Fresh(_digest, _build_duties)
_components: Fresh[NearestIndex] = Fresh(_digest, _build_components)
_roads: Fresh[NearestIndex] = Fresh(_digest, _build_roads)


def reset_caches() -> None:
    """Forgets everything this process keeps of packs, registers and calendars; for tests, and after a load."""
    rulebook.reset_caches()
    contents.reset_caches()
    calendars.reset_caches()
    reset_all()
