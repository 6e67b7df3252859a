"""What the archive package of a permit, a stage and a project holds beside its events: what it was decided upon, by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from yiwang.domains.approvals import pledging, words
from yiwang.domains.approvals.models import Decision, Item, Paper, Pledge, Project, StageRun
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.papers import STATES
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.records.archive.contents import Content, Section
from yiwang.kernel.ui import moments

DECIDED = {
    ("accept", "accept"): "受理", ("accept", "conditional"): "容缺受理", ("accept", "refuse"): "不予受理",
    ("review", "agree"): "审查：符合条件", ("review", "disagree"): "审查：不符合条件", ("decide", "grant"): "准予",
    ("decide", "refuse"): "不予", ("supplement", "withdrawn"): "申请人放弃",
}  # fmt: skip


def permit(matter: Matter, rules: Rulebook) -> Content:
    """A permit or an opinion: materials, opinions of departments, decisions with reasons, holds, the hash of its inputs."""
    own = Item.objects.select_related("project", "stage").filter(pk=matter.pk).first()
    if own is None:
        return Content()
    found = rules.approvals.permits.get(own.permit)
    names = {one.material.slug: one.material.name for one in found.materials} if found else {}
    heard = list(own.opinions.select_related("by").order_by("at"))
    rows = list(own.decisions.select_related("by").order_by("at", "pk"))
    holds = list(own.hold_notices.order_by("at"))
    pledge = pledging.of(own)
    data = {
        "what": "permit of a project", "project": own.project.code, "project_name": own.project.name,
        "stage": own.stage.stage, "attempt": own.stage.attempt, "permit": own.permit, "permit_name": found.name if found else "",
        "materials": own.materials, "versions": own.versions, "commitment": _pledge(pledge), "missing": own.missing, "missing_note": own.missing_note, "told_at": _moment(own.told_at),
        "inputs": own.inputs, "outcome": own.outcome, "decided_at": _moment(own.decided_at),
        "licence": str(own.licence) if own.licence else None,
        "opinions": [
            {"unit": one.unit, "opinion": one.opinion, "reason": one.reason, "by": _name(one.by), "at": _moment(one.at)}
            for one in heard
        ],
        "decisions": [_decision(row) for row in rows],
        "holds": [
            {"reason": one.reason, "note": one.note, "expected": one.expected.isoformat(), "at": _moment(one.at),
             "ended_at": _moment(one.ended_at)}
            for one in holds
        ],
    }  # fmt: skip
    return _content(
        data,
        ("项目", [("项目代码", own.project.code), ("项目名称", own.project.name)]),
        ("申请材料", [(names.get(slug, slug), _state(state)) for slug, state in own.materials.items()]),
        ("告知承诺书", _promised(pledge, names)),
        (
            "部门意见",
            [
                (
                    words.unit_of(one.unit),
                    _line(str(words.OPINIONS.get(one.opinion, one.opinion)), one.reason),
                )
                for one in heard
            ],
        ),
        (
            "办理决定",
            [
                (
                    DECIDED.get((row.node, row.outcome), row.outcome),
                    _line(_moment(row.at), _name(row.by), row.reason),
                )
                for row in rows
            ],
        ),
    )


def check(matter: Matter, rules: Rulebook) -> Content:
    """The check of a commitment: what was promised, and what the check came to."""
    pledge = (
        Pledge.objects.select_related("stage__project", "by", "check_matter")
        .filter(check_matter=matter)
        .first()
    )
    if pledge is None:
        return Content()
    found = rules.approvals.permits.get(pledge.permit)
    names = {one.material.slug: one.material.name for one in found.materials} if found else {}
    data = {"what": "check of a commitment", "permit": pledge.permit, "commitment": _pledge(pledge)}
    return _content(data, ("告知承诺书", _promised(pledge, names)))


def stage(matter: Matter, rules: Rulebook) -> Content:
    """A stage: the one application for it, its promise, and the number of each permit's own package."""
    own = StageRun.objects.select_related("project").filter(pk=matter.pk).first()
    if own is None:
        return Content()
    items = list(own.items.select_related("matter").order_by("matter__opened_at", "pk"))
    names = {slug: one.name for slug, one in rules.approvals.permits.items()}
    data = {
        "what": "stage of a project", "project": own.project.code, "project_name": own.project.name, "stage": own.stage,
        "attempt": own.attempt, "answers": orjson.loads(own.answers), "materials": own.materials, "promised": own.promised,
        "removed": own.removed, "received_at": _moment(own.received_at),
        "permits": [
            {"permit": one.permit, "number": one.matter.number, "outcome": one.outcome, "decided_at": _moment(one.decided_at)}
            for one in items
        ],
    }  # fmt: skip
    done = [
        (
            names.get(one.permit, one.permit),
            _line(one.matter.number, str(words.OUTCOMES.get(one.outcome, one.outcome))),
        )
        for one in items
    ]
    project = [("项目代码", own.project.code), ("项目名称", own.project.name)]
    return _content(data, ("项目", project), ("审批事项", done))


