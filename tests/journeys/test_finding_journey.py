"""The policy finds the person: the county screens, a community worker visits and applies on the household's behalf;
and before that the county sees on sliders what another standard would do."""

from __future__ import annotations

import pytest

from tests.browser import PHONE
from tests.domains.assistance.found import poor, refresh
from tests.kernel.people.made import HUALU
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application, Finding
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def poor_household(district, time):
    time("2026-09-28T10:00")
    house = poor(112, clock.now())
    refresh(clock.now().date())
    return house


def worker_does() -> None:
    """What the worker does beside the requests."""
    assert screening.go_on(clock.now()) == 1
    sending.send(clock.now())


def test_from_the_screening_to_the_visit_and_to_the_application_on_behalf(official, poor_household):
    county = official("aid-county", "周经办")
    county.click("nav >> text=主动发现")
    assert "系统不作任何决定" in county.inner_text("main")
    county.click("text=立即筛查全部住户")
    county.wait_for_selector("text=筛查已开始")
    worker_does()
    county.reload()
    assert "1 户" in county.inner_text("main")

    worker = official(f"worker-{HUALU}", "陈社工", PHONE)
    worker.click("nav >> text=发现线索")
    worker.click(".yw-queue-title >> text=最低生活保障")
    shown = worker.inner_text("main")
    assert "满足" in shown and "测**" in shown and "测试甲" not in shown
    worker.click("text=符合，应予纳入")
    worker.fill("textarea[name=note]", "独居，收入属实，愿意申请")
    worker.click("text=住户愿意申请")
    worker.check("[name=apply]")
    worker.select_option("[name=applicant]", index=1)
    worker.click("text=已签署委托书")
    worker.check("[name=paper-identity]")
    worker.click("text=保存结果")
    worker.wait_for_selector("text=已记录")
    assert Finding.objects.get(cause="minimum_guarantee").state == "included"
    applied = Application.objects.get()
    assert applied.matter.number in worker.inner_text("main")
    assert Matter.objects.get(findings__household=poor_household.pk).state == "closed"

    window = official("aid-window-210104002", "李窗口")
    window.goto("/assistance")
    window.goto(f"/matters/{applied.matter.number}")
    shown = window.inner_text("main")
    assert "代为申请" in shown and "陈社工" in shown and "已签署委托书" in shown
    assert "材料审查与受理" in shown and "测试甲" not in shown


def test_a_slider_shows_at_once_what_another_standard_would_do(official, poor_household):
    county = official("aid-county", "周经办")
    county.goto("/assistance/preview")
    assert "没有改动" in county.inner_text("[data-effect-here=top]")
    county.fill("[id='v-guarantee.standard.urban']", "900")
    county.wait_for_selector("[data-effect-here=tables] >> text=受影响最大")
    assert "+1,200" in county.inner_text("[data-effect-here=top]")
    county.wait_for_url("**v.guarantee.standard.urban=900**")
    county.fill("[name=name]", "九百元")
    county.click("text=保存方案")
    county.wait_for_selector("text=方案已保存")
    county.click("text=比较方案")
    county.check("[name=v]")
    county.click("main form .btn-primary")
    assert "+1,200" in county.inner_text("table")
