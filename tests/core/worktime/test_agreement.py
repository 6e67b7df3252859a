"""One case, a million cases and counting on one's fingers come to the same moment."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.worktime.brute import brute_due
from tests.core.worktime.calendars import district, odd
from yiwang.core.worktime import (
    SHANGHAI,
    Hold,
    HoldArrays,
    Limit,
    due,
    due_many,
    remaining,
    used,
    worked_many,
)

UNITS = ("wd", "d", "wh", "h", "eh")
CALENDARS = st.sampled_from([district, odd])
BEGINNING = datetime(2023, 1, 1, tzinfo=SHANGHAI)
# Days around holidays, make-up days and seasons' ends matter more than others.
DAYS = st.one_of(
    st.integers(0, 5 * 365),
    st.sampled_from([(datetime(y, m, d) - datetime(2023, 1, 1)).days for y, m, d in (
        (2026, 9, 24), (2026, 9, 30), (2026, 2, 13), (2025, 1, 26), (2024, 2, 28), (2024, 5, 31), (2025, 12, 31)
    )]),
)  # fmt: skip
CLOCK = st.one_of(
    st.integers(0, 1439),
    st.sampled_from([0, 8 * 60 + 30, 11 * 60 + 30, 13 * 60, 17 * 60, 17 * 60 + 30, 1439]),
)


@st.composite
def minutes_from(draw, days):
    return BEGINNING + timedelta(days=draw(days), minutes=draw(CLOCK))


@st.composite
def cases(draw, unit, longest_hold=12, most_holds=4):
    """(start, amount, holds) of whole minutes, holds before, around and after the limit, some of them open."""
    start = draw(minutes_from(DAYS))
    amount = draw(st.integers(0 if unit in ("wd", "d") else 1, 12 if unit in ("wd", "d") else 40))
    holds = []
    for _ in range(draw(st.integers(0, most_holds))):
        begin = start.replace(hour=0, minute=0) + timedelta(
            draw(st.integers(-4, 20)), minutes=draw(CLOCK) * 60
        )
        length = timedelta(draw(st.integers(0, longest_hold)), seconds=draw(CLOCK) * 60)
        holds.append((begin, None if draw(st.integers(0, 9)) == 0 else begin + length))
    return start, amount, holds


def one(calendar, case, unit):
    start, amount, holds = case
    return due(calendar, start, Limit(amount, unit), [Hold(begin, end) for begin, end in holds])


def local(moment):
    return np.datetime64("NaT") if moment is None else np.datetime64(moment.replace(tzinfo=None), "s")


def ragged(rows):
    flat = [hold for _, _, holds in rows for hold in holds]
    return HoldArrays(
        np.array([local(begin) for begin, _ in flat], "datetime64[s]"),
        np.array([local(end) for _, end in flat], "datetime64[s]"),
        np.cumsum([0, *(len(holds) for _, _, holds in rows)]),
    )


def fixed(rows):
    width = max((len(holds) for _, _, holds in rows), default=0)
    begins = np.full((len(rows), width), "NaT", "datetime64[s]")
    ends = begins.copy()
    for row, (_, _, holds) in enumerate(rows):
        for column, (begin, end) in enumerate(holds):
            begins[row, column], ends[row, column] = local(begin), local(end)
    return HoldArrays(begins, ends)


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=150, deadline=None)
@given(data=st.data(), calendar=CALENDARS)
def test_a_due_date_is_what_counting_on_the_fingers_gives(unit, data, calendar):
    case = data.draw(cases(unit))
    expected = brute_due(calendar(), case[0], case[1], unit, case[2])
    assert one(calendar(), case, unit).moment == expected


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=100, deadline=None)
@given(data=st.data(), calendar=CALENDARS)
def test_many_due_dates_at_once_equal_each_alone(unit, data, calendar):
    rows = data.draw(st.lists(cases(unit), min_size=1, max_size=12))
    seconds = data.draw(st.integers(0, 59))
    rows = [(start + timedelta(seconds=seconds), amount, holds) for start, amount, holds in rows]
    expected = np.array([local(one(calendar(), row, unit).moment) for row in rows], "datetime64[s]")
    starts = np.array([local(start) for start, _, _ in rows])
    amounts = np.array([amount for _, amount, _ in rows])
    for holds in (ragged(rows), fixed(rows)):
        np.testing.assert_array_equal(due_many(calendar(), starts, unit, amounts, holds=holds), expected)


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=100, deadline=None)
@given(data=st.data(), calendar=CALENDARS)
def test_the_explanation_counts_exactly_the_limit_and_ends_on_the_due_day(unit, data, calendar):
    case = data.draw(cases(unit))
    found = one(calendar(), case, unit)
    counted = sum(day.counted if unit in ("wd", "d") else day.seconds for day in found.days)
    allowed = case[1] if unit in ("wd", "d") else case[1] * 3600
    assert counted + found.remaining == allowed
    assert [day.index for day in found.days if day.counted] == list(
        range(1, sum(d.counted for d in found.days) + 1)
    )
    dates = [day.date for day in found.days]
    assert dates == [dates[0] + timedelta(n) for n in range(len(dates))]
    if found.moment:
        assert dates[-1] == found.moment.date()
        assert found.days[-1].reason in ("last_day", "moved")


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=100, deadline=None)
@given(data=st.data(), calendar=CALENDARS)
def test_the_whole_limit_is_used_at_the_due_moment_and_less_before(unit, data, calendar):
    start, amount, holds = data.draw(cases(unit))
    found = one(calendar(), (start, amount, holds), unit)
    given_holds = [Hold(begin, end) for begin, end in holds]
    limit = Limit(amount, unit)
    if found.moment is None:
        later = max(begin for begin, end in holds if end is None) + timedelta(days=3)
        assert remaining(calendar(), start, later, limit, given_holds) == found.remaining
        return
    at_due = used(calendar(), start, found.moment, unit, given_holds).amount
    just_before = used(calendar(), start, found.moment - timedelta(seconds=1), unit, given_holds).amount
    if unit == "wd" and amount:
        assert (at_due, just_before) == (amount, amount - 1)
        assert remaining(calendar(), start, found.moment - timedelta(seconds=1), limit, given_holds) == 1
    elif unit == "d":
        assert at_due >= amount
    elif unit in ("wh", "h", "eh"):
        assert (at_due, just_before) == (amount * 3600, amount * 3600 - 1)
    assert remaining(calendar(), start, found.moment, limit, given_holds) == 0


@settings(max_examples=100, deadline=None)
@given(data=st.data(), unit=st.sampled_from(UNITS))
def test_order_and_repetition_of_holds_make_no_difference(data, unit):
    start, amount, holds = data.draw(cases(unit))
    shuffled = data.draw(st.permutations(holds + holds[:1]))
    assert (
        one(district(), (start, amount, holds), unit).moment
        == one(district(), (start, amount, shuffled), unit).moment
    )


@given(
    CALENDARS, st.lists(st.tuples(DAYS, CLOCK, st.integers(-3 * 1440, 60 * 1440)), min_size=1, max_size=40)
)
@settings(max_examples=60)
def test_office_hours_of_many_are_those_of_each(which, rows):
    calendar = which()
    starts = [BEGINNING + timedelta(days=day, minutes=minute) for day, minute, _length in rows]
    ends = [
        max(BEGINNING, start + timedelta(minutes=length))
        for start, (_d, _m, length) in zip(starts, rows, strict=True)
    ]
    local = [
        np.array([moment.replace(tzinfo=None) for moment in many], "datetime64[s]") for many in (starts, ends)
    ]
    expected = [used(calendar, start, end, "wh").amount for start, end in zip(starts, ends, strict=True)]
    assert worked_many(calendar, *local).tolist() == expected
