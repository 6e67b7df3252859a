"""A person shapes the list, keeps it, counts it, searches it; all in few queries."""

import json

import pytest

from tests.conftest import at
from tests.faces.conftest import COMMUNITY, LAMP
from tests.faces.workbench.test_queue import NUMBER, numbers
from yiwang.faces.workbench.models import SavedQueue
from yiwang.kernel.access.models import User

DISTRICT_OFFICE = "210104003"


@pytest.fixture
def lamp(at_step):
    return at_step("dispatch", text="小区门口路灯不亮好几天了")


def counts(client, address="/work/pulse") -> dict:
    answer = client.get(address)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_words_of_one_or_more_characters_and_numbers_find_tasks(signed_in, lamp, at_step):
    other = at_step("dispatch", text="井盖丢失很危险")
    dispatcher = signed_in("dispatcher")
    assert numbers(dispatcher, "/work?q=路灯") == [lamp.number]
    assert numbers(dispatcher, "/work?q=盖") == [other.number]
    assert numbers(dispatcher, "/work?q=失很危") == [other.number]
    assert numbers(dispatcher, f"/work?q={lamp.number[9:]}") == [lamp.number]
    assert numbers(dispatcher, "/work?q=没有这样的字") == []


def test_a_search_for_signs_is_refused_beside_the_field(signed_in, lamp):
    answer = signed_in("dispatcher").get("/work?q=。。")
    assert answer.status_code == 422
    assert 'id="q-wrong"' in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (f"class={LAMP[0]}|{LAMP[1]}", True),
        (f"class={LAMP[0]}|01", True),
        (f"class={LAMP[0]}|06", False),
        (f"area={COMMUNITY}", True),
        (f"area={COMMUNITY[:9]}", True),
        (f"area={DISTRICT_OFFICE}", False),
        ("unit=lighting", True),
        ("unit=fire-rescue", False),
        ("link=dispatch", True),
        ("link=handle", False),
        ("source=portal", True),
        ("source=hotline", False),
        ("free=1", True),
        ("mine=1", False),
        ("due=today", True),
        ("due=overdue", False),
        ("due=held", False),
        ("whose=seen", True),
    ],
)
def test_every_filter_keeps_what_fits_and_leaves_out_the_rest(signed_in, lamp, query, fits):
    dispatcher = signed_in("dispatcher")
    assert numbers(dispatcher, f"/work?{query}") == ([lamp.number] if fits else [])
    if "free" not in query and "mine" not in query:
        assert (lamp.number in numbers(dispatcher, f"/matters?{query}")) is fits


def test_the_newest_may_come_first_and_pages_follow(signed_in, reported):
    made = [reported(now=at(f"2026-09-24T{10 + n // 60:02}:{n % 60:02}")).matter.number for n in range(55)]
    acceptor = signed_in("acceptor")
    page = acceptor.get("/work?order=newest").content.decode()
    assert NUMBER.findall(page) == made[::-1][:50]
    onward = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert numbers(acceptor, f"/work{onward}") == made[::-1][50:]


def test_searched_matters_come_newest_first_in_pages(signed_in, reported):
    made = [
        reported(text="路灯不亮", now=at(f"2026-09-24T{10 + n // 60:02}:{n % 60:02}")).matter.number
        for n in range(55)
    ]
    leader = signed_in("leader")
    page = leader.get("/matters?q=路灯&state=open").content.decode()
    assert NUMBER.findall(page) == made[::-1][:50]
    onward = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert numbers(leader, f"/matters{onward}") == made[::-1][50:]


def test_nobody_finds_by_search_what_they_may_not_see(signed_in, at_step):
    lamp = at_step("handle", text="小区门口路灯不亮")
    assert numbers(signed_in("handler-lighting"), "/matters?q=路灯") == [lamp.number]
    assert numbers(signed_in("handler-sanitation"), "/matters?q=路灯") == []
    assert numbers(signed_in("inspector-210104003"), "/matters?q=路灯") == []


def test_a_value_that_is_not_possible_is_refused_in_words(signed_in):
    answer = signed_in("dispatcher").get("/work?due=yesterday")
    assert answer.status_code == 422
    assert "overdue, today, week" in answer.content.decode()


