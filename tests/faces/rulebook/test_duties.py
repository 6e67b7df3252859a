"""Who answers for a class where: the shares of the district, gaps, and what the map draws."""

import json

import pytest

from yiwang.faces.rulebook import responsible
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models import Duty

pytestmark = pytest.mark.django_db


def test_each_community_has_the_unit_that_dispatch_would_suggest(look, dadong):
    for code in ("01037", "01023", "06010"):
        for area, line in responsible.decided(dadong.default_standard, code).items():
            assert line == registers.responsible_unit(dadong.default_standard, code, area)


def test_shares_together_are_the_district(look, dadong):
    shares = responsible.shares(dadong.default_standard, "01023")
    areas = [area for share in shares for area in share.areas]
    assert sorted(areas) == sorted(responsible.communities())
    assert all(share.places for share in shares)


def test_a_class_of_the_sub_districts_is_told_by_sub_district_with_the_line_that_decides(look):
    page = look("/rules/duties?class=01023", "zh-hans")
    rows = page.rows(0)
    assert len(rows) == 10 and all("01023-2101040" in row[2] for row in rows)
    assert any("大北街道" in row[1] for row in rows)


def test_the_map_gets_every_community_with_its_unit_and_number(look):
    features = json.loads(look("/rules/duties.geojson?class=01023", "zh-hans").answer.content)["features"]
    assert len(features) == len(responsible.communities())
    assert {one["properties"]["number"] for one in features} == set(range(1, 11))
    assert all(one["properties"]["unit"] and one["geometry"]["coordinates"] for one in features)


def test_where_nobody_answers_is_said_loudly_and_first(look, dadong):
    lines = Duty.objects.filter(class_prefix__in=["", "01", "01023"], area__in=["210104", "210104002"])
    gone = list(lines.values_list("pk", flat=True))
    Duty.objects.filter(pk__in=gone).update(active=False)
    registers.reset_caches()
    try:
        page = look("/rules/duties?class=01023")
        assert "Nobody is responsible for this class in 16 of 143 communities" in page.tree.xpath(
            "string(//*[@role='alert'])"
        )
        assert "nobody is responsible" in page.rows(0)[0][0]
        gaps = look("/rules/duties").text
        assert "Gaps" in gaps and "01023" in gaps and "16 of 143 communities" in gaps
        features = json.loads(look("/rules/duties.geojson?class=01023").answer.content)["features"]
        assert sum(one["properties"]["number"] == 0 for one in features) == 16
    finally:
        Duty.objects.filter(pk__in=gone).update(active=True)
        registers.reset_caches()


def test_a_district_without_gaps_says_so(look):
    assert "There is none" in look("/rules/duties").text


def test_the_lines_of_a_unit_are_those_of_the_units_below_it_too(look):
    assert all("Lighting" in row[2] for row in look("/rules/duties?unit=lighting").rows(0))
    below = registers.unit_tree("municipal")
    lines = [line for line in registers.duty_table().all() if line.unit in below]
    assert len(below) > 1 and len(look("/rules/duties?unit=municipal").rows(0)) == len(lines)


def test_the_map_and_the_page_cost_few_queries(look, django_assert_max_num_queries):
    look("/rules/duties?class=01023")
    for address in ("/rules/duties", "/rules/duties?class=01023", "/rules/duties.geojson?class=01023"):
        with django_assert_max_num_queries(4):
            look(address)
