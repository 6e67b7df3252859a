"""The preview's pages: sliders with what they would do, saved variants beside each other, Excel."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.domains.assistance import names
from yiwang.domains.assistance.models import PreviewVariant
from yiwang.domains.assistance.preview import actions, excel, shown
from yiwang.domains.assistance.preview import changes as changing
from yiwang.domains.assistance.preview.effects import Effect
from yiwang.domains.assistance.preview.kept import Kept, kept
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only

MOST_COMPARED = 4


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """The sliders, with today's values or those of the address, and what they would do."""
    actions.may(request.actor)
    return _page(request)


def _page(request: HttpRequest, problem: Problem | None = None, changes: dict | None = None) -> HttpResponse:
    rules = current().policy
    try:
        population = kept()
    except NotFound as empty:
        if empty.code != "no_snapshot":
            raise
        return render(request, "assistance/preview_empty.html", {"why": empty.detail})
    day = population.baseline.day
    if changes is None:
        changes = {}
        try:
            changes = shown.read(rules, request.GET, day)
        except Problem as refused:
            problem = refused
    read = frozenset().union(*(one.parameters for one in population.baseline.reads.values()))
    effect = population.effect(changes) if changes else population.today
    context = _effect_context(population, effect) | {
        "groups": [(_group(slug), rows) for slug, rows in shown.sliders(rules, day, read, changes)],
        "variants": actions.variants(request.actor),
        "problem": problem,
        "new_id": uuid4(),
        "typed": request.POST if request.method == "POST" else {},
    }
    return render(request, "assistance/preview.html", context, status=problem.status if problem else 200)


def _effect_context(population: Kept, effect: Effect) -> dict[str, Any]:
    base = population.baseline
    pairs = shown.pairs(effect.changes)
    return {
        "effect": effect,
        "told": shown.told(effect.changes, base.rules, base.day),
        "pairs": pairs,
        "query": urlencode([("set", one) for one in pairs]),
        "snapshot": population.snapshot,
        "day": base.day,
        "households": len(base.areas.of),
        "names": names,
        "charts": shown.charts(effect),
        "data": {"charts": shown.charts(effect), "cells": shown.cells(effect), "pairs": pairs},
    }


@require_safe
@staff_only
def effect(request: HttpRequest) -> HttpResponse:
    """What the changes of the address would do: the piece of the page below the sliders, or JSON."""
    actions.may(request.actor)
    population = kept()
    changes = shown.read(current().policy, request.GET, population.baseline.day)
    found = population.effect(changes) if changes else population.today
    if request.GET.get("as") == "json":
        return JsonResponse(found.as_dict())
    return render(request, "assistance/preview_effect.html", _effect_context(population, found))


@require_safe
@staff_only
def export(request: HttpRequest) -> FileResponse:
    """What the changes of the address would do, as an Excel file."""
    actions.may(request.actor)
    population = kept()
    changes = shown.read(current().policy, request.GET, population.baseline.day)
    book = excel.book(population, population.effect(changes), request.actor.name, clock.now())
    name = f"{_('Preview')}-{clock.now():%Y%m%d-%H%M}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=excel.TYPE)


@require_POST
@staff_only
def save(request: HttpRequest) -> HttpResponse:
    """Keeps what the page shows under a name."""
    actions.may(request.actor)
    changes: dict[str, Any] = {}
    try:
        changes = changing.read(current().policy, request.POST.getlist("set"))
        actions.save(
            actor=request.actor,
            id=_uuid(request.POST.get("id", "")),
            name=request.POST.get("name", ""),
            changes=changes,
            now=clock.now(),
        )
    except Problem as refused:
        return _page(request, refused, changes)
    notices.say(request, _("The variant is kept."))
    return redirect(
        f"{request.path.removesuffix('/save')}?{urlencode([('set', one) for one in shown.pairs(changes)])}"
    )


@require_POST
@staff_only
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    actions.remove(actor=request.actor, id=id, now=clock.now())
    notices.say(request, _("The variant is removed from the list."))
    return redirect("assistance-preview-compare")


@require_safe
@staff_only
def compare(request: HttpRequest) -> HttpResponse:
    """Variants beside each other, each as it was computed when it was kept."""
    rows = actions.variants(request.actor)
    wanted = [one for one in request.GET.getlist("v") if one]
    chosen = [row for row in rows if str(row.pk) in wanted][:MOST_COMPARED]
    rules = current().policy
    context = {
        "variants": rows,
        "chosen": chosen,
        "columns": [
            _column(row, rules) | {"removable": actions.may_remove(request.actor, row)} for row in chosen
        ],
        "rows": _compared(chosen),
        "names": names,
        "snapshots": len({row.snapshot for row in chosen}),
    }
    return render(request, "assistance/preview_compare.html", context)


def _column(row: PreviewVariant, rules: Any) -> dict[str, Any]:
    return {
        "row": row,
        "total": row.result["total"],
        "query": urlencode([("set", one) for one in shown.pairs(row.changes)]),
    }


def _compared(chosen: list[PreviewVariant]) -> list[dict[str, Any]]:
    """A row for each programme that one of the variants moves; None where a variant leaves it as it is."""
    slugs = dict.fromkeys(one["key"] for row in chosen for one in row.result["programmes"])
    by = [{one["key"]: one for one in row.result["programmes"]} for row in chosen]
    return [{"name": names.cause(slug), "cells": [one.get(slug) for one in by]} for slug in slugs]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("The form has no id. Open the page again."), where="id") from None


def _group(slug: str) -> str:
    return {
        "guarantee": _("Minimum living guarantee"),
        "topup": _("Classified top-ups"),
        "property": _("Property allowed"),
        "income": _("Counting of income"),
        "edge": _("Low-income edge"),
        "rigid": _("Rigid-expenditure hardship"),
        "hardship": _("Extreme hardship"),
        "disability": _("Disability subsidies"),
        "medical": _("Medical assistance"),
        "premium": _("Insurance premiums"),
        "education": _("Education assistance"),
        "housing": _("Housing assistance"),
        "employment": _("Employment assistance"),
        "relief": _("Temporary relief"),
        "heating": _("Heating"),
    }.get(slug, slug)
