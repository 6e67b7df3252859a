"""The page with promise against actual of a project, for staff and, told less, for its applicant."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.domains.approvals import gantt, gantt_bars, queries, words
from yiwang.domains.approvals.models import Project
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.door import staff_only


@require_safe
@staff_only
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Stages and permits on one axis of days."""
    return show(request, queries.visible(request.actor, code), staff=True)


def show(request: HttpRequest, project: Project, *, staff: bool) -> HttpResponse:
    """The caller has checked who may see it."""
    now = clock.now()
    view = queries.view(project, now)
    rows = gantt.plan(view, now)
    axis = gantt_bars.Axis(*gantt.days_between(rows, now))
    context: dict[str, Any] = {
        "frame": "workbench/frame.html" if staff else "ui/portal.html",
        "staff": staff,
        "view": view,
        "project": project,
        "stages": rows,
        "axis": axis,
        "marks": axis.marks(),
        "off": axis.off(current_calendar()),
        "today": axis.at(now),
        "bars": lambda span: gantt_bars.bars(axis, span, now),
        "reasons": view.rules.reasons,
        "words": words,
        "moment_now": now,
    }
    return render(request, "approvals/gantt.html", context)