def project(matter: Matter, rules: Rulebook) -> Content:
    """The project of the register, its buildings, its papers in every version, and its stages by number."""
    own = Project.objects.filter(pk=matter.pk).first()
    if own is None:
        return Content()
    plain = (
        "code", "name", "project_class", "investor", "area", "address", "land_m2", "floor_m2", "invest_fen", "indices",
        "applicant", "applicant_code", "contact_name", "contact_phone", "land_contract",
    )  # fmt: skip
    buildings = own.buildings.order_by("place").values("name", "floor_m2", "storeys", "height_m")
    papers = Paper.objects.filter(project=own).order_by("material", "version")
    runs = own.stages.select_related("matter").order_by("received_at")
    data = {name: getattr(own, name) for name in plain} | {
        "what": "construction project",
        "registered_at": _moment(own.registered_at),
        "land_at": own.land_at.isoformat() if own.land_at else None,
        "buildings": list(buildings),
        "papers": [
            {
                "material": one.material,
                "version": one.version,
                "reference": one.reference,
                "sha256": one.sha256,
            }
            for one in papers
        ],
        "stages": [
            {
                "stage": one.stage,
                "attempt": one.attempt,
                "number": one.matter.number,
                "promised": one.promised,
            }
            for one in runs
        ],
    }
    known = [
        ("项目代码", own.code),
        ("项目名称", own.name),
        ("建设地点", own.address),
        ("建设单位", own.applicant),
    ]
    stages = [
        (
            rules.approvals.stages[one.stage].name if one.stage in rules.approvals.stages else one.stage,
            one.matter.number,
        )
        for one in runs
    ]
    return _content(data, ("项目", known), ("审批阶段", stages))


def _pledge(row: Pledge | None) -> dict[str, Any] | None:
    """`sha256` is that of [project, permit, text, signed_by, signed_at] as JSON, and stands in the permit's events too."""
    if row is None:
        return None
    return {
        "project": row.stage.project.code, "permit": row.permit, "text": row.text, "replaces": row.replaces,
        "signed_by": row.signed_by, "signed_at": row.signed_at.isoformat(), "sha256": row.sha256,
        "check": row.check_matter.number if row.check_matter else None, "result": row.result, "reason": row.reason,
        "by": _name(row.by), "ended_at": _moment(row.ended_at),
    }  # fmt: skip


def _promised(row: Pledge | None, names: dict[str, str]) -> list[tuple[str, str]]:
    if row is None:
        return []
    found = [
        ("承诺内容", row.text),
        ("替代材料", "、".join(names.get(one, one) for one in row.replaces)),
        ("签署人", row.signed_by),
        ("签署时间", _moment(row.signed_at) or ""),
        ("承诺书校验值", row.sha256),
    ]
    if row.check_matter:
        found.append(("事后核查", row.check_matter.number))
    if row.result:
        found.append(
            (
                "核查结果",
                f"{words.CHECKS[row.result]}；{_line(_moment(row.ended_at), _name(row.by), row.reason)}",
            )
        )
    return found


def _content(data: dict[str, Any], *sections: tuple[str, list[tuple[str, str]]]) -> Content:
    return Content(data, [Section(title, lines) for title, lines in sections if lines])


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "step": row.node, "outcome": row.outcome, "reason": row.reason, "by": _name(row.by), "at": _moment(row.at),
        "delivered_at": _moment(row.delivered_at), "delivered_how": row.delivered_how,
    }  # fmt: skip


def _state(state: str) -> str:
    return "以告知承诺代替" if state == pledging.PLEDGED else str(STATES.get(state, state))


def _line(*parts: str | None) -> str:
    return "；".join(filter(None, parts))


def _name(who: Any) -> str:
    return who.name if who else ""


def _moment(moment: datetime | None) -> str | None:
    return moments.local(moment).isoformat(timespec="seconds") if moment else None
