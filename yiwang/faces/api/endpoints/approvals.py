"""Construction projects: the register as far as the caller's posts reach, and one project with its stages."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import StringConstraints

from yiwang.domains.approvals import gantt, queries, registering, sharing, told
from yiwang.faces.api import fields, parsing, replies, told_approvals
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.endpoints.files import BINARY
from yiwang.faces.api.given import Given
from yiwang.kernel.errors import Invalid, Unsupported
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.files import serve

router = Router(by_alias=True, tags=["approvals"], auth=OFFICIALS)
CODE = Path(max_length=24, description="The project code, or the number of its matter.")


class PaperIn(Given):
    """What comes with the file."""

    material: Annotated[str, StringConstraints(max_length=40)]
    reference: Annotated[str, StringConstraints(max_length=480)] = ""


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
    stage: str = Query("", max_length=40, description="A stage of the pack: projects that are in it now."),
    overdue: bool = Query(False, description="Only those of which a stage or a step of a permit is overdue."),
    after: str = Query("", max_length=24, description="The cursor `next` of the page before."),
) -> HttpResponse:
    """The newest first, fifty on a page."""
    rows, following = queries.listed(
        request.actor,
        words=q,
        project_class=project_class,
        state=state,
        stage=stage,
        overdue=clock.now() if overdue else None,
        after=after,
    )
    return replies.reply({"items": [told.row(row) for row in rows], "next": following or None})


@router.get(
    "/projects/{code}",
    response={200: told_approvals.ProjectOut},
    operation_id="project",
    summary="A construction project with its stages",
)
def project(
    request: HttpRequest,
    code: str = CODE,
) -> HttpResponse:
    """Its stages and permits, what was promised and what it took. Nothing that says something about a person."""
    found = queries.visible(request.actor, code)
    return replies.reply(told.whole(queries.view(found, clock.now())))


@router.get(
    "/projects/{code}/plan",
    response={200: told_approvals.PlanOut},
    operation_id="projectPlan",
    summary="Promise against actual of a project",
)
def plan(request: HttpRequest, code: str = CODE) -> HttpResponse:
    """Every stage and permit with its promise, what it took, its pauses, and the critical path. What has not ended is
    expected to end as promised; `expected_end` says so."""
    now = clock.now()
    view = queries.view(queries.visible(request.actor, code), now)
    stages = gantt.plan(view, now)
    first, last = gantt.days_between(stages, now)
    return replies.reply(
        {"code": view.project.code, "at": now, "first": first, "last": last, "stages": told.plan(stages)}
    )


@router.post(
    "/projects/{code}/papers",
    response={201: told_approvals.PaperOut, 200: told_approvals.PaperOut},
    operation_id="handIn",
    summary="Hand in a shared material of a project",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/PaperForm"}}},
        }
    },
)
def hand_in(request: HttpRequest, code: str = CODE) -> HttpResponse:
    """One file of a material, or a new version of it: every permit that asks for it uses the last one. The same bytes
    again answer 200 and change nothing."""
    found = queries.visible(request.actor, code)
    registering.require_own(request.actor, found)  # before the file is read
    if request.content_type != parsing.FORM_TYPE:
        raise Unsupported(
            _("Send a form with one file (multipart/form-data)."), code="unsupported_media_type"
        )
    form, sent = parsing.form_of(request)
    labels = fields.check(PaperIn, form)
    if len(sent) != 1:
        raise Invalid(_("Send one file in the field “files”."), where="files")
    before = found.papers.count()
    row = sharing.put_paper(
        actor=request.actor,
        project=found,
        material=labels.material,
        reference=labels.reference,
        file=sharing.check(sent[0]),
        now=clock.now(),
    )
    return replies.reply(told.paper(row), 200 if found.papers.count() == before else 201)


@router.get(
    "/projects/{code}/papers/{material}/{version}",
    response={200: None},
    operation_id="projectPaper",
    summary="The file of a shared material",
    openapi_extra={"responses": BINARY},
)
def paper(
    request: HttpRequest,
    code: str = CODE,
    material: str = Path(max_length=40),
    version: int = Path(ge=1, le=32_000),
) -> HttpResponse:
    """For who may see the project."""
    found = queries.visible(request.actor, code)
    return serve(request, sharing.file_of(found, material, version))
