"""The calendar is the official one, says so, and refuses a notice that cannot be."""

import json
import pickle
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from tests.core.worktime.calendars import district, notices
from tests.core.worktime.lunar import moving_holidays
from yiwang.core.worktime import Calendar, CalendarError, Notice, NoticeError, Season, SeasonError
from yiwang.core.worktime.files import calendar_of, read_notices, read_seasons
from yiwang.core.worktime.statutory import FIRST_YEAR, LAST_YEAR, statutory_holidays

ALL_YEAR = [Season.from_pack({"from": "01-01", "to": "12-31", "windows": ["09:00-17:00"]})]


def every_day(first: date, last: date):
    return (first + timedelta(n) for n in range((last - first).days + 1))


def test_every_day_of_2019_to_2026_is_worked_or_off_as_chinesecalendar_and_holidays_say():
    theirs = holidays.country_holidays("CN", years=range(2019, 2027))
    for day in every_day(date(2019, 1, 1), date(2026, 12, 31)):
        ours = district().day(day)
        assert ours.status == "official"
        assert ours.working == chinese_calendar.is_workday(day) == theirs.is_working_day(day), day


def test_the_statutory_days_are_off_in_every_published_year():
    for year in range(2019, 2027):
        for day, name in statutory_holidays(year).items():
            assert not district().day(day).working, (day, name)


def test_working_days_of_each_year_are_as_many_as_the_notices_leave():
    expected = {2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}
    for year, count in expected.items():
        days = every_day(date(year, 1, 1), date(year, 12, 31))
        assert sum(district().day(day).working for day in days) == count


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 9, 20), "makeup", "国庆节"),
        (date(2026, 9, 26), "holiday", "中秋节"),
        (date(2026, 9, 28), "workday", ""),
        (date(2026, 10, 7), "holiday", "国庆节"),
        (date(2026, 10, 11), "weekend", ""),
        (date(2020, 2, 3), "workday", ""),
    ],
)
def test_a_day_says_what_it_is(day, kind, name):
    found = district().day(day)
    assert (found.kind, found.name, found.working) == (kind, name, kind in ("workday", "makeup"))


def test_moving_holidays_are_where_the_sky_and_the_holidays_library_put_them():
    lunar = holidays.calendars.chinese._ChineseLunisolar(holidays.calendars.chinese.CHINESE_CALENDAR)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        spring, qingming, dragon_boat, mid_autumn = moving_holidays(year)
        named = statutory_holidays(year)
        assert [named[day][-3:] == name or name in named[day] for day, name in (
            (spring, "春节"), (qingming, "清明节"), (dragon_boat, "端午节"), (mid_autumn, "中秋节")
        )] == [True] * 4, year  # fmt: skip
        assert spring == lunar.lunar_new_year_date(year)[0]
        assert dragon_boat == lunar.dragon_boat_date(year)[0]
        assert mid_autumn == lunar.mid_autumn_date(year)[0]


def test_there_are_thirteen_statutory_days_since_2025_and_eleven_before():
    assert len(statutory_holidays(2027)) == len(statutory_holidays(2025)) == 13
    assert len(statutory_holidays(2024)) == len(statutory_holidays(2019)) == 11
    assert date(2027, 2, 5) in statutory_holidays(2027)  # New Year's Eve
    assert statutory_holidays(2031)[date(2031, 10, 1)] == "国庆节、中秋节"  # two on one day


def test_a_year_without_notice_has_its_holidays_and_no_make_up_days_and_is_provisional():
    year = [district().day(day) for day in every_day(date(2027, 1, 1), date(2027, 12, 31))]
    assert {day.status for day in year} == {"provisional"}
    assert {day.kind for day in year} == {"workday", "weekend", "holiday"}
    assert {day.date for day in year if day.kind == "holiday"} == set(statutory_holidays(2027))


def test_a_notice_makes_its_year_official_and_leaves_the_old_calendar_as_it_was():
    before = calendar_of(notices()[:-1], district().seasons)
    after = before.with_notice(notices()[-1])
    assert before.day(date(2026, 10, 10)).working is False
    assert after.day(date(2026, 10, 10)).kind == "makeup"
    assert before.day(date(2026, 10, 10)).status == "provisional"
    assert before.fingerprint != after.fingerprint
    assert before != after


def test_an_amended_notice_takes_the_place_of_the_first():
    amended = Notice(2026, tuple(day for day in notices()[-1].days if day.date != date(2026, 10, 10)))
    after = district().with_notice(amended)
    assert after.day(date(2026, 10, 10)).kind == "weekend"
    assert after.with_notice(notices()[-1]) == district()


def test_a_notice_reaches_back_into_the_december_before():
    calendar = Calendar.build([notices()[4]], ALL_YEAR, 2022, 2023)
    assert calendar.day(date(2022, 12, 31)).status == "official"
    assert calendar.day(date(2022, 12, 30)).status == "provisional"


def test_equal_calendars_have_one_fingerprint_and_survive_being_stored():
    again = calendar_of(reversed(notices()), district().seasons)
    assert again == district()
    assert hash(again) == hash(district())
    assert pickle.loads(pickle.dumps(again)).fingerprint == district().fingerprint
    assert Calendar.build(notices(), ALL_YEAR, 2019, 2036) != district()


