"""Pages of assistance for staff: the start, an application at the counter, a household, the special register, reports."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import applying, household, money, reach, reports, returning, words
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.models import Award, Kinship, Publicity
from yiwang.domains.assistance.programmes import EMERGENCY, KINDS, PROGRAMMES
from yiwang.domains.assistance.typed import Typed, communities
from yiwang.kernel.access.policy import matters_filter, tasks_filter
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.ui import clock, notices, problems
from yiwang.kernel.ui.door import staff_only

MOST = 200


def page(
    request: HttpRequest, name: str, context: dict[str, Any], problem: Problem | None = None
) -> HttpResponse:
    return problems.shown(render(request, f"assistance/{name}.html", {**words.NAMES, **context}), problem)


@require_safe
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what runs, and the ways on."""
    actor, now = request.actor, clock.now()
    reach.require(actor)
    rules = current()
    mine = Task.objects.filter(tasks_filter(actor), state="open", kind__in=KINDS)
    steps = []
    for row in mine.values("kind", "node").annotate(n=Count("pk")).order_by("kind", "node"):
        node = rules.process(row["kind"]).nodes.get(row["node"])
        kind = rules.kind(row["kind"])
        steps.append(row | {"name": _name(node), "kind_name": _name(kind)})
    seen = Matter.objects.filter(matters_filter(actor, "see"), kind__in=KINDS, state="open")
    running = Award.objects.filter(reach.reached(actor), state__in=("running", "ending")).exclude(
        rhythm="once"
    )
    context = {
        "steps": steps,
        "late": mine.filter(due_at__lt=now).count(),
        "kinds": [
            row | {"name": _name(rules.kind(row["kind"]))}
            for row in seen.values("kind").annotate(n=Count("pk")).order_by("kind")
        ],
        "running": running.count(),
        "reviews": running.filter(review_due__lte=today(now).replace(day=1)).count(),
        "may_apply": reach.works(actor, "open"),
        "may_pay": reach.works(actor, "pay"),
        "may_return": reach.works(actor, "pay") or reach.corrects(actor),
        "owed": returning.visible(actor).filter(pk__in=returning.waits().values("pk")).count(),
    }
    return page(request, "home", context)


def _name(row: Any) -> str:
    if row is None:
        return ""
    return row.name_en if words.english() and row.name_en else row.name


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def apply(request: HttpRequest) -> HttpResponse:
    """An application at the counter, by telephone or on behalf of a household."""
    reach.require(request.actor, "open")
    if request.method != "POST":
        chosen = request.GET.get("programme", "")
        typed = Typed.new(programme=chosen if chosen in PROGRAMMES else "minimum_guarantee")
        return _form(request, typed)
    typed = Typed.of(request.POST)
    try:
        got = applying.apply(actor=request.actor, id=typed.id, now=clock.now(), **typed.given())
    except Problem as problem:
        return _form(request, typed, problem)
    notices.say(
        request,
        _(
            "Taken as %(number)s. The applicant follows it with the secret %(secret)s; write both on the receipt."
        )
        % {"number": got.matter.number, "secret": got.secret},
    )
    return redirect("matter", got.matter.number)


def _form(request: HttpRequest, typed: Typed, problem: Problem | None = None) -> HttpResponse:
    if problem is not None and (problem.where == "id" or problem.code == "other_content"):
        typed = typed.with_id(uuid7())
    benefit = PROGRAMMES.get(typed["programme"])
    context = {
        "typed": typed,
        "problem": problem,
        "programmes": [(one.slug, str(one)) for one in PROGRAMMES.values()],
        "emergency": benefit is not None and benefit.kind == EMERGENCY,
        "communities": communities(),
        "materials": MATERIALS,
    }
    return page(request, "apply", context, problem)


@require_safe
@staff_only
def find(request: HttpRequest) -> HttpResponse:
    """Asks for an ID number; the answer leads to the household. The number is posted, never part of an address."""
    reach.require(request.actor)
    return page(request, "find", {"problem": None})


@require_POST
@staff_only
def found(request: HttpRequest) -> HttpResponse:
    reach.require(request.actor)
    try:
        row = people.find(request.actor, id_number=request.POST.get("id_number", "")[:40])
        if row.household_id is None:
            raise NotFound(_("This person belongs to no household in the register."))
    except Problem as problem:
        return page(request, "find", {"problem": problem}, problem)
    return redirect("assistance-household", row.household_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_household(request: HttpRequest, id: UUID) -> HttpResponse:
    """A household: members, what is known and from where, programmes, visits, payments. Posted: opened for a purpose."""
    reach.require(request.actor)
    problem, opened = None, False
    now = clock.now()
    if request.method == "POST":
        try:
            household.open_it(request.actor, id, request.POST.get("purpose", ""), now)
            opened = True
        except Problem as wrong:
            problem = wrong
    context = {"block": household.see(request.actor, id, now, opened), "problem": problem}
    return page(request, "household", context, problem)


@require_GET
@staff_only
def register(request: HttpRequest) -> HttpResponse:
    """The special register of relatives of staff (近亲属备案)."""
    reach.require(request.actor, "reveal")
    rows = Kinship.objects.filter(reach.reached(request.actor, "reveal", "matter__area"))
    rows = rows.select_related("matter", "matter__area").order_by("-registered_at")[:MOST]
    return page(request, "register", {"rows": rows})


@require_GET
@staff_only
def show_reports(request: HttpRequest) -> HttpResponse:
    reach.require(request.actor)
    now = today(clock.now())
    problem, first, until = None, now.replace(month=1, day=1), now.replace(day=1)
    try:
        if request.GET.get("first"):
            first = money.month(request.GET["first"], "first")
        if request.GET.get("until"):
            until = money.month(request.GET["until"], "until")
    except Problem as wrong:
        problem = wrong
    first, until = min(first, until), max(first, until)
    context = {
        "report": reports.report(request.actor, first, until),
        "problem": problem,
        "shown": _shown(now),
    }
    return page(request, "reports", context, problem)


def _shown(on: date) -> int:
    return Publicity.objects.filter(until=None, since__date__lte=on).count()
