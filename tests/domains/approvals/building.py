"""A project of the tests, and how its steps are done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from tests.conftest import at
from tests.people import person
from yiwang.domains.approvals import registering, stages
from yiwang.domains.approvals.models import Item, Project, StageRun
from yiwang.kernel.access.actors import resident
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current

AREA = "210104012001"
MONDAY = at("2026-09-07T09:00")
ANSWERS = {
    "planning": {"land_use": "二类居住用地", "plot_ratio": "2.5"},
    "works": {"design_unit": "沈阳某设计院"},
    "construction": {"builder": "沈阳某建筑公司", "supervisor": "沈阳某监理公司", "term": "540 日历天"},
    "acceptance": {"completed_on": "2026-08-30"},
}


def registered(now: datetime = MONDAY, **more: Any) -> registering.Registered:
    given = {
        "actor": resident(),
        "id": uuid4(),
        "code": "2609-210104-04-01-000001",
        "name": "长安路商业综合体",
        "project_class": "social-house",
        "investor": "social",
        "area": AREA,
        "address": "长安路 12 号地块",
        "applicant": "沈阳长安置业有限公司",
        "applicant_code": "91350100M000100Y43",
        "contact_name": "王工程",
        "contact_phone": "13840000001",
        "land_m2": 12000,
        "floor_m2": 30000,
        "invest_fen": 20_000_000_000,
        "buildings": [{"name": "1 号楼", "floor_m2": 20000, "storeys": 12, "height_m": 50}],
    }
    return registering.register(**given | {"now": now} | more)


def started(project: Project, stage: str = "planning", now: datetime = MONDAY, **more: Any) -> StageRun:
    given = {"actor": resident(project.pk), "answers": ANSWERS[stage], "consent": True}
    return stages.start(project=project, stage=stage, now=now, **given | more)


def item(project: Project, permit: str) -> Item:
    return Item.objects.select_related("matter", "stage__matter").get(project=project, permit=permit)


def permits(project: Project) -> set[str]:
    return set(Item.objects.filter(project=project).values_list("permit", flat=True))


def worker(task: Task, post: str = "") -> Any:
    kinds = {
        "window_clerk": "window-clerk",
        "service_reviewer": f"service-reviewer-{task.unit_id}",
        "service_decider": f"service-decider-{task.unit_id}",
    }
    return person(post or kinds[task.post])


def step(one: Item, node: str, outcome: str, now: datetime, *, unit: str = "", **data: Any) -> Matter:
    rows = Task.objects.filter(matter=one.pk, node=node, state="open")
    task = rows.get(unit=unit) if unit else rows.first()
    assert task is not None, f"{one.permit} has no open step {node}"
    return actions.complete(actor=worker(task), task=task.pk, outcome=outcome, data=data, now=now)


def received(one: Item) -> dict[str, str]:
    permit = current().approvals.permits[one.permit]
    return {f"material_{needed.material.slug}": "received" for needed in permit.materials}


def accept(one: Item, now: datetime) -> Matter:
    return step(one, "accept", "accept", now, **received(one))


def decided(one: Item, now: datetime, outcome: str = "grant") -> None:
    """From acceptance to the decision at one moment."""
    if one.matter.kind == stages.OPINION:
        step(one, "give", "given", now, opinion="agree")
        return
    if Task.objects.filter(matter=one.pk, node="accept", state="open").exists():
        accept(one, now)
    if Task.objects.filter(matter=one.pk, node="review", state="open").exists():
        step(one, "review", "done", now, opinion="agree")
    for task in Task.objects.filter(matter=one.pk, node="opinion", state="open"):
        step(one, "opinion", "given", now, unit=task.unit_id, opinion="agree")
    step(one, "decide", outcome, now, reason="理由如下")
