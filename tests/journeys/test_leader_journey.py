"""A district leader goes from the wall to one matter: the district, a sub-district, the overdue unit, the matter."""

import pytest

from tests import people
from tests.faces.conftest import COMMUNITY, LAMP, condition
from yiwang.core.geo import Point
from yiwang.domains.operations import actions, tallies
from yiwang.domains.operations.wall import whole
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Task
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREEN = {"width": 1920, "height": 1080}
SUBDISTRICT = COMMUNITY[:9]


def report(number: int):
    """A dark street lamp that is in the hands of the lighting office."""
    from uuid_utils.compat import uuid7

    area, now = registers.areas()[COMMUNITY], clock.now()
    got = actions.report(
        id=uuid7(),
        channel="portal",
        text=f"小区门口第{number}盏路灯不亮",
        actor=resident(),
        point=Point(area.lon + number * 0.001, area.lat, "CGCS2000"),
        now=now,
    )
    filing = {"class_code": LAMP[1], "standard": LAMP[0], "condition": condition()}
    for node, outcome, data in (("file", "file", filing), ("dispatch", "dispatch", {})):
        task = Task.objects.get(matter=got.matter, state="open")
        assert task.node == node
        matters.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note="", data=data, now=now)
    return got.matter


def number_of(page, slug: str) -> str:
    return page.locator(f"#figure-{slug} .wall-figure-number").inner_text()


@pytest.fixture
def overdue(district, time):
    whole.forget()
    made = [report(number) for number in range(3)]
    time("2026-10-15T10:00")
    tallies.follow(clock.now())
    yield made
    whole.forget()


def test_a_leader_goes_from_the_wall_to_one_matter(official, overdue):
    leader = official("leader", "钱区长", SCREEN)
    leader.goto("/wall")
    leader.wait_for_selector("#map[data-drawn=yes]")
    leader.wait_for_selector("#curve[data-drawn=yes]")
    assert leader.locator("h1").inner_text() == "大东区"
    assert (number_of(leader, "open"), number_of(leader, "overdue")) == ("3", "3")
    assert "超期 3 件中，100% 在大东区城市照明管理所" in leader.locator("#sentence").inner_text()
    assert leader.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]

    # By keyboard to the sub-district: its link is a link.
    link = leader.locator(f".wall-areas a[href='/wall?area={SUBDISTRICT}']")
    link.focus()
    leader.keyboard.press("Enter")
    leader.wait_for_url(f"**/wall?area={SUBDISTRICT}")
    assert leader.locator("h1").inner_text() == "大北街道"
    assert number_of(leader, "overdue") == "3"

    # Up again by the path, down again, and to whose it is.
    assert leader.locator(".wall-path a").inner_text() == "大东区"
    leader.click(".wall-units a:has-text('照明管理所')")
    leader.wait_for_url("**/matters?*")
    leader.click(f"a[href='/matters/{overdue[0].number}']")
    leader.wait_for_selector(".yw-process[data-drawn=yes]")
    assert "路灯" in leader.locator("h1").inner_text()


def test_the_map_leads_into_the_area_that_is_clicked(official, overdue):
    leader = official("leader", "钱区长", SCREEN)
    leader.goto("/wall")
    leader.wait_for_selector("#map[data-drawn=yes]")
    leader.evaluate(
        """code => document.querySelector("#map").dispatchEvent(
            new CustomEvent("yw:area", { detail: { code, name: "" } }))""",
        COMMUNITY,
    )
    leader.wait_for_url(f"**/wall?area={SUBDISTRICT}")


def test_the_wall_stays_current_without_moving(official, overdue):
    leader = official("leader", "钱区长", SCREEN)
    leader.goto("/wall")
    leader.wait_for_selector("#curve[data-drawn=yes]")
    where = "document.querySelector('.wall-units').getBoundingClientRect().top"
    before = leader.evaluate(where)
    leader.focus("#figure-open")
    assert number_of(leader, "open") == "3"
    report(7)
    whole.forget()
    leader.evaluate("document.dispatchEvent(new Event('wall:refresh'))")
    leader.locator("#figure-open strong", has_text="4").wait_for()
    assert leader.evaluate(where) == before
    assert leader.evaluate("document.activeElement.id") == "figure-open"
    assert "已刷新" in leader.locator("#fresh").inner_text()


def test_when_the_connection_breaks_the_wall_says_since_when(official, overdue):
    leader = official("leader", "钱区长", SCREEN)
    leader.goto("/wall")
    leader.wait_for_selector("#curve[data-drawn=yes]")
    leader.context.set_offline(True)
    leader.evaluate("document.dispatchEvent(new Event('wall:refresh'))")
    leader.wait_for_selector("#fresh.wall-lost")
    assert "起连接中断" in leader.locator("#fresh").inner_text()
    assert number_of(leader, "open") == "3"  # what was known stays readable
    leader.context.set_offline(False)
    leader.evaluate("document.dispatchEvent(new Event('wall:refresh'))")
    leader.wait_for_selector("#fresh:not(.wall-lost)")


def test_without_script_the_wall_is_a_page_of_links_and_tables(browse, overdue):
    people.user("leader", name="钱区长", password="correct horse battery staple")
    page = browse(SCREEN, java_script_enabled=False)
    page.goto("/sign-in?next=/wall")
    page.fill("[name=username]", "leader")
    page.fill("[name=password]", "correct horse battery staple")
    page.click("main form button")
    page.goto("/wall")
    assert page.locator("#figure-overdue strong").inner_text() == "3"
    assert page.locator("#curve-rows tr").count() == 24
    page.click(f".wall-areas a[href='/wall?area={SUBDISTRICT}']")
    assert page.locator("h1").inner_text() == "大北街道"


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_wall_fits_a_laptop_and_a_phone(official, overdue, size):
    leader = official("leader", "钱区长", {"width": size[0], "height": size[1]})
    leader.goto("/wall")
    leader.wait_for_selector("#map[data-drawn]")
    assert leader.evaluate("document.documentElement.scrollWidth") <= size[0]
