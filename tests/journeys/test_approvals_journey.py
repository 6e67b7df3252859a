"""Construction projects: an approver stops a clock, lets it run again and decides; from the land contract to the permit."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.browser import PHONE
from tests.domains.approvals.building import decided, item, registered, worker
from yiwang.domains.approvals import sharing
from yiwang.domains.approvals.models import PreReview, Project
from yiwang.kernel.access.actors import resident
from yiwang.kernel.matters import actions, receipts
from yiwang.kernel.matters.models import Task
from yiwang.kernel.records.models import Licence
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def follow(page, project: Project) -> None:
    page.goto("/follow")
    page.fill("[name=number]", project.code)
    page.fill("[name=secret]", receipts.secret_for(project.pk))
    page.click("main form button")
    page.wait_for_selector(f"h1 >> text={project.name}")


def complete(page, outcome: str) -> None:
    """Sends the form of this result of a step, opened if it is folded."""
    form = page.locator(f"form:has(input[name=outcome][value={outcome}])").first
    folded = form.locator("xpath=ancestor-or-self::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()
    form.locator("button[type=submit], button:not([type])").last.click()


def accept(page, number: str) -> None:
    page.goto(f"/matters/{number}")
    for control in page.locator("form:has(input[name=outcome][value=accept]) select").all():
        control.select_option("received")
    complete(page, "accept")
    page.wait_for_selector("text=已完成")


def test_an_approver_holds_resumes_and_decides_and_the_due_day_moves_by_exactly_the_hold(
    official, browse, district, time
):
    time("2026-09-21T09:00")
    project = registered(project_class="simple", now=clock.now()).project
    applicant = browse(PHONE)
    follow(applicant, project)
    applicant.click("text=申请本阶段 >> nth=0")
    applicant.fill("[name=land_use]", "仓储用地")
    applicant.fill("[name=plot_ratio]", "1.0")
    applicant.click("button:has-text('提交申请'), button.yw-submit")
    applicant.wait_for_selector("text=阶段申请已提交")

    window = official("window-clerk", "孙窗口")
    accept(window, item(project, "project-filing").matter.number)
    reviewer = official("service-reviewer-development-reform", "钱审查")
    decider = official("service-decider-development-reform", "周发改")
    number = item(project, "project-filing").matter.number
    reviewer.goto(f"/matters/{number}")
    reviewer.select_option("[name=opinion]", "agree")
    complete(reviewer, "done")
    decider.goto(f"/matters/{number}")
    complete(decider, "grant")
    decider.wait_for_selector("text=已完成")

    # What waited for the filing has begun: four working days, 22, 23, 24 and 28 September.
    number = item(project, "land-planning-permit").matter.number
    accept(window, number)
    head = official("service-decider-natural-resources", "吴规划")
    head.goto(f"/matters/{number}")
    assert "2026年9月28日" in head.inner_text("main")
    time("2026-09-23T10:00")
    head.goto(f"/matters/{number}")
    head.click("summary:has-text('暂停计时')")
    head.select_option("[name=reason]", "testing")
    head.fill("form:has([name=expected]) [name=note]", "测绘成果送检复核")
    head.fill("[name=expected]", "2026-09-29")
    head.click("form:has([name=expected]) button")
    head.wait_for_selector("text=计时已暂停")
    follow(applicant, project)
    shown = applicant.inner_text("main")
    assert "测绘成果送检复核" in shown and "预计到2026年9月29日" in shown

    time("2026-09-29T10:00")
    head.goto(f"/matters/{number}")
    head.click("form[action$='/do/resume'] button")
    head.wait_for_selector("text=恢复计时。")
    # 23, 24, 28 and 29 September are not counted: 22 and 30 September, 8 and 9 October are.
    assert "2026年10月9日" in head.inner_text("main")
    assert re.search(r"整体.{0,8}2026年10月9日|2026年10月9日", head.inner_text("#approval >> xpath=.."))
    planner = official("service-reviewer-natural-resources", "郑审查")
    planner.goto(f"/matters/{number}")
    planner.select_option("[name=opinion]", "agree")
    complete(planner, "done")
    time("2026-10-08T10:00")
    head.goto(f"/matters/{number}")
    complete(head, "grant")
    head.wait_for_selector("text=已完成")
    assert not Task.objects.filter(matter__number=number, node="decide", state="open").exists()
    licence = Licence.objects.get(matter=item(project, "land-planning-permit").pk)
    follow(applicant, project)
    assert licence.number in applicant.inner_text("main")
    assert "全部准予" in applicant.inner_text("main")
    guide = official("project-guide", "冯管家")
    guide.goto(f"/projects/{project.code}")
    # counted: 22 and 30 September, 8 October of five promised working days; the calendar says 17 days
    assert "3 个工作日" in guide.inner_text("main") and "日历跨度 17 天" in guide.inner_text("main")
    assert project.registered_at.date() == date(2026, 9, 21)


def test_a_project_goes_from_the_land_contract_to_its_permit_on_one_day(official, browse, district, time):
    time("2026-09-01T10:00")
    guide = official("project-guide", "冯管家")
    drafter = official("service-reviewer-construction", "钱审图")
    window = official("window-clerk", "孙窗口")
    head = official("service-decider-natural-resources", "吴规划")
    project = registered(project_class="industrial", now=clock.now(), area="210104006002").project
    for material in ("design-scheme", "drawings"):
        sharing.put_paper(
            actor=resident(project.pk),
            project=project,
            material=material,
            reference="第一版",
            now=clock.now(),
        )
    guide.goto(f"/projects/{project.code}")
    assert "七日工作法（样例）" in guide.inner_text("main")
    guide.click("text=申请尚缺的预审")
    guide.wait_for_selector("text=项预审")
    rows = {row.permit: row for row in PreReview.objects.filter(project=project).select_related("matter")}
    assert "soil-plan" not in rows  # the assessment of the area covers it

    # One department by its page, the others beside.
    drafter.goto(f"/matters/{rows['drawing-review'].matter.number}")
    assert "预审意见不是行政决定" in drafter.inner_text("main")
    drafter.select_option("[name=opinion]", "favourable")
    complete(drafter, "done")
    drafter.wait_for_selector("text=已完成")
    for permit, row in rows.items():
        if permit != "drawing-review":
            task = Task.objects.get(matter=row.pk, state="open")
            actions.complete(
                actor=worker(task),
                task=task.pk,
                outcome="done",
                data={"opinion": "favourable"},
                now=clock.now(),
            )

    # New drawings: what was looked at is not what lies there now.
    time("2026-09-14T09:30")
    guide.goto(f"/projects/{project.code}")
    guide.click("summary:has-text('提交材料或者新版本')")
    guide.select_option("[name=material]", "drawings")
    drawing = {"name": "施工图.dwg", "mimeType": "image/vnd.dwg", "buffer": b"AC1032" + bytes(300)}
    guide.set_input_files("[name=file]", drawing)
    guide.fill("[name=reference]", "第二版")
    guide.click("button:has-text('登记')")
    guide.wait_for_selector("text=材料已登记")
    guide.click("text=土地合同已签订")
    shown = guide.inner_text("main")
    assert "须重新审查：此后有变化" in shown and "施工图设计文件" in shown and "仍有效" in shown
    guide.fill("[name=contract]", "沈东地合字〔2026〕7号")
    for name, value in (("land_use", "工业用地"), ("plot_ratio", "1.2"), ("design_unit", "某设计院")):
        guide.fill(f"[name={name}]", value)
    for name, value in (("builder", "某建筑公司"), ("supervisor", "某监理公司"), ("term", "400 日历天")):
        guide.fill(f"[name={name}]", value)
    guide.click("button.yw-submit")
    guide.wait_for_selector("text=土地合同已登记")
    assert "按正常程序审查 1 项" in guide.inner_text("main")

    # The filing beside, the planning permit by the pages: no second review, decided on the same day.
    decided(item(project, "project-filing"), clock.now())
    land = item(project, "land-planning-permit")
    accept(window, land.matter.number)
    assert not Task.objects.filter(matter=land.pk, node="review").exists()
    head.goto(f"/matters/{land.matter.number}")
    assert "拿地前已预审" in head.inner_text("main")
    complete(head, "grant")
    head.wait_for_selector("text=已完成")
    licence = Licence.objects.get(matter=land.pk)
    assert licence.issued_at == clock.now()
    # The changed drawings are reviewed as ever.
    drawings = item(project, "drawing-review")
    accept(window, drawings.matter.number)
    assert Task.objects.filter(matter=drawings.pk, node="review", state="open").exists()
    applicant = browse(PHONE)
    follow(applicant, project)
    assert licence.number in applicant.inner_text("main")
