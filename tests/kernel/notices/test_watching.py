"""Due soon and overdue are told as the moment passes, once, also after a pause."""

from datetime import timedelta

import pytest

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.notices import watching
from yiwang.kernel.notices.models import Notice, Watch

START = at("2026-09-24T16:30")


@pytest.fixture
def due(way):
    """When the task of these tests is due; the watch began when the task did."""
    task = way.to_handle()
    watching.look(START)
    return task.due_at


def told(topic: str) -> int:
    return Notice.objects.filter(topic=topic).count()


def test_the_first_look_tells_nothing_of_what_was_due_before(way):
    task = way.to_handle()
    assert watching.look(task.due_at + timedelta(days=1)) == 0
    assert told("overdue") == 0 and Watch.objects.count() == 2


def test_soon_and_overdue_are_told_once_each(due):
    assert watching.look(due - timedelta(hours=3)) == 0
    assert watching.look(due - timedelta(hours=1)) == 1
    assert watching.look(due - timedelta(minutes=30)) == 0
    assert watching.look(due + timedelta(minutes=1)) == 1
    assert watching.look(due + timedelta(minutes=1)) == 0
    assert (told("soon"), told("overdue")) == (1, 1)


def test_what_passed_while_nothing_ran_is_told_when_it_runs_again(due):
    assert watching.look(due + timedelta(days=2)) == 2


def test_what_passed_long_ago_is_left_to_the_digest(due):
    assert watching.look(due + timedelta(days=9)) == 0


def test_a_longer_limit_is_told_again_when_it_ends(way, due):
    watching.look(due - timedelta(hours=1))
    actions.extend(
        actor=SYSTEM, task=way.task().id, limit="2wd", now=due - timedelta(minutes=30), note="工程量大"
    )
    later = way.task().due_at
    assert watching.look(due + timedelta(minutes=1)) == 0
    assert watching.look(later + timedelta(minutes=1)) == 2
    assert (told("soon"), told("overdue")) == (2, 1)


def test_many_tasks_due_at_one_moment_are_all_told(way, due, monkeypatch):
    from tests.kernel.matters.conftest import Way

    monkeypatch.setattr(watching, "AT_A_TIME", 2)
    for _n in range(4):
        Way(way.rules).to_handle()
    assert watching.look(due + timedelta(minutes=1)) >= 5
    assert told("overdue") >= 5


def test_whoever_took_the_task_is_told(way, due):
    from tests.people import person

    handler = person("handler-drainage")
    actions.claim(actor=handler, task=way.task().id, now=START)
    watching.look(due + timedelta(minutes=1))
    assert Notice.objects.get(topic="overdue").user_id == handler.id
