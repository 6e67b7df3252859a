"""Due dates computed by hand. In 2026: Mid-Autumn off 09-25..27, National Day off 10-01..07, worked instead
09-20 (Sunday) and 10-10 (Saturday); Spring Festival off 02-15..23, worked 02-14 and 02-28 (Saturdays)."""

import pytest

from tests.core.worktime.calendars import at, district, due_text
from yiwang.core.worktime import CalendarError, Limit, LimitError, MomentError, due


def test_five_working_days_from_the_thursday_before_mid_autumn_end_after_national_day():
    # 28, 29, 30 September, 8, 9 October
    assert due_text("09-24 16:30", "5wd") == "10-09 17:00"


def test_a_make_up_saturday_is_a_working_day():
    assert due_text("09-24 16:30", "6wd") == "10-10 17:00"


def test_a_make_up_sunday_is_a_working_day():
    assert due_text("09-18 10:00", "1wd") == "09-20 17:30"
    assert due_text("09-20 10:00", "1wd") == "09-21 17:30"


def test_a_limit_spans_the_spring_festival_without_counting_it():
    # 13, 14 (make-up), 24, 25, 26 February
    assert due_text("02-12 09:00", "5wd") == "02-26 17:00"


def test_what_is_accepted_on_friday_at_five_is_due_the_next_friday():
    assert due_text("06-05 17:00", "5wd") == "06-12 17:30"


def test_what_is_accepted_on_a_saturday_has_its_first_day_on_monday():
    assert due_text("06-06 10:00", "1wd") == "06-08 17:30"


def test_the_hour_of_acceptance_does_not_change_a_limit_in_days():
    assert due_text("06-08 00:00", "1wd") == due_text("06-08 23:59", "1wd") == "06-09 17:30"


def test_zero_days_means_by_close_of_business_today():
    assert due_text("06-08 09:00", "0wd") == due_text("06-08 09:00", "0d") == "06-08 17:30"


@pytest.mark.parametrize("start", ["06-05 17:30", "06-05 22:00", "06-06 10:00", "06-07 23:59"])
def test_zero_days_after_hours_means_by_close_of_the_next_working_day(start):
    assert due_text(start, "0wd") == due_text(start, "0d") == "06-08 17:30"


def test_the_close_of_business_follows_the_season_of_the_due_day():
    assert due_text("05-29 10:00", "1wd") == "06-01 17:30"
    assert due_text("09-29 10:00", "1wd") == "09-30 17:30"
    assert due_text("09-29 10:00", "2wd") == "10-08 17:00"


def test_natural_days_count_weekends():
    assert due_text("06-08 10:00", "7d") == "06-15 17:30"


def test_natural_days_that_end_on_a_sunday_move_to_monday():
    assert due_text("06-07 10:00", "7d") == "06-15 17:30"
    assert due_text("06-08 10:00", "6d") == "06-15 17:30"


def test_natural_days_that_end_in_national_day_move_to_the_day_after():
    assert due_text("09-25 10:00", "7d") == "10-08 17:00"


def test_natural_days_that_end_on_a_make_up_saturday_do_not_move():
    assert due_text("10-03 10:00", "7d") == "10-10 17:00"


def test_working_hours_stop_for_lunch():
    assert due_text("03-02 10:00", "4wh") == "03-02 15:30"


def test_four_working_hours_after_lunch_end_the_same_day_not_the_next_morning():
    assert due_text("03-02 13:00", "4wh") == "03-02 17:00"


def test_working_hours_of_a_friday_evening_start_on_monday():
    assert due_text("03-06 18:00", "2wh") == "03-09 10:30"


def test_working_hours_run_on_a_make_up_saturday():
    # 30 minutes on Friday, then Saturday 02-28 is worked
    assert due_text("02-27 16:30", "4wh") == "02-28 13:30"


def test_working_hours_wait_through_national_day():
    assert due_text("09-30 16:30", "2wh") == "10-08 09:30"


def test_hours_and_emergency_hours_run_through_the_night_and_the_holiday():
    assert due_text("09-30 22:00", "24h") == "10-01 22:00"
    assert due_text("10-02 23:30", "2eh") == "10-03 01:30"


def test_an_extension_counts_like_the_limit():
    assert due_text("09-24 16:30", "5wd", extension="1wd") == "10-10 17:00"
    assert due_text("03-02 10:00", "2wh", extension="2wh") == "03-02 15:30"


def test_an_extension_in_another_unit_is_refused_with_what_to_write():
    with pytest.raises(LimitError, match="extension in wd") as caught:
        due_text("09-24 16:30", "5wd", extension="3d")
    assert caught.value.params == {"limit": "5wd", "extension": "3d"}


def test_a_start_in_another_time_zone_is_the_same_moment():
    assert due(district(), at("2026-09-23T23:30:00+00:00"), Limit.parse("2wh")).moment == at("09-24 10:30")
    assert due(district(), at("2026-09-23T23:30:00+00:00"), Limit.parse("1wd")).moment == at("09-28 17:30")


def test_a_start_without_a_time_zone_is_refused():
    with pytest.raises(MomentError, match="no time zone"):
        due(district(), at("09-24 10:00").replace(tzinfo=None), Limit.parse("5wd"))


def test_a_due_date_beyond_the_calendar_is_refused_not_guessed():
    with pytest.raises(CalendarError, match="covers 2019-01-01 to 2036-12-31"):
        due(district(), at("2036-12-20T10:00"), Limit.parse("20wd"))
    with pytest.raises(CalendarError):
        due(district(), at("2018-12-31T10:00"), Limit.parse("5wd"))


def test_a_due_date_in_a_year_without_notice_says_that_it_is_provisional():
    def provisional(start, limit):
        return due(district(), at(start), Limit.parse(limit)).provisional

    assert not provisional("12-01 10:00", "10wd")
    assert provisional("12-28 10:00", "5wd")
    assert provisional("12-31 16:30", "4wh")
    assert not provisional("12-31 16:30", "48h")


def test_natural_days_are_provisional_only_when_their_last_day_is():
    def provisional(start, limit):
        return due(district(), at(start), Limit.parse(limit)).provisional

    assert provisional("2026-12-25T10:00", "10d")
    assert not provisional("2026-12-25T10:00", "4d")
