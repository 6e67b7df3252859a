"""The queue: what this person must do, the earliest due first, in few queries."""

import re

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters

NUMBER = re.compile(r'href="/matters/(\d{8}-\d{6}-\d)"')


def numbers(client, address="/work") -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return NUMBER.findall(answer.content.decode())


def test_the_earliest_due_comes_first(signed_in, reported, time):
    late = reported(now=at("2026-09-24T16:00")).matter.number
    first = reported(now=at("2026-09-24T15:00")).matter.number
    last = reported(now=at("2026-09-24T16:20")).matter.number
    assert numbers(signed_in("acceptor")) == [first, late, last]


def test_everybody_sees_the_work_of_the_own_post_only(signed_in, at_step):
    at_handling, at_dispatch = at_step("handle").number, at_step("dispatch").number
    assert numbers(signed_in("handler-lighting")) == [at_handling]
    assert numbers(signed_in("handler-sanitation")) == []
    assert numbers(signed_in("dispatcher")) == [at_dispatch]


def test_who_holds_two_posts_may_look_at_one(signed_in, at_step):
    filing, dispatch = at_step("file").number, at_step("dispatch").number
    both = signed_in("acceptor", "dispatcher")
    assert set(numbers(both)) == {filing, dispatch}
    assert numbers(both, "/work?post=dispatcher") == [dispatch]


def test_taken_paused_and_overdue_tasks_have_their_lists(signed_in, at_step, time):
    taken, paused, late = at_step("handle"), at_step("handle"), at_step("handle")
    handler = signed_in("handler-lighting")
    handler.post(f"/matters/{taken.number}/do/claim", {"task": str(taken.task.pk)})
    matters.hold(actor=SYSTEM, matter=paused.matter.pk, reason="material", note="等灯具", now=time.now)
    assert numbers(handler, "/work?show=mine") == [taken.number]
    assert numbers(handler, "/work?show=held") == [paused.number]
    assert numbers(handler, "/work?show=overdue") == []
    time.now = max(taken.task.due_at, late.task.due_at)
    time.now = time.now.replace(year=2027)
    assert set(numbers(handler, "/work?show=overdue")) == {taken.number, late.number}


def test_a_long_queue_goes_on_without_losing_or_repeating_a_row(
    signed_in, reported, django_assert_max_num_queries
):
    made = {reported(text=f"路灯不亮，第{n}盏").matter.number for n in range(60)}
    acceptor = signed_in("acceptor")
    numbers(acceptor)
    with django_assert_max_num_queries(6):
        page = acceptor.get("/work").content.decode()
    first = NUMBER.findall(page)
    onward = re.search(r'rel="next" href="([^"]+)"', page)[1]
    second = numbers(acceptor, "/work" + onward.replace("&amp;", "&"))
    assert (len(first), len(second)) == (50, 10)
    assert {*first, *second} == made


def test_a_page_mark_that_nobody_made_is_refused_in_words(signed_in):
    answer = signed_in("acceptor").get("/work?after=nonsense")
    assert answer.status_code == 422
    assert "begin at the first page" in answer.content.decode()


def test_all_matters_may_be_looked_through_by_state_or_opened_by_number(signed_in, at_step):
    open_, closed = at_step("handle").number, at_step("end").number
    leader = signed_in("leader")
    assert set(numbers(leader, "/matters")) == {open_, closed}
    assert numbers(leader, "/matters?state=closed") == [closed]
    assert leader.get("/matters", {"number": closed.replace("-", "")})["Location"] == f"/matters/{closed}"


def test_people_of_a_unit_see_matters_of_their_unit_only(signed_in, at_step):
    lamp = at_step("handle").number
    assert numbers(signed_in("handler-lighting"), "/matters") == [lamp]
    assert numbers(signed_in("handler-sanitation"), "/matters") == []
