"""A joint meeting in a real browser: called, moved, heard, closed, and what it resolved is done and shown as done."""

from __future__ import annotations

import pytest

from tests.domains.approvals.building import registered
from tests.journeys.test_approvals_journey import complete
from yiwang.domains.approvals.models import Meeting, Resolution
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_lead_calls_a_meeting_two_departments_speak_and_a_resolution_is_done_by_its_department(
    official, district, time
):
    time("2026-09-07T10:00")
    project = registered(now=clock.now()).project
    lead = official("stage-lead-natural-resources", "吴牵头")
    lead.goto("/meetings")
    lead.click("text=召集会议")
    lead.fill("[name=at]", "2026-09-09T09:30")
    lead.fill("[name=place]", "301 会议室")
    lead.fill("[name='agenda.0.project']", project.code)
    lead.select_option("[name='agenda.0.permit']", "scheme-review")
    lead.fill("[name='agenda.0.question']", "方案退线距离如何掌握")
    for unit in ("greening", "municipal"):
        lead.check(f"[name=attending][value={unit}]")
    lead.click("button:has-text('发出会议通知')")
    lead.wait_for_selector("text=会议已召集")
    meeting = Meeting.objects.select_related("matter").get()

    # It is moved before anybody has spoken; the departments are told.
    time("2026-09-07T15:00")
    lead.click("text=变更或者取消")
    lead.fill("[name=at]", "2026-09-11T14:00")
    lead.fill("[name=reason]", "专家评审未完成")
    lead.click("button:has-text('变更并告知')")
    lead.wait_for_selector("text=通知已变更")
    assert "2026年9月11日" in lead.inner_text("main") and "专家评审未完成" in lead.inner_text("main")
    greening = official("service-reviewer-greening", "林绿化")
    greening.goto("/notices")
    assert "会议改期" in greening.inner_text("main") and "专家评审未完成" in greening.inner_text("main")

    # Each department gives its opinion in its own queue.
    for post, name, said in (
        ("service-reviewer-greening", "林绿化", "conditions"),
        ("service-reviewer-municipal", "邱市政", "agree"),
    ):
        window = official(post, name)
        window.goto("/work")
        window.click(f"text={meeting.matter.number}")
        window.wait_for_selector("[name=opinion_1]")
        window.select_option("[name=opinion_1]", said)
        if said != "agree":
            window.fill("[name=reason_1]", "移栽乔木三株，依据绿化条例")
        complete(window, "given")
        window.wait_for_selector("text=已完成")

    # The lead closes with minutes and one resolution.
    time("2026-09-11T16:00")
    lead.goto(f"/matters/{meeting.matter.number}")
    lead.fill("[name=summary]", "原则同意方案。")
    lead.fill("[name=condition_limit]", "10")
    first = lead.locator("[name=text_1]")
    folded = first.locator("xpath=ancestor-or-self::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()
    first.fill("核实供水接入点")
    lead.select_option("[name=unit_1]", "municipal")
    lead.fill("[name=limit_1]", "5")
    complete(lead, "closed")
    lead.wait_for_selector("text=已完成")
    resolution = Resolution.objects.select_related("matter").get(meeting=meeting, opinion=None)

    # It is a task in the queue of its department, done there, confirmed by the lead, and done at the meeting.
    time("2026-09-14T10:00")
    municipal = official("service-reviewer-municipal", "邱市政")
    municipal.goto("/work")
    municipal.click(f"text={resolution.matter.number}")
    municipal.wait_for_selector("text=核实供水接入点")
    municipal.fill("[name=reason]", "接入点设在长安路东侧")
    complete(municipal, "done")
    municipal.wait_for_selector("text=已完成")
    time("2026-09-15T10:00")
    lead.goto("/work")
    lead.click(f"text={resolution.matter.number}")
    lead.wait_for_selector("text=接入点设在长安路东侧")
    complete(lead, "confirmed")
    lead.wait_for_selector("text=已完成")
    lead.goto(f"/meetings/{meeting.matter.number}")
    done = lead.locator("li", has_text=resolution.matter.number)
    assert "接入点设在长安路东侧" in done.inner_text() and "已落实" in done.inner_text()
    lead.set_viewport_size({"width": 390, "height": 844})
    assert lead.evaluate("document.documentElement.scrollWidth <= innerWidth")
