"""A dispatcher with fifty matters, her hands on the keyboard from the first to the last."""

import pytest
from playwright.sync_api import expect

from tests.conftest import at
from tests.faces.conftest import COMMUNITY, LAMP, condition
from yiwang.core.geo import Point
from yiwang.domains.operations import actions as operations
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers import queries as registers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = {"width": 1440, "height": 900}


def filed(count: int) -> list[str]:
    """So many street lamps, filed and waiting for dispatch; their numbers, the earliest due first."""
    from uuid_utils.compat import uuid7

    area = registers.areas()[COMMUNITY]
    slug, numbers = condition(), []
    for n in range(count):
        now = at(f"2026-09-24T{14 + n // 60:02}:{n % 60:02}")
        got = operations.report(
            id=uuid7(),
            channel="portal",
            actor=resident(),
            text=f"第{n + 1}盏路灯不亮",
            point=Point(area.lon + n * 1e-5, area.lat, "CGCS2000"),
            now=now,
        )
        task = Task.objects.get(matter=got.matter, state="open")
        data = {"standard": LAMP[0], "class_code": LAMP[1], "condition": slug}
        actions.complete(actor=SYSTEM, task=task.pk, outcome="file", data=data, now=now)
        numbers.append(got.matter.number)
    return numbers


def chosen(page) -> str:
    return page.locator("[data-row][aria-current]").get_attribute("data-number")


def ready(page, number: str) -> None:
    page.wait_for_selector(f"[data-panel] [data-shown='{number}'] form[action$='/do/complete']")


def test_a_queue_of_fifty_is_dispatched_without_the_mouse(district, official, time):
    numbers = filed(50)
    time("2026-09-24T15:00")
    page = official("dispatcher", "赵派遣", WIDE)
    assert page.locator("[data-row]").count() == 50
    page.keyboard.press("j")
    assert chosen(page) == numbers[0]
    for n, number in enumerate(numbers):
        ready(page, number)
        page.keyboard.press("d")
        page.wait_for_selector("form[action$='/do/complete'] :focus")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"[data-row][data-number='{number}']", state="detached")
        if n < 49:
            assert chosen(page) == numbers[n + 1]
            assert (
                page.evaluate("document.activeElement.closest('[data-row]')?.dataset.number")
                == numbers[n + 1]
            )
    page.wait_for_selector("#queue .yw-empty")
    assert Task.objects.filter(state="open", link="handle").count() == 50
    assert set(Matter.objects.values_list("link", flat=True)) == {"handle"}


def test_she_takes_one_sends_one_back_chooses_some_and_finds_her_keys(district, official, time):
    numbers = filed(4)
    time("2026-09-24T15:00")
    page = official("dispatcher", "赵派遣", WIDE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    ready(page, numbers[1])
    page.keyboard.press("c")
    page.wait_for_selector(f"[data-row][data-number='{numbers[1]}'] [data-who]:visible:has-text('赵派遣')")
    assert chosen(page) == numbers[1]
    page.keyboard.press("ArrowDown")
    ready(page, numbers[2])
    page.keyboard.press("b")
    page.wait_for_selector("[name=note]:focus")
    page.keyboard.type("地点不清，j k d 都是文字")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"[data-row][data-number='{numbers[2]}']", state="detached")
    assert Task.objects.get(matter__number=numbers[2], state="open").link == "file"
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("[name=task]:checked").count() == 2
    page.keyboard.press("?")
    page.wait_for_selector("[data-keys][open]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")


def test_letters_can_be_switched_off_and_arrows_stay(district, official, time):
    numbers = filed(2)
    time("2026-09-24T15:00")
    page = official("dispatcher", "赵派遣", WIDE)
    page.click("[data-keys-help]")
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    page.reload()
    page.focus(f"[data-number='{numbers[0]}'] .yw-queue-title")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert chosen(page) == numbers[0] and page.locator("[name=task]:checked").count() == 0
    page.keyboard.press("ArrowDown")
    assert chosen(page) == numbers[1]


def test_what_is_refused_stays_and_says_why(district, official, time):
    numbers = filed(2)
    time("2026-09-24T15:00")
    page = official("dispatcher", "赵派遣", WIDE)
    page.keyboard.press("j")
    ready(page, numbers[0])
    task = Task.objects.get(matter__number=numbers[0], state="open")
    actions.complete(actor=SYSTEM, task=task.pk, outcome="dispatch", now=at("2026-09-24T15:01"))
    page.keyboard.press("d")
    page.wait_for_selector("form[action$='/do/complete'] :focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-panel] [role=alert]")
    assert page.locator(f"[data-row][data-number='{numbers[0]}']").count() == 1


def test_new_matters_are_announced_and_come_in_on_a_click(district, official, time):
    numbers = filed(1)
    time("2026-09-24T14:00")
    page = official("dispatcher", "赵派遣", WIDE)
    page.keyboard.press("j")
    page.check("[name=task]")
    filed(2)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("[data-fresh]:not([hidden])")
    assert page.locator("[data-row]").count() == 1
    page.click("[data-fresh] a")
    expect(page.locator("[data-row]")).to_have_count(3)
    assert chosen(page) == numbers[0]
    assert page.locator("[name=task]:checked").count() == 1
    expect(page.locator("[data-count=all]")).to_have_text("3")


def test_several_are_dispatched_at_once_after_a_look_at_what_will_happen(district, official, time):
    filed(3)
    time("2026-09-24T15:00")
    page = official("dispatcher", "赵派遣", WIDE)
    page.check("[data-bulk-all] input")
    page.click("[name=wish][value=dispatch]")
    assert page.locator(".yw-bulk-table tbody tr").count() == 3
    assert "城市照明管理所" in page.locator(".yw-bulk-table").inner_text()
    assert Task.objects.filter(link="handle").count() == 0
    page.click("main form .btn-primary")
    page.wait_for_selector(".yw-results")
    assert Task.objects.filter(link="handle", state="open").count() == 3
