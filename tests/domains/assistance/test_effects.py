"""What a change of a parameter would do: nobody is counted twice, and the sums are those of asking everybody."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domains.assistance.small_law import DAY, family, population, rules
from tests.domains.assistance.test_verdicts import families
from yiwang.core.policy import PolicyError, evaluate
from yiwang.domains.assistance.preview.effects import BANDS, Baseline, Groups, effect
from yiwang.domains.assistance.preview.kinds import KINDS, kinds_of

RULES = rules()
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "line.urban": st.integers(0, 200_000),
        "line.rural": st.integers(0, 200_000),
        "care": st.integers(0, 20_000),
    },
)


def baseline(*households) -> Baseline:
    people = population(*households)
    areas = Groups(np.arange(len(households)) % 2, ("210104002", "210104003"))
    return Baseline(RULES, people, DAY, areas, kinds_of(RULES, people, DAY))


@settings(max_examples=60)
@given(st.lists(families, min_size=1, max_size=6), CHANGES)
def test_the_effect_is_the_difference_of_asking_everybody_before_and_after(households, changes):
    base = baseline(*households)
    found = effect(base, changes)
    before = evaluate(RULES, base.population, DAY)
    after = evaluate(RULES.with_values(changes), base.population, DAY)
    for slug in ("guarantee", "care"):
        was, becomes = before[slug], after[slug]
        told = next((one for one in found.programmes if one.key == slug), None)
        if told is None:
            assert np.array_equal(was.state, becomes.state) and np.array_equal(was.amount, becomes.amount)
        else:
            assert (told.fen_before, told.fen_after) == (12 * was.amount.sum(), 12 * becomes.amount.sum())
    spent = sum(12 * int(one.amount.sum()) for one in after.values())
    assert found.total.fen_after == spent


@settings(max_examples=60)
@given(st.lists(families, min_size=1, max_size=6), CHANGES)
def test_areas_and_kinds_add_up_to_the_whole(households, changes):
    found = effect(baseline(*households), changes)
    for groups in (found.areas, found.kinds):
        for name in ("before", "gained", "lost", "more", "less", "fen_before", "fen_after"):
            assert sum(getattr(one, name) for one in groups) == getattr(found.total, name)
    total = found.total
    assert 0 <= total.lost <= total.before and total.before + total.gained <= len(households)


@settings(max_examples=60)
@given(st.lists(families, min_size=1, max_size=6), CHANGES)
def test_everybody_who_loses_money_stands_in_one_band(households, changes):
    base = baseline(*households)
    found = effect(base, changes)
    assert sum(one.count for one in found.worst) == sum(sum(one.by_kind.values()) for one in found.worst)
    assert sum(one.out for one in found.worst) == found.total.lost
    for one in found.worst:
        assert one.fen >= one.count * (one.over + 1)
        assert one.up_to is None or one.fen <= one.count * one.up_to


@given(st.lists(families, min_size=1, max_size=4))
def test_no_change_moves_nobody(households):
    found = effect(baseline(*households), {})
    assert (found.total.change, found.total.gained, found.total.lost, found.programmes) == (0, 0, 0, ())


def test_only_programmes_that_look_at_the_parameter_are_asked_again():
    base = baseline(family([0], ill=True))
    found = effect(base, {"care": 0})
    assert ([one.key for one in found.programmes], found.untouched) == (["care"], ("guarantee",))
    assert (found.total.change, found.total.lost, found.programmes[0].less) == (-12 * 9000, 0, 1)


def test_a_household_that_loses_one_help_and_keeps_another_is_not_out():
    base = baseline(family([79_000], ill=True), family([79_000]))
    found = effect(base, {"line": 50_000})
    assert (found.programmes[0].lost, found.total.lost) == (2, 1)


def test_the_worst_hit_are_told_in_bands_the_largest_loss_first():
    base = baseline(family([0, 0]), family([79_000]))
    found = effect(base, {"line": 0})
    assert [(one.over, one.count) for one in found.worst if one.count] == [(BANDS[-1], 1), (0, 1)]


def test_a_parameter_that_is_not_there_or_cannot_have_the_value_is_refused():
    base = baseline(family([0]))
    for changes in ({"lime": 1}, {"line.city": 1}, {"line": "much"}):
        with pytest.raises(PolicyError):
            effect(base, changes)


def test_each_household_is_of_one_kind():
    child, old = {"born_on": date(2015, 1, 1)}, {"born_on": date(1950, 1, 1)}
    grown = {"born_on": date(1990, 1, 1)}
    people = population(
        ({}, [grown | {"serious_illness": True}]),
        ({}, [old]),
        ({}, [old, old]),
        ({}, [grown, child]),
        ({}, [grown]),
        ({}, [grown, grown]),
        ({}, []),
    )
    kinds = kinds_of(RULES, people, DAY)
    assert [KINDS[n] for n in kinds.of] == ["ill", "old_alone", "old", "minors", "alone", "other", "other"]
