"""What screening says of a household, and when it says it again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.domains.assistance.small_law import DAY, family, population, rules
from yiwang.core.policy import NO, UNKNOWN, YES, evaluate
from yiwang.domains.assistance.discovery import asking
from yiwang.domains.assistance.discovery.verdicts import (
    ENDING,
    ENTITLED,
    NOTHING,
    SOON,
    Asked,
    complicated,
    severity,
    sorts,
    verdicts,
)

RULES = rules()
READS = asking.reads_of(RULES, DAY)
wages = st.one_of(st.none(), st.integers(0, 200_000))
families = st.builds(
    family,
    st.lists(wages, min_size=1, max_size=4),
    deposits=st.one_of(st.none(), st.integers(0, 9_000_000)),
    zone=st.sampled_from(["urban", "rural", None]),
    ill=st.sampled_from([True, False, None]),
)


def asked(state, fen=0, near=False, missing=0, likely=True):
    return Asked(*(np.array([one]) for one in (state, fen, near, missing, likely)))


def said(enrolled, *of, most=2, **more):
    return verdicts(asked(*of, **more), np.array([enrolled]), most)[0]


def test_who_qualifies_and_is_not_enrolled_is_found():
    assert said(False, YES) == ENTITLED
    assert said(True, YES) == NOTHING


def test_who_is_enrolled_and_no_longer_qualifies_is_found():
    assert said(True, NO) == ENDING
    assert said(False, NO) == NOTHING


def test_nobodys_help_is_questioned_because_something_is_unknown():
    assert said(True, UNKNOWN, missing=1) == NOTHING


def test_few_unknown_facts_or_a_little_above_the_line_are_likely_soon():
    assert said(False, UNKNOWN, missing=2) == SOON
    assert said(False, UNKNOWN, missing=3) == NOTHING
    assert said(False, UNKNOWN, missing=1, likely=False) == NOTHING
    assert said(False, NO, near=True) == SOON
    assert said(True, NO, near=True) == ENDING


@given(
    st.lists(
        st.tuples(
            st.sampled_from([NO, UNKNOWN, YES]),
            st.integers(0, 500_000),
            st.booleans(),
            st.integers(0, 5),
            st.booleans(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_said_of_one_household_does_not_depend_on_the_others(rows):
    states, fen, near, missing, enrolled = (np.array(column) for column in zip(*rows, strict=True))
    whole = verdicts(Asked(states, fen, near, missing, ~near), enrolled, 2)
    for n in range(len(rows)):
        one = slice(n, n + 1)
        alone = verdicts(Asked(states[one], fen[one], near[one], missing[one], ~near[one]), enrolled[one], 2)
        assert alone[0] == whole[n]


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_money_is_never_less_severe_and_going_without_comes_before_all_else(less, more):
    less, more = sorted((less, more))
    of = severity(np.array([ENTITLED, ENTITLED, ENDING, SOON]), np.array([less, more, more, more]))
    assert of[0] <= of[1] <= 1000
    assert severity(np.array([NOTHING]), np.array([more]))[0] == 0
    assert (
        severity(np.array([ENTITLED]), np.array([0]))[0] > severity(np.array([SOON]), np.array([more]))[0] - 1
    )


def test_the_classes_of_the_notice_of_the_state_council():
    says = np.array([ENTITLED, ENTITLED, ENDING, SOON])
    assert list(sorts(says, np.array([True, False, True, False]))) == ["a", "b", "d", "b"]
    assert list(complicated(np.array([True, True]), np.array([True, False]))) == [True, False]


def test_what_a_programme_looks_at_is_known_without_asking_anybody():
    assert READS["guarantee"].facts == {"wage", "deposits", "area_kind"}
    assert READS["guarantee"].parameters == {"line"}
    assert READS["guarantee"].illustrative
    assert (READS["care"].facts, READS["care"].illustrative) == ({"serious_illness"}, False)


def test_a_benefit_of_persons_counts_for_their_household():
    people = population(family([0, 0], ill=True), family([0], ill=False))
    state, fen = asking.by_household(evaluate(RULES, people, DAY)["care"], people)
    assert (list(state), list(fen)) == ([YES, NO], [18000, 0])


def test_the_unknown_facts_are_named_household_by_household():
    people = population(family([None, 0], deposits=None), family([None], ill=True), family([0]))
    looked = asking.look(RULES, people, DAY, "guarantee", np.array([1, 0, 2]), READS["guarantee"])
    assert looked.missing == (("wage",), ("deposits", "wage"), ())


def test_somebody_a_little_above_the_line_is_near_it():
    people = population(family([85_000]), family([95_000]))
    poorer = asking.poorer(people, 0.1)
    assert list(evaluate(RULES, poorer, DAY)["guarantee"].yes) == [True, False]
    assert list(evaluate(RULES, people, DAY)["guarantee"].no) == [True, True]


def marks(*households):
    people = population(*households)
    rows = np.arange(len(households))
    return list(asking.look(RULES, people, DAY, "guarantee", rows, READS["guarantee"]).marks)


@given(families, families, families)
def test_the_mark_of_a_household_does_not_depend_on_the_others_nor_on_the_order_of_its_members(
    one, two, three
):
    turned = (one[0], list(reversed(one[1])))
    (alone,) = marks(one)
    assert marks(two, one, three)[1] == alone == marks(turned)[0]


@given(families)
def test_a_fact_that_the_programme_does_not_look_at_leaves_the_mark_as_it_was(one):
    own, members = one
    other = (
        own,
        [{**member, "serious_illness": not member.get("serious_illness", False)} for member in members],
    )
    assert marks(one) == marks(other)


@given(families, st.integers(0, 8_000_000))
def test_a_fact_that_decides_and_became_another_makes_another_mark(one, deposits):
    own, members = one
    before = own.get("deposits")
    if before is None or abs(before - deposits) >= 10_000:
        assert marks(one) != marks(({**own, "deposits": deposits}, members))


def test_an_income_that_is_a_few_yuan_other_is_no_new_fact():
    assert marks(family([70_000])) == marks(family([70_400]))
    assert marks(family([70_000])) != marks(family([60_000]))
    assert marks(family([0])) != marks(family([None]))


def test_a_guess_takes_what_is_unknown_as_what_is_usual_and_leaves_the_rest():
    people = population(
        family([60_000]), family([None]), family([70_000], zone=None, ill=None), family([90_000], ill=True)
    )
    guessed = people.guessed()
    assert guessed.record(1)[1][0]["wage"] == 70_000
    assert (guessed.record(2)[0]["area_kind"], guessed.record(2)[1][0]["serious_illness"]) == ("urban", False)
    assert guessed.record(0) == people.record(0) and guessed.record(3) == people.record(3)
    assert "wage" not in people.record(1)[1][0]
