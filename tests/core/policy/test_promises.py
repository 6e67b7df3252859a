"""What holds of every household, whatever is known of it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.policy.sample import DAY, cases, rules
from yiwang.core.policy import HOUSEHOLD, NO, UNKNOWN, YES, Population, batch, evaluate

DAYS = st.sampled_from([date(2021, 8, 1), date(2025, 3, 1), date(2026, 6, 30), DAY])
FEW = settings(max_examples=60, deadline=None)
INCOME = ("wage", "business_income", "property_income", "transfer_income", "other_income")


def ask(records, day=DAY, rows=None, workers=1, narrow_from=batch.NARROW_FROM, by=None):
    by = by or rules()
    population = Population.of_records(by.facts, records, rows)
    with patch.object(batch, "NARROW_FROM", narrow_from):
        return evaluate(by, population, day, workers=workers)


@lru_cache(maxsize=1)
def banded():
    """The rules of a district that pays the guarantee by fixed bands."""
    return rules().with_values({"guarantee.by_bands": True})


RULES = st.sampled_from([rules, banded])


def rows_of(answer, n, records):
    """The stretch of an answer that belongs to the n-th household."""
    if answer.entity is HOUSEHOLD:
        return slice(n, n + 1)
    before = sum(len(members) for _own, members in records[:n])
    return slice(before, before + len(records[n][1]))


@FEW
@given(st.lists(cases(), min_size=2, max_size=5), DAYS)
def test_what_a_household_gets_does_not_depend_on_who_else_is_asked_about(records, day):
    together = ask(records, day)
    for n, record in enumerate(records):
        alone = ask([record], day)
        for slug, answer in together.items():
            place = rows_of(answer, n, records)
            assert answer.state[place].tolist() == alone[slug].state.tolist(), slug
            assert answer.amount[place].tolist() == alone[slug].amount.tolist(), slug
            assert answer.amount_known[place].tolist() == alone[slug].amount_known.tolist(), slug


@settings(max_examples=150, deadline=None)
@given(st.lists(cases(most=11), min_size=2, max_size=6), st.randoms(use_true_random=False), st.integers(1, 9))
def test_neither_the_order_nor_the_parts_nor_the_threads_change_an_answer(records, random, rows):
    plain = ask(records)
    order = list(range(len(records)))
    random.shuffle(order)
    mixed_records = [records[n] for n in order]
    mixed = ask(mixed_records, rows=rows, workers=2, narrow_from=0)
    for slug, answer in plain.items():
        for place, n in enumerate(order):
            mine, its = rows_of(answer, n, records), rows_of(answer, place, mixed_records)
            assert answer.state[mine].tolist() == mixed[slug].state[its].tolist(), slug
            assert answer.amount[mine].tolist() == mixed[slug].amount[its].tolist(), slug
            assert answer.amount_known[mine].tolist() == mixed[slug].amount_known[its].tolist(), slug


@FEW
@given(st.lists(cases(), min_size=1, max_size=4), DAYS, RULES)
def test_amounts_are_whole_fen_never_negative_and_nothing_without_a_yes(records, day, by):
    for slug, answer in ask(records, day, by=by()).items():
        assert answer.amount.dtype == np.int64
        assert (answer.amount >= 0).all(), slug
        assert (answer.amount[~answer.yes] == 0).all(), slug
        assert not answer.amount_known[answer.undetermined].any(), slug


@FEW
@given(cases(unknown=False), st.data(), DAYS)
def test_hiding_facts_never_turns_an_answer_round_and_never_changes_a_known_amount(record, data, day):
    own, members = record
    hidden_own = data.draw(st.sets(st.sampled_from(sorted(own)), max_size=4))
    hidden = [data.draw(st.sets(st.sampled_from(sorted(one)), max_size=4)) for one in members]
    less = (
        {name: value for name, value in own.items() if name not in hidden_own},
        [{k: v for k, v in one.items() if k not in gone} for one, gone in zip(members, hidden, strict=True)],
    )
    known, unsure = ask([record], day), ask([less], day)
    for slug, answer in unsure.items():
        truth = known[slug].state
        assert (truth != UNKNOWN).all(), slug
        sure = answer.state != UNKNOWN
        assert (answer.state[sure] == truth[sure]).all(), slug
        paid = answer.amount_known
        assert (answer.amount[paid] == known[slug].amount[paid]).all(), slug


@settings(max_examples=150, deadline=None)
@given(cases(unknown=False, most=3), st.data(), st.integers(1, 400_000), DAYS, RULES)
def test_more_income_never_brings_more_money_but_where_the_law_says_so(record, data, more, day, by):
    own, members = record
    member = data.draw(st.integers(0, len(members) - 1))
    kind = data.draw(st.sampled_from(INCOME))
    richer = [dict(one) for one in members]
    richer[member][kind] += more
    before, after = ask([record], day, by=by()), ask([(own, richer)], day, by=by())
    named = {slug for slug, one in rules().programmes.items() if one.rises_with_income}
    # Who leaves extreme hardship joins the household's own assistance: that programme names it.
    moved = (before["extreme_hardship"].state != after["extreme_hardship"].state).any()
    for slug, answer in before.items():
        if moved and slug != "extreme_hardship":
            continue
        if slug in named - {"extreme_hardship"}:
            continue
        assert (after[slug].amount <= answer.amount).all(), (slug, answer.amount, after[slug].amount)


@FEW
@given(cases(unknown=False), DAYS)
def test_bands_change_what_is_paid_and_never_who_is_on_the_guarantee(record, day):
    plain, in_bands = ask([record], day), ask([record], day, by=banded())
    for slug, answer in plain.items():
        assert answer.state.tolist() == in_bands[slug].state.tolist(), slug
        if slug != "minimum_guarantee":
            assert answer.amount.tolist() == in_bands[slug].amount.tolist(), slug


@FEW
@given(st.lists(cases(), min_size=1, max_size=3), DAYS)
def test_nobody_is_paid_the_guarantee_twice(records, day):
    """By the household, in its gradual exit, as a household of one, or in extreme hardship: one of them."""
    answers = ask(records, day)
    for n, (_own, _members) in enumerate(records):
        at = rows_of(answers["minimum_guarantee"], n, records)
        own = rows_of(answers["single_guarantee"], n, records)
        family = [answers[slug].yes[at][0] for slug in ("minimum_guarantee", "gradual_exit")]
        assert sum(family) <= 1
        alone = [
            answers[slug].yes[own] for slug in ("single_guarantee", "religious_guarantee", "extreme_hardship")
        ]
        assert (np.sum(alone, axis=0) <= 1).all()
        if any(family):
            assert not alone[0].any()


def test_the_places_where_more_income_may_bring_more_money_are_named():
    named = {slug for slug, one in rules().programmes.items() if one.rises_with_income}
    assert named == {"extreme_hardship", "gradual_exit", "single_guarantee"}


@FEW
@given(cases(unknown=False), st.data())
def test_a_fact_that_nobody_knows_stops_no_money_that_it_could_bring(record, data):
    own, members = record
    known = ask([record])
    name = data.draw(st.sampled_from(sorted(own)))
    unsure = ask([(own | {name: None}, members)])
    for slug, answer in known.items():
        assert (unsure[slug].state[answer.state == YES] != NO).all(), slug


@pytest.mark.parametrize("workers", [1, 2])
def test_nobody_at_all_is_a_population_too(workers):
    answers = ask([], workers=workers)
    assert all(len(answer.state) == 0 for answer in answers.values())


def test_a_household_without_members_gets_nothing_and_disturbs_nobody():
    own, members = {"area_kind": "urban"}, []
    answers = ask([(own, members)])
    assert answers["minimum_guarantee"].no.all()
