"""Processes drawn, with how many matters stand where and how long each step takes."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.core.process import Process, UserTask, in_english
from yiwang.core.process.model import END, TERMINATE
from yiwang.faces.rulebook import loops, words
from yiwang.faces.rulebook.door import for_staff
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.pace import queries as pace
from yiwang.kernel.pace.queries import Pace, Standing
from yiwang.kernel.packs.rulebook import Kind, Rulebook, current, rulebook
from yiwang.kernel.ui import clock, moments

WINDOWS = (30, 90)
NOBODY, NOTHING = Standing(0, 0, 0), Pace()


@for_staff
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds of matters, each with its process; a single one is shown at once."""
    rules = current()
    if len(rules.kinds) == 1:
        return redirect("rules-process", next(iter(rules.kinds)))
    rows = [
        {"kind": one, "name": words.name_of(one), "steps": len(rules.process(one.slug).tasks)}
        for one in rules.kinds.values()
    ]
    return render(request, "rulebook/kinds.html", {"rules": rules, "rows": rows})


@for_staff
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """The drawing with its badges, and the same as a table."""
    rules, now = current(), clock.now()
    found, process = rules.kind(kind), rules.process(kind)
    days = _days(request)
    stands, counted = pace.standing(kind, now), pace.pace(kind, days, now)
    context = {
        "rules": rules,
        "kind": found,
        "name": words.name_of(found),
        "steps": [_step_row(rules, process, task, stands, counted.nodes) for task in process.tasks],
        "elsewhere": [
            {"node": node, "open": stand.open} for node, stand in stands.items() if node not in process.nodes
        ],
        "open": sum(stand.open for stand in stands.values()),
        "overdue": sum(stand.overdue for stand in stands.values()),
        "held": sum(stand.held for stand in stands.values()),
        "counted": counted,
        "days": days,
        "windows": WINDOWS,
        "drawing_url": reverse("rules-drawing", args=[kind]) + "?" + urlencode({"pack": rules.id}),
        "loops": _loops(process, counted.nodes),
        "ends": [words.name_of(node) for node in process.nodes.values() if node.kind in (END, TERMINATE)],
    }
    return render(request, "rulebook/process.html", context)


def _days(request: HttpRequest) -> int:
    return 90 if request.GET.get("days") == "90" else 30


def _step_row(rules: Rulebook, process: Process, task: UserTask, stands: dict, paces: dict) -> dict:
    stand, took = stands.get(task.id, NOBODY), paces.get(task.id, NOTHING)
    return {
        "node": task.id,
        "name": words.name_of(task),
        "post": words.name_of(rules.post_kinds.get(task.post)) or task.post,
        "limit": _limit(task),
        "stand": stand,
        "pace": took,
        "badge": moments.number(stand.open),
        "late_badge": moments.number(stand.overdue) if stand.overdue else "",
    }


def _limit(task: UserTask) -> str:
    """The limit in words; `$limit` is what the filing condition says."""
    return _("by the filing condition") if task.limit.startswith("$") else moments.limit_text(task.limit)


def _loops(process: Process, paces: dict) -> list[dict]:
    """The results that lead back, with how often they were chosen: rework and returns."""
    found = []
    for way in loops.ways_back(process):
        task, took = process.nodes[way.task], paces.get(way.task, NOTHING)
        found.append(
            {
                "from": words.name_of(task),
                "to": words.name_of(process.nodes[way.target]),
                "outcome": words.outcome(
                    task.outcomes[way.outcome], way.outcome, loops.english_outcomes(process, task)
                ),
                "count": took.outcomes.get(way.outcome, 0),
                "share": took.outcome_share(way.outcome),
            }
        )
    return found


@for_staff
def drawing(request: HttpRequest, kind: str) -> HttpResponse:
    """The process as BPMN 2.0 with the names of the page's language; `pack`: of another version that was loaded."""
    asked = request.GET.get("pack", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Invalid(_("A pack version is a number."), where="pack", code="no_pack_version")
    rules = rulebook(int(asked)) if asked else current()
    xml = rules.process_xml(kind).encode()
    response = HttpResponse(
        in_english(xml) if words.english() else xml, content_type="application/xml; charset=utf-8"
    )
    response.headers["Cache-Control"] = "private, max-age=300" if asked else "private, no-store"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@for_staff
def step(request: HttpRequest, kind: str, node: str) -> HttpResponse:
    """One step: what it asks, of whom, within which time, where it leads; how many stand there and how long it took."""
    rules, now = current(), clock.now()
    found, process = rules.kind(kind), rules.process(kind)
    task = process.nodes.get(node)
    if not isinstance(task, UserTask):
        raise NotFound(_("The process has no step %(node)s.") % {"node": node[:60]}, code="no_step")
    counted = {days: pace.pace(kind, days, now) for days in WINDOWS}
    context = {
        "rules": rules,
        "kind": found,
        "kind_name": words.name_of(found),
        "name": words.name_of(task),
        "task": task,
        "facts": _facts(rules, found, task),
        "stand": pace.standing(kind, now).get(node, NOBODY),
        "windows": [
            {"days": days, "counted": one, "pace": one.nodes.get(node, NOTHING)}
            for days, one in counted.items()
        ],
        "outcomes": _outcomes(process, task, counted[WINDOWS[0]].nodes.get(node, NOTHING)),
        "pauses": [
            rules.reasons[slug] for slug in rules.reasons if "*" in task.pauses or slug in task.pauses
        ],
        "list_query": urlencode({"state": "open", "link": task.link}) if task.link else "state=open",
        "queue_query": urlencode({"post": task.post}),
        "name_of": words.name_of,
    }
    return render(request, "rulebook/step.html", context)


def _facts(rules: Rulebook, kind: Kind, task: UserTask) -> list[tuple[str, str]]:
    unit = (
        _("the unit that is responsible for the matter")
        if task.unit.startswith("$")
        else words.unit(task.unit)
    )
    clocks = {
        "restart": _("begins anew when the step comes again"),
        "continue": _("goes on with the first clock when the same unit gets the step again"),
    }
    facts = [
        (_("Who does it"), words.name_of(rules.post_kinds.get(task.post)) or task.post),
        (_("In which unit"), unit),
        (_("Limit"), _limit(task)),
        (_("The clock"), clocks.get(task.clock, "")),
        (_("Status of the limit"), words.status(kind.status)),
        (_("Form"), _form(task)),
        (_("Id in the process file"), task.id),
    ]
    return [(label, value) for label, value in facts if value]


def _form(task: UserTask) -> str:
    if not task.form:
        return _("a result and a note")
    return words.form(task.form)


def _outcomes(process: Process, task: UserTask, took: Pace) -> list[dict]:
    back = {way.outcome for way in loops.ways_back(process) if way.task == task.id}
    english = loops.english_outcomes(process, task)
    return [
        {
            "name": words.outcome(label, slug, english),
            "to": words.name_of(process.nodes.get(loops.target_of(process, task, slug) or "")),
            "back": slug in back,
            "count": took.outcomes.get(slug, 0),
            "share": took.outcome_share(slug),
        }
        for slug, label in task.outcomes.items()
    ]
