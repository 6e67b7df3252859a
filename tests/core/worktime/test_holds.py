"""Holds stop the clock. Hand-computed; 2026-06-08 is a Monday, there is no holiday until 06-19."""

from datetime import timedelta

import numpy as np
import pytest

from tests.core.worktime.calendars import at, district, due_text, hold
from yiwang.core.worktime import SHANGHAI, Hold, HoldArrays, HoldError, Limit, due, due_many


def test_paused_on_friday_and_resumed_on_monday_loses_both_days():
    # Without the hold: 06-11, 12, 15, 16. Friday 12 and Monday 15 are not counted.
    assert due_text("06-10 10:00", "4wd") == "06-16 17:30"
    assert due_text("06-10 10:00", "4wd", "06-12 15:00 / 06-15 09:00") == "06-18 17:30"


def test_a_hold_of_an_hour_costs_the_day():
    assert due_text("06-08 10:00", "3wd", "06-09 14:00 / 06-09 15:00") == "06-12 17:30"


def test_a_hold_across_national_day_counts_the_make_up_saturday():
    # counted: 09-28; held 09-29..10-08; then 10-09, 10-10 (make-up), 10-12, 10-13
    assert due_text("09-24 16:30", "5wd", "09-29 10:00 / 10-08 15:00") == "10-13 17:00"


def test_overlapping_holds_count_once():
    both = due_text("06-08 10:00", "5wd", "06-09 09:00 / 06-11 09:00", "06-10 09:00 / 06-12 09:00")
    assert both == due_text("06-08 10:00", "5wd", "06-09 09:00 / 06-12 09:00")


def test_two_holds_that_meet_on_one_day_cost_that_day_once():
    assert (
        due_text("06-08 10:00", "3wd", "06-09 09:00 / 06-10 09:00", "06-10 15:00 / 06-11 09:00")
        == "06-16 17:30"
    )


def test_a_hold_that_ended_before_the_start_changes_nothing():
    assert due_text("06-08 10:00", "1wd", "06-05 10:00 / 06-08 09:00") == "06-09 17:30"
    assert due_text("06-08 10:00", "0wd", "06-05 10:00 / 06-08 09:00") == "06-08 17:30"


def test_a_hold_that_began_before_the_start_counts_from_the_start():
    assert due_text("06-08 10:00", "1wd", "06-05 10:00 / 06-09 09:00") == "06-10 17:30"
    assert due_text("06-08 10:00", "2h", "06-05 10:00 / 06-08 11:00") == "06-08 13:00"


def test_a_hold_on_the_due_day_before_the_close_moves_the_due_date():
    assert due_text("06-08 10:00", "1wd", "06-09 17:29 / 06-10 09:00") == "06-11 17:30"


@pytest.mark.parametrize("begin", ["06-09 17:30", "06-09 20:00", "06-10 09:00"])
def test_a_hold_from_the_close_of_the_due_day_saves_nothing(begin):
    assert due_text("06-08 10:00", "1wd", f"{begin} / 06-12 09:00") == "06-09 17:30"


def test_an_empty_hold_is_no_hold():
    assert due_text("06-08 10:00", "1wd", "06-09 10:00 / 06-09 10:00") == "06-09 17:30"


def test_a_hold_on_a_zero_day_limit_moves_it_past_the_hold():
    assert due_text("06-08 10:00", "0wd", "06-08 11:00 / 06-09 10:00") == "06-10 17:30"


def test_natural_days_are_held_on_weekends_too():
    # 06-09 counts; 06-10..13 held; 14, 15
    assert due_text("06-08 10:00", "3d", "06-10 10:00 / 06-13 10:00") == "06-15 17:30"


def test_a_hold_between_a_last_sunday_and_its_monday_moves_it_further():
    # 06-14 is a Sunday: due Monday 15; held Monday and Tuesday: Wednesday 17
    assert due_text("06-08 10:00", "6d") == "06-15 17:30"
    assert due_text("06-08 10:00", "6d", "06-15 09:00 / 06-16 09:00") == "06-17 17:30"


