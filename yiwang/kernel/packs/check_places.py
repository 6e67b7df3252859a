"""Checks of places: the tree of areas, their outlines, roads, components, names."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from yiwang.core import codes
from yiwang.core.geo import AreaTree, GeoError
from yiwang.kernel.packs.findings import Finding, error, nearest, warning
from yiwang.kernel.packs.packtext import Entry, PackText

ABOVE = {"subdistrict": "district", "community": "subdistrict"}
DIGITS = {"district": 6, "subdistrict": 9, "community": 12}
# Outlines are drawn to a metre or so; a component as far outside as this is a slip of the pen.
TOLD_AT_MOST = 20


def check(pack: PackText) -> Iterator[Finding]:
    yield from _district(pack)
    yield from _areas(pack)
    yield from _outlines(pack)
    yield from _roads(pack)
    for entry in pack.section("place_names").values():
        yield from _area_exists(pack, entry, "area", entry["area"])
    yield from _components(pack)


def _district(pack: PackText) -> Iterator[Finding]:
    areas = pack.section("areas")
    if pack.district and areas and pack.district not in areas:
        yield error(
            pack.manifest_where("district"),
            _("places/areas.yaml has no area %(code)s") % {"code": pack.district},
            nearest(pack.district, [code for code in areas if len(code) == 6]),
        )


def _areas(pack: PackText) -> Iterator[Finding]:
    areas = pack.section("areas")
    for code, entry in areas.items():
        if len(code) != DIGITS[entry["level"]]:
            yield error(
                entry.where("code"),
                _("%(code)s is not the code of a %(level)s") % {"code": code, "level": entry["level"]},
            )
        parent = entry["parent"]
        if entry["level"] == "district":
            if parent is not None:
                yield error(entry.where("parent"), _("a district has no parent here"))
        elif parent not in areas:
            yield error(
                entry.where("parent"),
                _("there is no area %(name)s") % {"name": parent},
                nearest(str(parent), areas),
            )
        elif areas[parent]["level"] != ABOVE[entry["level"]] or not code.startswith(parent):
            yield error(
                entry.where("parent"),
                _("%(parent)s can't be the parent of %(code)s") % {"parent": parent, "code": code},
                _("The code of an area begins with its parent's."),
            )


def _outlines(pack: PackText) -> Iterator[Finding]:
    areas, outlines = pack.section("areas"), pack.section("outlines")
    for code, entry in outlines.items():
        if code not in areas:
            yield error(entry.where(), _("there is no area %(name)s") % {"name": code}, nearest(code, areas))
        else:
            yield from _geometry(entry, ("Polygon", "MultiPolygon"))
    if outlines:
        for code, entry in areas.items():
            if code not in outlines:
                yield error(
                    entry.where(), _("places/areas.geojson has no outline of %(code)s") % {"code": code}
                )


def _geometry(entry: Entry, kinds: tuple[str, ...]) -> Iterator[Finding]:
    try:
        found = shape(entry["geometry"])
        good = found.geom_type in kinds and found.is_valid and not found.is_empty
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError, IndexError):
        good = False
    if not good:
        yield error(
            entry.where(),
            _("the geometry of %(code)s is not a valid %(kinds)s")
            % {"code": entry.key, "kinds": " / ".join(kinds)},
        )


def _roads(pack: PackText) -> Iterator[Finding]:
    for entry in pack.section("roads").values():
        yield from _geometry(entry, ("LineString", "MultiLineString"))
        for code in entry["subdistricts"]:
            yield from _area_exists(pack, entry, "subdistricts", code)
        for stretch in entry["stretches"]:
            yield from _area_exists(pack, entry, "stretches", stretch["area"])
        if not entry["subdistricts"] and not pack.district:
            yield error(entry.where(), _("the road %(code)s lies in no area") % {"code": entry.key})


def _area_exists(pack: PackText, entry: Entry, field: str, code: str) -> Iterator[Finding]:
    areas = pack.section("areas")
    if code not in areas:
        yield error(entry.where(field), _("there is no area %(name)s") % {"name": code}, nearest(code, areas))


def _components(pack: PackText) -> Iterator[Finding]:
    components = pack.section("components")
    if not components:
        return
    classes = {
        (e["standard"], e["code"]) for e in pack.section("classes").values() if e["kind"] == "component"
    }
    units = pack.section("units")
    for code, entry in components.items():
        try:
            parsed = codes.parse_component_code(code)
        except codes.CodeError as wrong:
            yield error(entry.where(), str(wrong))
            continue
        if parsed.class_code != entry["class_code"]:
            yield error(
                entry.where(),
                _("%(code)s is not a component of class %(class)s")
                % {"code": code, "class": entry["class_code"]},
            )
        elif classes and (parsed.standard, parsed.class_code) not in classes:
            yield error(
                entry.where(), _("there is no class %(class)s of components") % {"class": parsed.class_code}
            )
        yield from _area_exists(pack, entry, "community", entry["community"])
        for field in ("owner", "maintainer"):
            if entry[field] and entry[field] not in units:
                yield error(
                    entry.where(),
                    _("there is no unit %(name)s") % {"name": entry[field]},
                    nearest(entry[field], units),
                )
    yield from _misplaced(pack)


def _misplaced(pack: PackText) -> Iterator[Finding]:
    """Components outside the community that they are said to stand in."""
    tree = _tree(pack)
    if tree is None:
        return
    entries = list(pack.section("components").values())
    found = tree.locate_many([e["lon"] for e in entries], [e["lat"] for e in entries])
    wrong = []
    for entry, position in zip(entries, found, strict=True):
        code = tree.areas[position].code if position >= 0 else ""
        if not code.startswith(entry["community"]) and not entry["community"].startswith(code or "-"):
            wrong.append((entry, code))
    for entry, code in wrong[:TOLD_AT_MOST]:
        names = {"code": entry.key, "given": entry["community"], "found": code or "—"}
        yield warning(
            entry.where(), _("%(code)s is said to stand in %(given)s but stands in %(found)s") % names
        )
    if len(wrong) > TOLD_AT_MOST:
        entry, _code = wrong[TOLD_AT_MOST]
        yield warning(
            entry.where(), _("%(count)d more stand elsewhere") % {"count": len(wrong) - TOLD_AT_MOST}
        )


def _tree(pack: PackText) -> AreaTree | None:
    areas = pack.section("areas")
    features = [
        {
            "properties": {k: areas[code][k] for k in ("code", "name", "level", "parent")},
            "geometry": entry["geometry"],
        }
        for code, entry in pack.section("outlines").items()
        if code in areas
    ]
    try:
        return AreaTree.from_geojson({"features": features})
    except (GeoError, ShapelyError, KeyError, TypeError, ValueError, AttributeError):
        return None  # told above, outline by outline
