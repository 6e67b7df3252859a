"""Who is told of what in the page, and what reading it means."""

from datetime import timedelta

import pytest
from django.db.models import Q

from tests.conftest import at
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Outbox, Task
from yiwang.kernel.notices import audience, inbox, telling
from yiwang.kernel.notices.models import Notice

NOW = at("2026-09-24T16:30")


def topics(actor, now=NOW) -> list[str]:
    return [row["topic"] for row in inbox.page(actor, now).rows]


def test_a_new_task_is_told_to_the_holders_of_its_post_in_its_unit_and_to_nobody_else(way, handler):
    task = way.to_handle()
    assert task.unit_id == "drainage"
    assert topics(handler) == ["task"]
    assert topics(person("handler-lighting")) == []
    assert topics(person("reviewer-drainage")) == []
    assert inbox.unread(handler, NOW) == 1


def test_one_row_tells_everybody(way):
    way.to_handle()
    before = Notice.objects.count()
    people = [person("handler-drainage", name=f"处置{n}") for n in range(3)]
    assert all(topics(one) == ["task"] for one in people)
    assert Notice.objects.count() == before


def test_who_has_done_it_needs_no_telling(way):
    acceptor = person("acceptor", "dispatcher")
    way.open("2026-09-24T16:30")
    rules = way.rules.conditions_of(way.rules.default_standard, "01003")
    actions.complete(
        actor=acceptor,
        task=way.task().id,
        outcome="file",
        now=NOW,
        data={"condition": rules[0].slug},
    )
    assert topics(acceptor) == ["task"]  # the report itself, which somebody else made
    assert "task" in topics(person("dispatcher", name="另一位"))


def test_what_comes_back_is_told_as_such(way, handler):
    way.to_handle()
    way.do("done", "2026-09-24T16:40")
    way.do("redo", "2026-09-24T16:50")
    assert topics(handler, at("2026-09-24T17:00")) == ["back", "task"]


def test_a_task_that_is_given_to_another_unit_is_told_there(way, supervisor_):
    task = way.to_handle()
    actions.reassign(actor=supervisor_, task=task.id, unit="municipal", now=NOW, note="归市政")
    assert topics(person("handler-municipal")) == ["task"]


def test_a_reminder_is_told_to_whoever_has_it_and_numbers_in_it_are_masked(way, handler, supervisor_):
    way.to_handle()
    actions.remind(actor=supervisor_, matter=way.id, now=NOW, note="请联系张先生 138 1234 5678 核实")
    row = inbox.page(handler, NOW).rows[0]
    assert row["topic"] == "reminded"
    assert "1234" not in row["data"]["note"] and "5678" in row["data"]["note"]


def test_reading_one_and_reading_all(way, handler, supervisor_):
    way.to_handle()
    actions.remind(actor=supervisor_, matter=way.id, now=NOW, note="快")
    rows = inbox.page(handler, NOW).rows
    inbox.mark_read(handler, rows[1]["id"], NOW)
    inbox.mark_read(handler, rows[1]["id"], NOW)
    assert inbox.unread(handler, NOW) == 1
    inbox.mark_all_read(handler, rows[0]["id"])
    assert inbox.unread(handler, NOW) == 0
    actions.remind(actor=supervisor_, matter=way.id, now=NOW, note="再催")
    assert inbox.unread(handler, NOW) == 1
    assert (
        inbox.unread(
            person(
                "handler-drainage",
                name="同事",
            ),
            NOW,
        )
        >= 1
    )


def test_nobody_reads_what_is_told_to_others(way, handler):
    way.to_handle()
    other = person("handler-lighting")
    with pytest.raises(NotFound):
        inbox.mark_read(other, inbox.page(handler, NOW).rows[0]["id"], NOW)


def test_reading_ahead_does_not_hide_what_comes_later(way, handler, supervisor_):
    way.to_handle()
    inbox.mark_all_read(handler, 10**15)
    actions.remind(actor=supervisor_, matter=way.id, now=NOW, note="快")
    assert inbox.unread(handler, NOW) == 1


def test_a_person_chooses_what_to_be_told_of_but_a_chase_always_comes(way, handler, supervisor_):
    way.to_handle()
    inbox.choose(handler, mail="none", digest=False, wanted=["overdue"])
    assert topics(handler) == [] and inbox.unread(handler, NOW) == 0
    telling.tell("chased", key="x", now=NOW, matter=way.id, user=handler.id, note="快")
    assert topics(handler) == ["chased"] and inbox.unread(handler, NOW) == 1
    with pytest.raises(Invalid):
        inbox.choose(handler, mail="pigeon", digest=False, wanted=[])


def test_what_is_older_than_thirty_days_is_gone(way, handler):
    way.to_handle()
    later = NOW + timedelta(days=31)
    assert topics(handler, later) == [] and inbox.unread(handler, later) == 0


def test_pages_follow_one_another_and_a_false_mark_is_refused(way, handler, monkeypatch):
    monkeypatch.setattr(inbox, "PER_PAGE", 2)
    way.to_handle()
    for number in range(4):
        telling.tell("reminded", key=f"k{number}", now=NOW, matter=way.id, user=handler.id)
    first = inbox.page(handler, NOW)
    second = inbox.page(handler, NOW, after=first.next)
    third = inbox.page(handler, NOW, after=second.next)
    assert [len(one.rows) for one in (first, second, third)] == [2, 2, 1] and third.next == ""
    for wrong in ("x", "-1", "9" * 30):
        with pytest.raises(Invalid):
            inbox.page(handler, NOW, after=wrong)


def test_the_count_on_every_page_is_one_query(way, handler, django_assert_num_queries):
    way.to_handle()
    with django_assert_num_queries(1):
        assert inbox.unread(handler, NOW) == 1


@pytest.mark.parametrize(
    ("post", "unit", "area"),
    [
        ("handler", "drainage", "210104002009"),
        ("handler", "", ""),
        ("inspector", "", "210104009001"),
        ("inspector", "", ""),
        ("dispatcher", "", "210104"),
        ("unit_reviewer", "municipal-central", "210104002009"),
        ("nobody", "", ""),
    ],
)
def test_who_reads_a_notice_and_whom_it_is_sent_to_are_the_same_people(dadong, post, unit, area):
    codes = (
        "handler-drainage",
        "handler-lighting",
        "inspector-district",
        "inspector-210104009",
        "dispatcher",
    )
    people = {person(code).id: person(code) for code in (*codes, "reviewer-municipal")}
    row = Notice.objects.create(key="k", topic="task", at=NOW, post=post, unit=unit, area=area)
    reading = {
        key
        for key, actor in people.items()
        if Notice.objects.filter(audience.for_actor(actor), Q(pk=row.pk)).exists()
    }
    assert audience.people(row, NOW.date()) & people.keys() == reading


def test_no_notice_leaves_when_nothing_leads_outside(way, settings):
    settings.NOTIFIERS = ["log"]
    way.to_handle()
    assert not Outbox.objects.filter(topic="notice").exists()


def test_a_notice_waits_to_leave_when_something_leads_outside(way, settings):
    settings.NOTIFIERS = ["log", "mail"]
    way.to_handle()
    told = set(Outbox.objects.filter(topic="notice").values_list("payload__topic", flat=True))
    assert told == {"task"}


def test_what_yiwang_does_by_itself_is_told_too(way, handler):
    task = way.to_handle()
    assert Task.objects.get(pk=task.pk).state == "open"
    assert Notice.objects.filter(topic="task", post="handler", by=None).count() == 1
    assert SYSTEM.user_id is None


@pytest.fixture
def supervisor_(dadong):
    return person("supervisor", name="赵督办")
