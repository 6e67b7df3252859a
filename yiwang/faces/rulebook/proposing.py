"""Proposals to change the rules of assistance: made by one person, decided by another."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core.policy import Parameter
from yiwang.faces.rulebook import assistance, words
from yiwang.faces.rulebook.door import for_staff
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs import proposals
from yiwang.kernel.packs.models import RuleChange
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock, notices, problems
from yiwang.kernel.ui.door import staff_only

MOST = 100


@require_POST
@staff_only
def parameter(request: HttpRequest, slug: str) -> HttpResponse:
    """Proposes another value of a parameter from a day on."""
    try:
        one = current().policy.parameters.get(slug)
        if one is None:
            raise NotFound(_("there is no parameter %(name)s") % {"name": slug[:60]}, code="no_parameter")
        content = {
            "from": request.POST.get("from", ""),
            "value": value_of(one, request.POST),
            "source": request.POST.get("source", "").strip(),
            "status": request.POST.get("status", ""),
        }
        _propose(request, "parameter", slug, content)
    except NotFound:
        raise
    except Problem as problem:
        return assistance.parameter_page(request, slug, problem)
    return redirect("rules-changes")


@require_POST
@staff_only
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Proposes another text of the file that a programme stands in."""
    one = current().policy.programmes.get(slug)
    if one is None:
        raise NotFound(_("there is no programme %(name)s") % {"name": slug[:60]}, code="no_programme")
    file = one.file.rpartition("/")[2].removesuffix(".py")
    try:
        text = request.POST.get("text", "").replace("\r\n", "\n")
        _propose(request, "programme", file, {"text": text})
    except Problem as problem:
        return assistance.programme_page(request, slug, problem)
    return redirect("rules-changes")


def _propose(request: HttpRequest, what: str, key: str, content: dict[str, Any]) -> None:
    proposals.propose(
        actor=request.actor,
        what=what,
        key=key,
        content=content,
        reason=request.POST.get("reason", ""),
        now=clock.now(),
    )
    notices.say(request, _("The proposal is kept. Somebody else decides it."))


def value_of(one: Parameter, form: QueryDict) -> Any:
    """The value that was typed: amounts in yuan, shares in per cent. Raises Invalid with the field."""
    if not one.by:
        return _number(one, form.get("value", ""), "value")
    return {
        str(kind): _number(one, form.get(f"value-{kind}", ""), f"value-{kind}")
        for kind in one.values[-1].value
    }


def _number(one: Parameter, text: str, field: str) -> Any:
    if one.unit == "switch":
        return text == "yes"
    try:
        number = Decimal(text.strip().replace(",", "").replace("，", ""))
        scaled = number * 100 if one.unit == "fen" else number
        if one.unit == "percent":
            return float(number)
        if scaled != int(scaled):
            raise InvalidOperation
    except (InvalidOperation, ValueError, OverflowError):
        raise Invalid(
            _("“%(text)s” is not a number that this value can be.") % {"text": text[:20]}, where=field
        ) from None
    return int(scaled)


@for_staff
def changes(request: HttpRequest) -> HttpResponse:
    return _changes(request)


def _changes(request: HttpRequest, problem: Problem | None = None, about: int | None = None) -> HttpResponse:
    """What is proposed and what was decided, the newest first."""
    rules = current()
    found = RuleChange.objects.select_related("proposed_by", "decided_by", "version").order_by("-pk")[:MOST]
    context = {
        "rules": rules,
        "rows": [_row(request, rules, one) for one in found],
        "problem": problem,
        "about": about,
    }
    return problems.shown(render(request, "rulebook/changes.html", context), problem)


def _row(request: HttpRequest, rules: Any, one: RuleChange) -> dict:
    found = rules.policy.parameters.get(one.key)
    return {
        "one": one,
        "name": words.name_of(found) if found else f"programmes/{one.key}.py",
        "was": assistance.row(rules, found, assistance.today_here())["value"] if found else "",
        "will": assistance.shown(rules, found, one.content["value"]) if found else "",
        "difference": _difference(rules, one) if found is None else [],
        "own": one.proposed_by_id == request.actor.id,
        "may": one.state == "open"
        and one.proposed_by_id != request.actor.id
        and proposals.may(request.actor, "approve"),
    }


def _difference(rules: Any, one: RuleChange) -> list[str]:
    """The lines of a programme file that differ from those in force."""
    from difflib import unified_diff

    old, new = rules.programme_texts.get(one.key, ""), one.content.get("text", "")
    return list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:200]


@require_POST
@staff_only
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Approves or refuses a proposal."""
    note = request.POST.get("note", "")
    try:
        if request.POST.get("decision") == "approve":
            proposals.approve(actor=request.actor, change_id=number, note=note, now=clock.now())
            notices.say(request, _("Approved, and in force."))
        else:
            proposals.refuse(actor=request.actor, change_id=number, note=note, now=clock.now())
            notices.say(request, _("Refused."))
    except Problem as problem:
        if problem.status == 404:
            raise
        return _changes(request, problem, number)
    return redirect("rules-changes")
