"""Time limits with their source and status, and one of them explained by an example that can be changed."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.core.worktime import SHANGHAI, Limit, WorktimeError, due
from yiwang.faces.rulebook import finding, words
from yiwang.faces.rulebook.door import for_staff
from yiwang.faces.rulebook.overview import class_url, whole
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.packs.rulebook import Condition, Rulebook, current
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import clock, moments

ROWS = 100
UNITS = ("eh", "wh", "h", "wd", "d")
STATUSES = ("official", "local", "illustrative")


@for_staff
def table(request: HttpRequest) -> HttpResponse:
    """All filing conditions, by class group, unit of the limit, status or a word; a hundred on a page."""
    rules, asked = current(), request.GET
    chosen = {name: asked.get(name, "").strip() for name in ("major", "unit", "status", "q")}
    found = [one for one in _searched(rules, chosen["q"]) if _fits(rules, one, chosen)]
    first = whole(asked.get("from", ""), len(found))
    context = {
        "rules": rules,
        "rows": [_row(rules, one) for one in found[first : first + ROWS]],
        "total": len(found),
        "of": len(rules.conditions),
        "first": first,
        "next": first + ROWS if first + ROWS < len(found) else None,
        "chosen": chosen,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        "majors": sorted({_major(rules, one) for one in rules.conditions.values()} - {("", "")}),
        "units": [
            (unit, _unit(unit))
            for unit in UNITS
            if any(_unit_of(c) == unit for c in rules.conditions.values())
        ],
        "statuses": [(slug, words.status(slug)) for slug in STATUSES],
        "steps": _steps(rules),
        "several": len(rules.kinds) > 1,
    }
    return render(request, "rulebook/limits.html", context)


def _unit(unit: str) -> str:
    """A unit of time limits by its name: working days, emergency hours."""
    return {
        "eh": _("emergency hours"),
        "wh": _("working hours"),
        "h": _("clock hours"),
        "wd": _("working days"),
        "d": _("calendar days"),
    }[unit]


def _searched(rules: Rulebook, question: str) -> list[Condition]:
    if not question:
        return list(rules.conditions.values())
    return [
        rules.conditions[entry.key[0]]
        for entry in finding.find(rules, question, "condition", most=len(rules.conditions))
    ]


def _fits(rules: Rulebook, one: Condition, chosen: dict[str, str]) -> bool:
    if chosen["status"] and one.status != chosen["status"]:
        return False
    if chosen["unit"] and _unit_of(one) != chosen["unit"]:
        return False
    return not chosen["major"] or _major(rules, one)[0] == chosen["major"]


def _unit_of(one: Condition) -> str:
    return one.limit.lstrip("0123456789 ")


def _major(rules: Rulebook, one: Condition) -> tuple[str, str]:
    found = rules.class_def(one.standard, one.class_code)
    return (found.major, words.major(found)) if found else ("", "")


def _row(rules: Rulebook, one: Condition) -> dict:
    found = rules.class_def(one.standard, one.class_code)
    return {
        "one": one,
        "class": words.name_of(found) if found else one.class_code,
        "class_url": class_url(rules, found.standard, found.kind, found.code) if found else "",
        "text": words.text_of(one),
    }


def _steps(rules: Rulebook) -> list[dict]:
    """The limits that the process files fix themselves."""
    return [
        {
            "kind": kind,
            "node": task.id,
            "name": words.name_of(task),
            "kind_name": words.name_of(kind),
            "limit": task.limit,
            "status": kind.status,
        }
        for kind in rules.kinds.values()
        for task in rules.process(kind.slug).tasks
    ]


@for_staff
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One limit: what it says, where it comes from, and when it would be due from a moment that can be chosen."""
    rules = current()
    condition = rules.conditions.get(slug)
    if condition is None:
        raise NotFound(_("There is no filing condition %(slug)s.") % {"slug": slug[:60]}, code="no_condition")
    start = moment_asked(request.GET.get("from", ""), clock.now())
    found = rules.class_def(condition.standard, condition.class_code)
    context = {
        "rules": rules,
        "one": condition,
        "text": words.text_of(condition),
        "close": words.text_of(condition, "close_text"),
        "class": found,
        "class_name": words.name_of(found) if found else condition.class_code,
        "class_url": class_url(rules, found.standard, found.kind, found.code) if found else "",
        "major": words.major(found) if found else "",
        "explained": example(condition.limit, start),
        "start": start.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
        "reasons": rules.reasons,
        "same": [
            {"one": other, "text": words.text_of(other)}
            for other in rules.conditions_of(condition.standard, condition.class_code)
            if other.slug != slug
        ],
    }
    return render(request, "rulebook/limit.html", context)


def moment_asked(text: str, now: datetime) -> datetime:
    """What somebody typed into a field of date and time; `now` for nothing. Raises Invalid."""
    if not text:
        return now
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            _("“%(text)s” is not a date and time. Write it like 2026-09-24T16:30.") % {"text": text[:40]},
            where="from",
        ) from None
    return given.replace(tzinfo=SHANGHAI) if given.tzinfo is None else given


def example(limit: str, start: datetime) -> object:
    """When a limit that begins at `start` is due, with its explanation. Raises Invalid outside the calendar."""
    try:
        return due(current_calendar(), start, Limit.parse(limit))
    except WorktimeError:
        years = current_calendar()
        raise Invalid(
            _("The working calendar goes from %(first)s to %(last)s. Choose a moment in between.")
            % {"first": moments.day(years.first), "last": moments.day(years.last)},
            where="from",
        ) from None
