"""Pages of finding people: the county's board, the list of findings, the visit of one household."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.assistance import household, looking, names, programmes
from yiwang.domains.assistance.discovery import (
    KIND,
    at_the_door,
    forms,
    governs,
    on_behalf,
    queries,
    screening,
    sending,
)
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.kernel.errors import Denied, Invalid, NotFound, Problem
from yiwang.kernel.lake import following
from yiwang.kernel.matters import actions, receipts
from yiwang.kernel.matters import queries as matters
from yiwang.kernel.matters.models import Task
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.attachments import SEALED
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only


@require_safe
@staff_only
def board(request: HttpRequest) -> HttpResponse:
    """Findings by class, area and state, how long they are open, and the last screenings."""
    actor = request.actor
    if not governs(actor):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="screen")
    found = queries.board(actor, clock.now())
    context = {
        "board": found,
        "names": names,
        "states": queries.STATES[:-1],
        "ages": [(_age(*age), count) for age, count in found.ages.items()],
        "may_screen": screening.allowed(actor),
        "lake": (look := following.last()) and following.told(look),
        "capacity": int(current().settings["findings_open"]),
        "charts": _charts(found),
    }
    return render(request, "assistance/board.html", context)


def _age(low: int, high: int | None) -> str:
    return (
        _("%(low)d days and more") % {"low": low}
        if high is None
        else _("%(low)d to %(high)d days") % {"low": low, "high": high}
    )


def _charts(found: queries.Board) -> dict[str, Any]:
    tones = {
        "waiting": "yw-held",
        "checking": "yw-running",
        "included": "yw-done",
        "unfit": "yw-edge-strong",
        "referred": "yw-soon",
    }
    areas = list(found.areas)
    return {
        "areas": {
            "legend": {"data": [names.state(state) for state in tones]},
            "xAxis": {
                "type": "category",
                "data": [names.area(code) for code in areas],
                "axisLabel": {"rotate": 30},
            },
            "yAxis": {"type": "value", "name": _("findings")},
            "series": [
                {
                    "name": names.state(state),
                    "type": "bar",
                    "stack": "all",
                    "data": [found.areas[code][state] for code in areas],
                    "itemStyle": {"color": tone},
                }
                for state, tone in tones.items()
            ],
        }
    }


@require_POST
@staff_only
def screen(request: HttpRequest) -> HttpResponse:
    """Leaves word for the worker; the board says how far it is."""
    screening.ask_for(actor=request.actor, now=clock.now())
    notices.say(request, _("The screening is under way. Its findings appear here as they are made."))
    return redirect("assistance-board")


@require_safe
@staff_only
def findings(request: HttpRequest) -> HttpResponse:
    """The findings that this person may see, the most severe first."""
    shape = _shape(request)
    rows, more = queries.page(request.actor, shape, request.GET.get("after", ""))
    kept = {name: getattr(shape, name) for name in shape.__slots__ if getattr(shape, name)}
    context = {
        "rows": rows,
        "next": more,
        "query": urlencode(kept),
        "shape": shape,
        "names": names,
        "options": _options(),
        "narrowed": bool(kept),
    }
    return render(request, "assistance/findings.html", context)


def _shape(request: HttpRequest) -> queries.Shape:
    asked = request.GET
    rules = current()
    causes = {*rules.policy.programmes, *rules.alerts}
    known = {
        "state": queries.STATES,
        "says": queries.SAYS,
        "sort": queries.SORTS,
        "cause": causes,
        "area": registers.areas(),
    }
    return queries.Shape(
        **{name: asked.get(name, "") if asked.get(name, "") in words else "" for name, words in known.items()}
    )


def _options() -> dict[str, list[tuple[str, str]]]:
    rules = current()
    areas = [row for row in registers.areas().values() if row.level == "subdistrict"]
    return {
        "state": [("", _("open")), *((one, names.state(one)) for one in queries.STATES)],
        "says": [("", _("anything")), *((one, names.says(one)) for one in queries.SAYS)],
        "sort": [("", _("all classes")), *((one, names.sort(one)) for one in queries.SORTS)],
        "cause": [
            ("", _("all reasons")),
            *((slug, names.cause(slug)) for slug in (*rules.policy.programmes, *rules.alerts)),
        ],
        "area": [("", _("all areas")), *((row.code, names.named(row)) for row in areas)],
    }


@require_safe
@staff_only
def visit(request: HttpRequest, number: str) -> HttpResponse:
    return _visit(request, number)


@require_POST
@staff_only
def open_visit(request: HttpRequest, number: str) -> HttpResponse:
    """The page once with everything open, after the purpose is on record for each member."""
    view = matters.see(request.actor, number)
    try:
        looking.look(
            actor=request.actor, matter=view.row, purpose=request.POST.get("purpose", ""), now=clock.now()
        )
    except Invalid as problem:
        return _visit(request, number, problem)
    return _visit(request, number, opened=True)


def _visit(
    request: HttpRequest, number: str, problem: Problem | None = None, opened: bool = False
) -> HttpResponse:
    """The household, why somebody should look, and what this person may do now."""
    view = matters.see(request.actor, number)
    if view.row.kind != KIND:
        raise NotFound(_("There is no visit %(number)s.") % {"number": number})
    found = queries.of_matter(view.row)
    tasks = {
        view.case.tasks[one["task"]].node: one["task"] for one in view.actions if one["action"] == "complete"
    }
    context = {
        "matter": view.row,
        "found": found,
        "home": _home(request.actor, found, opened),
        "opened": opened,
        "photos": household.photos_of([view.row.pk], request.actor) if opened else [],
        "sealed_photos": view.row.attachments.filter(stage__in=SEALED).count(),
        "tasks": tasks,
        "open_tasks": [view.process.nodes[one.node] for one in view.case.open_tasks],
        "strips": list(view.strips.values()),
        "names": names,
        "outcomes": at_the_door.outcomes(),
        "results": _results(),
        "wish": _wish(found),
        "applied": queries.applied(request.actor, view.row),
        "problem": problem,
        "typed": request.POST if problem else {},
        "any_illustrative": any(one["row"].illustrative for one in found),
        "programme_name": programmes.name,
    }
    return render(request, "assistance/visit.html", context, status=problem.status if problem else 200)


def _home(actor: Any, found: list[dict[str, Any]], opened: bool) -> Any:
    """The household, masked until it is opened; None for who may not see people."""
    if not found:
        return None
    try:
        return people.shown(people.household(actor, found[0]["row"].household), opened=opened)
    except NotFound:
        return None


def _wish(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What the part about applying on behalf offers: what was found first stands first and is chosen."""
    due = [one["row"].cause for one in found if one["row"].says != "ending"]
    offered = sorted(on_behalf.OFFERED, key=lambda slug: slug not in due)
    return {
        "programmes": [(slug, str(PROGRAMMES[slug]), slug in due) for slug in offered],
        "ways": list(on_behalf.WAYS.items()),
        "words": on_behalf.WAYS,
        "papers": [(slug, MATERIALS[slug]) for slug in on_behalf.PAPERS],
    }


