"""案件单: everything of a matter on paper, to be signed and filed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.domains.operations import supervised
from yiwang.faces.workbench import naming, page, told
from yiwang.kernel.access.models import User
from yiwang.kernel.matters import queries
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.door import staff_only


@require_safe
@staff_only
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet; contacts of reporters are not on it."""
    view = queries.see(request.actor, number)
    files = page.files_of(view)
    tasks = sorted(view.case.tasks.values(), key=lambda one: (one.opened_at, one.token))
    people = {one.done_by for one in tasks} | {one.assignee for one in tasks}
    names = dict(User.objects.filter(pk__in=filter(None, people)).values_list("pk", "name"))
    chases, requests = supervised.of_matter(view.row.pk)
    context = {
        "view": view,
        "matter": view.row,
        "facts": page.facts_of(view),
        "tasks": [
            {
                "task": one,
                "name": naming.node(view.process, one.node),
                "unit": naming.unit(one.unit) or naming.name_of(view.rules.post_kinds.get(one.post)),
                "who": names.get(one.done_by or one.assignee, ""),
                "outcome": naming.outcome(view.process.nodes.get(one.node), one.outcome)
                if one.outcome
                else "",
            }
            for one in tasks
            if one.state != "dropped"
        ],
        "photos": page.by_stage(files.values()),
        "documents": [one for one in files.values() if not one["thumbnail"]],
        "chases": chases,
        "requests": requests,
        "story": told.story(view, {}),
        "printed_at": clock.now(),
        "printed_by": request.actor.name,
    }
    return render(request, "workbench/sheet.html", context)
