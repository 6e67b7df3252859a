"""An actor is what the posts held that day make of a user."""

import datetime as dt
import uuid

import pytest

from yiwang.kernel.access import users
from yiwang.kernel.access.actors import actor_for
from yiwang.kernel.access.policy import Subject, decide
from yiwang.kernel.errors import Conflict, Invalid, NotFound, Problem

TODAY = dt.date(2026, 9, 24)
DAY = dt.timedelta(days=1)


@pytest.fixture
def wang(district):
    return users.add_user(
        username="wang",
        name="王芳",
        password=None,
        posts=["station-1", "dabei-1"],
        on=TODAY,
    )


def test_posts_count_from_their_first_to_their_last_day(wang):
    users.give_post(wang, "station-1", since=TODAY, until=TODAY + DAY)
    held = {day: [p.code for p in actor_for(wang, TODAY + day * DAY).posts] for day in (-1, 0, 1, 2)}
    assert held == {-1: [], 0: ["dabei-1", "station-1"], 1: ["dabei-1", "station-1"], 2: ["dabei-1"]}


def test_a_post_that_the_pack_dropped_counts_no_more(wang):
    from yiwang.kernel.registers.models import Post

    Post.objects.filter(code="dabei-1").update(active=False)
    assert [p.code for p in actor_for(wang, TODAY).posts] == ["station-1"]


def test_an_actor_costs_one_query(wang, django_assert_num_queries):
    actor_for(wang, TODAY)  # the tree of units is kept in the process
    with django_assert_num_queries(1):
        actor = actor_for(wang, TODAY)
    assert (actor.label, actor.name, actor.user_id, actor.signed_in) == (
        f"user:{wang.pk}",
        "王芳",
        wang.pk,
        True,
    )


def test_a_station_sees_the_matters_of_its_teams(wang):
    actor = actor_for(wang, TODAY)
    assert decide(actor, "see", Subject("incident", "210104002", "team"))
    assert not decide(actor, "see", Subject("incident", "210104002", "water"))
    assert decide(
        actor, "complete", Subject("incident", "210104", "team", post="handler", matter_id=uuid.uuid4())
    )


def test_without_a_pack_there_are_no_actors_and_the_sentence_says_what_to_run(no_pack):
    with pytest.raises(Problem) as refused:
        actor_for(users.add_user(username="x", name="x", password=None, posts=[], on=TODAY), TODAY)
    assert refused.value.code == "no_pack"
    assert "yiwang pack load" in refused.value.detail


def test_giving_a_post_again_moves_only_its_end(wang):
    users.give_post(wang, "dabei-1", since=TODAY + DAY, until=TODAY + 9 * DAY)
    (holding,) = wang.holdings.filter(post_id="dabei-1")
    assert (holding.since, holding.until) == (TODAY, TODAY + 9 * DAY)


def test_a_post_that_ends_counts_no_more_today_and_its_past_stays(wang):
    users.end_post(wang, "dabei-1", TODAY + 3 * DAY)
    assert [p.code for p in actor_for(wang, TODAY + 3 * DAY).posts] == ["station-1"]
    assert len(actor_for(wang, TODAY + 2 * DAY).posts) == 2
    users.end_post(wang, "station-1", TODAY)
    assert not wang.holdings.filter(post_id="station-1").exists()
    with pytest.raises(NotFound):
        users.end_post(wang, "station-1", TODAY)


def test_a_post_can_not_end_before_it_begins_nor_be_one_that_does_not_exist(wang):
    with pytest.raises(Invalid):
        users.give_post(wang, "dabei-1", since=TODAY, until=TODAY - DAY)
    for code in ("nothing-1", "old-1"):
        with pytest.raises(NotFound, match=code):
            users.give_post(wang, code, since=TODAY)


def test_a_user_is_added_whole_or_not_at_all(wang):
    for change, error in (
        ({"username": "wang"}, Conflict),
        ({"username": "ＷＡＮＧ".lower()}, Conflict),
        ({"username": "a b"}, Invalid),
        ({"username": " "}, Invalid),
        ({"username": "x" * 65}, Invalid),
        ({"password": "short"}, Invalid),
        ({"password": "x" * 1000}, Invalid),
        ({"email": "no address"}, Invalid),
        ({"posts": ["station-1", "nothing-1"]}, NotFound),
    ):
        good = {
            "username": "li",
            "name": "李雷",
            "password": "a long enough phrase",
            "posts": ["station-1"],
            "on": TODAY,
        }
        with pytest.raises(error):
            users.add_user(**(good | change))
    assert [u["username"] for u in users.list_users(TODAY)] == ["wang"]


def test_the_list_of_users_shows_the_posts_of_the_day_in_few_queries(wang, django_assert_num_queries):
    with django_assert_num_queries(2):
        (listed,) = users.list_users(TODAY)
    assert [p["code"] for p in listed["posts"]] == ["dabei-1", "station-1"]
    assert users.list_users(TODAY - DAY)[0]["posts"] == []
