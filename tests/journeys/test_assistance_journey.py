"""Stories of assistance in a browser: one household from its finding to the first money and a year's review; a resident
who applies on a phone; an emergency from the call to the money within its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser import PHONE
from tests.conftest import CHINA, at
from tests.domains.assistance.found import poor, refresh
from tests.domains.assistance.offices import IDS, STREET, community, through, who
from tests.journeys.test_first_journey import fits
from tests.kernel.people.made import HUALU
from tests.people import user
from yiwang.domains.assistance import looking, reviewing
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application, Award, Finding, Payment, Publicity, Review
from yiwang.domains.assistance.steps.looking import CHECKS
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.ui import clock

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


def test_one_household_from_the_finding_to_the_first_money_and_a_years_review(
    browse, official, time, district
):
    time("2026-09-01T09:00")
    street, home = "210104002", HUALU
    house = poor(112, clock.now())
    refresh(clock.now().date())

    # The county screens everybody; one household may qualify and gets nothing.
    county = official("aid-county", "周区级")
    county.click("nav >> text=主动发现")
    assert "系统不作任何决定" in county.inner_text("main")
    county.click("text=立即筛查全部住户")
    county.wait_for_selector("text=筛查已开始")
    assert screening.go_on(clock.now()) == 1  # what the worker does beside the requests
    sending.send(clock.now())
    county.reload()
    assert "1 户" in county.inner_text("main")

    # Its community worker goes there and applies in its name, in the same step.
    time("2026-09-01T14:00")
    visitor = official(f"worker-{home}", "赵同行", PHONE)
    visitor.click("nav >> text=发现线索")
    visitor.click(".yw-queue-title >> text=最低生活保障")
    shown = visitor.inner_text("main")
    assert "已加密" in shown and "满足" not in shown and "测**" in shown and "测试甲" not in shown
    visitor.click("summary >> text=查看加密内容")
    visitor.fill("#open [name=purpose]", "入户前了解情况")
    visitor.click("#open button")
    visitor.wait_for_selector("text=满足")
    visitor.click("text=符合，应予纳入")
    visitor.fill("textarea[name=note]", "独居，收入属实，愿意申请")
    visitor.click("text=住户愿意申请")
    visitor.check("[name=apply]")
    visitor.select_option("[name=applicant]", index=1)
    visitor.click("text=已签署委托书")
    visitor.check("[name=paper-identity]")
    visitor.click("text=保存结果")
    visitor.wait_for_selector("text=已记录")
    row = Application.objects.get(household=house.pk)
    number = row.matter.number
    assert number in visitor.inner_text("main")
    assert Finding.objects.get(cause="minimum_guarantee").state == "included"

    # The window accepts it and asks for the account; two people visit; the county checks the data.
    window = official(f"aid-window-{street}", "孙窗口")
    window.goto(f"/matters/{number}")
    shown = window.inner_text("main")
    assert "代为申请" in shown and "已签署委托书" in shown and "测试甲" not in shown
    papers = {
        f"material_{slug}": "given" for slug in ("form", "promise", "authorisation", "identity", "agency")
    }
    account = {"account_bank": "盛京银行", "account_number": "6222020000000001234"}
    answer(window, "accept", **papers, material_expenses="not_needed", **account)
    officer = official(f"aid-officer-{street}", "李经办", PHONE)
    officer.goto(f"/matters/{number}")
    colleague = str(user(f"worker-{home}").pk)  # who signed in above
    answer(officer, "arranged", second=colleague)
    time("2026-09-02T15:00")
    officer.goto(f"/matters/{number}")
    assert "独居，收入属实" not in officer.content()
    officer.click("#assistance-open summary")
    officer.click("#assistance-open button")
    officer.wait_for_selector("text=独居，收入属实")
    officer.goto(f"/matters/{number}")
    answer(
        officer, "done", signed_by="测试甲", seen="一人居住，月工资三百元。", income="300", housing="public"
    )
    county.goto(f"/matters/{number}")
    answer(county, "done", **{f"check_{slug}": "agrees" for slug in CHECKS})

    # The opinion is shown for seven days to everybody; then the county decides.
    officer.goto(f"/matters/{number}")
    assert "由人决定" in officer.content()
    answer(officer, "support", amount="445", reason="月工资三百元，按差额。")
    shown = Publicity.objects.get(matter=row.pk)
    passer_by = browse(PHONE)
    passer_by.goto("/publicity")
    assert "测试甲" in passer_by.content()
    assert row.id_number not in passer_by.content()
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
    assert (award.household, award.fen, str(award.since)) == (house.pk, 44500, "2026-10-01")

    # The finance post makes the list of October and takes the file for the bank.
    finance = official("aid-finance", "钱出纳")
    finance.goto("/assistance/payments?month=2026-10")
    finance.click("form[action='/assistance/payments/make'] button")
    finance.wait_for_selector("text=合计与发放记录一致")
    with finance.expect_download() as got:
        finance.click("form[action$='/bank.csv'] button")
    lines = got.value.path().read_text("utf-8-sig")
    assert "6222020000000001234" in lines
    assert "445.00" in lines
    finance.click("form[action$='/paid'] button")
    finance.wait_for_selector(".alert-success")
    assert Payment.objects.get().state == "paid"

    # A year later the review is opened by itself; the household found work and leaves slowly, after it was heard.
    assert reviewing.open_due(at("2027-09-02T08:00")) == 1
    review = Review.objects.get(award=award).matter.number
    time("2027-09-02T09:00")
    officer.goto(f"/matters/{review}")
    answer(officer, "done", second=colleague, signed_by="测试甲", seen="已就业，月收入 2600 元。")
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


def test_a_resident_applies_on_a_phone_and_reads_the_decision_in_plain_words(browse, time, district):
    time("2026-09-01T09:00")
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

    # The offices work on it without a browser; one of them opens the file.
    matter = Matter.objects.get(number=number)
    looking.look(actor=who("aid_officer"), matter=matter, purpose="办理：入户调查", now=clock.now())
    through(matter)
    time("2026-09-20T09:00")
    resident.goto(f"/follow/{number}")
    fits(resident)
    page = resident.content()
    assert "980.50" in page
    assert "办理：" in page


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
