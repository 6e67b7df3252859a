"""Two people, one task: one wins, the other is told who did it and when."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from tests.faces.api.conftest import lamp, open_task
from yiwang.domains.operations.models import Report
from yiwang.kernel.matters.models import Event


def prepared(filed, official):
    number = filed()["number"]
    first, second = official("dispatcher", name="王派遣"), official("dispatcher", "leader", name="李派遣")
    task = open_task(first, number)["id"]
    return number, [first, second], f"/tasks/{task}/actions/complete"


def one_won(answers, number: str) -> None:
    assert sorted(one.status for one in answers) == [200, 409], [one.body for one in answers]
    lost = next(one for one in answers if one.status == 409)
    assert lost["type"].endswith(":task_done") and "2026-09-24 16:30" in lost["detail"]
    winner = "王派遣" if answers[0].status == 200 else "李派遣"
    assert winner in lost["detail"]
    assert Event.objects.filter(matter__number=number, action="complete").count() == 2  # filed, dispatched


def test_the_second_of_two_people_is_told_who_was_faster_and_when(filed, official):
    number, people, address = prepared(filed, official)
    one_won([who.post(address, {"outcome": "dispatch"}) for who in people], number)


def test_a_task_that_somebody_has_taken_is_not_finished_by_another(filed, official):
    number, (first, second), address = prepared(filed, official)
    assert first.post(address.replace("complete", "claim")).status == 200
    for action in ("claim", "complete"):
        got = second.post(
            address.replace("complete", action), {"outcome": "dispatch"} if action == "complete" else {}
        )
        assert got.status == 409 and got["type"].endswith(":claimed") and "王派遣" in got["detail"]
    assert open_task(first, number)["node"] == "dispatch"


def at_once(works) -> list:
    """Runs these in threads of their own that begin together, and gives their answers in order."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int) -> None:
        try:
            start.wait()
            answers[place] = works[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


needs_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite has one writer: the test's own transaction would wait for itself",
)


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_moment_one_wins(filed, official):
    number, people, address = prepared(filed, official)
    one_won(at_once([lambda who=who: who.post(address, {"outcome": "dispatch"}) for who in people]), number)


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_a_report_sent_twice_at_the_same_moment_is_taken_once(anybody):
    sent = lamp(id="0198f3a2-7c11-7aaa-8000-1234567890ab")
    answers = at_once([lambda: anybody.post("/reports", sent) for _ in range(4)])
    assert sorted(one.status for one in answers) == [200, 200, 200, 201], [one.body for one in answers]
    assert len({one["number"] for one in answers}) == 1 and Report.objects.count() == 1
