"""What the archive package of a permit holds: project, materials, decisions with reasons, the commitment that was signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.domains.approvals import pledging, words
from yiwang.domains.approvals.models import Item, Pledge
from yiwang.kernel.matters import papers
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.records.archive.contents import Content, Section
from yiwang.kernel.ui import moments

DECIDED = {
    ("accept", "accept"): "受理", ("accept", "conditional"): "容缺受理", ("accept", "refuse"): "不予受理",
    ("supplement", "withdrawn"): "申请人放弃", ("review", "agree"): "审查：符合条件", ("review", "disagree"): "审查：不符合条件",
    ("decide", "grant"): "准予", ("decide", "refuse"): "不予",
}  # fmt: skip


def gather(matter: Matter, rules: Rulebook) -> Content:
    """All of a permit, under the pack version that it was applied for under; nothing where there is none."""
    item = Item.objects.select_related("project__matter", "stage").filter(pk=matter.pk).first()
    if item is None:
        return Content()
    permit = rules.approvals.permits.get(item.permit)
    names = {one.material.slug: one.material.name for one in permit.materials} if permit else {}
    pledge = pledging.of(item)
    decisions = list(item.decisions.select_related("by").order_by("at", "pk"))
    opinions = list(item.opinions.select_related("by").order_by("at", "pk"))
    data = {
        "what": "permit of a construction project", "permit": item.permit, "permit_name": permit.name if permit else "",
        "project": {"code": item.project.code, "name": item.project.name, "number": item.project.matter.number},
        "stage": item.stage.stage, "materials": item.materials, "versions": item.versions, "missing": item.missing,
        "missing_note": item.missing_note, "told_at": _moment(item.told_at), "outcome": item.outcome,
        "decided_at": _moment(item.decided_at),
        "decisions": [
            {"step": one.node, "outcome": one.outcome, "reason": one.reason, "by": one.by.name if one.by else "",
             "at": _moment(one.at), "delivered_at": _moment(one.delivered_at), "delivered_how": one.delivered_how}
            for one in decisions
        ],
        "opinions": [
            {"unit": one.unit, "opinion": one.opinion, "reason": one.reason, "by": one.by.name if one.by else "",
             "at": _moment(one.at)}
            for one in opinions
        ],
        "commitment": _pledge(pledge),
    }  # fmt: skip
    materials = [(names.get(slug, slug), _state(state)) for slug, state in item.materials.items()]
    decided = [
        (DECIDED.get((one.node, one.outcome), one.outcome), _line(one.at, one.by, one.reason))
        for one in decisions
    ]
    heard = [
        (
            words.unit_of(one.unit),
            f"{words.OPINIONS.get(one.opinion, one.opinion)}；{_line(one.at, one.by, one.reason)}",
        )
        for one in opinions
    ]
    parts = (
        ("所属项目", [("项目代码", item.project.code), ("项目名称", item.project.name)]),
        ("申请材料", materials),
        ("告知承诺书", _promised(pledge, names)),
        ("部门意见", heard),
        ("办理决定", decided),
    )
    return Content(data, [Section(title, lines) for title, lines in parts if lines])


def gather_check(matter: Matter, rules: Rulebook) -> Content:
    """Of the check of a commitment: what was promised, and what the check came to."""
    pledge = (
        Pledge.objects.select_related("stage__project", "by", "check_matter")
        .filter(check_matter=matter)
        .first()
    )
    if pledge is None:
        return Content()
    permit = rules.approvals.permits.get(pledge.permit)
    names = {one.material.slug: one.material.name for one in permit.materials} if permit else {}
    data = {"what": "check of a commitment", "permit": pledge.permit, "commitment": _pledge(pledge)}
    return Content(data, [Section("告知承诺书", _promised(pledge, names))])


def _pledge(row: Pledge | None) -> dict[str, Any] | None:
    """`sha256` is that of [project, permit, text, signed_by, signed_at] as JSON, and stands in the permit's events too."""
    if row is None:
        return None
    return {
        "project": row.stage.project.code, "permit": row.permit, "text": row.text, "replaces": row.replaces,
        "signed_by": row.signed_by, "signed_at": row.signed_at.isoformat(), "sha256": row.sha256,
        "check": row.check_matter.number if row.check_matter else None, "result": row.result, "reason": row.reason,
        "by": row.by.name if row.by else "", "ended_at": _moment(row.ended_at),
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
        found.append(("核查结果", f"{words.CHECKS[row.result]}；{_line(row.ended_at, row.by, row.reason)}"))
    return found


def _state(state: str) -> str:
    return "以告知承诺代替" if state == pledging.PLEDGED else str(papers.STATES.get(state, state))


def _line(at: datetime | None, by: Any, reason: str) -> str:
    return "；".join(filter(None, (_moment(at), by.name if by else "", reason)))


def _moment(moment: datetime | None) -> str | None:
    return moments.local(moment).isoformat(timespec="seconds") if moment else None
