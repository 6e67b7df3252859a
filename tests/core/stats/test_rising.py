"""Counts against their own history: the false alarms that are promised, and outbreaks that are found."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import exp, log
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.stats import Series, adjusted, band, dispersions, like_days, quantile, rising, tail, wilson

counts = st.integers(0, 400)


def drawn(rng: random.Random, mean: float, dispersion: float) -> int:
    """A negative binomial count with this mean and variance over mean; Poisson for 1."""
    if dispersion > 1:
        size = mean / (dispersion - 1)
        mean = rng.gammavariate(size, mean / size)
    count, left = 0, mean
    while left > 500:  # exp would underflow
        count, left = count + drawn(rng, 500, 1), left - 500
    bar, product = exp(-left), rng.random()
    while product > bar:
        count, product = count + 1, product * rng.random()
    return count


@given(counts, st.integers(0, 4000), st.integers(1, 60), st.floats(1, 20))
def test_the_tail_is_that_of_the_binomial_or_beta_binomial(now, before, times, dispersion):
    stats = pytest.importorskip("scipy.stats")
    total, got = now + before, tail(now, before, times, dispersion)
    if dispersion < 1.001:
        known = stats.binom.sf(now - 1, total, 1 / (times + 1))
    else:
        size = max(before / times, 0.3) / (dispersion - 1)
        known = stats.betabinom.sf(now - 1, total, size, size * times)
    assert got == pytest.approx(known, rel=1e-6, abs=1e-9)


@given(counts, st.integers(0, 4000), st.integers(1, 60), st.floats(1, 20))
def test_more_is_never_more_probable(now, before, times, dispersion):
    more = tail(now + 1, before, times, dispersion)
    assert 0 <= more <= tail(now, before, times, dispersion) + 1e-9 <= 1 + 2e-9


@given(st.integers(10, 400), st.integers(2, 20), st.integers(1, 8))
def test_what_scatters_more_surprises_less(before, times, more):
    now = round(before / times) * 2 + 5
    assert tail(now, before, times, 1.0 + more) >= tail(now, before, times, 1.0) - 1e-12


@pytest.mark.parametrize(
    "wrong", [(-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0.5), (1, 1, 1, float("nan"))]
)
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(ValueError, match="no counts"):
        tail(*wrong)


@given(st.lists(st.floats(0, 1), max_size=50))
def test_correcting_for_many_comparisons_keeps_the_order_and_makes_nothing_smaller(values):
    got = adjusted(values)
    assert all(value - 1e-12 <= q <= 1 for value, q in zip(values, got, strict=True))
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [got[at] for at in order] == sorted(got)


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 3.0])
def test_where_nothing_rises_a_false_alarm_is_as_rare_as_promised(dispersion):
    """400 walls of 60 quiet series each; at a rate of 0.05 about 20 may tell something, 34 only by a one in 1000 chance."""
    rng = random.Random(20261126)
    alarms = 0
    for _wall in range(400):
        means = [exp(rng.gauss(log(15), 1)) for _series in range(60)]
        series = [
            Series(n, drawn(rng, mean, dispersion), tuple(drawn(rng, mean, dispersion) for _week in range(8)))
            for n, mean in enumerate(means)
        ]
        alarms += bool(rising({"class": series}, least=0, more=0))
    assert alarms <= 34


@pytest.mark.parametrize(("dispersion", "times"), [(1.0, 2.5), (2.0, 3.0)])
def test_an_outbreak_among_many_quiet_series_is_found_and_comes_first(dispersion, times):
    rng = random.Random(7)
    found = 0
    for _wall in range(50):
        series = [
            Series(n, drawn(rng, 20, dispersion), tuple(drawn(rng, 20, dispersion) for _week in range(8)))
            for n in range(60)
        ]
        series[17] = Series(17, round(20 * times), series[17].before)
        told = rising({"class": series})
        found += bool(told) and told[0].key == 17
    assert found >= 45


def test_small_numbers_short_histories_and_small_excesses_are_not_told():
    quiet = [Series(n, 20, (20,) * 8) for n in range(5)]
    assert rising({"class": [*quiet, Series("few", 4, (0,) * 8)]}) == []
    assert rising({"class": [*quiet, Series("new", 90, (1, 2, 1))]}) == []
    assert rising({"class": quiet}) == []
    (told,) = rising({"class": [*quiet, Series("many", 60, (20, 22, 18, 20, 19, 21, 20, 20))]})
    assert (told.family, told.key, told.now, told.expected, told.windows) == ("class", "many", 60, 20, 8)
    assert told.p <= told.q < 0.001


def test_a_series_that_always_scatters_keeps_its_own_scatter():
    wild = Series("wild", 60, (0, 60, 0, 55, 0, 58, 0, 0))
    calm = [Series(n, 10, (10, 11, 9, 10, 12, 8, 10, 10)) for n in range(20)]
    own = dispersions([wild, *calm])
    assert own[0] > 30 and max(own[1:]) < 3
    assert rising({"community": [wild, *calm]}) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    numpy = pytest.importorskip("numpy")
    assert quantile(values, share) == pytest.approx(float(numpy.quantile(values, share)), rel=1e-9, abs=1e-6)


@given(st.lists(st.lists(st.integers(0, 99), min_size=24, max_size=24), min_size=1, max_size=8))
def test_the_middle_lies_in_the_band(curves):
    got = band(curves)
    assert all(low <= middle <= high for low, middle, high in zip(got.low, got.middle, got.high, strict=True))


def test_no_day_to_compare_with_gives_no_band():
    assert band([]) is None
    with pytest.raises(ValueError, match="needs values"):
        quantile([], 0.5)


HOLIDAYS = {date(2026, 10, 1) + timedelta(days=n) for n in range(7)}
MAKEUP = {date(2026, 9, 27), date(2026, 10, 10)}


def calendar(day: date) -> SimpleNamespace:
    if day in HOLIDAYS:
        return SimpleNamespace(kind="holiday", working=False)
    if day in MAKEUP:
        return SimpleNamespace(kind="makeup", working=True)
    working = day.weekday() < 5
    return SimpleNamespace(kind="workday" if working else "weekend", working=working)


def test_a_thursday_is_compared_with_thursdays_that_were_worked():
    days = like_days(date(2026, 10, 29), calendar)
    assert {day.weekday() for day in days} == {3}
    assert date(2026, 10, 1) not in days and len(days) == 7


def test_a_sunday_that_is_worked_is_compared_with_days_that_were_worked():
    days = like_days(date(2026, 10, 10), calendar)
    assert all(calendar(day).working for day in days)
    assert date(2026, 9, 27) in days and not HOLIDAYS & set(days)


def test_a_holiday_is_compared_with_days_off():
    days = like_days(date(2026, 10, 5), calendar)
    assert days and not any(calendar(day).working for day in days)
    assert date(2026, 9, 27) not in days


def test_a_sunday_is_not_compared_with_a_sunday_that_was_worked():
    assert date(2026, 9, 27) not in like_days(date(2026, 10, 18), calendar)


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_rate_and_narrows_with_more_cases(good, bad):
    low, high = wilson(good, good + bad)
    assert 0 <= low <= high <= 1
    if good + bad:
        assert low <= good / (good + bad) <= high
        wider = wilson(good * 4, (good + bad) * 4)
        assert wider[1] - wider[0] <= high - low + 1e-9


def test_more_of_a_part_than_of_the_whole_is_no_rate():
    with pytest.raises(ValueError, match="no rate"):
        wilson(3, 2)
