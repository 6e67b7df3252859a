"""Dated values, their units, and other values for a preview."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.policy.sample import DAY, household, person, rules
from yiwang.core.policy import PolicyError, Population, evaluate, parameter_of

SHARE = {
    "slug": "a.share",
    "name": "比例",
    "unit": "percent",
    "values": [{"from": date(2020, 1, 1), "value": 12.5}],
}
BY = {
    "slug": "a.standard",
    "name": "标准",
    "unit": "fen",
    "by": "area_kind",
    "values": [{"from": "2020-01-01", "value": {"urban": 5, "rural": 3}}],
}


def test_a_share_of_two_decimals_is_kept_exactly():
    share = parameter_of(SHARE)
    assert share.numbers(share.at(DAY)) == 1250


@pytest.mark.parametrize(
    ("entry", "change", "code"),
    [
        (SHARE, {"unit": "pence"}, "no_unit"),
        (SHARE, {"values": []}, "no_values"),
        (SHARE, {"values": SHARE["values"] * 2}, "no_values"),
        (SHARE, {"values": [{"from": "soon", "value": 1}]}, "bad_date"),
        (SHARE, {"values": [{"from": "2020-01-01", "value": 1.234}]}, "not_in_unit"),
        (BY, {"values": [{"from": "2020-01-01", "value": 7}]}, "not_by_kind"),
        (BY, {"values": [{"from": "2020-01-01", "value": {"urban": 1.5, "rural": 2}}]}, "not_in_unit"),
    ],
)
def test_a_value_that_can_not_be_is_refused(entry, change, code):
    with pytest.raises(PolicyError) as told:
        parameter_of(entry | change, "parameters/a.yaml", 7)
    assert told.value.code == code


def paid(some):
    population = Population.of_records(rules().facts, [(household(), [person()])])
    return evaluate(some, population, DAY)["minimum_guarantee"].amount.tolist()


def test_other_values_give_other_rules_and_leave_these_as_they_are():
    assert paid(rules().with_values({"guarantee.standard.urban": 90_000})) == [90_000]
    assert paid(rules().with_values({"guarantee.standard": {"urban": 70_000, "rural": 1}})) == [70_000]
    assert paid(rules()) == [80_000]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"guarantee.standart": 1}, "no_parameter"),
        ({"guarantee.standard.city": 1}, "no_kind"),
        ({"guarantee.standard.urban": -1}, "not_in_unit"),
    ],
)
def test_a_preview_of_what_is_not_there_is_refused(changes, code):
    with pytest.raises(PolicyError) as told:
        rules().with_values(changes)
    assert told.value.code == code


def test_every_value_that_is_called_official_names_its_source():
    for parameter in rules().parameters:
        for dated in parameter.values:
            if dated.status == "official":
                assert "号" in dated.source or "《" in dated.source or "法" in dated.source, parameter.slug


def test_every_condition_and_amount_cites_what_it_rests_on():
    for programme in rules().programmes.values():
        for formula in (*programme.conditions, *([programme.amount] if programme.amount else [])):
            assert all(version.cite for version in formula.versions), (programme.slug, formula.slug)
            assert formula.name
            assert formula.name_en
