"""The list that a phone takes along: what can be done on the spot, and all that is needed for it."""

from __future__ import annotations

import pytest

from tests.faces.conftest import photo
from tests.faces.field.conftest import CREW
from yiwang.faces.field import tasks
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Task

pytestmark = pytest.mark.django_db


def test_the_crew_sees_class_place_limit_and_what_counts_as_done(phone, at_step):
    made = at_step("handle", files=[photo()])
    (task,) = phone.tasks()
    assert task["number"] == made.number
    assert task["class"]
    assert task["area"] and task["limit"] and task["due_at"] and task["done_when"]
    assert task["lat"] is not None
    assert [one["slug"] for one in task["results"]] == ["done", "not_ours"]
    assert [one["stage"] for one in task["photos"]] == ["report"]
    assert phone.client.get(task["photos"][0]["thumb"]).status_code == 200


def test_desk_work_does_not_go_along(signed_in, at_step):
    at_step("dispatch")
    client = signed_in("dispatcher", "acceptor")
    assert client.get("/field/api/tasks").json()["tasks"] == []


def test_what_a_colleague_has_taken_is_not_in_my_list(phone, other_phone, at_step, time):
    made = at_step("handle")
    from tests import people

    colleague = people.user("handler-lighting", username="colleague")
    from yiwang.kernel.access.actors import actor_for

    actions.claim(actor=actor_for(colleague, time.now.date()), task=made.task.pk, now=time.now)
    assert phone.tasks() == []


def test_a_task_that_came_back_says_why(phone, at_step, time):
    made = at_step("verify")
    actions.complete(actor=SYSTEM, task=made.task.pk, outcome="fail", note="灯还是不亮", now=time.now)
    (task,) = [one for one in phone.tasks() if one["number"] == made.number]
    assert task["came_back"] == "灯还是不亮"


def test_what_is_due_first_comes_first_and_the_rest_stays_away(phone, at_step, monkeypatch):
    for _number in range(3):
        at_step("handle")
    monkeypatch.setattr(tasks, "MOST", 2)
    body = phone.client.get("/field/api/tasks").json()
    assert len(body["tasks"]) == 2
    assert body["more"] is True
    assert body["tasks"] == sorted(body["tasks"], key=lambda one: one["due_at"])


def test_the_list_costs_as_many_queries_for_ten_tasks_as_for_one(
    phone, at_step, django_assert_max_num_queries
):
    at_step("handle", files=[photo()])
    phone.tasks()
    for _number in range(9):
        at_step("handle", files=[photo()])
    assert Task.objects.filter(state="open").count() == 10
    with django_assert_max_num_queries(9):
        assert len(phone.tasks()) == 10


def test_the_posts_of_the_crew_may_report_and_patrol(phone):
    me = phone.me()
    assert {one["code"] for one in me["posts"]} == set(CREW)
    assert me["may"] == {"report": True, "patrol": True}


def test_the_list_speaks_the_language_of_the_page_and_not_of_the_browser(phone, at_step):
    at_step("handle")
    del phone.client.cookies["yiwang_language"]
    headers = {"accept": "application/json", "accept-language": "en"}
    (task,) = phone.client.get("/field/api/tasks", headers=headers).json()["tasks"]
    assert task["results"][0]["name"] == "处置完成"
