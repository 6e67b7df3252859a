"""Construction projects in every stage, and joint meetings on them, made through the very actions."""

from __future__ import annotations

from datetime import datetime, timedelta

MEETINGS_PER = 5  # projects for each meeting


def make(count: int, now: datetime) -> dict:
    """`count` projects; one in three has its first stage decided and the second begun. Codes and numbers to look at."""
    from uuid import uuid4

    from tests.domains.approvals import building
    from tests.people import person
    from yiwang.domains.approvals import meetings

    lead, codes, permit, meeting = person("stage-lead-natural-resources"), [], "", None
    for n in range(count):
        at = now - timedelta(days=60) + timedelta(days=30) * (n / count)
        code = f"{at:%y%m}-210104-04-01-{n + 1:06d}"
        project = building.registered(at, code=code, name=f"长安路商业综合体 {n + 1} 期").project
        building.started(project, "planning", at)
        if n % 3 == 0:
            for slug in ("project-filing", "land-planning-permit", "geological-hazard"):
                building.decided(building.item(project, slug), at + timedelta(days=5))
            building.started(project, "works", at + timedelta(days=6))
            one = building.item(project, "scheme-review")
            building.accept(one, at + timedelta(days=7))
            permit = one.matter.number
            codes.append(code)
        if n % MEETINGS_PER == 0:
            meeting = meetings.convene(
                actor=lead, id=uuid4(), lead="natural-resources", at=now + timedelta(hours=n % 60),
                place="政务服务中心 301 会议室", attending=["greening", "civil-defence"], now=at,
                agenda=[{"project": code, "permit": "scheme-review", "question": "方案退线距离如何掌握"}],
            )  # fmt: skip
    return {
        "projects": count,
        "project": codes[-1],
        "permit": permit,
        "meeting": meeting.matter.number if meeting else "",
    }
