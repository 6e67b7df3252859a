from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conftest import at
from yiwang.kernel.ui import moments

NOW = at("2026-09-28T10:20")


def test_a_moment_is_told_in_the_time_of_shanghai(chinese):
    assert moments.moment(at("2026-09-24T16:05")) == "2026年9月24日 16:05"
    assert moments.moment(None) == ""


def test_a_moment_in_english(english):
    assert moments.moment(at("2026-09-24T16:05")) == "24 Sep 2026, 16:05"
    assert moments.weekday(at("2026-09-24T00:30")) == "Thu"


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        moments.moment(datetime(2026, 9, 24, 16, 5))


def test_a_day_begins_at_midnight_in_china_not_in_greenwich(chinese):
    assert moments.day(at("2026-10-01T00:30")) == "2026年10月1日"
    assert moments.weekday(at("2026-10-01T00:30")) == "周四"


@pytest.mark.parametrize(
    ("limit", "words", "plain"),
    [
        ("5wd", "5 个工作日", "5 working days"),
        ("1wd", "1 个工作日", "1 working day"),
        ("4wh", "4 个工作时", "4 working hours"),
        ("24h", "24 小时", "24 clock hours"),
        ("7d", "7 个自然日", "7 calendar days"),
        ("2eh", "2 个紧急工作时", "2 emergency hours"),
        ("", "", ""),
    ],
)
def test_a_limit_in_words(limit, words, plain):
    from django.utils import translation

    with translation.override("zh-hans"):
        assert moments.limit_text(limit) == words
    with translation.override("en"):
        assert moments.limit_text(limit) == plain


def test_a_matter_is_overdue_from_the_moment_it_is_due(chinese):
    assert moments.left(NOW + timedelta(days=2, hours=3), NOW) == "剩余 2 天 3 小时"
    assert moments.left(NOW - timedelta(minutes=5), NOW) == "超期 5 分钟"
    assert moments.left(NOW - timedelta(seconds=5), NOW) == "超期 不到 1 分钟"
    assert moments.left(None, NOW) == "无时限"


def test_what_happened_before_now(chinese):
    assert moments.ago(NOW - timedelta(hours=1, minutes=10), NOW) == "1 小时 10 分钟前"
    assert moments.ago(NOW - timedelta(seconds=20), NOW) == "刚刚"
    assert moments.ago(NOW + timedelta(days=20, hours=3), NOW) == "20 天后"


def test_the_state_of_a_due_time():
    assert moments.time_state(NOW + timedelta(days=1), False, NOW) == "running"
    assert moments.time_state(NOW + timedelta(hours=1), False, NOW) == "soon"
    assert moments.time_state(NOW, False, NOW) == "soon"
    assert moments.time_state(NOW - timedelta(seconds=1), False, NOW) == "overdue"
    assert moments.time_state(NOW - timedelta(days=1), True, NOW) == "held"
    assert moments.time_state(None, False, NOW) == "none"


def test_an_unknown_number_is_a_dash_not_a_zero():
    assert moments.number(None) == "—"
    assert moments.number(1234567) == "1,234,567"
    assert moments.percent(None) == "—"
    assert moments.percent(0.9132) == "91.3%"
