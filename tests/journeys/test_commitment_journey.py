"""A permit by commitment in a real browser: signed on a phone, granted at once, found broken, revoked with its licence."""

from __future__ import annotations

import pytest

from tests.browser import PHONE
from tests.domains.approvals.building import ANSWERS, item
from tests.domains.approvals.test_pledging import up_to_construction
from tests.journeys.test_approvals_journey import accept, complete, follow
from yiwang.domains.approvals.models import Pledge
from yiwang.kernel.records.models import Licence
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_permit_is_granted_on_a_commitment_and_revoked_when_the_check_finds_it_broken(
    official, browse, district, time
):
    time("2026-09-07T09:30")
    window = official("window-clerk", "孙窗口")
    head = official("service-decider-construction", "周住建")
    reviewer = official("service-reviewer-construction", "钱核查")
    project = up_to_construction(clock.now())
    applicant = browse(PHONE)
    follow(applicant, project)
    applicant.click("text=申请本阶段 >> nth=0")
    for name, value in ANSWERS["construction"].items():
        applicant.fill(f"[name={name}]", value)
    applicant.check("[name=pledge_construction-permit]")
    applicant.fill("[name=signed_by]", "王法人")
    applicant.click("button.yw-submit")
    applicant.wait_for_selector("text=阶段申请已提交")
    assert "您的承诺" in applicant.inner_text("main") and "告知承诺" in applicant.inner_text("main")

    # The window does not ask for what the commitment stands for; nobody reviews it; it is decided on the same day.
    permit = item(project, "construction-permit")
    window.goto(f"/matters/{permit.matter.number}")
    assert not window.locator("[name=material_safety-measures]").count()
    accept(window, permit.matter.number)
    head.goto(f"/matters/{permit.matter.number}")
    assert "告知承诺办理，不经审查" in head.inner_text("main") and "王法人" not in head.inner_text("main")
    complete(head, "grant")
    head.wait_for_selector("text=已完成")
    licence = Licence.objects.get(matter=permit.pk)

    # The check has its own number and due day in the queue of the department.
    check = Pledge.objects.select_related("check_matter").get().check_matter
    time("2026-09-15T10:00")
    reviewer.goto("/work")
    reviewer.click(f"text={check.number}")
    reviewer.wait_for_selector("form:has(input[name=outcome][value=broken])", state="attached")
    broken = reviewer.locator("form:has(input[name=outcome][value=broken])").first
    folded = broken.locator("xpath=ancestor-or-self::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()
    broken.locator("[name=reason]").fill("现场没有安全防护，措施资料不能提供")
    complete(reviewer, "broken")
    reviewer.wait_for_selector("text=已完成")
    follow(applicant, project)
    assert "正在决定是否撤销" in applicant.inner_text("main")

    head.goto(f"/matters/{check.number}")
    assert "现场没有安全防护" in head.inner_text("main")
    revoke = head.locator("form:has(input[name=outcome][value=revoke])").first
    revoke.locator("[name=reason]").fill("承诺不实，依据行政许可法第六十九条撤销")
    complete(head, "revoke")
    head.wait_for_selector("text=已完成")
    follow(applicant, project)
    shown = applicant.inner_text("main")
    assert "承诺不实，已撤销许可" in shown and "依据行政许可法第六十九条" in shown
    applicant.goto(f"/v/{licence.number}/{licence.code}")
    assert "撤销" in applicant.inner_text("main") or "注销" in applicant.inner_text("main")
