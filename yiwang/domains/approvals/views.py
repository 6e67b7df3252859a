"""Pages of project approvals for staff: the register, one project, a new one, an application for a stage."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.core import forms
from yiwang.domains.approvals import inputs, pledging, queries, registering, stages, typed, words
from yiwang.kernel.access import purposes
from yiwang.kernel.access.policy import Subject, covers, decide
from yiwang.kernel.errors import Conflict, Denied, Problem
from yiwang.kernel.matters import papers, store
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock, moments, notices, problems, schema_forms
from yiwang.kernel.ui.door import staff_only

SUBJECT = "approval_project"


def page(
    request: HttpRequest, name: str, context: dict[str, Any], problem: Problem | None = None
) -> HttpResponse:
    return problems.shown(render(request, f"approvals/{name}.html", {"words": words, **context}), problem)


@require_safe
@staff_only
def projects(request: HttpRequest) -> HttpResponse:
    """The register as far as the actor's posts reach, the newest first."""
    asked = {
        name: request.GET.get(name, "").strip()[:60]
        for name in ("q", "project_class", "state", "stage", "overdue", "after")
    }
    rows, after = queries.listed(
        request.actor,
        words=asked["q"],
        project_class=asked["project_class"],
        state=asked["state"],
        stage=asked["stage"],
        overdue=clock.now() if asked["overdue"] else None,
        after=asked["after"],
    )
    rules, running = current(), queries.stands(rows)
    context = {
        "rows": [(row, running[row.pk]) for row in rows],
        "stages": rules.approvals.stages,
        "classes": rules.approvals.classes,
        "class_options": [(slug, words.name_of(one)) for slug, one in rules.approvals.classes.items()],
        "stage_options": [(slug, words.name_of(one)) for slug, one in rules.approvals.stages.items()],
        "asked": asked,
        "next": urlencode({**{name: value for name, value in asked.items() if value}, "after": after})
        if after
        else "",
        "may_open": _may_open(request.actor),
        "moment_now": clock.now(),
    }
    return page(request, "projects", context)


def _may_open(actor: Any) -> bool:
    return any(covers(reach.kinds, registering.KIND) for reach in actor.reach.get("open", ()))


@require_safe
@staff_only
def project(request: HttpRequest, code: str) -> HttpResponse:
    return show(request, code)


def show(
    request: HttpRequest, code: str, problem: Problem | None = None, opened: bool = False, key: str = ""
) -> HttpResponse:
    """A project with its stages, permits, clocks and papers. `key`: of which form the problem is."""
    from yiwang.domains.approvals import views_land, views_papers

    now, found = clock.now(), queries.visible(request.actor, code)
    subject = Subject.of_matter(found.matter)
    may_open = bool(decide(request.actor, "open", subject)) and found.matter.state == "open"
    view = queries.view(found, now)
    context = {
        **whole(view, now),
        **views_land.shown(found, view.rules, now),
        "class_": view.rules.approvals.classes[found.project_class],
        "area": registers.area_name(found.area, not moments.chinese()),
        **views_papers.shown(found, view.rules),
        "buildings": list(found.buildings.order_by("place")),
        "may_open": may_open,
        "may_reveal": bool(decide(request.actor, "reveal", subject)),
        "opened": opened,
        "looks": purposes.looks(SUBJECT, str(found.pk))[:20],
        "problem": problem,
        "key": key,
    }
    return page(request, "project", context, problem)


def whole(view: queries.ProjectView, now: datetime) -> dict[str, Any]:
    """What `approvals/whole.html` shows, for staff and for the applicant."""
    return {
        "view": view,
        "project": view.project,
        "permits": view.rules.approvals.permits,
        "assessments": view.rules.approvals.assessments,
        "reasons": view.rules.reasons,
        "moment_now": now,
    }


