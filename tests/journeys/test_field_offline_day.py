"""A day in cellars: tasks read, one taken and finished, one report, one patrol, all without a network; then it returns."""

from __future__ import annotations

from urllib.parse import urlparse

import pytest

from tests import people
from tests.browser import violations
from tests.conftest import at
from tests.faces.conftest import *  # noqa: F403 - matters that are brought to a step
from tests.faces.conftest import photo
from tests.journeys.conftest import PASSWORD
from tests.journeys.phone import Handset, Network
from yiwang.domains.operations.models import Report
from yiwang.domains.streets.models import Patrol
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Event, Matter, Task
from yiwang.kernel.records.models import Attachment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CREW = ("handler-lighting", "inspector-210104002")
NOW = "2026-09-24T16:30"
WALK = """([latitude, longitude, step]) => window.heard(
  { coords: { latitude, longitude, accuracy: 6 }, timestamp: Date.now() + 10_000 * step })"""


@pytest.fixture
def world(district, dadong):
    """The made matters stand in the district that the server shows."""
    return dadong


@pytest.fixture
def time():
    """The moment at which matters are made, and the clock of every page, which stands."""
    from types import SimpleNamespace

    from yiwang.kernel.ui import clock

    moment = SimpleNamespace(now=at(NOW))
    with clock.standing(moment.now):
        yield moment


@pytest.fixture
def network(district):
    there = urlparse(district)
    made = Network(there.hostname, there.port)
    yield made
    made.close()


@pytest.fixture
def handset(playwright_driver, network, tmp_path):
    made = Handset(playwright_driver, network.address, tmp_path / "profile")
    yield made
    made.close()


@pytest.fixture
def crew(handset):
    people.user(*CREW, name="周师傅", username="crew", password=PASSWORD)
    handset.start()
    handset.sign_in("crew", PASSWORD)
    handset.installed()
    return handset


def file(colour: tuple) -> dict:
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo((320, 240), colour=colour)}


def offline(crew, network) -> None:
    network.down()
    crew.page.context.set_offline(True)
    crew.page.wait_for_selector(".f-net-off")


def online(crew, network) -> None:
    network.up()
    crew.page.context.set_offline(False)


def standing_at(crew, lat: float, lon: float) -> None:
    crew.page.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": 6})


def read_tasks(crew, count: int) -> None:
    crew.to("tasks")
    crew.page.reload()
    crew.page.locator(".f-task").nth(count - 1).wait_for()


def finish(page, title: str) -> None:
    """Takes the task and finishes it with a photo before and one after."""
    page.click("#tabs a[href='#tasks']")
    page.click(f".f-task:has-text('{title}')")
    page.click("main button:has-text('签收任务')")
    page.wait_for_selector("main[data-page=queue]")
    page.click("#tabs a[href='#tasks']")
    page.click(f".f-task:has-text('{title}')")
    page.click("main a:has-text('处置完成')")
    page.set_input_files("#photos-before", file((60, 60, 60)))
    page.locator("main figure img").first.wait_for()
    page.set_input_files("#photos-after", file((250, 240, 90)))
    page.locator("main figure img").nth(1).wait_for()
    page.fill("#note", "换了灯泡，已亮")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("main[data-page=queue]")


def test_a_handlers_day_without_a_network(crew, network, at_step, inside, official):
    made = at_step("handle", text="楼道路灯不亮，晚上看不见台阶", files=[photo()])
    read_tasks(crew, 1)
    page = crew.page
    standing_at(crew, inside.lat, inside.lon)
    offline(crew, network)
    crew.die()
    page = crew.start()  # in the cellar: from the home screen, no network
    page.wait_for_selector(".f-task")
    page.context.set_offline(True)
    page.click(".f-task")
    assert "路灯" in page.locator("main").inner_text()
    finish(page, "楼道路灯")

    standing_at(crew, inside.lat, inside.lon)
    page.click("#tabs a[href='#report']")
    page.set_input_files("#photos-report", file((20, 120, 220)))
    page.locator("main figure img").first.wait_for()
    page.fill("#text", "井盖松动，车过就响")
    page.wait_for_selector("#place:has-text('已定位')")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("main[data-page=queue]")

    page.click("#tabs a[href='#patrol']")
    page.evaluate("navigator.geolocation.watchPosition = (heard) => { window.heard = heard; return 1; }")
    page.click("main button:has-text('开始巡查')")
    page.wait_for_selector("main button:has-text('结束巡查')")
    for step in range(5):  # 33 m in ten seconds each
        page.evaluate(WALK, [inside.lat + 0.0003 * step, inside.lon, step])
        page.wait_for_selector(f".f-number:has-text('{round(33.36 * step)} 米')")
    page.click("main button:has-text('结束巡查')")

    assert crew.queue() == ["等待发送", "等待前一条", "等待发送", "等待发送"]
    assert not Patrol.objects.exists()
    online(crew, network)
    crew.sign_in("crew", PASSWORD)  # a browser that died may have forgotten that somebody was signed in
    crew.wait_until_sent()

    events = list(Event.objects.filter(matter=made.matter).order_by("seq").values_list("action", flat=True))
    assert events[-4:] == ["claim", "attach", "attach", "complete"]
    stages = Attachment.objects.filter(matter=made.matter).exclude(stage="report")
    assert sorted(stages.values_list("stage", flat=True)) == ["after", "before"]
    mine = Report.objects.exclude(matter=made.matter).get()
    assert (mine.channel, mine.located_by) == ("staff", "point")
    assert Attachment.objects.filter(matter=mine.matter).count() == 1
    assert Patrol.objects.get().length_m > 50
    assert Patrol.objects.get().ended_at is not None
    leader = official("duty-leader", "钱班长")
    leader.goto(f"/matters/{made.number}")
    assert leader.locator(".yw-story img").count() == 2
    assert "换了灯泡" in leader.locator(".yw-story").inner_text()