def test_a_kept_queue_is_a_tab_opens_first_and_can_be_changed_and_removed(signed_in, lamp):
    dispatcher = signed_in("dispatcher")
    answer = dispatcher.post("/work/queues", {"name": "  今天的 路灯 ", "q": "路灯", "due": "today"})
    queue = SavedQueue.objects.get()
    assert (queue.name, queue.filters) == ("今天的 路灯", {"q": "路灯", "due": "today"})
    assert answer["Location"] == f"/work?queue={queue.pk}"
    page = dispatcher.get(answer["Location"]).content.decode()
    assert "今天的 路灯" in page and NUMBER.findall(page) == [lamp.number]
    dispatcher.post(f"/work/queues/{queue.pk}", {"do": "first"})
    assert "“路灯”" in dispatcher.get("/work").content.decode()
    assert "“路灯”" not in dispatcher.get("/work?show=all").content.decode()
    dispatcher.post("/work/queues", {"name": "今天的 路灯", "q": "井盖"})
    queue.refresh_from_db()
    assert queue.filters == {"q": "井盖"} and queue.first
    dispatcher.post(f"/work/queues/{queue.pk}", {"do": "rename", "name": "井盖"})
    dispatcher.post(f"/work/queues/{queue.pk}", {"do": "not_first"})
    queue.refresh_from_db()
    assert queue.name == "井盖" and not queue.first
    dispatcher.post(f"/work/queues/{queue.pk}", {"do": "remove"})
    assert not SavedQueue.objects.exists()


def test_a_kept_queue_can_be_narrowed_without_changing_it(signed_in, lamp):
    dispatcher = signed_in("dispatcher")
    dispatcher.post("/work/queues", {"name": "路灯", "q": "路灯"})
    key = SavedQueue.objects.get().pk
    assert numbers(dispatcher, f"/work?queue={key}&shaped=1&q=路灯&link=file") == []
    assert numbers(dispatcher, f"/work?queue={key}") == [lamp.number]


def test_a_queue_is_its_owners_alone(signed_in, lamp):
    signed_in("dispatcher").post("/work/queues", {"name": "路灯", "q": "路灯"})
    key = SavedQueue.objects.get().pk
    other = signed_in("acceptor")
    assert other.get(f"/work?queue={key}").status_code == 404
    assert other.post(f"/work/queues/{key}", {"do": "remove"}).status_code == 404
    assert SavedQueue.objects.get().owner == User.objects.get(username="dispatcher")


def test_a_queue_needs_a_name_and_there_are_not_too_many(signed_in):
    dispatcher = signed_in("dispatcher")
    assert dispatcher.post("/work/queues", {"name": " ", "q": "路灯"}).status_code == 422
    assert dispatcher.post("/work/queues", {"name": "长" * 31}).status_code == 422
    assert dispatcher.post("/work/queues", {"name": "符号", "q": "。。"}).status_code == 422
    for n in range(12):
        assert dispatcher.post("/work/queues", {"name": f"队列{n}"}).status_code == 302
    assert dispatcher.post("/work/queues", {"name": "再一个"}).status_code == 409


def test_tabs_have_live_counts_and_new_ones_are_told(signed_in, reported, time):
    reported(now=at("2026-09-24T15:00"))
    acceptor = signed_in("acceptor")
    acceptor.post("/work/queues", {"name": "路灯", "q": "路灯"})
    key = SavedQueue.objects.get().pk
    told = counts(acceptor)
    assert told["counts"]["all"] == told["counts"][f"queue-{key}"] == "1"
    looked = "/work/pulse?show=all&since=2026-09-24T15:30:00%2B08:00"
    assert counts(acceptor, looked)["fresh"] == 0
    reported(now=at("2026-09-24T16:00"))
    assert counts(acceptor, looked)["fresh"] == 1


def test_counts_that_did_not_change_are_not_sent_again(signed_in, reported):
    reported()
    acceptor = signed_in("acceptor")
    first = acceptor.get("/work/pulse?show=all")
    again = acceptor.get("/work/pulse?show=all", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    reported()
    assert acceptor.get("/work/pulse?show=all", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_counting_stops(signed_in, reported, monkeypatch):
    from yiwang.faces.workbench import queues

    monkeypatch.setattr(queues, "COUNTED", 3)
    monkeypatch.setattr(queues.told_count, "__defaults__", (3,))
    for _n in range(5):
        reported()
    assert counts(signed_in("acceptor"))["counts"]["all"] == "3+"


ADDRESSES = (
    "/work?q=路灯&due=today",
    "/work?q=路&order=newest&area=210104",
    "/work?queue=KEY",
    "/work?class=GB/T 47678.5-2026|01037&unit=lighting",
    "/matters?q=路灯&state=open",
    "/matters?class=GB/T 47678.5-2026|01&area=210104002",
    "/work/pulse?show=all&since=2026-09-24T08:00:00%2B08:00",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_shaped_lists_of_fifty_take_six_queries_at_most(
    signed_in, reported, address, django_assert_max_num_queries
):
    for n in range(55):
        reported(text=f"第{n}盏路灯不亮")
    acceptor = signed_in("acceptor")
    acceptor.post("/work/queues", {"name": "路灯", "q": "路灯"})
    address = address.replace("KEY", str(SavedQueue.objects.get().pk))
    acceptor.get(address)
    with django_assert_max_num_queries(6):
        assert acceptor.get(address).status_code == 200
