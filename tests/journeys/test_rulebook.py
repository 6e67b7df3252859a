"""The rulebook in a real browser: why a limit is what it is, where matters stand, what a new version changed."""

from __future__ import annotations

import shutil

import pytest
from uuid_utils.compat import uuid7

from tests.browser import PHONE
from tests.conftest import at
from tests.data import ROOT
from tests.faces.conftest import COMMUNITY, LAMP, condition
from yiwang.core.geo import Point
from yiwang.domains.operations import actions as operations
from yiwang.faces.rulebook import rehearsing
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Task
from yiwang.kernel.pace import queries as pace
from yiwang.kernel.packs.loader import load
from yiwang.kernel.registers import queries as registers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = "2026-09-24T16:30"


@pytest.fixture(autouse=True)
def nothing_kept():
    pace.reset_caches()
    yield
    pace.reset_caches()


def lamp_at_handling(number: int) -> None:
    area = registers.areas()[COMMUNITY]
    got = operations.report(
        id=uuid7(),
        channel="portal",
        text=f"路灯不亮，第{number}盏",
        actor=resident(),
        point=Point(area.lon, area.lat, "CGCS2000"),
        now=at(NOW),
    )
    filing = {"class_code": LAMP[1], "standard": LAMP[0], "condition": condition()}
    for outcome, data in (("file", filing), ("dispatch", {})):
        task = Task.objects.get(matter=got.matter, state="open")
        actions.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note="", data=data, now=at(NOW))


def test_an_engineer_finds_why_a_limit_is_what_it_is(official):
    page = official("supervisor", "孙工")
    page.goto("/rules")
    page.fill("[name=q]", "路灯不亮了")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="路灯异常 01037").click()
    page.get_by_role("link", name="单盏路灯不亮或闪烁").click()
    assert page.get_by_role("heading", level=1).inner_text() == "单盏路灯不亮或闪烁 2 个工作日"
    why = page.locator("section", has=page.get_by_role("heading", name="依据", exact=True)).inner_text()
    assert "示例值" in why and "未经核定" in why and "本规则包自拟" in why
    page.fill("[name=from]", "2026-09-24T16:30")
    page.get_by_role("button", name="计算").click()
    example = page.locator(".yw-strip")
    assert (
        "到期时间为 2026年9月29日 17:30" in example.inner_text()
        or "2026年9月29日 17:30" in example.inner_text()
    )
    assert "中秋节" in example.inner_text()


def test_a_clerk_sees_where_matters_stand_and_goes_to_the_step(official):
    for number in range(3):
        lamp_at_handling(number)
    page = official("dispatcher", "赵派遣")
    page.goto("/rules")
    page.get_by_role("link", name="流程").first.click()
    page.get_by_role("link", name="城市管理问题").first.click()
    page.wait_for_selector("[data-drawn=yes][data-dressed=yes]")
    badges = page.locator(".yw-node-count")
    assert badges.count() == 7
    assert sorted(badges.all_inner_texts()) == ["0", "0", "0", "0", "0", "0", "3"]
    page.locator("[data-element-id=handle] .djs-hit").click()
    page.wait_for_url("**/steps/handle")
    assert page.get_by_role("heading", level=1).inner_text() == "任务处理"
    page.get_by_role("link", name="项在本环节").click()
    assert page.locator(".yw-queue tbody tr").count() == 3


def test_without_script_the_list_of_steps_leads_to_the_same(browse, official):
    lamp_at_handling(1)
    signed = official("dispatcher", "赵派遣")
    cookies = signed.context.cookies()
    plain = browse(PHONE, java_script_enabled=False)
    plain.context.add_cookies(cookies)
    plain.goto("/rules/processes/incident")
    step = plain.locator("[data-node=handle]")
    assert step.inner_text().split()[:2] == ["任务处理", "1"]
    step.get_by_role("link").click()
    assert plain.get_by_role("heading", level=1).inner_text() == "任务处理"


def test_after_a_limit_was_changed_the_difference_is_told_in_words(official, dadong, tmp_path, settings):
    lamp_at_handling(1)
    shutil.copytree(ROOT / "packs", tmp_path / "packs")
    file = next(
        path
        for path in (tmp_path / "packs/national/conditions").glob("*.yaml")
        if "slug: 01037-" in path.read_text()
    )
    text = file.read_text(encoding="utf-8")
    slug = condition()
    before, after = text.split(f"slug: {slug}", 1)
    old = after.split("limit: ", 1)[1].split(",", 1)[0]
    file.write_text(
        before + f"slug: {slug}" + after.replace(f"limit: {old}", "limit: 9wh", 1), encoding="utf-8"
    )
    settings.PACKS_DIR = tmp_path / "packs"
    load("dadong", at("2026-09-25T08:00"), by="engineer")
    page = official("supervisor", "孙工")
    page.goto("/rules")
    page.get_by_role("link", name="版本", exact=True).click()
    rows = page.locator("tbody tr").all_inner_texts()
    assert len(rows) == 2 and "现行" in rows[0] and "engineer" in rows[0]
    page.get_by_role("button", name="查看变更").click()
    page.wait_for_url("**/compare?**")
    change = page.locator(".yw-rules-changes > li")
    assert change.count() == 1
    assert "9 个工作时" in change.inner_text() and "路灯异常" in change.inner_text()
    assert (
        "仍适用旧版本" in page.locator("main").inner_text()
        and "在办案件 1 件" in page.locator("main").inner_text()
    )


def test_the_map_of_duties_is_coloured_by_unit(official):
    page = official("dispatcher", "赵派遣")
    page.goto("/rules/duties")
    page.select_option("[name=class]", "01023")
    page.get_by_role("button", name="查看").click()
    page.wait_for_selector("[data-coloured=yes], #duty-map[data-drawn=no]", timeout=60000)
    assert page.locator(".yw-duty-legend li").count() == 10
    if page.locator("#duty-map[data-drawn=yes]").count():
        assert (
            page.evaluate(
                "import('/static/ui/map.js').then(m => m.ready(document.querySelector('#duty-map')))"
                ".then(it => it.map.getLayer('duties') ? it.map.getSource('duties').serialize().data.features.length : 0)"
            )
            == 143
        )


def test_an_engineer_sees_what_no_longer_asking_for_a_material_saves(official, monkeypatch):
    monkeypatch.setattr(rehearsing, "WAIT", 300.0)
    page = official("supervisor", "孙工", PHONE)
    page.goto("/rules/processes/approval/rehearse")
    page.get_by_text("改革：取消哪些材料").click()
    page.get_by_label("缺少“质量、安全措施资料”的申请比例").fill("0.5")
    page.get_by_label("取消：质量、安全措施资料").check()
    page.fill("[name=cases]", "300")
    page.get_by_role("button", name="推演一年").click()
    result = page.locator("section", has=page.get_by_role("heading", name="一年的结果"))
    assert "without=safety-measures" in result.inner_text()
    assert page.get_by_label("取消：质量、安全措施资料").is_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("缺少“质量、安全措施资料”的申请比例").fill("经常")
    page.get_by_role("button", name="推演一年").click()
    assert "missing.accept.safety-measures" in page.get_by_role("alert").inner_text()