def test_working_hours_give_back_exactly_the_office_time_of_the_hold():
    # held 10:30-11:30 and 13:00-14:00: two office hours
    assert due_text("03-02 10:00", "2wh", "03-02 10:30 / 03-02 14:00") == "03-02 15:30"


def test_working_hours_lose_nothing_to_a_hold_at_night():
    assert due_text("03-02 16:00", "2wh", "03-02 18:00 / 03-03 07:00") == "03-03 09:30"


def test_hours_stop_to_the_minute():
    assert due_text("03-02 10:00", "24h", "03-02 22:10 / 03-02 23:25") == "03-03 11:15"
    assert due_text("03-02 10:00", "2eh", "03-02 11:00 / 03-02 11:20") == "03-02 12:20"


def test_a_hold_after_the_hours_are_up_saves_nothing():
    assert due_text("03-02 10:00", "2h", "03-02 12:00 / 03-02 15:00") == "03-02 12:00"


def test_while_a_hold_lasts_there_is_no_due_date_but_a_rest():
    found = due(district(), at("06-08 10:00"), Limit.parse("5wd"), [hold("06-10 10:00 /", "expert review")])
    assert (found.held, found.moment, found.remaining) == (True, None, 4)
    assert found.days[-1].reason == "hold"
    assert found.days[-1].hold == "expert review"
    found = due(district(), at("03-02 10:00"), Limit.parse("4wh"), [hold("03-02 14:00 /")])
    assert found.remaining == 1.5 * 3600


def test_an_open_hold_that_begins_after_the_due_moment_holds_nothing():
    assert due_text("06-08 10:00", "1wd", "06-10 10:00 /") == "06-09 17:30"


def test_a_hold_that_ends_before_it_begins_is_refused():
    with pytest.raises(HoldError, match="ends .* before it begins"):
        hold("06-10 10:00 / 06-09 10:00")
    with pytest.raises(HoldError, match="FROM/TO"):
        Hold.parse("2026-06-10")


def test_the_explanation_names_the_hold_on_each_day_that_it_touches():
    holds = [hold("06-10 10:00 / 06-11 10:00", "hearing")]
    found = due(district(), at("06-08 10:00"), Limit.parse("2wd"), holds)
    assert [(day.date.day, day.reason, day.index, day.hold) for day in found.days] == [
        (8, "first_day", 0, ""),
        (9, "working", 1, ""),
        (10, "hold", 0, "hearing"),
        (11, "hold", 0, "hearing"),
        (12, "last_day", 2, ""),
    ]


@pytest.mark.parametrize("unit", ["wd", "d", "wh", "h", "eh"])
def test_a_hold_from_the_very_due_moment_saves_nothing_and_a_second_earlier_does(unit):
    limit = Limit(6, unit)
    moment = due(district(), at("06-08 10:00"), limit).moment
    starts = np.array(["2026-06-08T10:00"], "datetime64[s]")
    for early, moved in ((0, False), (1, True)):
        begin = moment - timedelta(seconds=early)
        end = begin + timedelta(days=1)
        alone = due(district(), at("06-08 10:00"), limit, [Hold(begin, end)]).moment
        begins, ends = (np.array([[time.replace(tzinfo=None)]], "datetime64[s]") for time in (begin, end))
        many = due_many(district(), starts, limit, holds=HoldArrays(begins, ends))[0].item()
        assert (alone > moment, many.replace(tzinfo=SHANGHAI)) == (moved, alone)


def test_a_hold_that_ends_at_midnight_does_not_touch_the_day_after_for_hours():
    found = due(
        district(), at("06-08 10:00"), Limit.parse("48h"), [hold("06-08 12:00 / 06-09 00:00", "hearing")]
    )
    assert [day.hold for day in found.days] == ["hearing", "", "", ""][: len(found.days)]
    found = due(
        district(), at("06-08 10:00"), Limit.parse("2wd"), [hold("06-08 12:00 / 06-09 00:00", "hearing")]
    )
    assert [day.hold for day in found.days] == ["hearing", "hearing", "", ""]
