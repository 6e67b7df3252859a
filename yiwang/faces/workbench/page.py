"""The page of one matter: facts, story, process, clocks, and what this person may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.core.codes.masks import mask_name, mask_phone
from yiwang.core.process import in_english
from yiwang.core.process.model import END, TERMINATE
from yiwang.domains.assistance import words
from yiwang.domains.operations import duplicates
from yiwang.domains.operations.models import Report
from yiwang.domains.operations.queries import reports_of
from yiwang.faces.workbench import above, approving, around, assisting, forms, naming, serving, told
from yiwang.faces.workbench.fields import Form
from yiwang.kernel.access.models import User
from yiwang.kernel.access.policy import Subject, decide
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import queries
from yiwang.kernel.matters.attaching import require_attach
from yiwang.kernel.matters.case import CaseTask
from yiwang.kernel.matters.queries import MatterView
from yiwang.kernel.records.attachments import SEALED
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, matter_pages, moments, sealed_files
from yiwang.kernel.ui.door import staff_only

STAGE_GROUPS = {"report": "was", "before": "was", "after": "is", "visit": "home"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What was refused: which form, what was typed in it, and why."""

    key: str
    typed: Mapping[str, str]
    problem: Problem


@require_safe
@staff_only
def matter(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, number)


def show(
    request: HttpRequest,
    number: str,
    tried: Tried | None = None,
    revealed: Mapping | None = None,
    opened: bool = False,
) -> HttpResponse:
    """The page; after a refusal with what was typed, its status the refusal's."""
    now, actor = clock.now(), request.actor
    view = queries.see(actor, number)
    reports = _reports(view)
    files = files_of(view, actor if opened else None)
    asked = _asked(request, tried)
    subject = Subject.of_matter(view.row)
    beyond = above.look(view, actor, now)
    offered = beyond.forms + forms.offered(view, asked, reports, now)
    if matter_pages.address(view.row.kind, view.row.number):  # its steps are done on a page of their own
        offered = [one for one in offered if one.action != "complete"]
    offered = [_kept(one, tried) for one in sorted(offered, key=lambda one: not one.lead)]
    allowed = {one["action"] for one in view.actions}
    context = {
        "view": view,
        "matter": view.row,
        "facts": facts_of(view),
        "forms": offered,
        "tried": tried,
        "tried_here": bool(tried) and any(one.key == tried.key for one in offered),
        "merge_tried": tried if tried and tried.key == "merge" else None,
        "tasks": _tasks(view),
        "story": told.story(view, files),
        "photos": by_stage(files.values()),
        "sealed_photos": 0 if opened else _sealed(view),
        "documents": [one for one in files.values() if not one["thumbnail"]],
        "above": beyond,
        "own_page": matter_pages.address(view.row.kind, view.row.number),
        "near": around.near(actor, view.row, now, around.LISTED),
        "near_radius": around.RADIUS_M,
        "responsible": around.responsible(view.row, view.rules, now.date()),
        "may_attach": _may_attach(actor, view),
        "reports": [_report(row, revealed or {}) for row in reports],
        "may_reveal": bool(decide(actor, "reveal", subject)),
        "may_merge": "merge" in allowed,
        "candidates": duplicates.candidates(view.row, now) if "merge" in allowed else [],
        "process": _process(view),
        "reasons": view.rules.reasons,
        "merged_into": view.row.merged_into.number if view.row.merged_into_id else "",
        "assistance": assisting.shown(view, now, opened),
        "service": serving.shown(view, now, opened),
        "approval": approving.shown(view, actor, now),
    }
    return render(
        request, "workbench/matter.html", context | words.NAMES, status=tried.problem.status if tried else 200
    )


def _asked(request: HttpRequest, tried: Tried | None) -> dict[str, str]:
    """The steps taken by links (?class=, ?find=), or what a refused filing had."""
    asked = {name: request.GET.get(name, "") for name in ("class", "find", "area")}
    if tried and tried.typed.get("class_code"):
        asked["class"] = f"{tried.typed.get('standard', '')}|{tried.typed['class_code']}"
    return asked


def _kept(one: Form, tried: Tried | None) -> Form:
    return one.filled(tried.typed) if tried and tried.key == one.key else one


def _tasks(view: MatterView) -> list[dict]:
    """The open tasks with their clocks and whose they are."""
    open_tasks = sorted(view.case.open_tasks, key=lambda task: task.token)
    who = dict(
        User.objects.filter(pk__in=[task.assignee for task in open_tasks if task.assignee]).values_list(
            "pk", "name"
        )
    )
    post_kinds = view.rules.post_kinds
    return [
        {
            "task": task,
            "name": naming.node(view.process, task.node),
            "post": naming.name_of(post_kinds.get(task.post)),
            "unit": naming.unit(task.unit),
            "assignee": who.get(task.assignee, ""),
            "strip": view.strips.get(task.id),
            "status": _status(view, task),
        }
        for task in open_tasks
    ]


def _status(view: MatterView, task: CaseTask) -> str:
    """Whether the limit of a task is a value that nobody has verified."""
    condition = view.rules.conditions.get(view.row.condition) if task.link == "handle" else None
    return condition.status if condition else view.rules.kind(view.row.kind).status


