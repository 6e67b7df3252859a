"""Whose a matter is, and who sits where to do it."""

from __future__ import annotations

from collections import defaultdict

import pytest
from lxml import etree

from tests.data import ROOT

NEW = "GB/T 47678.5-2026"
SUBDISTRICTS = [f"210104{n}" for n in ("002", "003", "006", "007", "008", "009", "012", "015", "017", "018")]


@pytest.fixture
def unit_for(rows):
    """The duty table's answer: the longest prefix, then the smallest area that holds the place."""
    duties = rows("duties")

    def answer(standard, code, area):
        fits = [
            duty
            for duty in duties
            if duty["standard"] == standard
            and code.startswith(duty["class_prefix"])
            and area.startswith(duty["area"])
        ]
        fits.sort(key=lambda duty: (len(duty["class_prefix"]), len(duty["area"])))
        return fits[-1]["unit"] if fits else None

    return answer


def test_every_class_has_somebody_everywhere_in_the_district(rows, unit_for):
    missing = [
        (entry["code"], area)
        for entry in rows("classes")
        if entry["standard"] in (NEW, "hotline-topics")
        for area in ("210104", *SUBDISTRICTS)
        if unit_for(entry["standard"], entry["code"], area) is None
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("code", "area", "unit"),
    [
        ("01001", "210104002009", "water-supply"),
        ("01023", "210104002009", "office-210104002"),  # nobody's cover: the sub-district finds out whose
        ("01037", "210104018213", "lighting"),
        ("02014", "210104015001", "traffic-police"),
        ("04002", "210104018005", "greening-north"),
        ("06001", "210104003015", "law-enforcement"),
        ("06010", "210104003015", "sanitation-south"),
        ("06010", "210104", "sanitation"),  # no community known yet
        ("06013", "210104008001", "municipal-central"),
        ("09006", "210104012009", "office-210104012"),
        ("09009", "210104012009", "traffic-police"),
        ("10001", "210104006201", "sanitation-north"),
    ],
)
def test_a_problem_at_a_place_is_this_units(unit_for, code, area, unit):
    assert unit_for(NEW, code, area) == unit


def test_a_hotline_topic_goes_to_its_department(unit_for):
    assert unit_for("hotline-topics", "T05", "210104003") == "labour"
    assert unit_for("hotline-topics", "T07", "210104") == "health"


def test_no_duty_line_says_the_same_twice(rows):
    seen = [(d["standard"], d["class_prefix"], d["area"]) for d in rows("duties")]
    assert len(seen) == len(set(seen))


def test_every_unit_that_gets_matters_has_people_to_handle_and_to_review_them(rows):
    parents = {unit["code"]: unit["parent"] for unit in rows("units")}
    posts = defaultdict(set)
    for post in rows("posts"):
        posts[post["unit"]].add(post["kind"])
    for unit in {duty["unit"] for duty in rows("duties")}:
        assert "handler" in posts[unit], unit
        above, reviewers = unit, set()
        while above:
            reviewers |= posts[above] & {"unit_reviewer"}
            above = parents[above]
        assert reviewers, unit


def test_a_handlers_post_reaches_every_place_its_unit_is_responsible_for(rows):
    reach = {post["unit"]: post["area"] for post in rows("posts") if post["kind"] == "handler"}
    for duty in rows("duties"):
        assert duty["area"].startswith(reach[duty["unit"]]), duty["code"]


def test_every_post_that_the_process_asks_for_is_held_everywhere(rows):
    tree = etree.parse(ROOT / "packs/national/processes/incident.bpmn")
    asked = {str(slug) for slug in tree.xpath("//@*[local-name()='post']")}
    for kind in asked - {"handler", "unit_reviewer"}:
        areas = {post["area"] for post in rows("posts") if post["kind"] == kind}
        assert "210104" in areas or set(SUBDISTRICTS) <= areas, kind


def test_each_sub_district_has_its_inspector_and_second_level_chief(rows):
    for kind in ("inspector", "road_chief_2"):
        areas = {post["area"] for post in rows("posts") if post["kind"] == kind}
        assert set(SUBDISTRICTS) <= areas


def test_each_of_the_143_communities_has_its_worker_and_third_level_chief(rows):
    communities = {area["code"] for area in rows("areas") if area["level"] == "community"}
    assert len(communities) == 143
    for kind in ("community_worker", "road_chief_3"):
        assert {post["area"] for post in rows("posts") if post["kind"] == kind} == communities


def test_every_road_has_chiefs_of_all_three_levels_where_it_runs(rows):
    posts = {post["code"]: post for post in rows("posts")}
    chiefs = defaultdict(lambda: defaultdict(set))
    for chief in rows("chiefs"):
        chiefs[chief["road"]][chief["level"]].add(posts[chief["post"]]["area"])
        assert posts[chief["post"]]["kind"] == f"road_chief_{chief['level']}"
    roads = rows("roads")
    assert len(roads) == len(chiefs)
    for road in roads:
        held = chiefs[road["code"]]
        assert held[1] == {"210104"}
        assert held[2] == set(road["subdistricts"])
        assert held[3] == {stretch["area"] for stretch in road["stretches"]}
