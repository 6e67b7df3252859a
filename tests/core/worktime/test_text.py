"""Limits as text, due dates as JSON and as a strip, cases from a file."""

import json

import numpy as np
import pytest

from tests.core.worktime.calendars import at, district, hold
from yiwang.core.worktime import (
    CalendarError,
    HoldArrays,
    HoldError,
    Limit,
    LimitError,
    MomentError,
    due,
    due_many,
    parse_moment,
    remaining,
    strip,
    used,
)
from yiwang.core.worktime.cases import CasesError, parse_cases, read_cases


@pytest.mark.parametrize("text", ["5wd", "4wh", "24h", "7d", "2eh", "0wd", "0d"])
def test_a_limit_reads_and_writes_as_the_same_text(text):
    assert str(Limit.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "5", "wd", "-1wd", "1.5h", "5 weeks", "5WD", "٥wd", "0h", "0wh", "100000d", None]
)
def test_what_is_no_limit_is_refused_with_what_to_write(text):
    with pytest.raises(LimitError, match="5wd|0wd|between"):
        Limit.parse(text)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "2026-09-24T25:00", "20260924", "2026-W39-4"]
)
def test_what_is_no_moment_is_refused_with_what_to_write(text):
    with pytest.raises(MomentError, match="YYYY-MM-DDTHH:MM"):
        parse_moment(text)


def test_a_moment_without_offset_is_shanghai_time():
    assert parse_moment("2026-09-24T16:30").isoformat() == "2026-09-24T16:30:00+08:00"
    assert parse_moment("2026-09-24T08:30:00Z") == parse_moment("2026-09-24 16:30")


def test_a_due_date_goes_to_json_with_its_days():
    found = due(
        district(), at("09-24 16:30"), Limit.parse("5wd"), [hold("09-28 10:00 / 09-29 10:00", "hearing")]
    )
    data = json.loads(json.dumps(found.as_dict()))
    assert data["from"] == "2026-09-24T16:30:00+08:00"
    assert data["limit"] == "5wd"
    assert data["due"] == "2026-10-12T17:00:00+08:00"
    assert data["holds"] == [
        {"from": "2026-09-28T10:00:00+08:00", "to": "2026-09-29T10:00:00+08:00", "reason": "hearing"}
    ]
    assert data["days"][-3]["reason"] == "makeup"
    assert data["days"][-3]["name"] == "国庆节"
    assert (data["provisional"], data["held"], data["calendar"]) == (False, False, district().fingerprint)


def test_an_open_hold_has_no_due_date_in_json():
    data = due(district(), at("06-08 10:00"), Limit.parse("5wd"), [hold("06-10 10:00 /")]).as_dict()
    assert (data["due"], data["held"], data["remaining"]) == (None, True, 4)
    assert data["holds"][0]["to"] is None


def test_the_strip_shows_a_week_a_line_with_numbers_holidays_and_the_due_day():
    lines = strip(due(district(), at("09-24 16:30"), Limit.parse("6wd"))).splitlines()
    assert lines[0] == "Due 2026-10-10 17:00 (6wd from 2026-09-24 16:30)"
    assert [line.split() for line in lines[2:5]] == [
        ["2026-09-21", "·", "休", "休", "休"],
        ["2026-09-28", "1", "2", "3", "休", "休", "休", "休"],
        ["2026-10-05", "休", "休", "休", "4", "5", "6班*"],
    ]
    assert "休 holiday (国庆节)" in lines[-1]


def test_the_strip_says_when_a_hold_lasts_and_when_a_year_is_provisional():
    assert strip(due(district(), at("06-08 10:00"), Limit.parse("5wd"), [hold("06-10 10:00 /")])).startswith(
        "On hold: 5wd from 2026-06-08 10:00; remaining 4wd"
    )
    assert "holiday notice" in strip(due(district(), at("12-30 10:00"), Limit.parse("5wd")))


def test_time_used_and_left_is_told_in_days_or_seconds():
    start = at("06-08 10:00")
    assert used(district(), start, at("06-10 17:29"), "wd").amount == 1
    assert used(district(), start, at("06-10 17:30"), "wd").amount == 2
    assert used(district(), start, at("06-08 11:00"), "wh").amount == 3600
    assert used(district(), start, at("06-07 10:00"), "wd").amount == 0
    assert (
        remaining(district(), start, at("06-10 17:30"), Limit.parse("5wd"), extension=Limit.parse("2wd")) == 5
    )
    assert remaining(district(), start, at("06-16 17:30"), Limit.parse("5wd")) == -1


def test_a_hold_after_the_due_moment_gives_an_overdue_matter_no_time_back():
    late = [hold("06-10 10:00 / 06-12 10:00")]
    assert remaining(district(), at("06-08 10:00"), at("06-15 18:00"), Limit.parse("1wd"), late) == -4


