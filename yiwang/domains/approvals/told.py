"""A project as plain values, without what says something about a person: for the API and for the command line."""

from __future__ import annotations

from typing import Any

from yiwang.domains.approvals import gantt, inputs, queries
from yiwang.domains.approvals.models import Paper, Project

ROW = "code name project_class investor area applicant registered_at".split()
PLAIN = ("address", "land_m2", "floor_m2", "invest_fen", "land_at")


def row(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in ROW} | {
        "number": project.matter.number,
        "state": project.matter.state,
    }


def whole(view: queries.ProjectView) -> dict[str, Any]:
    """The project with its stages and permits, what was promised and what it took, and its shared materials."""
    project = view.project
    return (
        row(project)
        | {name: getattr(project, name) for name in PLAIN}
        | {
            "promised": view.total,
            "promise_status": view.promise_status,
            "working": view.working,
            "span": view.span,
            "stages": [_stage(one) for one in view.stages],
            "papers": [paper(one) for one in inputs.papers_of(project).values()],
        }
    )


def paper(one: Paper) -> dict[str, Any]:
    """A shared material in one version; `file`: whether there is one to download."""
    return {
        "material": one.material,
        "version": one.version,
        "reference": one.reference,
        "sha256": one.sha256,
        "file": one.attachment is not None,
        "at": one.at,
    }


def plan(stages: tuple[gantt.StageRows, ...]) -> list[dict[str, Any]]:
    """Promise against actual of every stage and permit; `path`: the permits that decide when the stage ends."""
    return [
        {
            "stage": one.view.stage.slug,
            "name": one.view.stage.name,
            "name_en": one.view.stage.name_en,
            "path": [permit.slug for permit in one.path],
            "span": _span(one.span),
            "clock": clock(one.view.clock),
            "permits": [
                {
                    "permit": part.item.permit.slug,
                    "name": part.item.permit.name,
                    "name_en": part.item.permit.name_en,
                    "state": part.item.state,
                    "critical": part.critical,
                    "span": _span(part.span),
                    "clock": clock(part.clock),
                }
                for part in one.rows
            ],
        }
        for one in stages
    ]


def clock(one: queries.Clock) -> dict[str, Any]:
    return {
        "promised": one.promised,
        "start": one.start,
        "end": one.end,
        "due": one.due.moment if one.due else None,
        "held": one.held,
        "working": one.took.working if one.took else None,
        "span": one.took.span if one.took else None,
        "left": one.left,
        "light": one.light,
    }


def _stage(one: queries.StageView) -> dict[str, Any]:
    return {
        "stage": one.stage.slug,
        "name": one.stage.name,
        "name_en": one.stage.name_en,
        "lead": one.stage.lead,
        "number": one.run.matter.number if one.run else None,
        "attempts": len(one.runs),
        "clock": clock(one.clock),
        "items": [_item(item) for item in one.items],
        "removed": [permit.slug for permit, _by in one.removed],
    }


def _item(one: queries.ItemView) -> dict[str, Any]:
    return {
        "permit": one.permit.slug,
        "name": one.permit.name,
        "name_en": one.permit.name_en,
        "unit": one.permit.unit,
        "statutory": one.permit.statutory,
        "state": one.state,
        "number": one.row.matter.number if one.row else None,
        "beside": bool(one.permit.before),
        "by_commitment": bool(one.case and one.case.data.get("by_commitment")),
        "waits_for": list(one.waits_for),
        "clock": clock(one.clock),
    }


def _span(one: gantt.Span) -> dict[str, Any]:
    return {
        "begin": one.begin,
        "end": one.end,
        "expected_begin": one.expected_begin,
        "expected_end": one.expected_end,
        "promised": one.promised,
        "due": one.due,
        "pauses": [{"start": hold.start, "end": hold.end, "reason": hold.reason} for hold in one.pauses],
    }
