"""Coordinate systems, distances, boxes and cells."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.geo import (
    SYSTEMS,
    GeoError,
    Point,
    bbox,
    cell,
    cell_centre,
    cell_outline,
    cells_around,
    convert,
    distance_m,
)

in_china = st.builds(Point, st.floats(73.6, 135.0), st.floats(18.1, 53.5), st.sampled_from(SYSTEMS))
DADONG = Point(123.47, 41.81)


@given(in_china, st.sampled_from(SYSTEMS))
def test_a_point_comes_back_from_every_system_to_the_millimetre(point, system):
    there_and_back = point.to(system).to(point.system)
    assert there_and_back.system == point.system
    assert distance_m(Point(point.lon, point.lat), Point(there_and_back.lon, there_and_back.lat)) < 0.001


def test_the_values_of_the_reference_implementation_are_met():
    """From the documentation of coordtransform, which web maps of China use."""
    here = (116.404, 39.915)
    for source, target, lon, lat in (
        ("WGS84", "GCJ02", 116.41024449916938, 39.91640428150164),
        ("GCJ02", "BD09", 116.41036949371029, 39.92133699351021),
    ):
        found = Point(*here, source).to(target)
        assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=1e-9)


def test_a_map_position_is_hundreds_of_metres_off_when_its_system_is_forgotten():
    forgotten = Point(*DADONG.to("GCJ02")[:2])
    assert 100 < distance_m(DADONG, forgotten) < 1000


def test_cgcs2000_is_taken_as_wgs84_and_abroad_nothing_is_shifted():
    assert DADONG.to("CGCS2000")[:2] == DADONG[:2]
    assert Point(2.35, 48.86).to("GCJ02")[:2] == (2.35, 48.86)


@given(st.lists(in_china, max_size=20), st.sampled_from(SYSTEMS), st.sampled_from(SYSTEMS))
def test_arrays_are_converted_as_points_are(points, source, target):
    lons, lats = convert([p.lon for p in points], [p.lat for p in points], source, target)
    for point, lon, lat in zip(points, lons, lats, strict=True):
        one = Point(point.lon, point.lat, source).to(target)
        assert (lon, lat) == pytest.approx((one.lon, one.lat), abs=1e-9)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (41.81, 123.47, "swapped"),
        (200, 10, "range"),
        (math.nan, 41, "number"),
        (123, math.inf, "number"),
        ("east", 41, "number"),
        (None, 41, "number"),
    ],
)
def test_an_impossible_position_is_refused_with_its_cause(lon, lat, code):
    with pytest.raises(GeoError) as caught:
        Point(lon, lat)
    assert caught.value.code == code


def test_an_unknown_system_is_refused_with_the_known_ones():
    with pytest.raises(GeoError, match="EPSG:3857.*WGS84, CGCS2000, GCJ02, BD09"):
        Point(123, 41, "EPSG:3857")
    with pytest.raises(GeoError):
        DADONG.to("mercator")
    with pytest.raises(GeoError):
        convert([1], [2], "WGS84", "mercator")


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert distance_m(Point(123, 41), Point(123, 42)) == pytest.approx(111_195, abs=1)
    assert distance_m(DADONG, DADONG.to("BD09")) < 0.001


@given(in_china, st.floats(1, 5000), st.floats(0, 2 * math.pi))
def test_everything_within_a_radius_is_in_the_box(point, radius, bearing):
    here = point.wgs84
    turn, phi = radius * 0.999 / 6_371_008.8, math.radians(here.lat)
    lat = math.asin(math.sin(phi) * math.cos(turn) + math.cos(phi) * math.sin(turn) * math.cos(bearing))
    d_lon = math.atan2(
        math.sin(bearing) * math.sin(turn) * math.cos(phi), math.cos(turn) - math.sin(phi) * math.sin(lat)
    )
    box = bbox(here, radius)
    assert box.south <= math.degrees(lat) <= box.north
    assert box.west <= here.lon + math.degrees(d_lon) <= box.east


def test_there_is_no_box_around_a_pole():
    with pytest.raises(GeoError, match="pole"):
        bbox(Point(0, 89.99), 5000)


@given(in_china, st.integers(0, 12))
def test_a_cell_holds_its_points_whatever_their_system(point, resolution):
    index = cell(point, resolution)
    assert index == cell(point.to("WGS84"), resolution)
    assert cell(cell_centre(index), resolution) == index


def test_cells_can_be_drawn_and_have_neighbours():
    index = cell(DADONG, 9)
    ring = np.array(cell_outline(index)["coordinates"][0])
    assert len(ring) == 7 and (ring[0] == ring[-1]).all()
    assert len(cells_around(index, 2)) == 19
    with pytest.raises(GeoError, match="0 to 15"):
        cell(DADONG, 16)
    with pytest.raises(GeoError, match="no H3 cell"):
        cell_centre("210104")
