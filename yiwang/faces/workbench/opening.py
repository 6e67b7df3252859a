"""Opens the file of an application or a review once, for a purpose that is recorded; nothing is kept to show it again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from yiwang.domains.assistance import looking
from yiwang.faces.workbench import page
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import queries
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.door import staff_only

FORM = "assistance-open"


@require_POST
@staff_only
def open_file(request: HttpRequest, number: str) -> HttpResponse:
    view = queries.see(request.actor, number)
    try:
        looking.look(
            actor=request.actor,
            matter=view.row,
            purpose=request.POST.get("purpose", ""),
            now=clock.now(),
        )
    except Problem as problem:
        return page.show(request, number, page.Tried(FORM, request.POST.dict(), problem))
    return page.show(request, number, opened=True)
