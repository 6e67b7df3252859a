"""The places of packs/dadong fit together: the files that make_places.py draws."""

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from yiwang.core.codes import parse_area_code, parse_component_code
from yiwang.core.geo import AreaTree, NearestIndex, Plane, Point

PLACES = Path(__file__).parents[3] / "packs" / "dadong" / "places"


@cache
def read(name: str):
    text = (PLACES / name).read_text(encoding="utf-8")
    return yaml.safe_load(text) if name.endswith(".yaml") else json.loads(text)


@cache
def tree() -> AreaTree:
    return AreaTree.from_geojson(read("areas.geojson"))


def outlines(level: str) -> list[shapely.Geometry]:
    return [tree().outline(area.code) for area in tree().areas if area.level == level]


def test_dadong_has_ten_sub_districts_and_143_communities():
    areas = read("areas.yaml")["areas"]
    assert Counter(area["level"] for area in areas) == {"district": 1, "subdistrict": 10, "community": 143}
    assert Counter(a["kind"] for a in areas if a["level"] == "community") == {
        "社区居民委员会": 126,
        "村民委员会": 17,
    }
    known = set()
    for area in areas:
        assert area["parent"] is None or area["parent"] in known
        if area["parent"]:
            assert parse_area_code(area["parent"]).contains(parse_area_code(area["code"]))
        known.add(area["code"])
    assert len(known) == 154


def test_the_two_code_systems_disagree_about_three_streets():
    areas = [a for a in read("areas.yaml")["areas"] if a["level"] == "subdistrict"]
    assert {a["name"] for a in areas if a["code"][:9] != a["code_mca"]} == {
        "津桥街道",
        "上园街道",
        "前进街道",
    }


def test_outlines_and_list_tell_of_the_same_areas():
    listed = {(a["code"], a["name"], a["level"], a["parent"]) for a in read("areas.yaml")["areas"]}
    assert {(a.code, a.name, a.level, a.parent) for a in tree().areas} == listed


@pytest.mark.parametrize(
    "name", ["areas.yaml", "areas.geojson", "roads.geojson", "components.yaml", "aliases.yaml"]
)
def test_every_file_says_where_it_comes_from_and_what_it_is_worth(name):
    document = read(name)
    assert document["source"]
    assert document["status"] == {"areas.yaml": "official", "aliases.yaml": "illustrative"}.get(
        name, "synthetic"
    )


def test_only_the_outline_of_the_district_is_not_synthetic():
    real = [
        f["properties"]["code"] for f in read("areas.geojson")["features"] if not f["properties"]["synthetic"]
    ]
    assert real == ["210104000000"]


@pytest.mark.parametrize("level", ["subdistrict", "community"])
def test_areas_of_a_level_leave_no_gap_and_do_not_overlap(level):
    parts = outlines(level)
    assert shapely.coverage_is_valid(parts)
    assert (
        shapely.coverage_union_all(parts).symmetric_difference(tree().outline(tree().root.code)).area < 1e-15
    )


def test_the_drawn_district_is_the_real_one():
    source = json.loads((PLACES / "source" / "boundary_wgs84.geojson").read_text(encoding="utf-8"))
    real = shape(source["features"][0]["geometry"])
    plane = Plane.around([real])
    drawn = plane.flat(tree().outline(tree().root.code))
    assert drawn.symmetric_difference(plane.flat(real)).area < 5000  # m², of 100 km²: 5 cm along the outline
    assert drawn.area / 1e6 == pytest.approx(99.6, abs=0.5)


def test_every_community_lies_in_its_sub_district():
    for area in tree().areas:
        if area.level == "community":
            outside = tree().outline(area.code).difference(tree().outline(area.parent))
            assert outside.area < 1e-15, area.name


@given(st.floats(123.44, 123.57), st.floats(41.77, 41.95))
def test_a_point_in_the_district_is_in_exactly_one_community(lon, lat):
    found = tree().locate(Point(lon, lat))
    inside = shapely.intersects_xy(tree().outline(tree().root.code), lon, lat)
    if found is None:
        assert not inside
    else:
        assert [area.level for area in found.chain] == ["district", "subdistrict", "community"]
        assert found.code("community").startswith(found.code("subdistrict")[:9])


def test_the_middle_of_a_community_is_in_it():
    for feature in read("areas.geojson")["features"]:
        own = feature["properties"]
        located = tree().locate(Point(*own["centre"]))
        assert own["code"] in [area.code for area in located.chain], own["name"]


def test_roads_have_names_grades_and_stretches_that_add_up():
    roads = [f["properties"] for f in read("roads.geojson")["features"]]
    assert len(roads) == 200
    assert len({r["code"] for r in roads}) == len({r["name"] for r in roads}) == 200
    assert {r["grade"] for r in roads} == {1, 2, 3, 4}
    for road in roads:
        assert sum(s["share"] for s in road["stretches"]) == pytest.approx(1, abs=0.01)
        assert road["stretches"][0]["first"] == road["numbers"][0]
        assert road["stretches"][-1]["last"] == road["numbers"][1]
        for one, following in zip(road["stretches"], road["stretches"][1:], strict=False):
            assert one["last"] + 1 == following["first"]


def test_every_community_has_a_road():
    reached = {s["area"] for f in read("roads.geojson")["features"] for s in f["properties"]["stretches"]}
    assert reached == {a.code for a in tree().areas if a.level == "community"}


def test_components_are_where_they_say_with_codes_that_can_be_read():
    with (PLACES / "components.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(read("components.yaml")["columns"])
    assert len({row["code"] for row in rows}) == len(rows) == 3000
    where = tree().locate_many([row["lon"] for row in rows], [row["lat"] for row in rows])
    for row, n in zip(rows, where, strict=True):
        code = parse_component_code(row["code"])
        assert (code.area, code.class_code) == ("210104", row["class_code"])
        assert tree().areas[n].code == row["community"]
    roads = NearestIndex((f["properties"]["code"], f["geometry"]) for f in read("roads.geojson")["features"])
    far = [roads.nearest(Point(row["lon"], row["lat"]), max_m=40) is None for row in rows[:200]]
    assert not np.any(far)


def test_other_names_of_places_lead_to_known_areas():
    known = {area["code"] for area in read("areas.yaml")["areas"]}
    assert {alias["area"] for alias in read("aliases.yaml")["aliases"]} <= known
