"""Due moments of a matter across the 2026 National Day, each computed by hand.

Off: 25 to 27 September (Mid-Autumn), 1 to 7 October. Worked: Sunday 20 September, Saturday 10 October.
Offices close at 17:30 until 30 September and at 17:00 from 1 October.
"""

from __future__ import annotations

import pytest

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import actions, queries
from yiwang.kernel.matters.models import Task
from yiwang.kernel.registers import calendars


@pytest.fixture
def own_calendar(dadong):
    """A calendar that the test may change: the process forgets it afterwards."""
    yield
    calendars.reset_caches()


def test_five_working_days_from_the_eve_of_mid_autumn_end_after_national_day(way):
    task = way.to_handle("2026-09-24T16:30")
    # Counted: 28, 29, 30 September, 8, 9 October.
    assert task.due_at == at("2026-10-09T17:00")
    assert way.matter().due_at == task.due_at


def test_a_hold_takes_out_the_days_it_touches(way):
    way.to_handle("2026-09-24T16:30")
    actions.hold(actor=SYSTEM, matter=way.id, reason="material", now=at("2026-09-29T10:00"), note="等配件")
    assert (way.task().due_at, way.task().held, way.matter().held) == (None, True, True)
    actions.resume(actor=SYSTEM, matter=way.id, now=at("2026-10-08T11:00"))
    # Counted: 28 September, 9, 10 (Saturday, worked), 12, 13 October.
    assert way.task().due_at == at("2026-10-13T17:00")
    assert not way.matter().held


def test_a_rework_goes_on_with_the_first_clock_without_the_time_of_verification(way):
    way.to_handle("2026-09-24T16:30")
    actions.hold(actor=SYSTEM, matter=way.id, reason="material", now=at("2026-09-29T10:00"), note="等配件")
    actions.resume(actor=SYSTEM, matter=way.id, now=at("2026-10-08T11:00"))
    way.do("done", "2026-10-12T15:00")
    way.do("confirm", "2026-10-12T16:00")
    way.do("fail", "2026-10-13T09:00")
    task = way.task()
    # Counted: 28 September, 9, 10 October; then not 12 and 13 (verification); 14, 15 October.
    assert (task.link, task.due_at) == ("handle", at("2026-10-15T17:00"))
    assert way.matter().reworks == 1


def test_another_unit_gets_the_whole_limit(way):
    way.to_handle("2026-09-24T16:30")
    way.do("not_ours", "2026-09-28T09:00")
    way.do("dispatch", "2026-09-29T09:00", unit="municipal-north")
    task = way.task()
    # Counted from 29 September: 30, 8, 9, 10, 12 October.
    assert (task.unit_id, task.due_at) == ("municipal-north", at("2026-10-12T17:00"))
    assert (way.matter().returns, way.matter().reworks) == (1, 0)


def test_an_extension_adds_days_and_is_given_once_and_before_the_due_moment(way):
    task = way.to_handle("2026-09-24T16:30")
    with pytest.raises(Invalid) as refusal:
        actions.extend(actor=SYSTEM, task=task.id, limit="4wh", now=at("2026-09-28T09:00"), note="下雨")
    assert refusal.value.where == "limit"
    actions.extend(actor=SYSTEM, task=task.id, limit="2wd", now=at("2026-09-28T09:00"), note="下雨")
    # Two more: 10 and 12 October.
    assert way.task().due_at == at("2026-10-12T17:00")
    with pytest.raises(Invalid):
        actions.extend(actor=SYSTEM, task=task.id, limit="2wd", now=at("2026-09-29T09:00"), note="又下雨")


def test_an_overdue_task_cannot_be_extended(way):
    task = way.to_handle("2026-09-24T16:30")
    with pytest.raises(Invalid):
        actions.extend(actor=SYSTEM, task=task.id, limit="2wd", now=at("2026-10-10T09:00"), note="迟了")


def test_filing_at_night_is_due_in_emergency_hours(way):
    way.open("2026-10-01T23:40")
    assert way.task().due_at == at("2026-10-02T00:40")  # one emergency hour, on the holiday


def test_the_page_shows_each_day_and_why_it_is_not_counted(way, supervisor):
    way.to_handle("2026-09-24T16:30")
    view = queries.see(supervisor, way.matter().number)
    (strip,) = view.strips.values()
    days = {day["date"]: day for day in strip["days"]}
    assert not days["2026-09-26"]["counted"] and "中秋" in days["2026-09-26"]["name"]
    assert not days["2026-10-05"]["counted"] and "国庆" in days["2026-10-05"]["name"]
    assert days["2026-10-09"]["counted"]
    assert sum(day["counted"] for day in strip["days"]) == 5


def test_a_hold_needs_a_reason_of_the_closed_list(way):
    way.to_handle()
    with pytest.raises(Invalid, match="weather"):
        actions.hold(actor=SYSTEM, matter=way.id, reason="holiday", now=at("2026-09-28T09:00"), note="放假")


def test_the_clock_of_filing_cannot_be_stopped(way):
    way.open()
    with pytest.raises(Invalid):
        actions.hold(actor=SYSTEM, matter=way.id, reason="weather", now=at("2026-09-24T17:00"), note="雨")


def test_a_clock_that_stands_cannot_be_stopped_again(way):
    way.to_handle()
    actions.hold(actor=SYSTEM, matter=way.id, reason="weather", now=at("2026-09-28T09:00"), note="雨")
    with pytest.raises(Conflict):
        actions.hold(actor=SYSTEM, matter=way.id, reason="material", now=at("2026-09-28T10:00"), note="等")


def test_a_new_holiday_notice_moves_open_due_dates_and_says_so(own_calendar, way):
    """2027 has no notice yet: what falls into it is provisional until the notice is imported."""
    from yiwang.kernel.matters import timers
    from yiwang.kernel.matters.models import Event
    from yiwang.kernel.registers.calendars import import_notice

    way.limit = "5wd"
    way.to_handle("2026-12-28T10:00")
    assert way.task().provisional
    # Counted: 29, 30, 31 December, 4, 5 January (1 January is statutory; 2 and 3 a weekend).
    assert way.task().due_at == at("2027-01-05T17:00")
    notice = {
        "year": 2027,
        "source": "test",
        "days_off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-04"}],
        "makeup_days": [],
    }
    import_notice(notice, SYSTEM, at("2026-12-29T09:00"))
    assert timers.recompute_open(at("2026-12-29T09:00")) == 1
    assert way.task().due_at == at("2027-01-06T17:00")
    assert not way.task().provisional
    event = Event.objects.filter(matter=way.id).latest("seq")
    assert event.action == "recompute" and event.data["record"]["due"]
    assert timers.recompute_open(at("2026-12-29T09:01")) == 0
    assert Task.objects.filter(matter=way.id, state="open").count() == 1


def test_an_amended_notice_moves_dates_that_rested_on_the_published_one(own_calendar, way):
    """As when the 2020 Spring Festival was lengthened while the clocks ran."""
    from yiwang.kernel.matters import timers
    from yiwang.kernel.registers.calendars import import_notice

    way.to_handle("2026-09-24T16:30")
    assert not way.task().provisional
    notice = {
        "year": 2026,
        "source": "test",
        "days_off": [{"name": "国庆节", "from": "2026-09-25", "to": "2026-10-09"}],
        "makeup_days": [],
    }
    import_notice(notice, SYSTEM, at("2026-09-25T09:00"))
    assert timers.recompute_open(at("2026-09-25T09:00")) == 1
    # Off until 9 October, and no make-up Saturday: counted are 12 to 16 October.
    assert way.task().due_at == at("2026-10-16T17:00")
