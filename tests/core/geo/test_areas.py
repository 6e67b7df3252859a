"""Which area a point lies in, and how far outside it is."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box, mapping

from yiwang.core.geo import Area, AreaTree, GeoError, OutsideArea, Point, distance_m

WEST, SOUTH, STEP = 123.40, 41.80, 0.01


def square(x: float, y: float, size: float = 1) -> shapely.Polygon:
    return box(WEST + x * STEP, SOUTH + y * STEP, WEST + (x + size) * STEP, SOUTH + (y + size) * STEP)


def small_town() -> AreaTree:
    """A town of 3 × 3 squares: the lower left four are sub-district A with two communities and a piece in neither."""
    areas = [
        (Area("T", "Town", "district"), square(0, 0, 3)),
        (Area("A", "West", "subdistrict", "T"), square(0, 0, 2)),
        (Area("A1", "Well", "community", "A"), square(0, 0)),
        (Area("A2", "Mill", "community", "A"), square(1, 0)),
        (Area("B", "East", "subdistrict", "T"), square(2, 0, 3).intersection(square(0, 0, 3))),
    ]
    return AreaTree(*zip(*areas, strict=True))


TOWN = small_town()


def at(x: float, y: float, system="WGS84") -> Point:
    return Point(WEST + x * STEP, SOUTH + y * STEP).to(system)


@pytest.mark.parametrize(
    ("place", "chain"),
    [
        (at(0.5, 0.5), ["T", "A", "A1"]),
        (at(1.5, 0.5), ["T", "A", "A2"]),
        (at(0.5, 1.5), ["T", "A"]),
        (at(2.5, 0.5), ["T", "B"]),
        (at(0.5, 2.5), ["T"]),
        (at(1.0, 0.5), ["T", "A", "A1"]),
        (at(0.0, 0.0), ["T", "A", "A1"]),
        (at(0.5, 0.5, "BD09"), ["T", "A", "A1"]),
    ],
    ids=str,
)
def test_a_point_is_found_with_everything_above_it(place, chain):
    found = TOWN.locate(place)
    assert [area.code for area in found.chain] == chain
    assert found.area.code == chain[-1]
    assert TOWN.require(place) is found


def test_a_level_that_the_point_is_in_none_of_is_none():
    found = TOWN.locate(at(0.5, 1.5))
    assert (found.code("subdistrict"), found.code("community")) == ("A", None)


def test_a_point_outside_is_refused_with_the_distance():
    outside = at(-1, 0.5)
    assert TOWN.locate(outside) is None
    with pytest.raises(OutsideArea, match="outside Town, 829 m from its boundary") as caught:
        TOWN.require(outside)
    assert caught.value.distance_m == pytest.approx(distance_m(outside, at(0, 0.5)), rel=0.002)
    with pytest.raises(OutsideArea, match="km from"):
        TOWN.require(Point(2.35, 48.86))


def test_the_distance_to_the_boundary_is_told_from_inside_too():
    assert TOWN.distance_to_boundary_m(at(0.1, 1.5)) == pytest.approx(82.9, abs=1)


def test_the_tree_knows_children_and_descendants():
    assert [a.code for a in TOWN.children("T")] == ["A", "B"]
    assert [a.code for a in TOWN.within("A")] == ["A", "A1", "A2"]
    assert "A1" in TOWN and "Z" not in TOWN
    assert TOWN["A1"].code("district") == TOWN.root.code == "T"


places = st.tuples(st.floats(-0.2, 3.2), st.floats(-0.2, 3.2))
# Corners and lines, where neighbours meet, must be hit on purpose.
on_lines = st.tuples(st.sampled_from([0.0, 1.0, 2.0, 3.0]), st.floats(0, 3))


def deepest(lon: float, lat: float) -> str | None:
    """The rule itself: of the areas that hold the point, the deepest, of those the lowest code."""
    held = [a for a in TOWN.areas if shapely.intersects_xy(TOWN.outline(a.code), lon, lat)]
    return min(held, key=lambda a: (-len(TOWN[a.code].chain), a.code)).code if held else None


@given(st.lists(places | on_lines, min_size=1, max_size=30))
def test_one_at_a_time_and_all_at_once_agree_with_the_rule(where):
    points = [at(x, y) for x, y in where]
    many = TOWN.locate_many([p.lon for p in points], [p.lat for p in points])
    for point, n in zip(points, many, strict=True):
        found = TOWN.locate(point)
        assert (found.area.code if found else None) == deepest(point.lon, point.lat)
        assert (TOWN.areas[n].code if n >= 0 else None) == (found.area.code if found else None)


@given(st.integers(0, 2**32), st.integers(2, 12))
def test_a_town_of_any_shape_is_searched_as_its_outlines_say(seed, count):
    random = np.random.default_rng(seed)
    town = square(0, 0, 3)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.MultiPoint(shapely.points(WEST + random.random((count, 2)) * 3 * STEP))
        )
    )
    centre = np.array([WEST + 1.5 * STEP, SOUTH + 1.5 * STEP])
    turned = [shapely.affinity.translate(c, 0, SOUTH - WEST).intersection(town) for c in cells]
    parts = [part for part in turned if part.geom_type == "Polygon" and not part.is_empty]
    areas = [Area("T", "Town", "district")] + [
        Area(f"C{n:02d}", f"Part {n}", "community", "T") for n in range(len(parts))
    ]
    tree = AreaTree(areas, [town, *parts], cell_m=100)
    points = centre + (random.random((200, 2)) - 0.5) * 3.4 * STEP
    many = tree.locate_many(points[:, 0], points[:, 1])
    outlines = [town, *parts]
    for (lon, lat), n in zip(points, many, strict=True):
        held = [k for k in range(1, len(outlines)) if shapely.intersects_xy(outlines[k], lon, lat)]
        expected = held[0] if held else (0 if shapely.intersects_xy(town, lon, lat) else -1)
        assert n == expected


def test_numbers_that_are_no_position_are_outside():
    assert list(TOWN.locate_many([np.nan, 0, 1e300, WEST + STEP / 2], [41.8, 0, 41.8, SOUTH + STEP / 2])) == [
        -1,
        -1,
        -1,
        2,
    ]
    assert TOWN.locate_many([], []).shape == (0,)


def feature(code, parent, outline):
    return {
        "type": "Feature",
        "properties": {"code": code, "name": code, "level": "district", "parent": parent},
        "geometry": mapping(outline),
    }


def test_geojson_gives_the_same_tree():
    tree = AreaTree.from_geojson({"features": [feature("T", None, square(0, 0))]})
    assert tree.locate(at(0.5, 0.5)).area.name == "T"


BOW_TIE = shapely.Polygon([(123.4, 41.8), (123.5, 41.9), (123.5, 41.8), (123.4, 41.9)])


@pytest.mark.parametrize(
    ("features", "code"),
    [
        ([], "empty"),
        ([feature("T", None, square(0, 0)), feature("T", None, square(1, 0))], "duplicate"),
        ([feature("T", None, square(0, 0)), feature("U", None, square(1, 0))], "roots"),
        ([feature("T", None, square(0, 0)), feature("A", "X", square(0, 0))], "parent"),
        ([feature("A", "B", square(0, 0)), feature("B", "A", square(0, 0))], "parent"),
        ([feature("T", None, BOW_TIE)], "outline"),
        ([feature("T", None, square(0, 0)), {"properties": {"code": "A"}}], "feature"),
        ([{"properties": None, "geometry": None}], "feature"),
        ([feature("T", None, square(0, 0)) | {"geometry": {"type": "Blob"}}], "feature"),
        ([feature("T", None, box(-170, -80, 170, 80))], "outline"),
    ],
)
def test_areas_that_make_no_tree_are_refused_with_the_cause(features, code):
    with pytest.raises(GeoError) as caught:
        AreaTree.from_geojson({"features": features})
    assert caught.value.code == code
