"""The pages for people who see little, use a keyboard, or hold a small phone: WCAG 2.2 AA, as far as axe can tell."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import DESK, PHONE
from tests.faces.conftest import COMMUNITY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def look(page, address: str = "") -> None:
    if address:
        page.goto(address)
    if page.locator(".yw-process").count():
        page.wait_for_selector(".yw-process[data-drawn=yes]")
    found = Axe().run(page, options=RULES)
    assert found.response["violations"] == [], f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_can_be_used_by_everybody(browse, official, time, viewport):
    resident = browse(viewport)
    for address in ("/", "/report", "/follow", "/sign-in"):
        look(resident, address)
    resident.goto("/report")
    resident.fill("[name=text]", "路灯不亮")
    resident.select_option("[name=area]", COMMUNITY)
    resident.fill("[name=contact_phone]", "138")
    resident.click("[data-send]")
    resident.wait_for_selector(".yw-form-errors")
    look(resident)
    resident.fill("[name=contact_phone]", "13812345678")
    resident.click("[data-send]")
    number = resident.locator("#number").inner_text()
    look(resident)
    look(resident, f"/follow/{number}")
    acceptor = official("acceptor", "王受理", viewport)
    for address in ("/work", "/matters", f"/matters/{number}", f"/matters/{number}?find=路灯"):
        look(acceptor, address)
