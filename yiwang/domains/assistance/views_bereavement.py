"""The page on which whoever works on an application says what follows after a death."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.core.codes.masks import mask_name
from yiwang.domains.assistance import bereavement
from yiwang.domains.assistance.views import page
from yiwang.kernel.errors import Denied, Problem
from yiwang.kernel.matters import queries as matters
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def death(request: HttpRequest, id: UUID) -> HttpResponse:
    """A death while an application is open. Posted: what whoever works on it decides."""
    row = bereavement.one(id)
    matters.see(request.actor, row.matter.number)
    if request.method != "POST":
        return _shown(request, id)
    try:
        row = bereavement.answer(
            actor=request.actor,
            id=id,
            answer=request.POST.get("answer", ""),
            why=request.POST.get("why", ""),
            successor=_uuid(request.POST.get("successor", "")),
            now=clock.now(),
        )
    except Denied:
        raise
    except Problem as problem:
        return _shown(request, id, problem)
    notices.say(request, _("Kept: %(what)s.") % {"what": bereavement.ANSWERS[row.answer]})
    return redirect("matter", row.matter.number)


def _shown(request: HttpRequest, id: UUID, problem: Problem | None = None) -> HttpResponse:
    row = bereavement.one(id)
    person = Person.objects.filter(pk=row.person).first()
    context = {
        "row": row,
        "name": mask_name(person.name) if person else "",
        "answers": bereavement.ANSWERS,
        "choices": [(slug, bereavement.ANSWERS[slug]) for slug in bereavement.choices(row)],
        "successors": [
            (str(one.pk), mask_name(one.name)) for one in bereavement.successors(row, clock.now())
        ],
        "may": row.matter.state == "open" and bereavement.works_on(request.actor, row.matter_id),
        "typed": request.POST if problem else {},
        "problem": problem,
    }
    return page(request, "death", context, problem)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
