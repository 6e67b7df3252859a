"""The explanation of one household: what was seen, by which value of which day, and what would change the answer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from tests.core.policy.sample import DAY, cases, child, household, person, rules
from yiwang.core.policy import HOUSEHOLD, Population, evaluate, explain
from yiwang.core.policy.tracing import OneHousehold, missing_facts, traced


def told(own, members, day=DAY, programmes=None):
    return explain(rules(), Population.of_records(rules().facts, [(own, members)]), day, programmes)


def test_a_refusal_names_the_condition_what_it_compared_and_the_parameter_with_date_source_and_status():
    case = told(household(), [person(wage=300_000), child()], programmes=["minimum_guarantee"])
    one = case.of("minimum_guarantee")
    assert (one.answer, one.amount) == ("no", 0)
    failing = [condition for condition in one.conditions if condition.answer == "no"]
    assert [condition.formula.name for condition in failing] == ["人均收入低于低保标准"]
    assert failing[0].formula.cite == "社会救助法第十八条"
    compared = failing[0].formula.comparisons[0]
    assert (compared.left, compared.sign, compared.right) == ((300_000,), "<", (160_000,))
    assert case.seen["wage"].values == (300_000, 0)
    standard = case.parameters["guarantee.standard"]
    assert (standard.value, standard.since, standard.status) == (80_000, date(2026, 7, 1), "illustrative")
    assert standard.source
    assert one.illustrative


def test_it_says_how_far_the_wage_would_have_to_fall():
    one = told(household(), [person(wage=300_000), child()]).of("minimum_guarantee")
    wage = [change for change in one.changes if change.fact == "wage"]
    assert [(change.member, change.old, change.new, change.answer) for change in wage] == [
        (0, 300_000, 159_999, "yes")
    ]


def test_it_says_how_near_the_end_of_an_entitlement_is():
    one = told(household(deposits=1_000_000), [person()]).of("minimum_guarantee")
    assert one.answer == "yes"
    deposits = [change.new for change in one.changes if change.fact == "deposits"]
    assert deposits == [1_920_001]


def test_what_is_missing_is_named_with_the_member():
    one = told(household(), [person(), child(disability_grade=None)]).of("disability_nursing", 1)
    assert (one.answer, one.amount) == ("undetermined", None)
    assert one.missing == (("disability_grade", 1),)


def test_before_and_after_the_act_the_same_household_is_explained_by_another_law():
    members = [person(wage=200_000), child()]
    before = told(household(), members, date(2026, 6, 30)).of("education_assistance", 1)
    after = told(household(), members, date(2026, 7, 1)).of("education_assistance", 1)
    assert (before.answer, after.answer) == ("no", "yes")
    assert before.conditions[0].formula.cite == "社会救助暂行办法第三十三条"
    assert after.conditions[0].formula.cite == "社会救助法第二十五条"


def test_a_programme_that_the_law_did_not_have_yet_says_so():
    one = told(household(), [person()], date(2024, 12, 31)).of("rigid_hardship")
    assert (one.in_force, one.answer, one.conditions) == (False, "no", ())


@settings(max_examples=25, deadline=None)
@given(cases(most=3))
def test_the_explanation_says_what_the_evaluation_says_and_what_is_missing_decides(record):
    own, members = record
    population = Population.of_records(rules().facts, [record])
    answers = evaluate(rules(), population, DAY)
    case = explain(rules(), population, DAY)
    for one in case.explanations:
        answer = answers[one.programme]
        row = 0 if answer.entity is HOUSEHOLD else one.member
        assert one.answer == ("no", "undetermined", "yes")[answer.state[row]]
        assert one.amount == (int(answer.amount[row]) if answer.amount_known[row] else None)
        if one.answer == "undetermined":
            assert one.missing
        for name, member in one.missing:
            given_facts = own if member is None else members[member]
            assert given_facts.get(name) is None


@settings(max_examples=20, deadline=None)
@given(cases(unknown=False, most=3))
def test_every_change_that_is_told_does_change_the_answer(record):
    own, members = record
    case = explain(rules(), Population.of_records(rules().facts, [record]), DAY)
    for one in case.explanations:
        for change in one.changes[:3]:
            changed_own, changed = dict(own), [dict(member) for member in members]
            (changed_own if change.member is None else changed[change.member])[change.fact] = change.new
            again = evaluate(
                rules(), Population.of_records(rules().facts, [(changed_own, changed)]), DAY, [one.programme]
            )[one.programme]
            row = 0 if again.entity is HOUSEHOLD else one.member
            assert ("no", "undetermined", "yes")[again.state[row]] == change.answer, (one.programme, change)


@pytest.mark.parametrize("members", [1, 9, 14])
def test_large_households_are_explained_too(members):
    case = told(household(), [person(wage=90_000)] + [child()] * (members - 1))
    assert len([one for one in case.explanations if one.programme == "medical_assistance"]) == members


@settings(max_examples=25)
@given(cases())
def test_what_is_missing_of_one_household_is_what_is_missing_of_it_among_many(record):
    now = rules().at(DAY)
    part = next(iter(Population.of_records(rules().facts, [record]).parts()))
    batch, trace = traced(now, part, list(now.programmes))
    one = OneHousehold(batch, trace)
    for key in trace.nodes.keys() & batch.columns.keys():
        count = batch.count(batch.columns[key].entity)
        for place in range(count):
            many = missing_facts(batch, trace, key, np.arange(count) == place)
            bits = {
                name: [int(found >> n & 1) for n in range(len(many[name]))]
                for name, found in one.missing(key, place).items()
            }
            assert bits == {name: rows.astype(int).tolist() for name, rows in many.items()}
