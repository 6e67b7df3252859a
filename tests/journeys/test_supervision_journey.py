"""A supervisor finds what is overdue and chases it; the unit reads it on a phone and replies; both see it through."""

import pytest

from tests.browser import DESK, PHONE
from tests.conftest import at
from tests.faces.conftest import COMMUNITY, LAMP, condition
from tests.journeys.test_first_journey import fits, form, send
from yiwang.core.geo import Point
from yiwang.domains.operations import actions
from yiwang.domains.operations.models import Chase, Request
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers import queries as registers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lamp(when: str, text: str = "小区门口路灯不亮好几天了") -> str:
    """A street lamp that was reported, filed and dispatched to the lighting office; gives its number."""
    from uuid_utils.compat import uuid7

    area = registers.areas()[COMMUNITY]
    got = actions.report(
        id=uuid7(),
        channel="portal",
        text=text,
        actor=resident(),
        point=Point(area.lon, area.lat, "CGCS2000"),
        now=at(when),
    )
    filing = {"class_code": LAMP[1], "standard": LAMP[0], "condition": condition()}
    for outcome, data in (("file", filing), ("dispatch", {})):
        task = Task.objects.get(matter=got.matter, state="open")
        matters.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note="", data=data, now=at(when))
    return got.matter.number


def test_a_supervisor_finds_and_chases_the_overdue_and_the_unit_replies(official, time, district):
    late, other = lamp("2026-09-21T09:00"), lamp("2026-09-28T16:00", "路灯一直亮着白天也不关")
    time("2026-09-28T17:00")
    boss = official("supervisor", "赵督办", DESK)
    handler = official("handler-lighting", "李师傅", PHONE)

    # The list of what is overdue has the one, not the other; the unit is named with how much it has.
    boss.click("nav >> text=督办")
    fits(boss)
    assert boss.locator(f"a[href='/matters/{late}']").count() == 1
    assert boss.locator(f"a[href='/matters/{other}']").count() == 0
    boss.check(f"input[name=numbers][value='{late}']")
    boss.fill("[name=note]", "请今晚到场，明早回复")
    boss.fill("[name=reply_by]", "2026-09-29T10:00")
    boss.click("form[action='/supervision/chase'] button")
    boss.wait_for_selector(".alert-success")
    assert "请今晚到场，明早回复" in boss.content()

    # The handler's bell rings; the page of the matter asks for the reply first.
    handler.goto("/work")
    assert int(handler.locator(".yw-bell-count").inner_text().split()[0]) >= 1
    handler.click(".yw-bell")
    fits(handler)
    row = handler.locator(".yw-notices li", has_text="上级督办").first
    row.locator("a").click()
    handler.wait_for_url(f"**/matters/{late}")
    fits(handler)
    assert "赵督办" in handler.locator(".yw-banner").inner_text()
    found = form(handler, "reply")
    found.locator("[name=note]").fill("已到场，更换驱动电源后恢复")
    send(handler, found)

    # The supervisor is told, and finds the reply where the chase was.
    time("2026-09-28T18:00")
    boss.click(".yw-bell")
    assert "承办单位已回复您的督办" in boss.content()
    boss.goto("/supervision/chases")
    assert boss.locator("article").count() == 0
    boss.click("text=已回复")
    assert "已到场，更换驱动电源后恢复" in boss.locator("article").inner_text()
    chase = Chase.objects.get()
    assert (chase.matter.number, chase.replied_by.name) == (late, "李师傅")
    assert Matter.objects.get(number=late).priority == 1


def test_a_unit_asks_to_put_it_on_the_books_and_the_duty_leader_decides(official, time, district):
    number = lamp("2026-09-28T09:00")
    time("2026-09-28T10:00")
    unit = official("reviewer-lighting", "周审核", PHONE)
    unit.goto(f"/matters/{number}")
    found = form(unit, "ask_hang_up")
    found.locator("[name=note]").fill("整条路改造，新杆十月中旬到货")
    found.locator("[name=review_on]").fill("2026-10-15")
    send(unit, found)
    fits(unit)

    leader = official("duty-leader", "钱值班", DESK)
    leader.goto("/supervision/requests")
    leader.locator("article a").first.click()
    leader.wait_for_url(f"**/matters/{number}#decide-*")
    found = form(leader, "decide")
    found.locator("input[name=decision][value=yes]").check()
    found.locator("[name=opinion]").fill("同意，先设警示")
    send(leader, found)
    leader.goto("/supervision/hanging")
    fits(leader)
    assert "整条路改造" in leader.locator("table").inner_text()

    unit.goto("/notices")
    assert "您的申请已获同意" in unit.content()
    assert Request.objects.get().state == "approved" and Matter.objects.get(number=number).held


def test_the_dispatcher_reads_why_and_takes_another_unit_from_the_whole_list(official, time, district):
    number = lamp("2026-09-28T09:00")
    task = Task.objects.get(matter__number=number, state="open")
    matters.send_back(actor=SYSTEM, task=task.pk, to="dispatch", note="核对单位", now=at("2026-09-28T09:30"))
    time("2026-09-28T10:00")
    page = official("dispatcher", "赵派遣", DESK)
    page.goto(f"/matters/{number}")
    found = form(page, "complete", "dispatch")
    assert "职责表" in found.inner_text() and "示例值" in found.inner_text()
    # Choosing from the list ticks the choice that belongs to it.
    found.locator("select[name=another]").select_option("municipal")
    assert found.locator("input[value=another]").is_checked()
    found.locator("[name=note]").fill("灯杆归市政")
    send(page, found)
    assert Matter.objects.get(number=number).unit_id == "municipal"
