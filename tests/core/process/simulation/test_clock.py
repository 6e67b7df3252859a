"""The loop's clock says what core.worktime says."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.process.simulation.scenes import calendar
from yiwang.core.process.simulation.clock import (
    UNITS,
    advance,
    after_limit,
    clocks,
    days_counted,
    when_worked,
    worked,
)
from yiwang.core.worktime import Calendar, Hold, Limit, Season, due, used
from yiwang.core.worktime.due import worked_before
from yiwang.core.worktime.moment import moment_of, seconds_of

SEASONS = (
    Season.from_pack({"from": "10-01", "to": "05-31", "windows": ["08:30-11:30", "13:00-17:00"]}),
    Season.from_pack(
        {"from": "06-01", "to": "09-30", "windows": ["09:00-12:00", "13:30-15:00", "15:30-18:00"]}
    ),
)
TWO = (calendar(), Calendar.build([], SEASONS, 2025, 2028))
CLOCKS = clocks(TWO)
START = CLOCKS.start
moments = st.integers(START, START + 2 * 365 * 86_400)
which = st.integers(0, 1)


@settings(max_examples=300, deadline=None)
@given(moments, which, st.integers(1, 40), st.sampled_from(sorted(UNITS)))
def test_a_limit_ends_when_the_law_says(moment: int, number: int, amount: int, unit: str) -> None:
    expected = due(TWO[number], moment_of(moment), Limit(amount, unit)).moment
    assert after_limit(CLOCKS, number, moment, amount, UNITS[unit]) == seconds_of(expected)


@settings(max_examples=200, deadline=None)
@given(moments, which)
def test_a_limit_of_no_days_ends_at_the_next_close_of_business(moment: int, number: int) -> None:
    expected = due(TWO[number], moment_of(moment), Limit(0, "wd")).moment
    assert after_limit(CLOCKS, number, moment, 0, UNITS["wd"]) == seconds_of(expected)


@settings(max_examples=300, deadline=None)
@given(moments, which, st.integers(1, 10**6))
def test_work_is_finished_at_the_first_moment_at_which_it_was_worked(
    moment: int, number: int, seconds: int
) -> None:
    done = advance(CLOCKS, number, moment, seconds, False)
    before = worked(CLOCKS, number, moment)
    assert before == worked_before(TWO[number].tables, moment)
    assert worked(CLOCKS, number, done) == before + seconds
    assert worked(CLOCKS, number, done - 1) == before + seconds - 1
    assert when_worked(CLOCKS, number, before + seconds) == done


@settings(max_examples=200, deadline=None)
@given(
    moments,
    st.integers(0, 90 * 86_400),
    which,
    st.lists(st.tuples(moments, st.integers(1, 20 * 86_400)), max_size=4),
)
def test_days_are_counted_as_a_limit_counts_them(
    start: int, length: int, number: int, given_holds: list
) -> None:
    """Where the last day is over; `used` asks for that, the count of a case takes its last day in."""
    end = start + length
    close = due(TWO[number], moment_of(end), Limit(0, "wd")).moment
    if close.date() == moment_of(end).date():
        end = seconds_of(close)
    spans = sorted((start + (begin - START) % (60 * 86_400), long) for begin, long in given_holds)
    spans = [(begin, begin + long) for begin, long in spans if begin < end]
    holds = [Hold(moment_of(begin), moment_of(until)) for begin, until in spans]
    expected = used(TWO[number], moment_of(start), moment_of(end), "wd", holds).amount
    counted = days_counted(
        CLOCKS, number, np.array([start]), np.array([end]), np.array([0, len(spans)]),
        np.array([begin for begin, _until in spans], np.int64), np.array([until for _begin, until in spans], np.int64),
    )  # fmt: skip
    assert counted[0] == expected


def test_after_the_calendars_end_nothing_is_ever_done() -> None:
    last = CLOCKS.end - 3600
    assert advance(CLOCKS, 0, last, 10**7, False) > CLOCKS.end
    assert (timedelta(seconds=int(CLOCKS.end - CLOCKS.start)).days) == 4 * 365 + 1
