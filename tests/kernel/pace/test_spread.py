"""Percentiles from buckets against the percentiles of the lengths themselves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.pace.spread import ACCURACY, bucket, middle, percentile, spread

LENGTHS = st.lists(st.floats(1, 400 * 86_400), min_size=1, max_size=300)


def brute(lengths, share):
    return sorted(lengths)[max(1, math.ceil(share * len(lengths) - 1e-9)) - 1]


@given(LENGTHS, st.sampled_from([0.01, 0.25, 0.5, 0.9, 0.99, 1.0]))
def test_a_percentile_is_that_of_the_sorted_lengths_to_one_percent(lengths, share):
    found = percentile(spread(lengths), share)
    assert found == pytest.approx(brute(lengths, share), rel=ACCURACY + 1e-6, abs=1.01)


@given(LENGTHS, LENGTHS)
def test_two_days_added_up_are_the_two_days_counted_together(first, second):
    one, other = spread(first), spread(second)
    added = {number: one.get(number, 0) + other.get(number, 0) for number in {**one, **other}}
    assert added == spread(first + second)


@given(st.floats(0, 1e9))
def test_what_stands_for_a_length_is_at_most_one_percent_away(seconds):
    assert middle(bucket(seconds)) == pytest.approx(seconds, rel=ACCURACY + 1e-6, abs=1.01)


def test_of_nothing_there_is_no_percentile():
    assert percentile({}, 0.5) is None
