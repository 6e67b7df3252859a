"""How long steps took, counted by day, against the tasks themselves."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.conftest import at
from tests.kernel.pace.conftest import NOW, count_all
from tests.kernel.pace.test_spread import brute
from yiwang.core.worktime import Hold, used
from yiwang.kernel.matters.models import Matter, Pause, Task
from yiwang.kernel.pace import counting, queries
from yiwang.kernel.pace.models import ClassDay, CountedDay, StepDay
from yiwang.kernel.pace.spread import ACCURACY
from yiwang.kernel.registers.calendars import current_calendar

pytestmark = pytest.mark.django_db


def lengths(node, first, last):
    tasks = Task.objects.filter(
        node=node, state="done", done_at__gte=counting.bounds(first)[0], done_at__lt=counting.bounds(last)[1]
    )
    return [(task.done_at - task.opened_at).total_seconds() for task in tasks]


def test_median_and_ninetieth_percentile_are_those_of_the_tasks_themselves(finished):
    count_all()
    found = queries.pace("incident", 30, NOW)
    for node in ("file", "dispatch", "handle"):
        brute_force = lengths(node, found.first, found.last)
        assert found.nodes[node].done == len(brute_force) > 0
        assert found.nodes[node].median == pytest.approx(brute(brute_force, 0.5), rel=ACCURACY + 1e-6)
        assert found.nodes[node].p90 == pytest.approx(brute(brute_force, 0.9), rel=ACCURACY + 1e-6)
    assert (found.days, found.asked) == (30, 30)
    assert found.last == date(2026, 10, 19)


def test_working_time_leaves_out_nights_weekends_and_the_paused_clock(finished):
    count_all()
    task = Task.objects.get(node="handle", state="done", outcome="done")
    pause = Pause.objects.get(matter=task.matter_id)
    calendar = current_calendar()
    worked = used(
        calendar, task.opened_at, task.done_at, "wh", [Hold(pause.start, pause.end, pause.reason)]
    ).amount
    without = used(calendar, task.opened_at, task.done_at, "wh").amount
    row = StepDay.objects.get(node="handle", day=date(2026, 10, 15))
    from yiwang.kernel.pace.spread import percentile

    counted = percentile({int(k): n for k, n in row.worked.items()}, 0.5)
    assert counted == pytest.approx(worked, rel=ACCURACY + 1e-6)
    assert worked < without


def test_results_and_what_was_late_are_counted(finished):
    count_all()
    handle = queries.pace("incident", 30, NOW).nodes["handle"]
    assert handle.outcomes == {"done": 1, "not_ours": 1}
    assert handle.outcome_share("not_ours") == 0.5
    late = Task.objects.filter(node="file", state="done")
    expected = sum(task.done_at > task.due_at for task in late) / late.count()
    assert queries.pace("incident", 30, NOW).nodes["file"].late_share == expected


def test_a_day_is_counted_once_and_again_when_three_days_have_passed(finished):
    now = at("2026-10-16T01:00")
    count_all(now)
    assert counting.missing(now) == []
    later = at("2026-10-18T00:30")
    assert counting.missing(later)[:3] == [date(2026, 10, 17), date(2026, 10, 16), date(2026, 10, 14)]
    count_all(later)
    assert counting.missing(later) == []


def test_the_newest_day_is_counted_first_and_one_at_a_time(finished):
    assert counting.count_missing(current_calendar(), NOW) == 1
    assert list(CountedDay.objects.values_list("day", flat=True)) == [date(2026, 10, 19)]
    found = queries.pace("incident", 30, NOW)
    assert (found.days, found.asked) == (1, 30)


def test_matters_of_a_class_are_those_of_the_complete_days(finished, dadong):
    count_all()
    standard = dadong.default_standard
    assert queries.received(standard, "01003", 30, NOW) == 5
    assert queries.received(standard, "01003", 8, NOW) == 3
    assert queries.open_by_class()[standard, "01003"] == 5


def test_where_matters_stand_is_what_the_open_tasks_say(finished):
    expected = Counter(Task.objects.filter(state="open").values_list("node", flat=True))
    found = queries.standing("incident", NOW)
    assert {node: stand.open for node, stand in found.items()} == expected
    overdue = Task.objects.filter(state="open", node="handle", due_at__lt=NOW).count()
    assert found["handle"].overdue == overdue


def test_what_is_older_than_the_window_is_forgotten(finished):
    count_all()
    counting.forget(NOW + timedelta(days=200))
    assert not StepDay.objects.exists() and not ClassDay.objects.exists() and not CountedDay.objects.exists()


def test_running_matters_are_counted_by_the_version_they_keep(finished, dadong):
    assert queries.open_by_version() == {dadong.id: Matter.objects.filter(state="open").count()}