def _results() -> list[tuple[str, str]]:
    return [
        ("applied", _("Applied on behalf of the household")),
        ("reviewed", _("A review was started")),
        ("declined", _("The household does not want it")),
        ("other", _("Something else")),
    ]


@require_POST
@staff_only
def do(request: HttpRequest, number: str) -> HttpResponse:
    """What the visit found, or what the sub-district did about it."""
    posted = request.POST
    data = {
        name: value
        for name, value in posted.items()
        if name.startswith(forms.OF_FINDING) or name == "result" or on_behalf.is_field(name)
    }
    task = _uuid(posted.get("task", ""))
    if not Task.objects.filter(pk=task, matter__number=number, kind=KIND).exists():
        raise NotFound(_("There is no such task."))
    try:
        actions.complete(
            actor=request.actor,
            task=task,
            outcome=posted.get("outcome", ""),
            note=posted.get("note", ""),
            data=data,
            now=clock.now(),
        )
    except Problem as refused:
        return _visit(request, number, refused)
    notices.say(request, _("Kept. Thank you for going there."))
    for row in on_behalf.of_task(task):
        notices.say(
            request,
            _(
                "Applied for %(programme)s as %(number)s. The household follows it with the secret %(secret)s; "
                "leave both with it."
            )
            % {
                "programme": PROGRAMMES[row.programme],
                "number": row.matter.number,
                "secret": receipts.secret_for(row.pk),
            },
        )
    return redirect("assistance-visit", number)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("There is no such task.")) from None


@require_POST
@staff_only
def send(request: HttpRequest) -> HttpResponse:
    """Opens the next visits at once, where there is room; the worker does it by itself every minute."""
    screening.may(request.actor)
    count = sending.send(clock.now(), at_most=200)
    notices.say(request, _("%(n)d households were given to their community workers.") % {"n": count})
    return redirect("assistance-board")