def facts_of(view: MatterView) -> list[tuple[str, str]]:
    row, condition = view.row, view.rules.conditions.get(view.row.condition)
    counts = [
        (_("reworks"), row.reworks),
        (_("sent back"), row.returns),
        (_("extensions"), row.extensions),
        (_("reopened"), row.reopenings),
    ]
    facts = [
        (_("Class"), naming.class_(view.rules, row.standard, row.class_code)),
        (_("Filing condition"), naming.text_of(condition) if condition else ""),
        (_("Done when"), naming.text_of(condition, "close_text") if condition else ""),
        (_("Area"), naming.area(row.area_id)),
        (_("Address"), row.address),
        (_("Position"), f"{row.lat:.6f}, {row.lon:.6f} ({row.system})" if row.system else ""),
        (_("Unit"), naming.unit(row.unit_id)),
        (_("Channel"), naming.channel(row.source)),
        (_("Received"), naming.moment(row.opened_at)),
        (_("Filed"), naming.moment(row.filed_at)),
        (_("Closed"), naming.moment(row.closed_at)),
        (_("Reminders"), str(row.priority or "")),
        (_("So far"), " · ".join(f"{name} {count}" for name, count in counts if count)),
        (_("Rating"), "★" * row.rating if row.rating else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _reports(view: MatterView) -> list[Report]:
    """The reports of this matter and of what was merged into it."""
    return list(reports_of(view.row.pk).select_related("matter").order_by("received_at", "pk"))


def _report(row: Report, revealed: Mapping) -> dict:
    open_now = revealed.get(str(row.pk), False)
    return {
        "row": row,
        "channel": naming.channel(row.channel),
        "number": row.matter.number,
        "name": row.contact_name if open_now else mask_name(row.contact_name),
        "phone": row.contact_phone if open_now else mask_phone(row.contact_phone),
        "revealed": open_now,
        "has_contact": bool(row.contact_name or row.contact_phone),
    }


def _may_attach(actor: Any, view: MatterView) -> bool:
    try:
        require_attach(actor, view.case)
    except Problem:
        return False
    return True


def _sealed(view: MatterView) -> int:
    """How many pictures of a home wait for a purpose."""
    return Attachment.objects.filter(matter=view.row.pk, stage__in=SEALED).count()


def by_stage(files: Iterable[dict]) -> list[tuple[str, list[dict]]]:
    """The pictures side by side: how it was, how it is, and what else was taken."""
    groups: dict[str, list[dict]] = {"was": [], "is": [], "home": [], "else": []}
    for one in files:
        if one["thumbnail"]:
            groups[STAGE_GROUPS.get(one["slug"], "else")].append(one)
    names = {
        "was": _("Before"),
        "is": _("After the work"),
        "home": _("Visit at home"),
        "else": _("Other pictures"),
    }
    return [(names[key], found) for key, found in groups.items() if found]


def files_of(view: MatterView, opened_by: Any = None) -> dict[str, dict]:
    """The files of a matter by their ids; pictures of a home only for whoever has just opened it for a purpose."""
    stages = {
        "report": _("With the report"),
        "before": _("Before"),
        "after": _("After the work"),
        "visit": _("Visit at home"),
        "document": _("Document"),
    }
    rows = Attachment.objects.filter(matter=view.row.pk).order_by("added_at", "id")
    found = {}
    for row in rows:
        if sealed_files.sealed(row) and opened_by is None:
            continue
        url = reverse("file", args=[row.pk])
        if sealed_files.sealed(row):
            url = sealed_files.address(url, row, opened_by)
        stage = stages.get(row.stage, row.stage)
        found[str(row.pk)] = {
            "url": url,
            "thumbnail": f"{url}{'&' if '?' in url else '?'}thumb=1" if row.thumb_sha256 else "",
            "alt": f"{stage}: {row.name}",
            "name": row.name,
            "stage": stage,
            "slug": row.stage,
            "size": row.size,
            "at": row.added_at,
        }
    return found


def _process(view: MatterView) -> dict:
    """Where it stands, for the component `process`. What was done before a rework counts as ahead again."""
    process, case = view.process, view.case
    here = [task.node for task in case.open_tasks]
    done = {task.node for task in case.tasks.values() if task.state == "done"}
    steps = [{"node": process.start, "name": naming.node(process, process.start)}]
    for node in process.tasks:
        aside = node.link == "file" and node.form == "prechecking"
        if not aside or node.id in done or node.id in here:
            steps.append({"node": node.id, "name": naming.name_of(node)})
    order = [step["node"] for step in steps]
    first = min((order.index(node) for node in here if node in order), default=len(order))
    before = [node for node in order[:first] if node in done or node == process.start]
    if case.state != "open":
        ends = [node.id for node in process.nodes.values() if node.kind in (END, TERMINATE)]
        here = [node for node in ends if node == case.state]
    return {
        "url": reverse("matter-process", args=[case.number]),
        "here": here,
        "done": before,
        "steps": steps,
    }


@require_safe
@staff_only
def process_file(request: HttpRequest, number: str) -> HttpResponse:
    """The process that the matter goes through, in the version it was opened under, in the page's language."""
    view = queries.see(request.actor, number)
    xml = view.rules.process_xml(view.row.kind).encode()
    drawn = xml if moments.chinese() else in_english(xml)
    return HttpResponse(drawn, content_type="application/xml; charset=utf-8")
