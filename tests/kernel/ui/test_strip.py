from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import at
from tests.core.worktime.calendars import district as calendar
from yiwang.core.worktime import Hold, Limit, due
from yiwang.kernel.ui import present
from yiwang.kernel.ui.styleguide.samples import strips

CALENDAR = calendar()
NOW = at("2026-09-28T10:20")


def test_five_working_days_over_the_national_day_with_a_hold(chinese):
    view = present.strip(strips()[0], NOW)
    assert view.summary == "自 2026年9月24日 16:30 起，时限 5 个工作日，2026年10月12日 17:00到期。"
    assert [c.word for c in view.cells] == [
        *["起算日", "中秋节", "中秋节", "中秋节", "暂停", "暂停", "计入"],
        *["国庆节"] * 7,
        *["计入", "计入", "补班", "周末", "到期"],
    ]
    assert [c.mark for c in view.cells if c.kind in ("counted", "makeup")] == ["1", "2", "3", "4"]
    assert view.cells[-2].sentence == "10月11日 周日：周末，不计入"
    assert [c.date.day for c in view.cells if c.today] == [28]


def test_every_kind_of_day_that_is_shown_has_its_rule(chinese):
    for explained in strips():
        view = present.strip(explained)
        assert {c.kind for c in view.cells} <= {rule.kind for rule in view.rules} | {"closed"}
        assert all(rule.text for rule in view.rules)


def test_a_pause_without_an_end_gives_no_due_time_but_what_remains(chinese):
    view = present.strip(strips()[2])
    assert view.summary == "自 2026年9月24日 16:30 起，时限 5 个工作日。计时已暂停，剩余 5 个工作日。"
    assert view.holds[0].end is None


def test_a_long_strip_shows_its_beginning_and_its_end(chinese):
    explained = strips()[3]
    view = present.strip(explained)
    assert len(view.cells) + view.skipped == len(explained.days)
    assert view.cells[view.gap_after].column == 1 and view.cells[view.gap_after].begins
    assert view.cells[-1].date == explained.days[-1].date


def test_a_year_without_a_notice_is_marked(chinese):
    view = present.strip(strips()[4])
    assert view.provisional and any(cell.provisional for cell in view.cells)


def test_the_reason_of_a_pause_is_named_in_the_language_of_the_page(english):
    reasons = {"material": {"name": "等待材料", "name_en": "Waiting for material", "basis": "local rule"}}
    held = present.strip(strips()[0], reasons=reasons).holds[0]
    assert (held.name, held.basis) == ("Waiting for material", "local rule")


def test_holidays_are_named_in_the_language_of_the_page(english):
    view = present.strip(strips()[0])
    assert view.cells[0].label == "24 Sep" and view.cells[1].word == "holiday"
    assert view.cells[1].sentence == "25 Sep Fri: Mid-Autumn Festival, not counted"


def test_calendar_days_that_end_in_a_holiday_say_why_they_move(chinese):
    view = present.strip(strips()[6])
    assert [cell.word for cell in view.cells] == ["起算日", "计入", "计入", "计入", *["国庆节"] * 6, "到期"]
    assert {r.kind: r.text for r in view.rules}["holiday"] == "期限已满，顺延至下一个工作日。"


def test_a_stored_explanation_gives_the_same_strip_as_a_fresh_one(chinese):
    for explained in strips():
        assert present.strip(explained.as_dict(), NOW) == present.strip(explained, NOW)


@settings(max_examples=60)
@given(
    start=st.integers(0, 600 * 24 * 60),
    amount=st.integers(1, 130),
    unit=st.sampled_from(["wd", "d", "wh", "h", "eh"]),
    hold=st.none() | st.tuples(st.integers(0, 60 * 24), st.none() | st.integers(1, 20 * 24)),
)
def test_whatever_the_limit_the_days_drawn_follow_each_other(start, amount, unit, hold):
    begin = at("2025-01-02T00:00") + timedelta(minutes=start)
    holds = []
    if hold:
        pause = begin + timedelta(hours=hold[0])
        holds = [Hold(pause, None if hold[1] is None else pause + timedelta(hours=hold[1]), "weather")]
    view = present.strip(due(CALENDAR, begin, Limit(amount, unit), holds))
    days = [cell.date for cell in view.cells]
    jumps = [n for n in range(1, len(days)) if days[n] - days[n - 1] != timedelta(days=1)]
    assert jumps == ([view.gap_after] if view.skipped else [])
    assert all(cell.sentence and cell.mark and cell.word for cell in view.cells)
    assert all(cell.column == cell.date.isoweekday() for cell in view.cells)
