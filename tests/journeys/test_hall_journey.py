"""A morning in the service hall: booked on a phone, moved, kept; called beside a walk-in; the application begun there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from yiwang.domains.services.models import Application, Booking, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def press(page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).click()


def give(guide, service: str) -> str:
    """The guide at the entrance gives a ticket; its label."""
    guide.goto("/hall/service-centre/tickets")
    press(guide, service)
    return guide.locator(".yw-hall-number").inner_text()


def test_booked_on_a_phone_called_in_turn_and_applied_for_at_the_counter(browse, official, time):
    time("2026-09-07T09:00")
    phone = browse(PHONE)
    phone.goto("/services/food-business-licence")
    phone.get_by_role("link", name="预约办事").click()
    phone.get_by_role("link", name=re.compile("9月8日")).click()
    fits(phone)
    phone.get_by_label(re.compile("10:10")).check()
    phone.fill("[name=phone]", "138 0000 0001")
    press(phone, "预约")
    expect(phone.get_by_role("heading", name=re.compile("9月8日.*10:10"))).to_be_visible()
    fits(phone)
    number = Booking.objects.get().number
    assert number in phone.url and "138" not in phone.url and "secret" not in phone.url
    secret = phone.locator(".yw-pair dd").nth(1).inner_text()

    # Moved to an earlier time, on another device by number and secret.
    other = browse(PHONE)
    other.goto("/appointments/find")
    other.fill("[name=number]", number)
    other.fill("[name=secret]", secret)
    press(other, "查看预约")
    other.get_by_text("改到其他时间").click()
    other.get_by_label(re.compile("09:10")).check()
    press(other, "改期")
    expect(other.get_by_role("heading", name=re.compile("9月8日.*09:10"))).to_be_visible()

    # In the hall: two have taken tickets, the appointment comes in time.
    time("2026-09-08T08:55")
    guide = official("hall-guide", "钱导办")
    first, second = give(guide, "食品经营许可核发"), give(guide, "食品经营许可核发")
    assert (first, second) == ("A001", "A002")
    time("2026-09-08T09:05")
    phone.reload()
    press(phone, "我已到大厅，现在取号")
    expect(phone.locator(".yw-ticket")).to_have_text("YA001")
    expect(phone.get_by_text("您前面还有2位。")).to_be_visible()

    # The counter calls by the rule: before the appointment's time who came first, then the appointment.
    screen = browse({"width": 1280, "height": 720})
    screen.goto("/screen/service-centre")
    clerk = official("window-clerk", "孙窗口")
    clerk.goto("/hall")
    clerk.get_by_role("link", name="1号窗口").first.click()
    press(clerk, "叫下一位")
    expect(clerk.locator(".yw-hall-number")).to_have_text("A001")
    expect(screen.locator(".yw-screen-call")).to_contain_text(["A001"])
    time("2026-09-08T09:06")
    press(clerk, "未到，过号")
    expect(clerk.get_by_role("alert")).to_contain_text("过号之前请再呼叫一次")
    press(clerk, "再次呼叫")
    time("2026-09-08T09:11")
    press(clerk, "未到，过号")
    press(clerk, "叫下一位")
    expect(clerk.locator(".yw-hall-number")).to_have_text("YA001")
    expect(screen.locator(".yw-screen-number")).to_have_text(["YA001"])
    assert "食品" not in screen.locator("main .yw-screen-calls").inner_text()
    phone.reload()
    expect(phone.get_by_text("请到1号窗口。")).to_be_visible()

    # Who was passed over comes back and waits behind the other.
    guide.goto("/hall/service-centre/tickets")
    press(guide, "A001")
    expect(guide.get_by_text("您前面还有1位。")).to_be_visible()

    # The application is begun from the ticket, in the words of the applicant.
    press(clerk, "人已到，开始办理")
    clerk.get_by_role("link", name="食品经营许可核发").click()
    clerk.wait_for_selector("form[data-ready]")
    fill_restaurant(clerk)
    press(clerk, "收件")
    expect(clerk.get_by_role("heading", name="已收件")).to_be_visible()
    got = Application.objects.select_related("matter").get()
    assert got.channel == "counter" and Ticket.objects.get(label="YA001").matter_id == got.pk
    paper = clerk.locator(".yw-facts dd").all_inner_texts()
    assert paper[0] == got.matter.number
    clerk.goto("/hall/service-centre/desk/1")
    expect(clerk.get_by_role("link", name=f"办件{got.matter.number}")).to_be_visible()
    press(clerk, "办完，叫下一位")
    expect(clerk.locator(".yw-hall-number")).to_have_text("A002")

    # The applicant follows it with the paper from the counter.
    other.goto("/follow")
    other.fill("#find [name=number]", paper[0])
    other.fill("#find [name=secret]", paper[1])
    other.locator("#find button").last.click()
    expect(other.get_by_role("heading", name="窗口正在审核您的申请。")).to_be_visible()

    # How long people waited is measured.
    clerk.goto("/hall/service-centre/figures?days=1")
    expect(clerk.get_by_role("row", name=re.compile("A 企业开办和经营许可 现场取号 2"))).to_be_visible()
    assert [one.waited for one in Ticket.objects.order_by("label")] == [600, 960, 60]


def fill_restaurant(page) -> None:
    from tests.domains.services.restaurant import RESTAURANT

    for name, value in RESTAURANT.items():
        if isinstance(value, str):
            set_to(page, name, value)
        elif all(isinstance(one, str) for one in value):
            for one in value:
                page.locator(f"[name={name}][value={one}]").check()
    for name, value in RESTAURANT["staff"][0].items():
        set_to(page, f"staff.0.{name}", value)
    for select in page.locator("select[name^=material_]").all():
        select.select_option(index=0)
    page.locator("[name=consent]").check()


def set_to(page, name: str, value: str) -> None:
    field = page.locator(f"[name='{name}']:visible").first
    kind = field.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
    if kind == "select":
        field.select_option(value)
    elif kind == "radio":
        page.locator(f"[name='{name}'][value='{value}']").check()
    else:
        field.fill(value)