def notice_json(*days, year=2027):
    return {"year": year, "papers": [], "days": [{"name": n, "date": d, "isOffDay": o} for n, d, o in days]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (notice_json(), "probably not published yet"),
        (notice_json(("元旦", "2028-01-01", True)), "2028-01-01 .* is not a day of the notice for 2027"),
        (
            notice_json(("元旦", "2027-01-01", True), ("元旦", "2027-01-01", False)),
            "once as off and once as worked",
        ),
        (notice_json(("元旦", "2027-01-02", True), ("元旦", "2027-01-02", True)), "listed twice"),
        (notice_json(("元旦", "2027-01-06", False)), "no weekend day"),
        (notice_json(("元旦", "1 January", True)), r"days\[1\].*“1 January” is not a date"),
        (notice_json(("", "2027-01-01", True)), r"days\[1\].*give its name"),
        (notice_json(("元旦", "2027-01-01", "no")), r"days\[1\].*true or false"),
        (notice_json(("元旦", "2027-01-01", True), year="2027"), "its year as a number"),
        ({"year": 2027}, "no list “days”"),
        ({"year": 2027, "days": ["2027-01-01"]}, r"days\[1\].*not an object"),
        ([], "its year"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_with_the_entry(data, message):
    with pytest.raises(NoticeError, match=message):
        Notice.from_json(data)


def test_two_notices_that_disagree_on_a_day_are_refused():
    other = Notice.from_json(notice_json(("元旦", "2026-12-31", True)))
    late = Notice.from_json(
        notice_json(("国庆节", "2026-12-31", False), ("国庆节", "2026-12-30", True), year=2026)
    )
    with pytest.raises(NoticeError, match="off in one notice and worked in another"):
        Calendar.build([late, other], ALL_YEAR, 2026, 2027)
    with pytest.raises(NoticeError, match="two notices are for 2027"):
        Calendar.build([other, other], ALL_YEAR, 2026, 2027)


def test_a_published_json_notice_says_the_same_as_the_pack():
    from tests.data import shared_data

    for notice in notices():
        path = shared_data(f"calendar/holiday-cn-{notice.year}.json")
        theirs = Notice.from_json(json.loads(path.read_text(encoding="utf-8")))
        assert theirs.days == notice.days
        assert theirs.sources == notice.sources


@pytest.mark.parametrize("days_off", ["2027-01-01", ["2027-01-01"], {"name": "元旦"}])
def test_a_notice_of_a_pack_whose_days_are_no_entries_is_refused(days_off):
    with pytest.raises(NoticeError, match="days_off of the notice for 2027 must be a list"):
        Notice.from_pack({"year": 2027, "days_off": days_off})


def test_a_notice_of_a_pack_names_the_file_that_is_wrong(tmp_path):
    (tmp_path / "2027.yaml").write_text(
        "year: 2027\ndays_off:\n  - {name: 元旦, from: 2027-01-03, to: 2027-01-01}\n"
    )
    with pytest.raises(NoticeError, match=r"2027\.yaml: days_off\[1\].*correct it"):
        read_notices(tmp_path)
    (tmp_path / "2027.yaml").write_text("year: [2027\n")
    with pytest.raises(NoticeError, match=r"2027\.yaml: cannot be read"):
        read_notices(tmp_path)


def season(first, last, *windows):
    return Season.from_pack({"from": first, "to": last, "windows": list(windows or ["09:00-17:00"])})


@pytest.mark.parametrize(
    ("seasons", "message"),
    [
        ([season("01-01", "06-30")], "no season has office hours for 07-01"),
        (
            [season("01-01", "06-30"), season("06-30", "12-31")],
            "more than one season has office hours for 06-30",
        ),
        ([season("03-01", "02-28")], "02-29"),
        ([], "no season has"),
    ],
)
def test_office_hours_cover_every_day_of_the_year_once(seasons, message):
    with pytest.raises(SeasonError, match=message):
        Calendar.build(notices(), seasons, 2026, 2026)


@pytest.mark.parametrize(
    ("first", "last", "windows", "message"),
    [
        ("01-01", "12-31", ["13:00-12:00"], "overlap or run backwards"),
        ("01-01", "12-31", ["09:00-12:00", "11:00-17:00"], "overlap"),
        ("01-01", "12-31", ["9-17"], "HH:MM-HH:MM"),
        ("01-01", "12-31", ["09:00-25:00"], "HH:MM-HH:MM"),
        ("02-30", "12-31", ["09:00-17:00"], "02-30 is not a day"),
        ("1 Jan", "12-31", ["09:00-17:00"], "MM-DD"),
    ],
)
def test_office_hours_that_cannot_be_are_refused(first, last, windows, message):
    with pytest.raises(SeasonError, match=message):
        season(first, last, *windows)


def test_a_calendar_file_without_office_hours_is_refused_by_name(tmp_path):
    (tmp_path / "calendar.yaml").write_text("office_hours: {status: illustrative}\n")
    with pytest.raises(SeasonError, match=r"calendar\.yaml: no list office_hours"):
        read_seasons(tmp_path / "calendar.yaml")


def test_years_whose_festivals_are_not_known_are_refused():
    with pytest.raises(CalendarError, match="2014 and 2060"):
        Calendar.build(notices(), ALL_YEAR, 2019, 2061)
