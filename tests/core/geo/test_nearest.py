"""The nearest road or component."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.geo import GeoError, NearestIndex, Point, distance_m

HERE = Point(123.47, 41.81)


def east(metres: float, north: float = 0.0) -> Point:
    return Point(HERE.lon + metres / 82_880, HERE.lat + north / 111_195)


ROADS = NearestIndex(
    [
        ("far street", {"type": "LineString", "coordinates": [[123.48, 41.80], [123.48, 41.82]]}),
        ("near street", shapely.LineString([(123.471, 41.80), (123.471, 41.82)])),
    ]
)


def test_the_nearest_street_is_told_with_distance_and_place():
    near = ROADS.nearest(HERE)
    assert near.key == "near street"
    assert near.distance_m == pytest.approx(82.9, abs=0.3)
    assert near.point.lon == pytest.approx(123.471, abs=1e-7)
    assert near.distance_m == pytest.approx(distance_m(HERE, near.point), rel=1e-3)


def test_a_street_too_far_away_is_no_answer():
    assert ROADS.nearest(HERE, max_m=50) is None
    assert ROADS.nearest(HERE, max_m=90).key == "near street"
    assert ROADS.nearest(HERE.to("BD09"), max_m=90).key == "near street"


def test_only_what_touches_the_point_is_within_nothing():
    index = NearestIndex([("lid", HERE), ("lamp", east(1))])
    assert index.nearest(east(0.5), max_m=0) is None
    assert index.nearest(HERE, max_m=0).key == "lid"
    assert [near.key for near in index.within(HERE, 0)] == ["lid"]


def test_everything_within_a_radius_comes_nearest_first():
    index = NearestIndex([("c", east(30)), ("a", east(-10)), ("b", east(0, 20)), ("d", east(100))])
    found = index.within(HERE, 50)
    assert [near.key for near in found] == ["a", "b", "c"]
    assert [round(near.distance_m) for near in found] == [10, 20, 30]


def test_of_two_equally_near_the_first_given_wins():
    index = NearestIndex([("second", east(10)), ("first", east(10))])
    assert index.nearest(HERE).key == "second"


def test_an_empty_index_finds_nothing():
    index = NearestIndex([])
    assert (len(index), index.nearest(HERE), index.within(HERE, 1000)) == (0, None, [])


@pytest.mark.parametrize(
    "geometry", [None, {}, {"type": "Blob"}, {"type": "Point", "coordinates": []}, "POINT (1 2)"]
)
def test_a_thing_without_a_place_is_refused_by_name(geometry):
    with pytest.raises(GeoError, match="lamp 7"):
        NearestIndex([("lamp 7", geometry)])


offsets = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))


@given(st.lists(offsets, min_size=1, max_size=30), offsets)
def test_the_nearest_is_no_farther_than_any_other(things, seeker):
    points = [east(*offset) for offset in things]
    index = NearestIndex(list(enumerate(points)))
    here = east(*seeker)
    found = index.nearest(here)
    best = min(distance_m(here, point) for point in points)
    assert found.distance_m == pytest.approx(best, rel=2e-3, abs=1e-3)
    around = index.within(here, 1500)
    assert {near.key for near in around} >= {n for n, p in enumerate(points) if distance_m(here, p) < 1490}
    assert [near.distance_m for near in around] == sorted(near.distance_m for near in around)
