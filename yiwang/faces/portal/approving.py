"""A construction project as its applicant follows it, and the application for its next stage."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core.codes import CodeError, parse_project_code
from yiwang.domains.approvals import (
    queries,
    registering,
    sharing,
    stages,
    views,
    views_gantt,
    views_papers,
    words,
)
from yiwang.domains.approvals.models import Pledge, Project
from yiwang.faces.portal import own
from yiwang.kernel.access import limits, purposes
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Problem
from yiwang.kernel.records.models import Licence
from yiwang.kernel.ui import clock, files, problems

KINDS = (registering.KIND, stages.STAGE, stages.ITEM, stages.OPINION)


def number_of(text: str) -> str:
    """The number of the project's matter for a project code; any other text as it is."""
    try:
        code = parse_project_code(text).value
    except CodeError:
        return text
    found = Project.objects.filter(code=code).values_list("matter__number", flat=True).first()
    return found or text


def page(
    request: HttpRequest, number: str, secret: str, problem: Problem | None = None, key: str = ""
) -> HttpResponse:
    """Promise, stages, permits and licences of the own project. Raises NotFound."""
    found, now = registering.applicant(number, secret), clock.now()
    view = queries.view(found, now)
    missing = [
        (one.permit, one.row)
        for stage in view.stages
        for one in stage.items
        if one.row and one.state == "missing"
    ]
    names = {
        needed.material.slug: words.name_of(needed.material)
        for permit, _row in missing
        for needed in permit.materials
    }
    shared = views_papers.shown(found, view.rules)
    context = {
        **views.whole(view, now),
        "words": words,
        "may_open": found.matter.state == "open",
        "missing": [
            (permit, [names.get(slug, slug) for slug in row.missing], row.missing_note)
            for permit, row in missing
        ],
        "pledges": [
            (view.rules.approvals.permits[one.permit], one)
            for one in Pledge.objects.filter(stage__project=found)
            .select_related("check_matter")
            .order_by("pk")
            if one.permit in view.rules.approvals.permits
        ],
        "licences": list(
            Licence.objects.filter(pk__in=[item.licence for item in found.items.exclude(licence=None)])
        ),
        "kinds": view.rules.licences,
        "looks": purposes.looks(views.SUBJECT, str(found.pk))[:20],
        "problem": problem,
        "key": key,
        **{("paper_kinds" if name == "kinds" else name): value for name, value in shared.items()},
    }
    response = problems.shown(render(request, "approvals/own.html", context), problem)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, number: str, stage: str) -> HttpResponse:
    """The applicant applies for a stage of the own project."""
    secret = own.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    if request.method == "POST":
        limits.REPORTS.take(request)
    found = registering.applicant(number, secret)
    response = views.start_page(request, found, stage, resident(found.pk), "ui/portal.html")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """Promise against actual of the own project, on one axis of days."""
    secret = own.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    response = views_gantt.show(request, registering.applicant(number, secret), staff=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def hand_in(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant hands in a material of the own project, or a new version of it."""
    secret = own.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    limits.REPORTS.take(request)
    found = registering.applicant(number, secret)
    try:
        views_papers.put(request, found, resident(found.pk))
    except Problem as problem:
        return page(request, number, secret, problem, key="paper")
    return redirect("follow", number)


@require_safe
def paper(request: HttpRequest, number: str, material: str, version: int) -> HttpResponse:
    """The file of a version of a material of the own project."""
    secret = own.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    found = registering.applicant(number, secret)
    return files.serve(request, sharing.file_of(found, material, version))