def test_cases_of_a_file_are_read_with_holds_and_extension():
    text = (
        "\ufefffrom,limit,holds,extension\n"
        "2026-09-24T16:30,5wd,,\n"
        "\n"
        "2026-09-24T16:30,5wd,2026-09-28T10:00/2026-09-29T10:00;2026-10-08/,2wd\n"
    )
    first, second = parse_cases(text)
    assert (first.row, first.limit, first.holds) == (2, Limit(5, "wd"), ())
    assert second.row == 4
    assert [item.end for item in second.holds] == [parse_moment("2026-09-29T10:00"), None]
    assert second.extension == Limit(2, "wd")


def test_every_bad_cell_of_a_file_is_named_and_no_row_is_taken():
    text = "from,limit,holds\n2026-09-24,5wd,\n24/9/2026,5 days,x\n2026-09-24,5wd\n2026-09-24,4wh,2026-09-28/2026-09-27\n"
    with pytest.raises(CasesError) as caught:
        parse_cases(text, "may.csv")
    assert [(cell.row, cell.column) for cell in caught.value.cells] == [
        (3, "from"), (3, "limit"), (3, "holds"), (4, ""), (5, "holds")
    ]  # fmt: skip
    assert str(caught.value.cells[1]).startswith("may.csv, row 3, column limit: “5 days” is not a time limit")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column from: column is missing"),
        ("from;limit\n", "column is missing"),
        ("from,limit,until\n", "column until: unknown column"),
        ("from,limit,limit\n", "appears twice"),
        ("from,limit,extension\n2026-09-24,5wd,3h\n", "row 2, column extension"),
    ],
)
def test_a_file_with_wrong_columns_is_refused(text, message):
    with pytest.raises(CasesError, match=message):
        parse_cases(text)


def test_a_file_that_is_not_utf8_or_not_there_is_refused(tmp_path):
    path = tmp_path / "cases.csv"
    with pytest.raises(CasesError, match="cannot be read"):
        read_cases(path)
    path.write_bytes("from,limit\n时间,5wd\n".encode("gbk"))
    with pytest.raises(CasesError, match="not UTF-8"):
        read_cases(path)


def times(*texts):
    return np.array(texts, "datetime64[s]")


def test_many_due_dates_take_one_limit_or_one_a_row_and_an_extension():
    starts = times("2026-09-24T16:30", "2026-09-24T16:30")
    same = due_many(district(), starts, Limit.parse("6wd"))
    assert same.tolist() == times("2026-10-10T17:00", "2026-10-10T17:00").tolist()
    each = due_many(district(), starts, "wd", np.array([5, 4]), extension=np.array([0, 2]))
    assert each.tolist() == times("2026-10-09T17:00", "2026-10-10T17:00").tolist()
    assert due_many(district(), starts[:0], Limit.parse("6wd")).tolist() == []


def test_many_due_dates_name_the_row_that_is_wrong():
    starts = times("2026-09-24T16:30", "2036-12-30T16:30")
    with pytest.raises(CalendarError, match="due date of row 1"):
        due_many(district(), starts, Limit.parse("6wd"))
    with pytest.raises(CalendarError, match="start of row 0"):
        due_many(district(), times("2010-01-01", "2026-01-01"), Limit.parse("6wd"))
    with pytest.raises(MomentError, match="row 1 has no start"):
        due_many(district(), times("2026-01-01", "NaT"), Limit.parse("6wd"))
    with pytest.raises(LimitError, match="row 1: -1wd"):
        due_many(district(), starts, "wd", np.array([1, -1]))
    with pytest.raises(LimitError, match="0h is not between 1"):
        due_many(district(), starts, "h", 0)
    with pytest.raises(LimitError, match="extension in wd"):
        due_many(district(), starts, Limit.parse("6wd"), extension=Limit.parse("1d"))
    bad = HoldArrays(times("NaT", "2026-09-28")[:, None], times("NaT", "2026-09-27")[:, None])
    with pytest.raises(HoldError, match="row 1 ends before it begins"):
        due_many(district(), starts[[0, 0]], Limit.parse("6wd"), holds=bad)
    with pytest.raises(HoldError, match="must both be"):
        due_many(district(), starts[:1], Limit.parse("6wd"), holds=bad)


def test_one_matter_with_a_thousand_holds_does_not_slow_the_others():
    starts = np.full(40_000, times("2026-06-08T10:00")[0])
    begins = times("2026-06-09T09:00") + np.arange(1000)
    offsets = np.r_[0, np.full(20_000, 0), np.full(20_000, 1000)]
    found = due_many(district(), starts, "wd", 1, holds=HoldArrays(begins, begins + 60, offsets))
    assert set(np.delete(found, 19_999 + 1).tolist()) == set(times("2026-06-09T17:30").tolist())
    assert found[20_000] == times("2026-06-10T17:30")[0]
