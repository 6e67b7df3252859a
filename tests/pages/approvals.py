"""Addresses of project approvals, and projects to look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.domains.approvals.building import accept, decided, item, registered, started, step
from tests.pages import Page
from tests.people import person
from yiwang.domains.approvals import holding
from yiwang.domains.approvals.registering import Registered

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


PAGES = {
    "projects": [Page("project-guide", "/projects"), Page("project-guide", "/projects?q=没有")],
    "project-new": Page("project-guide", "/projects/new"),
    "project": [
        Page("project-guide", f"/projects/{CODE}"),
        Page("project-guide", "/projects/2607-210104-04-01-000002"),
    ],
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
    "project-previews": "takes a form",
    "own-project-plan": "needs the secret of the project: looked at in tests/domains/approvals/test_gantt.py",
    "own-project-start": "needs the secret of the project: looked at in tests/domains/approvals/test_pages.py",
}
