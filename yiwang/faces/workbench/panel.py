"""One matter beside the list: what it says and what can be done now, as a piece of a page.

The same forms and actions as on the matter's own page; what was refused comes back with what was typed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.operations import duplicates
from yiwang.domains.operations.models import Report
from yiwang.faces.workbench import doing, forms, naming, page
from yiwang.kernel.access.models import User
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.matters import queries
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.records.attachments import SEALED
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.door import staff_only

MOST_PHOTOS = 4


@require_safe
@staff_only
def panel(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, number)


@require_POST
@staff_only
def do(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One action; then the matter as it stands, or the form again with the reason."""
    if action not in doing.ACTIONS:
        raise NotFound(_("There is no action %(action)s.") % {"action": repr(action)})
    try:
        said = doing.ACTIONS[action](doing.Sent(request, number, clock.now()))
    except Problem as problem:
        tried = page.Tried(request.POST.get("form", ""), request.POST.dict(), problem)
        return show(request, number, tried=tried)
    return show(request, number, said=said)


def show(request: HttpRequest, number: str, tried: Any = None, said: str = "") -> HttpResponse:
    """The piece; `said` is what was done, for the list and for screen readers."""
    now, actor = clock.now(), request.actor
    try:
        view = queries.see(actor, number)
    except NotFound:
        if not said:
            raise
        # Done, and with that out of this person's sight.
        return render(request, "workbench/panel_gone.html", {"number": number, "said": said})
    asked = {name: request.GET.get(name, "") for name in ("class", "find", "area")}
    if tried and tried.typed.get("class_code"):
        asked["class"] = f"{tried.typed.get('standard', '')}|{tried.typed['class_code']}"
    reports = list(Report.objects.filter(matter=view.row.pk).order_by("received_at", "pk"))
    made = [
        one.filled(tried.typed) if tried and tried.key == one.key else one
        for one in forms.offered(view, asked, reports, now)
    ]
    allowed = {one["action"] for one in view.actions}
    mine = {str(one["task"]) for one in view.actions if one["action"] == "complete"}
    likely = duplicates.candidates(view.row, now) if "merge" in allowed else []
    context = {
        "matter": view.row,
        "tasks": _tasks(view),
        "facts": _facts(view),
        "photos": _photos(view),
        "forms": made,
        "tried": tried,
        "tried_here": bool(tried) and any(one.key == tried.key for one in made),
        "said": said,
        "mine": " ".join(sorted(mine)),
        "reasons": view.rules.reasons,
        "likely": likely,
        "compare": reverse("duplicates") + "?" + urlencode({"a": view.row.number, "b": likely[0].number})
        if likely
        else "",
    }
    return render(request, "workbench/panel.html", context, status=tried.problem.status if tried else 200)


def _tasks(view: MatterView) -> list[dict]:
    tasks = sorted(view.case.open_tasks, key=lambda task: task.token)
    who = dict(
        User.objects.filter(pk__in=[t.assignee for t in tasks if t.assignee]).values_list("pk", "name")
    )
    return [
        {
            "task": task,
            "name": naming.node(view.process, task.node),
            "unit": naming.unit(task.unit),
            "assignee": who.get(task.assignee, ""),
            "strip": view.strips.get(task.id),
        }
        for task in tasks
    ]


def _facts(view: MatterView) -> list[tuple[str, str]]:
    row = view.row
    condition = view.rules.conditions.get(row.condition)
    facts = [
        (_("Class"), naming.class_(view.rules, row.standard, row.class_code)),
        (_("Filing condition"), naming.text_of(condition) if condition else ""),
        (_("Area"), naming.area(row.area_id)),
        (_("Address"), row.address),
        (_("Unit"), naming.unit(row.unit_id)),
        (_("Channel"), naming.channel(row.source)),
        (_("Received"), naming.moment(row.opened_at)),
    ]
    return [(label, value) for label, value in facts if value]


def _photos(view: MatterView) -> list[dict]:
    rows = Attachment.objects.filter(matter=view.row.pk).exclude(thumb_sha256="")
    rows = rows.exclude(stage__in=SEALED).order_by("added_at", "id")
    found = []
    for row in rows[:MOST_PHOTOS]:
        url = reverse("file", args=[row.pk])
        found.append(
            {"url": url, "thumbnail": f"{url}?thumb=1", "alt": row.name or _("Photo"), "name": row.name}
        )
    return found
