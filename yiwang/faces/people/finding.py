"""Staff: find a person, see what is known, open it for a purpose, give a code, give out and erase what is held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.faces.people import telling
from yiwang.kernel.access.policy import PERSON, Subject, covers, decide
from yiwang.kernel.errors import Denied, Invalid, Problem
from yiwang.kernel.registers.people import held, opening, proving, queries
from yiwang.kernel.ui import clock, notices, problems
from yiwang.kernel.ui.door import staff_only


def require_reach(actor: Any) -> None:
    """Raises Denied for somebody who sees nobody: such a person has no page here at all."""
    if not any(covers(reach.kinds, PERSON) for reach in actor.reach.get("see", ())):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="see")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def find(request: HttpRequest) -> HttpResponse:
    """Asks for a number; found, the person's own page. The number is in no address."""
    require_reach(request.actor)
    problem = None
    if request.method == "POST":
        number = request.POST.get("number", "").strip()[:40]
        try:
            if not number:
                raise Invalid(_("Give a resident ID number or a telephone number."), where="number")
            by_id = len("".join(filter(str.isalnum, number))) == 18
            which = {"id_number": number} if by_id else {"phone": number}
            return redirect("person", queries.find(request.actor, **which).pk)
        except Problem as refused:
            problem = refused
            problem.where = "number"
    context = {"problem": problem, "may_import": "import" in request.actor.reach}
    return problems.shown(render(request, "people/find.html", context), problem)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show(request: HttpRequest, id: UUID) -> HttpResponse:
    """What is known of a person, masked; sent a purpose, open once."""
    problem = None
    opened = None
    if request.method == "POST":
        try:
            purpose = request.POST.get("purpose", "")
            opened = opening.open_person(actor=request.actor, person=id, purpose=purpose, now=clock.now())
        except Problem as refused:
            problem = refused
    return page(request, id, problem, opened=opened, tried="open" if problem else "")


def page(
    request: HttpRequest,
    id: UUID,
    problem: Problem | None = None,
    *,
    opened: queries.Member | None = None,
    tried: str = "",
    **more: Any,
) -> HttpResponse:
    row = queries.see_person(request.actor, id)
    view = opened or queries.member(row)
    subject = Subject.of_person(row)
    context = {
        "person": view,
        "area": telling.area(row.area_id),
        "relation": telling.relation(row.relation),
        "since": row.since,
        "household": row.household_id,
        "facts": telling.fact_rows(view.facts, view.hidden),
        "opened": opened is not None,
        "looks": telling.looks(row.pk)[:20],
        "joined": telling.joined,
        "may": {
            word: bool(decide(request.actor, word, subject))
            for word in ("reveal", "prove", "export", "erase")
        },
        "problem": problem,
        "tried": tried,
        **more,
    }
    return problems.shown(render(request, "people/person.html", context), problem)


@require_POST
@staff_only
def code(request: HttpRequest, id: UUID) -> HttpResponse:
    """A code for the person who stands at the counter; shown on this answer alone."""
    try:
        if request.POST.get("seen") != "1":
            raise Invalid(_("Look at the ID card first, and say so."), where="seen")
        issued = proving.issue(actor=request.actor, person=id, now=clock.now())
    except Problem as problem:
        return page(request, id, problem, tried="code")
    return page(request, id, issued=issued)


@require_POST
@staff_only
def export(request: HttpRequest, id: UUID) -> HttpResponse:
    """Everything that is held about the person, as a ZIP file."""
    try:
        purpose = request.POST.get("purpose", "")
        told = held.give(actor=request.actor, person=id, purpose=purpose, now=clock.now())
    except Problem as problem:
        return page(request, id, problem, tried="export")
    return zipped(told)


def zipped(told: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(held.as_zip(told), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@staff_only
def erase(request: HttpRequest, id: UUID) -> HttpResponse:
    """Erases what may be erased; the answer names what is kept."""
    try:
        if request.POST.get("sure") != "1":
            raise Invalid(_("Say that you mean it: this cannot be undone."), where="sure")
        reason = request.POST.get("purpose", "")
        done = held.erase(actor=request.actor, person=id, reason=reason, now=clock.now())
    except Problem as problem:
        return page(request, id, problem, tried="erase")
    notices.say(request, _("It was erased."))
    return render(request, "people/erased.html", {"done": done})
