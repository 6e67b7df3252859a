"""What the archive package of an application holds, alone or joint: the form as it was answered, materials, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from yiwang.domains.services import extending, follow, joint_follow
from yiwang.domains.services.applying import COMMITMENT
from yiwang.domains.services.models import Application, Decision, Joint
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.papers import STATES
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.packs.services import Service
from yiwang.kernel.records.archive.contents import Content, Section
from yiwang.kernel.records.licences import queries
from yiwang.kernel.ui import moments

Lines = list[tuple[str, str]]


def gather(matter: Matter, rules: Rulebook) -> Content:
    """All of an application, under the pack version that it was made under; nothing where there is none."""
    own = Application.objects.filter(pk=matter.pk).first()
    if own is None:
        return Content()
    rows = _rows(matter)
    uses = queries.uses_of_matter(matter.pk)
    service = rules.services.get(own.service)
    names = {one.material.slug: one.material.name for one in service.materials} if service else {}
    promise = _commitment(own, service)
    data = {
        "what": "service application", "service": own.service, "service_name": service.name if service else "",
        "form": own.form, "way": own.way, "commitment": promise, **_common(own, rows),
        "licences_used": [
            {"number": one.licence.number, "purpose": one.purpose, "granted_at": _moment(one.granted_at),
             "until": _moment(one.until), "ended_at": _moment(one.ended_at), "looks": one.looks}
            for one in uses
        ],
    }  # fmt: skip
    answers = [(line.label, line.text) for line in follow.lines_of(own, rules)]
    return Content(data, [*_sections(answers, own, names, rows), *_promised(promise)])


def gather_joint(matter: Matter, rules: Rulebook) -> Content:
    """All of a joint application; each of its services has a package of its own, named here by its number."""
    own = Joint.objects.select_related("matter").filter(pk=matter.pk).first()
    if own is None:
        return Content()
    rows, bundle = _rows(matter), rules.bundles[own.bundle]
    parts = list(own.parts.select_related("matter"))
    data = {
        "what": "joint application", "bundle": own.bundle, "bundle_name": bundle.name, "case": orjson.loads(own.said),
        **_common(own, rows),
        "parts": [
            {"service": one.service, "form": one.form, "way": one.way, "after": one.after, "state": one.state,
             "number": one.matter.number if one.matter else ""}
            for one in parts
        ],
    }  # fmt: skip
    answers = [(line.label, line.text) for line in joint_follow.lines_of(own, rules)]
    done = [
        (
            rules.services[one.service].name,
            "；".join(filter(None, (one.matter and one.matter.number, joint_follow.said_of(one.state)))),
        )
        for one in parts
    ]
    names = joint_follow.material_names(own, rules)
    return Content(data, [*_sections(answers, own, names, rows), Section("联办事项", done)])


def _commitment(own: Application, service: Service | None) -> dict[str, Any] | None:
    """What the applicant promised: the text that the pack of the application had; None for the ordinary way."""
    if own.way != COMMITMENT or service is None or service.commitment is None:
        return None
    return {
        "text": service.commitment.text, "basis": service.commitment.basis, "check": service.commitment.check,
        "given_at": _moment(own.received_at),
    }  # fmt: skip


def _promised(commitment: dict[str, Any] | None) -> list[Section]:
    if commitment is None:
        return []
    lines = [
        ("承诺内容", commitment["text"]),
        ("依据", commitment["basis"]),
        ("作出承诺时间", commitment["given_at"]),
        ("事后核查期限", moments.limit_text(commitment["check"])),
    ]
    return [Section("告知承诺书", lines)]


def _rows(matter: Matter) -> list[Decision]:
    return list(Decision.objects.filter(matter=matter).select_related("by").order_by("at", "pk"))


def _common(own: Application | Joint, rows: list[Decision]) -> dict[str, Any]:
    return {
        "channel": own.channel, "answers": orjson.loads(own.answers), "materials": own.materials, "consent": own.consent,
        "missing": own.missing, "missing_note": own.missing_note, "told_at": _moment(own.told_at),
        "received_at": _moment(own.received_at), "accepted_at": _moment(own.accepted_at),
        "decisions": [_decision(row) for row in rows],
        "rating": own.rating, "rating_note": own.rating_note, "rated_at": _moment(own.rated_at),
    }  # fmt: skip


def _sections(
    answers: Lines, own: Application | Joint, names: Mapping[str, str], rows: list[Decision]
) -> list[Section]:
    materials = [
        (names.get(slug, slug), str(STATES.get(state, state))) for slug, state in own.materials.items()
    ]
    decided = [
        (_said(row), "；".join(filter(None, (_moment(row.at), row.by.name if row.by else "", row.reason))))
        for row in rows
    ]
    parts = (("申请内容", answers), ("申请材料", materials), ("办理决定", decided))
    return [Section(title, lines) for title, lines in parts if lines]


def _said(row: Decision) -> str:
    if row.node == extending.NODE:
        return f"延长{moments.limit_text(row.outcome)}"
    return {
        ("accept", "accept"): "受理", ("accept", "conditional"): "容缺受理", ("accept", "commitment"): "告知承诺受理",
        ("accept", "refuse"): "不予受理", ("review", "agree"): "审查：符合条件", ("review", "disagree"): "审查：不符合条件",
        ("decide", "grant"): "准予", ("decide", "refuse"): "不予", ("after_check", "kept"): "核查：承诺属实",
        ("after_check", "broken"): "核查：承诺不实，撤销", ("supplement", "withdrawn"): "申请人放弃",
    }.get((row.node, row.outcome), row.outcome)  # fmt: skip


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "step": row.node, "outcome": row.outcome, "reason": row.reason, "by": row.by.name if row.by else "",
        "at": _moment(row.at), "delivered_at": _moment(row.delivered_at), "delivered_how": row.delivered_how,
    }  # fmt: skip


def _moment(moment: datetime | None) -> str | None:
    return moments.local(moment).isoformat(timespec="seconds") if moment else None
