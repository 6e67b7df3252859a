"""Many matters at once: first a page that says for each what will happen, then each its own action.

What cannot be done stays as it is and is named with its reason; the others are done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.faces.workbench import choices, naming, rehearsal
from yiwang.faces.workbench.rehearsal import Line
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import actions
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.door import staff_only

WISHES = ("dispatch", "claim", "merge")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one matter."""

    number: str
    title: str
    done: str = ""
    refused: str = ""


@require_POST
@staff_only
def preview(request: HttpRequest) -> HttpResponse:
    """What would happen to the chosen matters; nothing is changed."""
    wish, tasks, now = _wish(request), _tasks(request), clock.now()
    found = rehearsal.chosen(request.actor, tasks)
    if not found:
        raise Invalid(_("Choose at least one matter."), where="task")
    actor = request.actor
    if wish == "merge":
        lines, primary = _merging(request, found, now)
    else:
        one = rehearsal.dispatch if wish == "dispatch" else rehearsal.claim
        lines, primary = [one(actor, case, task, now) for case, task in found], ""
    if wish == "dispatch":  # a matter that nobody's duty covers can be given to a unit here
        lines = [replace(line, problem="") if _only_unit_missing(line) else line for line in lines]
    able = [line for line in lines if not line.problem]
    context = {
        "wish": wish,
        "lines": lines,
        "able": len(able) if wish != "merge" else len(able) - 1,
        "primary": primary,
        "back": _back(request),
        "unit_name": naming.unit,
        "units": choices.units() if any(not line.unit for line in able) and wish == "dispatch" else [],
    }
    return render(request, "workbench/bulk.html", context)


@require_POST
@staff_only
def do(request: HttpRequest) -> HttpResponse:
    """Does it, each matter in its own transaction, and says what became of each."""
    wish, now, actor = _wish(request), clock.now(), request.actor
    found = rehearsal.chosen(actor, _tasks(request))
    results: list[Result] = []
    if wish == "merge":
        primary = request.POST.get("primary", "")
        for case in {case.number: case for case, _task in found}.values():
            if case.number != primary:
                results.append(
                    _attempt(
                        case,
                        _("Joined with %(number)s") % {"number": primary},
                        lambda own=case: actions.merge(
                            actor=actor,
                            primary=primary,
                            duplicates=[own.number],
                            now=now,
                            note=_note(request),
                        ),
                    )
                )
    else:
        for case, task in found:
            results.append(_one(request, wish, case, task, now))
    context = {"wish": wish, "results": results, "back": _back(request)}
    return render(request, "workbench/bulk_done.html", context)


def _one(request: HttpRequest, wish: str, case: Any, task: UUID, now: Any) -> Result:
    actor = request.actor
    if wish == "claim":
        return _attempt(case, _("Taken by you"), lambda: actions.claim(actor=actor, task=task, now=now))
    unit = request.POST.get(f"unit-{task}", "").strip()
    if not unit:
        return Result(case.number, case.title, refused=_("Choose the unit that handles it."))

    return _attempt(
        case,
        _("Dispatched to %(unit)s") % {"unit": naming.unit(unit)},
        lambda: actions.complete(
            actor=actor, task=task, outcome="dispatch", now=now, note=_note(request), data={"unit": unit}
        ),
    )


def _attempt(case: Any, said: str, act: Callable[[], Any]) -> Result:
    try:
        act()
    except Problem as problem:
        return Result(case.number, case.title, refused=problem.detail)
    return Result(case.number, case.title, done=said)


def _merging(request: HttpRequest, found: list, now: Any) -> tuple[list[Line], str]:
    """Which goes on (the one chosen, else the oldest) and whether each can be joined."""
    cases = {case.number: case for case, _task in found}
    if len(cases) < 2:
        raise Invalid(_("Choose at least two matters that are about the same thing."), where="task")
    oldest = min(cases.values(), key=lambda case: (case.opened_at, case.number)).number
    primary = request.POST.get("primary", "")
    primary = primary if primary in cases else oldest
    lines = [
        rehearsal.merge(request.actor, case, now, primary=number == primary) for number, case in cases.items()
    ]
    tasks = {case.number: task for case, task in found}
    lines = [replace(line, task=line.case.tasks[tasks[line.number]]) for line in lines]
    return sorted(lines, key=lambda line: line.number != primary), primary


def _only_unit_missing(line: Line) -> bool:
    return (
        bool(line.problem)
        and not line.unit
        and line.task is not None
        and line.task.link == "dispatch"
        and (line.task.is_open)
    )


def _wish(request: HttpRequest) -> str:
    wish = request.POST.get("wish", "")
    if wish not in WISHES:
        raise Invalid(_("There is no action %(action)s.") % {"action": repr(wish)}, where="wish")
    return wish


def _tasks(request: HttpRequest) -> list[UUID]:
    texts = request.POST.getlist("task")
    if len(texts) > rehearsal.MOST:
        raise Invalid(
            _("%(count)d were chosen; at most %(most)d go at once.")
            % {"count": len(texts), "most": rehearsal.MOST},
            where="task",
        )
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Invalid(_("There is no such task."), where="task") from None


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:500]


def _back(request: HttpRequest) -> str:
    """The list that the person came from."""
    back = request.POST.get("back", "")
    safe = back.startswith("/work") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return back if safe else reverse("work")
