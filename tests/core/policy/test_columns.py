"""Unknown is neither false nor zero: the logic and the sums over members."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.policy.columns import (
    HOUSEHOLD,
    NO,
    PERSON,
    UNKNOWN,
    YES,
    Number,
    Rate,
    Truth,
    choose,
    least,
    most,
)
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.layout import SLOTS, Layout
from yiwang.core.policy.narrowing import placed, taken

STATES = st.sampled_from([NO, UNKNOWN, YES])
ROWS = st.lists(st.tuples(STATES, STATES), min_size=1, max_size=20)
NUMBERS = st.lists(
    st.tuples(st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9)), min_size=1, max_size=20
)


def truth(states) -> Truth:
    return Truth(np.array(states, np.uint8), PERSON)


def number(values) -> Number:
    known = np.array([v is not None for v in values])
    return Number(np.array([v or 0 for v in values], np.int64), None if known.all() else ~known, PERSON)


def plain(column: Number) -> list:
    unknown = np.zeros(len(column.values), bool) if column.unknown is None else column.unknown
    return [None if u else v for v, u in zip(column.values.tolist(), unknown.tolist(), strict=True)]


def worlds(state: int) -> set[bool]:
    """What an answer may turn out to be."""
    return {NO: {False}, YES: {True}, UNKNOWN: {False, True}}[state]


def judged(outcomes: set[bool]) -> int:
    return UNKNOWN if len(outcomes) == 2 else (YES if True in outcomes else NO)


@given(ROWS)
def test_and_or_not_say_what_holds_in_every_world_that_is_possible(rows):
    a, b = truth([x for x, _ in rows]), truth([y for _, y in rows])
    both = [judged({p and q for p in worlds(x) for q in worlds(y)}) for x, y in rows]
    either = [judged({p or q for p in worlds(x) for q in worlds(y)}) for x, y in rows]
    assert (a & b).state.tolist() == both
    assert (a | b).state.tolist() == either
    assert (~a).state.tolist() == [judged({not p for p in worlds(x)}) for x, _ in rows]


@given(NUMBERS)
def test_a_comparison_with_an_unknown_number_is_unknown(rows):
    a, b = number([x for x, _ in rows]), number([y for _, y in rows])
    for found, holds in (
        (a < b, lambda x, y: x < y),
        (a >= b, lambda x, y: x >= y),
        (a == b, lambda x, y: x == y),
    ):
        wanted = [UNKNOWN if x is None or y is None else (YES if holds(x, y) else NO) for x, y in rows]
        assert found.state.tolist() == wanted


@given(NUMBERS, st.data())
def test_choosing_needs_only_what_is_chosen(rows, data):
    states = [data.draw(STATES) for _ in rows]
    a, b = number([x for x, _ in rows]), number([y for _, y in rows])
    expected = [
        {YES: x, NO: y, UNKNOWN: x if x == y else None}[state]
        for state, (x, y) in zip(states, rows, strict=True)
    ]
    assert plain(choose(truth(states), a, b)) == expected
    ones = [{YES: 1, NO: 0, UNKNOWN: None}[state] for state in states]
    assert plain(choose(truth(states), 1)) == ones
    large = [{YES: 10**12, NO: -5, UNKNOWN: None}[state] for state in states]
    assert plain(choose(truth(states), 10**12, -5)) == large
    mixed = [
        {YES: x, NO: 7, UNKNOWN: 7 if x == 7 else None}[state]
        for state, (x, _) in zip(states, rows, strict=True)
    ]
    assert plain(choose(truth(states), a, 7)) == mixed


def test_a_share_is_rounded_half_up_to_whole_fen():
    assert plain(number([1, 3, 5, 99, 100]) * Rate(5000)) == [1, 2, 3, 50, 50]


def test_counts_in_few_bits_do_not_overflow_in_a_product():
    areas = Number(np.array([9999], np.int32), None, HOUSEHOLD)
    assert plain(areas * 10_000_000) == [99_990_000_000]
    bands = choose(Truth(np.array([YES], np.uint8), HOUSEHOLD), 2, 0)
    assert plain(bands * 1000) == [2000]
    assert plain(bands + 1000) == [1002]


def test_division_rounds_down_and_by_zero_gives_zero():
    assert plain(number([7, -7, 5]) // number([2, 2, 0])) == [3, -4, 0]


def test_the_smaller_and_the_larger_of_two_are_unknown_when_one_is():
    assert plain(least(number([1, None, 5]), 3)) == [1, None, 3]
    assert plain(most(number([1, None, -5]), 0)) == [1, None, 0]


def test_what_is_no_number_or_no_condition_is_refused():
    with pytest.raises(PolicyError):
        number([1]) + 1.5
    with pytest.raises(PolicyError):
        truth([YES]) & number([1])
    with pytest.raises(PolicyError):
        bool(truth([YES]))
    with pytest.raises(PolicyError):
        choose(number([1]), 1)


SIZES = st.lists(st.integers(0, SLOTS + 4), min_size=1, max_size=12).map(
    lambda sizes: sorted(sizes, reverse=True)
)


@given(SIZES, st.randoms(use_true_random=False))
def test_sums_over_members_are_those_of_a_plain_loop(sizes, random):
    layout = Layout(np.array(sizes))
    people = [random.randint(-50, 50) for _ in range(sum(sizes))]
    homes = [people[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(len(sizes))]
    column = np.array(people, np.int64)[layout.place()]
    assert layout.persons == len(people)
    assert layout.add(column).tolist() == [sum(home) for home in homes]
    assert layout.most(column, -99).tolist() == [max(home, default=-99) for home in homes]
    assert layout.least(column, 99).tolist() == [min(home, default=99) for home in homes]
    back = np.empty_like(column)
    back[layout.place()] = layout.spread(np.arange(len(sizes)))
    assert back.tolist() == [n for n, size in enumerate(sizes) for _ in range(size)]


@given(SIZES, st.data())
def test_some_households_taken_out_keep_their_members(sizes, data):
    layout = Layout(np.array(sizes))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(sizes) - 1))))
    places = placed(layout, np.array(chosen, np.int64))
    homes = Number(layout.spread(np.arange(len(sizes))), None, PERSON)
    part = taken(homes, places)
    assert places.layout.spread(np.array(chosen, np.int64)).tolist() == part.values.tolist()
    assert len(part.values) == sum(sizes[n] for n in chosen)
