"""Queues and lists: who sees what, in which order, and with how many queries."""

from __future__ import annotations

import base64
from uuid import UUID

import orjson
import pytest

from tests.budgets import Asked
from tests.conftest import at
from tests.kernel.matters.conftest import Way
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.policy import Subject, decide
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.matters import actions, pages, queries
from yiwang.kernel.matters.models import Task

OTHER_AREA = "210104018"


def many(dadong, count: int, area="210104002009") -> list[Way]:
    ways = [Way(dadong) for _ in range(count)]
    for minute, way in enumerate(ways):
        way.open(f"2026-09-24T{8 + minute // 60:02}:{minute % 60:02}", area=area)
    return ways


def test_the_earliest_due_comes_first_and_pages_follow_without_gap_or_repetition(dadong, acceptor):
    many(dadong, 7)
    seen, after = [], ""
    while True:
        page = queries.queue(acceptor, after=after, limit=3)
        seen += page.rows
        after = page.next
        if not after:
            break
    assert len(seen) == len({row["task"] for row in seen}) == 7
    assert [row["due_at"] for row in seen] == sorted(row["due_at"] for row in seen)


def test_tasks_whose_clock_stands_come_last_and_can_be_listed_alone(dadong, way):
    way.to_handle()
    unit = way.task().unit_id
    running = Way(dadong)
    running.to_handle()
    actions.hold(actor=SYSTEM, matter=way.id, reason="weather", now=at("2026-09-28T09:00"), note="雨")
    handler = person(f"handler-{unit}")
    rows = queries.queue(handler).rows
    assert [row["held"] for row in rows] == [False, True]
    assert [row["number"] for row in queries.queue(handler, held=True).rows] == [way.matter().number]
    first = queries.queue(handler, limit=1)
    assert queries.queue(handler, after=first.next, limit=1).rows[0]["held"]


def test_a_queue_of_fifty_takes_two_queries(dadong, acceptor):
    many(dadong, 60)
    queries.queue(acceptor)
    with Asked() as asked:
        rows = queries.queue(acceptor).rows
    assert len(rows) == 50 and len(asked) <= 2
    assert not any("COUNT(" in q["sql"].upper() or "OFFSET" in q["sql"].upper() for q in asked)


def test_the_page_of_a_matter_takes_few_queries_however_long_its_story(dadong, way, supervisor):
    way.to_handle()
    queries.see(supervisor, way.matter().number)
    with Asked() as short:
        queries.see(supervisor, way.matter().number)
    for _round in range(3):
        for outcome in ("done", "confirm", "fail"):
            way.do(outcome, "2026-09-28T10:00")
    with Asked() as long:
        queries.see(supervisor, way.matter().number)
    assert len(long) == len(short) <= 8


def test_an_inspector_of_another_sub_district_does_not_see_it(dadong, way):
    way.open()
    number = way.matter().number
    assert queries.see(person("inspector-210104002"), number).row.number == number
    with pytest.raises(NotFound):
        queries.see(person(f"inspector-{OTHER_AREA}"), number)


def test_somebody_without_a_post_sees_nothing(dadong, way):
    way.open()
    nobody = person(name="无岗")
    assert queries.queue(nobody).rows == []
    assert queries.matters(nobody, filters={}).rows == []
    with pytest.raises(NotFound):
        queries.see(nobody, way.matter().number)


def test_a_page_mark_that_was_made_up_is_refused(dadong, acceptor):
    for mark in ("x", "e30", "WzEsMl0", "é"):
        with pytest.raises(Invalid) as refusal:
            queries.queue(acceptor, after=mark)
        assert refusal.value.code == "bad_cursor"


@pytest.mark.parametrize(
    "mark",
    [
        ["2026-09-24T08:00:00", str(UUID(int=1))],
        ["1969-12-31T23:59:59Z", str(UUID(int=1))],
        ["2201-01-01T00:00:00Z", str(UUID(int=1))],
        ["0001-01-01T00:00:00+08:00", str(UUID(int=1))],
        ["", str(UUID(int=1))],
        [0, str(UUID(int=1))],
        [False, str(UUID(int=1))],
        [None, "{" + UUID(int=1).hex + "}"],
        [None, "urn:uuid:" + str(UUID(int=1))],
        [None, UUID(int=1).hex],
        [None, 1],
        [None, None],
        {"a": 1, "b": 2},
        7,
        None,
    ],
    ids=str,
)
def test_a_page_mark_with_a_moment_or_an_id_that_no_list_gives_is_refused(dadong, acceptor, mark):
    text = base64.urlsafe_b64encode(orjson.dumps(mark)).decode().rstrip("=")
    with pytest.raises(Invalid) as refusal:
        queries.queue(acceptor, after=text)
    assert (refusal.value.code, refusal.value.where) == ("bad_cursor", "after")


def test_a_page_mark_without_a_moment_belongs_to_queues_only(dadong, acceptor, supervisor):
    mark = pages.write_cursor(None, UUID(int=1))
    assert queries.queue(acceptor, after=mark).rows == []
    with pytest.raises(Invalid) as refusal:
        queries.matters(supervisor, filters={}, after=mark)
    assert refusal.value.code == "bad_cursor"


def test_matters_are_listed_newest_first_by_area_and_state(dadong, supervisor):
    ways = many(dadong, 5)
    far = Way(dadong)
    far.open("2026-09-24T15:00", area="210104018")
    actions.void(actor=SYSTEM, matter=ways[0].id, now=at("2026-09-24T16:00"), note="重复")
    listed = queries.matters(supervisor, filters={"area": "210104002", "state": "open"}, limit=3)
    assert [row["number"] for row in listed.rows] == [w.matter().number for w in reversed(ways[2:])]
    rest = queries.matters(
        supervisor, filters={"area": "210104002", "state": "open"}, after=listed.next, limit=3
    )
    assert [row["number"] for row in rest.rows] == [ways[1].matter().number] and not rest.next


def test_what_is_overdue_is_listed_longest_first(dadong, supervisor):
    ways = many(dadong, 3)
    rows = queries.overdue(supervisor, now=at("2026-09-24T09:02")).rows
    assert [row["number"] for row in rows] == [ways[0].matter().number, ways[1].matter().number]


def test_only_what_a_person_may_do_is_offered(dadong, way, acceptor, supervisor):
    way.open()
    number = way.matter().number
    offered = {a["action"] for a in queries.see(acceptor, number).actions}
    assert {"claim", "complete"} <= offered
    assert "extend" not in offered
    assert "extend" in {a["action"] for a in queries.see(supervisor, number).actions}
    assert "resume" not in {a["action"] for a in queries.see(supervisor, number).actions}


@pytest.mark.parametrize(
    "post",
    [
        "supervisor",
        "handler-municipal-central",
        "handler-greening",
        "inspector-210104002",
        "acceptor",
        "auditor",
    ],
)
def test_tasks_of_what_one_may_see_are_those_of_matters_that_one_may_see(dadong, post):
    actor = person(post)
    for area in ("210104002009", "210104018", None):
        Way(dadong).open(area=area, point=None)
    handled = Way(dadong)
    handled.to_handle()
    everything = {task.id: task.matter for task in Task.objects.filter(state="open").select_related("matter")}
    assert len(everything) == 4
    seen = {row["task"] for row in queries.queue(actor, whose="seen").rows}
    assert seen == {task for task, row in everything.items() if decide(actor, "see", Subject.of_matter(row))}