def test_what_was_done_at_two_minutes_past_ten_says_so_when_it_arrives_at_twenty_to_twelve(
    crew, network, at_step, official
):
    made = at_step("handle", text="楼道路灯不亮")
    read_tasks(crew, 1)
    offline(crew, network)
    crew.page.clock.set_fixed_time(at("2026-09-24T14:52"))
    finish(crew.page, "楼道路灯")
    crew.page.clock.set_fixed_time(at("2026-09-24T16:30"))
    online(crew, network)
    crew.wait_until_sent()
    leader = official("duty-leader", "钱班长")
    leader.goto(f"/matters/{made.number}")
    story = leader.locator(".yw-story").inner_text()
    assert "14:52 离线完成，16:30 收到" in story
    assert Task.objects.get(pk=made.task.pk).done_at == at(NOW)


def test_what_a_colleague_did_first_is_refused_with_the_reason_and_can_be_dropped(crew, network, at_step):
    first, second = at_step("handle", text="楼道路灯不亮"), at_step("handle", text="广场路灯不亮")
    read_tasks(crew, 2)
    offline(crew, network)
    finish(crew.page, "楼道路灯")
    finish(crew.page, "广场路灯")
    actions.complete(actor=SYSTEM, task=first.task.pk, outcome="done", note="修好了", now=at(NOW))
    online(crew, network)
    page = crew.page
    # The other matter does not wait for the one that is stuck.
    page.wait_for_selector("#badge:has-text('2')")
    assert Matter.objects.get(pk=second.matter.pk).link == "feedback"
    crew.to("queue")
    refused = page.locator(".f-item-refused")
    refused.wait_for()
    assert "办结" in refused.inner_text() and "丢弃" in refused.inner_text()
    for _time in range(2):
        page.locator(".f-item-refused button:has-text('丢弃')").first.click()
        page.click("dialog button:has-text('丢弃')")
        page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector("#badge[hidden]", state="attached")
    assert Attachment.objects.filter(matter=first.matter).count() == 0


def test_a_report_that_was_refused_is_corrected_and_sent_under_its_own_id(crew, network):
    page = crew.page
    crew.to("report")
    page.fill("#text", "井盖松动")
    page.fill("#address", "华炉社区门口\u0007")
    page.click("main button:has-text('提交')")
    page.locator(".f-item-refused").wait_for()
    page.click(".f-item a:has-text('修改')")
    page.fill("#address", "华炉社区门口")
    page.click("main button:has-text('提交')")
    crew.wait_until_sent()
    assert Matter.objects.get().address == "华炉社区门口"


def test_another_person_on_the_same_phone_neither_sees_nor_sends_the_queue(crew, network, district):
    people.user("inspector-district", name="别人", username="other", password=PASSWORD)
    page = crew.page
    crew.to("report")
    offline(crew, network)
    page.fill("#text", "只有周师傅知道的事")
    page.fill("#address", "华炉社区门口")
    page.click("main button:has-text('提交')")
    page.wait_for_selector(".f-item")
    page.click("a.f-me")
    page.click("main button:has-text('退出登录')")
    page.click("dialog button:has-text('退出登录')")
    page.wait_for_selector("main[data-page=welcome]")
    assert "1 条" in page.locator("main").inner_text()
    with page.expect_response("**/sign-out"):  # the server learns of it when the network is back
        online(crew, network)
    crew.sign_in("other", PASSWORD)
    assert crew.queue() == []
    assert "周师傅" not in page.locator("body").inner_text()
    assert not Report.objects.exists()
    found = page.evaluate(
        """async () => { const open = indexedDB.open("yiwang-field");
        const db = await new Promise((ok) => { open.onsuccess = () => ok(open.result); });
        const rows = await new Promise((ok) => { const all = db.transaction("queue").objectStore("queue").getAll();
          all.onsuccess = () => ok(all.result); });
        return rows.map((row) => [Object.keys(row).sort().join(" "), new TextDecoder().decode(row.sealed.data)]); }"""
    )
    assert len(found) == 1
    assert "body" not in found[0][0]
    assert "周师傅" not in found[0][1]
    page.click("a.f-me")
    page.click("main button:has-text('退出登录')")
    page.click("dialog button:has-text('退出登录')")
    page.wait_for_selector("main[data-page=welcome]")
    crew.sign_in("crew", PASSWORD)
    crew.wait_until_sent()
    assert Report.objects.get().text == "只有周师傅知道的事"


def test_a_session_that_ended_keeps_the_work_and_goes_on_after_signing_in(crew, network):
    page = crew.page
    page.context.clear_cookies(name="sessionid")
    crew.to("report")
    page.fill("#text", "井盖松动")
    page.fill("#address", "华炉社区门口")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("#ended:not([hidden])")
    assert not Report.objects.exists()
    crew.sign_in("crew", PASSWORD)
    crew.wait_until_sent()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_app_can_be_used_by_everybody(crew, at_step, scheme):
    at_step("handle", text="楼道路灯不亮", files=[photo()])
    crew.page.emulate_media(color_scheme=scheme)
    read_tasks(crew, 1)
    page = crew.page
    task = page.locator(".f-task").first.get_attribute("href")
    for place in (
        "#tasks",
        task,
        task.replace("task", "do") + "/done",
        "#report",
        "#patrol",
        "#queue",
        "#map",
        "#me",
    ):
        page.evaluate("place => { location.hash = place; }", place)
        page.wait_for_selector(f"main[data-page='{place.strip('#').split('/')[0]}']")
        assert violations(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
