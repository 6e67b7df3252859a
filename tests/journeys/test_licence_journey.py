"""A licence is used in another application by its holder's permission, and revoked in the middle."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.conftest import at
from tests.domains.services.restaurant import RESTAURANT
from tests.journeys.test_first_journey import fits, form, send
from yiwang.domains.services import applying
from yiwang.domains.services.models import Decision
from yiwang.kernel.access.actors import resident
from yiwang.kernel.records.licences import chain
from yiwang.kernel.records.models import Licence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPANY = RESTAURANT["enterprise_code"]
SIGN = {
    name: RESTAURANT[name]
    for name in (
        "enterprise_name registered enterprise_code operator_name operator_id operator_phone "
        "premises_address premises_area premises_right"
    ).split()
} | {"sign_text": "老味道", "sign_width_cm": "300", "sign_height_cm": "80"}


def licence_section(page):
    return page.locator("section", has=page.locator("#licences"))


def test_a_licence_is_used_in_another_application_and_revoked_in_the_middle(browse, official, time):
    # The officer issues the food licence.
    time("2026-09-07T09:00")
    officer = official("licence-officer", "周证照")
    officer.goto("/licences/new?type=food-licence")
    officer.fill("[name=holder]", "大东区老味道饭店")
    officer.fill("[name=holder_number]", COMPANY)
    for label, value in (
        ("经营场所", "长安路12号"),
        ("法定代表人", "王大厨"),
        ("主体业态", "餐饮"),
        ("经营项目", "热食"),
    ):
        officer.get_by_label(label).first.fill(value)
    officer.locator("form button.btn-primary").click()
    officer.wait_for_url("**/licences/*-*")
    found = Licence.objects.get()

    # The restaurant has applied for its sign, and permits the window to look at the licence.
    got = applying.apply(
        actor=resident(),
        id=uuid4(),
        service="signboard",
        answers=SIGN,
        consent=True,
        now=at("2026-09-07T09:30"),
    )
    number = got.matter.number
    time("2026-09-07T10:00")
    phone = browse(PHONE)
    phone.goto("/follow")
    phone.fill("#find [name=number]", number)
    phone.fill("#find [name=secret]", got.secret)
    phone.locator("#find button").last.click()
    phone.get_by_text("授权使用电子证照，免交原件").click()
    fits(phone)
    phone.fill("[name=licence]", found.number.lower())
    phone.fill("#field-use-holder_number", "91210104MA0000001X")
    phone.get_by_role("button", name="授权", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("没有这个编号")
    phone.fill("[name=licence]", found.number)
    phone.fill("#field-use-holder_number", COMPANY)
    phone.select_option("[name=days]", "30")
    phone.get_by_role("button", name="授权", exact=True).click()
    expect(licence_section(phone)).to_contain_text("可以使用")
    fits(phone)
    assert COMPANY not in phone.url

    # The window looks; the holder sees that it was looked at.
    clerk = official("window-clerk", "孙窗口")
    clerk.goto(f"/matters/{number}")
    clerk.get_by_role("button", name="查看证照").click()
    expect(clerk.get_by_text("大东区老味道饭店")).to_be_visible()
    phone.goto(f"/follow/{number}")
    expect(licence_section(phone)).to_contain_text("查看 1 次")
    clerk.goto(f"/matters/{number}")
    task = form(clerk, "complete", "accept")
    for select in task.locator("select").all():
        select.select_option("received")
    send(clerk, task)

    # Revoked in the middle: whoever works the application is told, nobody can look any more.
    time("2026-09-08T09:00")
    officer.goto(f"/licences/{found.pk}")
    officer.select_option("[name=action]", "revoke")
    officer.fill("[name=reason]", "提供虚假材料取得")
    officer.get_by_role("button", name="确定").click()
    officer.wait_for_selector(".alert-success")
    reviewer = official("service-reviewer-urban-management", "吴审查")
    reviewer.goto("/notices")
    expect(reviewer.locator("ul.yw-notices")).to_contain_text(f"本件所用证照 {found.number} 已注销")
    reviewer.goto(f"/matters/{number}")
    expect(reviewer.get_by_text("已失效：准予之前，须重新证明其所证明的事项。")).to_be_visible()
    assert reviewer.get_by_role("button", name="查看证照").count() == 0
    fits(reviewer)
    phone.reload()
    expect(licence_section(phone)).to_contain_text("该证照已失效")
    task = form(reviewer, "complete", "done")
    task.locator("select").select_option("agree")
    send(reviewer, task)

    # Granting it needs reasons now.
    head = official("service-decider-urban-management", "郑局长")
    head.goto(f"/matters/{number}")
    grant = form(head, "complete", "grant")
    grant.locator("button").click()
    expect(head.get_by_role("alert").first).to_contain_text("本办件所用的证照已失效")
    grant = form(head, "complete", "grant")
    grant.locator("[name=reason]").fill("已补交新核发的许可证，核对无误")
    send(head, grant)
    assert Decision.objects.filter(node="decide", outcome="grant").count() == 1

    # Everything is on record: issued, permitted, looked at once, revoked.
    events = list(found.events.order_by("seq").values_list("action", flat=True))
    assert events == ["issue", "authorise", "use", "revoke"]
    assert list(chain.faults(Licence.objects.get())) == []
