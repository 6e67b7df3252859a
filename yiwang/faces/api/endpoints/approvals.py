"""Construction projects: the register as far as the caller's posts reach, and one project with its stages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from yiwang.domains.approvals import queries
from yiwang.domains.approvals.models import Project
from yiwang.faces.api import replies, told_approvals
from yiwang.faces.api.callers import OFFICIALS
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["approvals"], auth=OFFICIALS)
ROW = "code name project_class investor area applicant registered_at".split()


@router.get(
    "/projects",
    response={200: told_approvals.Projects},
    operation_id="projects",
    summary="Construction projects",
)
def projects(
    request: HttpRequest,
    q: str = Query("", max_length=60, description="A part of the name, or the whole code or number."),
    project_class: str = Query("", max_length=40, description="A class of the pack."),
    state: str = Query("", pattern="^(open|closed|void)?$", description="open, closed or void."),
    after: str = Query("", max_length=24, description="The cursor `next` of the page before."),
) -> HttpResponse:
    """The newest first, fifty on a page."""
    rows, following = queries.listed(
        request.actor, words=q, project_class=project_class, state=state, after=after
    )
    return replies.reply({"items": [_row(row) for row in rows], "next": following or None})


@router.get(
    "/projects/{code}",
    response={200: told_approvals.ProjectOut},
    operation_id="project",
    summary="A construction project with its stages",
)
def project(
    request: HttpRequest,
    code: str = Path(max_length=24, description="The project code, or the number of its matter."),
) -> HttpResponse:
    """Its stages and permits, what was promised and what it took. Nothing that says something about a person."""
    found = queries.visible(request.actor, code)
    view = queries.view(found, clock.now())
    plain = {
        name: getattr(found, name) for name in ("address", "land_m2", "floor_m2", "invest_fen", "land_at")
    }
    return replies.reply(
        _row(found)
        | plain
        | {
            "promised": view.total,
            "promise_status": view.promise_status,
            "working": view.working,
            "span": view.span,
            "stages": [_stage(one) for one in view.stages],
        }
    )


def _row(row: Project) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ROW} | {
        "number": row.matter.number,
        "state": row.matter.state,
    }


def _stage(one: queries.StageView) -> dict[str, Any]:
    return {
        "stage": one.stage.slug,
        "name": one.stage.name,
        "name_en": one.stage.name_en,
        "lead": one.stage.lead,
        "number": one.run.matter.number if one.run else None,
        "attempts": len(one.runs),
        "clock": _clock(one.clock),
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
        "waits_for": list(one.waits_for),
        "clock": _clock(one.clock),
    }


def _clock(one: queries.Clock) -> dict[str, Any]:
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