@require_POST
@staff_only
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Opens name and telephone of the contact once, for a purpose that is recorded."""
    found = queries.visible(request.actor, code)
    try:
        with store.one_transaction():
            purposes.reveal(
                actor=request.actor,
                subject_kind=SUBJECT,
                subject_id=str(found.pk),
                field="contact",
                purpose=request.POST.get("purpose", ""),
                now=clock.now(),
                subject=Subject.of_matter(found.matter),
            )
    except Problem as problem:
        return show(request, code, problem, key="contact")
    return show(request, code, opened=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A project is registered at the window or by its guide."""
    if not _may_open(request.actor):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="open")
    sent = typed.Typed.of(request.POST) if request.method == "POST" else typed.Typed.empty()
    problem = None
    if request.method == "POST" and "_more" not in request.POST:
        try:
            got = registering.register(actor=request.actor, id=sent.id, now=clock.now(), **sent.given())
            notices.say(
                request, _("The project is in the register. Its secret: %(secret)s") % {"secret": got.secret}
            )
            return redirect("project", got.project.code)
        except Problem as refused:
            problem = refused
            if isinstance(refused, Conflict) and refused.where == "id":
                sent = sent.anew()
    context = {
        "sent": sent,
        "classes": [(slug, words.name_of(one)) for slug, one in current().approvals.classes.items()],
        "communities": typed.communities(),
        "problem": problem,
    }
    return page(request, "new", context, problem)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def start(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """One form with which the whole stage is applied for."""
    found = queries.visible(request.actor, code)
    registering.require_own(request.actor, found)
    return start_page(request, found, stage, request.actor, "workbench/frame.html")


def start_page(request: HttpRequest, found: Any, stage: str, actor: Any, frame: str) -> HttpResponse:
    """The form of a stage, for the window and for the applicant. Sent, it leads to the project."""
    rules, now = current(), clock.now()
    wanted = stages.stage_of(rules, stage)
    form = stages.form_of(rules, wanted)
    removed = rules.approvals.removed(found.area, registering.day_of(now))
    permits = [one for one in rules.approvals.of_stage(stage, found.project_class) if one.slug not in removed]
    asked, may_pledge = stages.asked(permits), pledging.offered(permits)
    pledges: list[str] = []
    answers, problem, key, consent, said = {}, None, uuid7(), True, {}
    if request.method == "POST":
        answers = schema_forms.posted(form.form, request.POST) if form else {}
        key = _key(request.POST.get("id", ""))
        consent = request.POST.get("consent") == "1"
        pledges = [one.slug for one in may_pledge if request.POST.get(f"pledge_{one.slug}")]
        said = {
            one.material.slug: request.POST.get(f"material_{one.material.slug}", "")[:20] for one in asked
        }
        try:
            stages.start(
                actor=actor,
                project=found,
                stage=stage,
                answers=answers,
                materials=said,
                consent=consent,
                pledges=pledges,
                signed_by=request.POST.get("signed_by", ""),
                now=now,
                id=key,
            )
        except Problem as refused:
            problem = refused
        else:
            notices.say(request, _("The stage is applied for: its permits are under way."))
            if actor.kind == "resident":
                return redirect("follow", found.matter.number)
            return redirect("project", found.code)
    there = inputs.papers_of(found)
    context = {
        "frame": frame,
        "project": found,
        "stage": wanted,
        "promised": stages.promise_of(found, rules).stages.get(stage, ""),
        "permits": permits,
        "removed": [
            (rules.approvals.permits[slug], by)
            for slug, by in removed.items()
            if rules.approvals.permits[slug].stage == stage
            and rules.approvals.permits[slug].for_class(found.project_class)
        ],
        "form": form,
        "questions": _questions(form, answers, now, problem),
        "description": schema_forms.for_browser(form.form, registering.day_of(now)) if form else {},
        "materials": [
            {
                "needed": one,
                "paper": there.get(one.material.slug),
                "value": said.get(one.material.slug)
                or (papers.BROUGHT if one.material.slug in there else ""),
                "options": [(state, _offer(state)) for state in papers.offered_for(asked, one.material.slug)],
            }
            for one in asked
        ],
        "pledges": [
            {
                "permit": one,
                "value": one.slug in pledges,
                "replaces": [
                    words.name_of(part.material)
                    for part in one.materials
                    if part.material.slug in one.commitment.instead
                ],
            }
            for one in may_pledge
        ],
        "signed_by": request.POST.get("signed_by", ""),
        "shared": any(one.material.shared for one in asked),
        "consent": consent,
        "id": key,
        "problem": problem,
        "back": "follow" if actor.kind == "resident" else "project",
    }
    return page(request, "start", context, problem)


def _questions(form: Any, answers: dict, now: Any, problem: Problem | None) -> Any:
    if form is None:
        return []
    checked = forms.check(form.form, answers, registering.day_of(now))
    return schema_forms.shown(form.form, answers, checked, errors=problem is not None)


def _offer(state: str) -> str:
    """What an applicant may say of a material."""
    return {
        papers.LOOKUP: _("look it up"),
        papers.BROUGHT: _("I send or bring it"),
        papers.LATER: _("I bring it later"),
        papers.MISSING: _("I do not need it"),
    }[state]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid7()
