"""Stories of assistance in a browser: a household from its application to the first money and a year's review; an
emergency from the call to the money within its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser import PHONE
from tests.conftest import CHINA, at
from tests.domains.assistance.offices import IDS, STREET, community
from tests.journeys.test_first_journey import fits
from tests.people import user
from yiwang.domains.assistance import reviewing
from yiwang.domains.assistance.models import Application, Award, Payment, Publicity, Review
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def answer(page, outcome: str, **fields) -> None:
    """Fills in the form of one result of the step on a matter's page, and sends it."""
    box = page.locator(f".yw-action[id^='complete-{outcome}-']")
    if box.evaluate("e => e.tagName") == "DETAILS" and not box.evaluate("e => e.open"):
        box.locator("summary").first.click()
    for name, value in fields.items():
        field = box.locator(f"[name='{name}']").first
        kind = field.evaluate("e => e.tagName + (e.type || '')")
        if kind.startswith("SELECT"):
            field.select_option(value)
        elif kind == "INPUTradio":
            box.locator(f"[name='{name}'][value='{value}']").check()
        else:
            field.fill(value)
    box.locator("button.btn").last.click()
    page.wait_for_selector(".alert-success")
    fits(page)


def test_a_household_from_the_application_to_the_first_money_and_a_years_review(
    browse, official, time, district
):
    time("2026-09-01T09:00")
    user(f"worker-{community()}", name="赵同行")
    # The resident applies on a phone and gets a number and a secret.
    resident = browse(PHONE)
    resident.goto("/apply")
    fits(resident)
    resident.fill("[name=name]", "王秀兰")
    resident.fill("[name=id_number]", IDS[0])
    resident.fill("[name=phone]", "13840000001")
    resident.select_option("[name=area]", community())
    resident.fill("[name=address]", "长安路 12 号 3-2-1")
    resident.fill("[name=situation]", "丈夫去世，本人患病，无固定收入。")
    resident.fill("[name=account_bank]", "盛京银行")
    resident.fill("[name=account_number]", "6222020000000001234")
    resident.click("form.yw-form button.btn-primary")
    resident.wait_for_selector("#number")
    number = resident.inner_text("#number")
    row = Application.objects.get(matter__number=number)

    # The window accepts it; two people visit; the county checks the data.
    window = official(f"aid-window-{STREET}", "孙窗口")
    window.goto(f"/matters/{number}")
    papers = {f"material_{slug}": "given" for slug in ("form", "promise", "authorisation", "identity")}
    answer(window, "accept", **papers, material_agency="not_needed", material_expenses="not_needed")
    officer = official(f"aid-officer-{STREET}", "李经办", PHONE)
    officer.goto(f"/matters/{number}")
    answer(officer, "arranged", second=str(user(f"worker-{community()}").pk))
    time("2026-09-02T15:00")
    officer.goto(f"/matters/{number}")
    assert "丈夫去世" not in officer.content()
    officer.click("#assistance-open summary")
    officer.click("#assistance-open button")
    officer.wait_for_selector("text=丈夫去世")
    officer.goto(f"/matters/{number}")
    answer(officer, "done", signed_by="王秀兰", seen="一人居住，无收入来源。", income="0", housing="public")
    county = official("aid-county", "周区级")
    county.goto(f"/matters/{number}")
    checks = (
        "household",
        "tax",
        "insurance",
        "housing",
        "market",
        "fund",
        "vehicle",
        "deposit",
        "commercial",
        "securities",
    )
    answer(county, "done", **{f"check_{slug}": "agrees" for slug in (*checks, "internet")})

    # The opinion is shown for seven days to everybody; then the county decides.
    officer.goto(f"/matters/{number}")
    assert "由人决定" in officer.content()
    answer(officer, "support", amount="745", reason="无收入，按标准全额。")
    shown = Publicity.objects.get(matter=row.pk)
    passer_by = browse(PHONE)
    passer_by.goto("/publicity")
    assert "王秀兰" in passer_by.content()
    assert IDS[0] not in passer_by.content()
    over = shown.until + timedelta(minutes=1)
    timers.fire_due(over)
    time(over.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M"))
    county.goto(f"/matters/{number}")
    answer(county, "grant", reason="同意街道意见。")
    leader = official("aid-leader", "吴局长")
    leader.goto(f"/matters/{number}")
    answer(leader, "grant", reason="同意。")
    window.goto(f"/matters/{number}")
    answer(window, "delivered", way="in_person")
    award = Award.objects.get(matter=row.pk)
    assert (award.fen, str(award.since)) == (74500, "2026-10-01")

    # The resident reads the decision in plain words, and who opened the file.
    resident.goto(f"/follow/{number}")
    fits(resident)
    page = resident.content()
    assert "745.00" in page
    assert "办理：" in page

    # The finance post makes the list of October and takes the file for the bank.
    finance = official("aid-finance", "钱出纳")
    finance.goto("/assistance/payments?month=2026-10")
    finance.click("form[action='/assistance/payments/make'] button")
    finance.wait_for_selector("text=合计与发放记录一致")
    with finance.expect_download() as got:
        finance.click("form[action$='/bank.csv'] button")
    lines = got.value.path().read_text("utf-8-sig")
    assert "6222020000000001234" in lines
    assert "745.00" in lines
    finance.click("form[action$='/paid'] button")
    finance.wait_for_selector(".alert-success")
    assert Payment.objects.get().state == "paid"

    # A year later the review is opened by itself; the household found work and leaves slowly, after it was heard.
    assert reviewing.open_due(at("2027-09-02T08:00")) == 1
    review = Review.objects.get(award=award).matter.number
    time("2027-09-02T09:00")
    officer.goto(f"/matters/{review}")
    answer(
        officer,
        "done",
        second=str(user(f"worker-{community()}").pk),
        signed_by="王秀兰",
        seen="已就业，月收入 2600 元。",
    )
    officer.goto(f"/matters/{review}")
    answer(officer, "exit", months="3", why="income", reason="就业后收入高于标准。")
    officer.goto(f"/matters/{review}")
    answer(officer, "heard", told="拟渐退三个月，因就业后收入高于标准。", said="同意。")
    leader.goto(f"/matters/{review}")
    answer(leader, "confirm")
    award.refresh_from_db()
    assert (award.state, str(award.until)) == ("ending", "2027-12-31")
    officer.goto(f"/assistance/households/{award.household}")
    fits(officer)
    assert "渐退期" in officer.content()


def test_an_emergency_from_the_call_to_the_money_in_less_than_a_day(official, time, district):
    time("2026-09-05T20:10")  # a Saturday evening
    user(f"worker-{community()}", name="赵同行")
    window = official(f"aid-window-{STREET}", "孙窗口")
    window.goto("/assistance/apply?programme=relief_emergency")
    fits(window)
    window.check("[name=channel][value=call]")
    window.check("[name=emergency][value=fire]")
    window.fill("[name=name]", "陈大海")
    window.fill("[name=phone]", "13940000002")
    window.select_option("[name=area]", community())
    window.fill("[name=situation]", "厨房起火，家中无法居住。")
    window.click("form.yw-form button.btn-primary")
    window.wait_for_selector(".alert-success")
    number = window.url.rpartition("/")[2]
    called = Matter.objects.get(number=number)

    time("2026-09-05T21:30")
    officer = official(f"aid-officer-{STREET}", "李经办", PHONE)
    officer.goto(f"/matters/{number}")
    answer(officer, "urgent", reason="已到现场，厨房烧毁，老人儿童各一人。")
    assert "2026年9月6日 20:10" in officer.content()  # the whole day counts from the call
    time("2026-09-05T22:00")
    head = official(f"aid-street-{STREET}", "冯主任", PHONE)
    head.goto(f"/matters/{number}")
    answer(head, "grant", amount="2000", reason="先行救助，保障当晚吃住。")
    time("2026-09-05T22:40")
    window.goto(f"/matters/{number}")
    answer(window, "paid", way="cash", signed_by="陈大海")
    paid = Payment.objects.get(award__matter=called)
    assert paid.fen == 200_000
    assert paid.paid_at - called.opened_at < timedelta(hours=24)

    # Papers after: the visit with two people, then the county's record.
    time("2026-09-08T10:00")
    officer.goto(f"/matters/{number}")
    answer(
        officer,
        "done",
        second=str(user(f"worker-{community()}").pk),
        signed_by="陈大海",
        seen="火灾属实，材料已补齐。",
    )
    county = official("aid-county", "周区级")
    county.goto(f"/matters/{number}")
    answer(county, "recorded", reason="同意备案。")
    called.refresh_from_db()
    assert called.state == "closed"
