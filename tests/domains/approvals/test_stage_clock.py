"""The clock of a stage: cases computed by hand over National Day 2026, and a count day by day of generated ones.

Autumn 2026: 25 to 27 September and 1 to 7 October are off, Sunday 20 September and Saturday 10 October are worked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import at
from yiwang.core import worktime
from yiwang.core.worktime import SHANGHAI
from yiwang.domains.approvals.stage_clock import Work, standing, took


@pytest.fixture(scope="module")
def calendar():
    from yiwang.kernel.registers.pack_calendar import pack_calendar

    return pack_calendar()


def due(calendar, works, limit="7wd"):
    start = min(work.start for work in works)
    return worktime.due(calendar, start, worktime.Limit.parse(limit), standing(works, start))


def work(start: str, end: str | None, *waits: tuple[str, str | None]) -> Work:
    return Work(
        at(start),
        at(end) if end else None,
        tuple((at(begin), at(over) if over else None, "testing") for begin, over in waits),
    )


def test_without_a_hold_the_holidays_are_left_out(calendar):
    # 22, 23, 24, 28, 29, 30 September, 8 October
    assert due(calendar, [work("2026-09-21T10:00", None)]).moment == at("2026-10-08T17:00")


def test_the_hold_of_one_item_moves_nothing_while_another_goes_on(calendar):
    works = [
        work("2026-09-21T10:00", None, ("2026-09-22T10:00", "2026-09-30T10:00")),
        work("2026-09-21T11:00", None),
    ]
    assert standing(works) == ()
    assert due(calendar, works).moment == at("2026-10-08T17:00")


def test_when_the_other_is_decided_the_hold_that_is_left_stops_the_stage(calendar):
    works = [
        work("2026-09-21T10:00", None, ("2026-09-23T10:00", "2026-09-29T15:00")),
        work("2026-09-21T10:00", "2026-09-28T16:00"),
    ]
    # 22, 23, 24, 30 September; 8, 9 and Saturday 10 October: the 28th and the 29th are not counted
    assert due(calendar, works).moment == at("2026-10-10T17:00")


def test_overlapping_holds_count_where_they_overlap_and_once(calendar):
    works = [
        work("2026-09-21T10:00", None, ("2026-09-22T10:00", "2026-10-09T11:00")),
        work("2026-09-21T10:00", None, ("2026-09-29T09:00", "2026-10-08T10:00")),
    ]
    # 22, 23, 24, 28 September, 9, 10 and 12 October: 29, 30 September and 8 October are not counted
    (one,) = standing(works)
    assert (one.start, one.end) == (at("2026-09-29T09:00"), at("2026-10-08T10:00"))
    assert due(calendar, works).moment == at("2026-10-12T17:00")


def test_two_holds_of_one_item_that_touch_are_one(calendar):
    works = [
        work(
            "2026-09-21T10:00",
            None,
            ("2026-09-22T10:00", "2026-09-23T10:00"),
            ("2026-09-23T10:00", "2026-09-24T10:00"),
        )
    ]
    (one,) = standing(works)
    assert (one.start, one.end) == (at("2026-09-22T10:00"), at("2026-09-24T10:00"))
    # 28, 29, 30 September, 8, 9, 10, 12 October
    assert due(calendar, works).moment == at("2026-10-12T17:00")


def test_an_item_that_begins_while_the_others_stand_lets_the_clock_run(calendar):
    works = [
        work("2026-09-21T10:00", None, ("2026-09-22T10:00", None)),
        work("2026-09-24T10:00", "2026-09-28T10:00"),
    ]
    # stands from 22 to 24 September, then again from the 28th on without an end
    answer = due(calendar, works)
    assert answer.moment is None and answer.remaining == 7


def test_between_two_items_the_clock_runs(calendar):
    works = [work("2026-09-21T10:00", "2026-09-22T10:00"), work("2026-09-28T10:00", None)]
    assert standing(works) == ()


def test_what_is_decided_on_the_day_on_which_it_is_due_took_exactly_its_limit(calendar):
    start, end = at("2026-09-21T10:00"), at("2026-10-08T09:00")
    found = took(calendar, start, end)
    assert (found.working, found.span) == (7, 17)
    held = [worktime.Hold(at("2026-09-29T09:00"), at("2026-10-08T08:45"), "testing")]
    assert took(calendar, start, end, held).working == 4


# Day by day, hour by hour

FIRST, HOURS, DAYS = date(2026, 9, 14), range(8, 17), 40


def moment(day: int, hour: int) -> datetime:
    return datetime(FIRST.year, FIRST.month, FIRST.day, hour, tzinfo=SHANGHAI) + timedelta(days=day)


moments = st.builds(moment, st.integers(0, DAYS - 1), st.sampled_from(list(HOURS)))


@st.composite
def piece(draw) -> Work:
    start, end = sorted((draw(moments), draw(moments)))
    waits = []
    for _n in range(draw(st.integers(0, 3))):
        begin, over = sorted((draw(moments), draw(moments)))
        waits.append((begin, draw(st.sampled_from([over, over, over, None])), "testing"))
    return Work(start, draw(st.sampled_from([end, end, None])), tuple(waits))


def stands_at(works: list[Work], hour: datetime) -> bool:
    """Looked at one hour by itself."""
    there = [work for work in works if work.start <= hour and (work.end is None or hour < work.end)]
    going = [
        work
        for work in there
        if not any(begin <= hour and (over is None or hour < over) for begin, over, _why in work.waits)
    ]
    return bool(there) and not going


def by_hand(calendar, works: list[Work], start: datetime, limit: int) -> datetime | None:
    """The due day by walking the days one after the other; None while the clock stands."""
    held_days: set[date] = set()
    hour, last = start, moment(DAYS + 60, 16)
    before = False
    while hour <= last:
        now = stands_at(works, hour)
        if now or before:  # the day on which it begins, every day between, and the day on which it ends
            held_days.add(hour.date())
        before = now
        hour += timedelta(hours=1)
    open_from = None
    if before:
        probe = last
        while probe >= start and stands_at(works, probe):
            open_from = probe.date()
            probe -= timedelta(hours=1)
    day, counted = start.date(), 0
    while True:
        day += timedelta(days=1)
        if open_from is not None and day >= open_from:
            return None
        if calendar.day(day).working and day not in held_days:
            counted += 1
            if counted == limit:
                return day


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(works=st.lists(piece(), min_size=1, max_size=4), limit=st.integers(1, 15))
def test_the_due_day_is_what_one_counts_day_by_day(calendar, works, limit):
    works = [one for one in works if one.end is None or one.end > one.start]
    if not works:
        return
    start = min(one.start for one in works)
    answer = worktime.due(calendar, start, worktime.Limit.parse(f"{limit}wd"), standing(works, start))
    expected = by_hand(calendar, works, start, limit)
    assert (answer.moment.astimezone(SHANGHAI).date() if answer.moment else None) == expected
