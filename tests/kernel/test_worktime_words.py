"""What the calendar refuses is said in the reader's language, and says the same in both."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from yiwang.core.worktime import Hold, Limit, WorktimeError
from yiwang.core.worktime.moment import parse_moment
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.worktime_words import _SENTENCES, told


def _beyond():
    calendar = current_calendar()
    raise calendar.out_of_range(calendar.last + timedelta(days=1))


REFUSED = {
    "a unit that is none": lambda: Limit(5, "weeks"),
    "an amount that is no whole number": lambda: Limit(2.5, "wd"),
    "a limit beyond all": lambda: Limit(100_000, "d"),
    "no hours at all": lambda: Limit(0, "wh"),
    "a limit in other words": lambda: Limit.parse("5 weeks"),
    "an extension in another unit": lambda: Limit(5, "wd").extended(Limit(2, "h")),
    "a moment that is none": lambda: parse_moment("yesterday", "from"),
    "a hold that begins at no moment": lambda: Hold.parse("soon/2026-09-30T15:00"),
    "a hold that ends before it begins": lambda: Hold.parse("2026-09-30T15:00/2026-09-28T10:00"),
    "a hold that is none": lambda: Hold.parse("2026-09-28"),
    "a date beyond the calendar": _beyond,
}


@pytest.fixture(params=REFUSED)
def refusal(request, dadong) -> WorktimeError:
    with pytest.raises(WorktimeError) as caught:
        REFUSED[request.param]()
    return caught.value


def test_in_english_it_is_what_the_calendar_itself_says(refusal):
    with translation.override("en"):
        assert told(refusal) == str(refusal)


def test_in_chinese_it_is_chinese_and_keeps_what_was_given(refusal):
    with translation.override("zh-hans"):
        said = told(refusal)
    assert re.search("[\u4e00-\u9fff]", said)
    given = [str(value) for name, value in refusal.params.items() if name != "what"]
    assert all(value in said for value in given)


def test_every_sentence_is_one_that_can_come_up(dadong):
    found = set()
    for refused in REFUSED.values():
        with pytest.raises(WorktimeError) as caught:
            refused()
        found.add((type(caught.value).__name__, caught.value.code))
    assert found == set(_SENTENCES)


def test_what_has_no_sentence_of_its_own_stays_as_it_is():
    error = WorktimeError("new", f"something about {date(2026, 1, 1)}")
    assert told(error) == str(error)
