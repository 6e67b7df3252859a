"""Addresses of project approvals, and projects to look at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.domains.approvals.building import accept, decided, item, registered, started, step
from tests.pages import Page
from tests.people import person
from yiwang.domains.approvals import changing, holding, meetings
from yiwang.domains.approvals.models import Meeting, Project
from yiwang.domains.approvals.registering import Registered
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task

CODE = "2607-210104-04-01-000001"


def make(now: datetime) -> Registered:
    """A project in the works stage: one permit held, one waiting, opinions given, the scheme under review."""
    got = registered(now - timedelta(days=20), code=CODE)
    project = got.project
    started(project, "planning", now - timedelta(days=20))
    for permit in ("project-filing", "land-planning-permit", "geological-hazard"):
        decided(item(project, permit), now - timedelta(days=15))
    soil = item(project, "soil-plan")
    accept(soil, now - timedelta(days=14))
    holding.hold(
        actor=person("service-decider-water-affairs"),
        matter=soil.pk,
        reason="expert_review",
        note="方案报专家评审",
        expected=(now + timedelta(days=10)).date(),
        now=now - timedelta(days=13),
    )
    started(project, "works", now - timedelta(days=12))
    scheme = item(project, "scheme-review")
    accept(scheme, now - timedelta(days=11))
    step(scheme, "opinion", "given", now - timedelta(days=10), unit="greening", opinion="agree")
    registered(
        now,
        code="2607-210104-04-01-000002",
        project_class="industrial",
        name="望花街智能装备厂房",
        area="210104006002",
    )
    return got


def meet(project: Project, now: datetime) -> Meeting:
    """A meeting on the project that was closed: one department agrees, one on conditions; one resolution."""
    meeting = meetings.convene(
        actor=person("stage-lead-natural-resources"),
        id=uuid4(),
        lead="natural-resources",
        at=now + timedelta(hours=3),
        place="政务服务中心 301 会议室",
        agenda=[
            {"project": project.code, "permit": "scheme-review", "question": "方案退线距离如何掌握"},
            {"project": project.code, "permit": "", "question": "供水接入点的选择"},
        ],
        attending=["greening", "civil-defence"],
        now=now,
    )
    for unit, said in (("greening", "agree"), ("civil-defence", "conditions")):
        answer = {"opinion_1": said, "reason_1": "人防口部须外移 2 米，依据 GB 50038", "opinion_2": "agree"}
        act(meeting.matter, "opinion", "given", now, person(f"service-reviewer-{unit}"), unit, **answer)
    act(
        meeting.matter,
        "conclude",
        "closed",
        now,
        person("stage-lead-natural-resources"),
        summary="原则同意方案，按意见修改后报批。",
        condition_limit="10",
        text_1="核实供水接入点",
        unit_1="municipal",
        limit_1="5",
        item_1="2",
    )
    return meeting


def to_come(project: Project, now: datetime) -> Meeting:
    """A meeting that was called and moved; nobody has spoken yet."""
    lead = person("stage-lead-natural-resources")
    meeting = meetings.convene(
        actor=lead,
        id=uuid4(),
        lead="natural-resources",
        at=now + timedelta(days=2),
        place="政务服务中心 301 会议室",
        agenda=[{"project": project.code, "permit": "", "question": "施工期间交通组织"}],
        attending=["greening"],
        now=now,
    )
    changing.change(actor=lead, meeting=meeting, reason="会议室占用", at=now + timedelta(days=3), now=now)
    return meeting


def act(
    matter: Matter, node: str, outcome: str, now: datetime, actor: Any, unit: str = "", **data: str
) -> None:
    rows = Task.objects.filter(matter=matter.pk, node=node, state="open")
    task = rows.get(unit=unit) if unit else rows.get()
    actions.complete(actor=actor, task=task.pk, outcome=outcome, data=data, now=now)


PAGES = {
    "projects": [Page("project-guide", "/projects"), Page("project-guide", "/projects?q=没有")],
    "project-new": Page("project-guide", "/projects/new"),
    "project": [
        Page("project-guide", f"/projects/{CODE}"),
        Page("project-guide", "/projects/2607-210104-04-01-000002"),
    ],
    "meetings": Page("stage-lead-natural-resources", "/meetings"),
    "meeting-new": Page("stage-lead-natural-resources", "/meetings/new"),
    "meeting": Page("stage-lead-natural-resources", lambda made: f"/meetings/{made.meeting}"),
    "meeting-change": Page(
        "stage-lead-natural-resources", lambda made: f"/meetings/{made.meeting_to_come}/change"
    ),
    "project-plan": [
        Page("project-guide", f"/projects/{CODE}/plan"),
        Page("project-guide", "/projects/2607-210104-04-01-000002/plan"),
    ],
    "project-land": Page("project-guide", "/projects/2607-210104-04-01-000002/land"),
    "project-start": Page(
        "window-clerk", "/projects/2607-210104-04-01-000002/stages/planning", ready="form[data-ready]"
    ),
}
NOT_PAGES: dict[str, str] = {
    "project-contact": "takes a form",
    "project-paper": "takes a form",
    "project-paper-file": "a file",
    "own-project-papers": "takes a form",
    "own-project-paper": "a file",
    "project-previews": "takes a form",
    "own-project-plan": "needs the secret of the project: looked at in tests/domains/approvals/test_gantt.py",
    "own-project-start": "needs the secret of the project: looked at in the story of an approver",
}
