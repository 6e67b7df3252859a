"""The rules of assistance: parameters with value, date, source and status; programmes with conditions and citations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.core.policy import Parameter, Rules, RulesAt
from yiwang.core.policy.tracing import used
from yiwang.core.worktime import SHANGHAI
from yiwang.faces.rulebook import words
from yiwang.faces.rulebook.door import for_staff
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs import proposals
from yiwang.kernel.packs.models import RuleChange
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.ui import clock, problems


@for_staff
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter with its value today, where it comes from and whether anybody has verified it."""
    rules, today = current(), day_asked(request)
    status = request.GET.get("status", "")
    rows = [row(rules, one, today) for one in rules.policy.parameters]
    shown = [one for one in rows if not status or one["status"] == status]
    groups: dict[str, list[dict]] = {}
    for one in shown:
        groups.setdefault(one["slug"].partition(".")[0], []).append(one)
    context = {
        "rules": rules,
        "groups": [(name, group(name), found) for name, found in groups.items()],
        "total": len(rows),
        "illustrative": sum(one["status"] == "illustrative" for one in rows),
        "statuses": [(slug, words.status(slug)) for slug in ("official", "local", "illustrative")],
        "status": status,
        "today": today,
        "waiting": RuleChange.objects.filter(state=RuleChange.State.OPEN).count(),
    }
    return render(request, "rulebook/parameters.html", context)


@for_staff
def parameter(request: HttpRequest, slug: str) -> HttpResponse:
    return parameter_page(request, slug)


def parameter_page(request: HttpRequest, slug: str, problem: Problem | None = None) -> HttpResponse:
    """One parameter: all its values by date, who uses it, what is proposed; and the form to propose another."""
    rules, today = current(), today_here()
    one = _parameter(rules.policy, slug)
    given = request.POST if problem is not None else {}
    context = {
        "rules": rules,
        "one": one,
        "name": words.name_of(one),
        "now": row(rules, one, today),
        "values": [
            {"dated": dated, "shown": shown(rules, one, dated.value), "ahead": dated.since > today}
            for dated in reversed(one.values)
        ],
        "kinds": kinds(rules, one),
        "users": [
            (found.slug, words.name_of(found))
            for found in rules.policy.programmes.values()
            if slug in used(_at(rules.policy, found, today), found.slug)[1]
        ],
        "open": RuleChange.objects.filter(what="parameter", key=slug, state="open").count(),
        "may": proposals.may(request.actor, "propose"),
        "given": given,
        "statuses": [(value, words.status(value)) for value in ("local", "official", "illustrative")],
        "problem": problem,
    }
    return problems.shown(render(request, "rulebook/parameter.html", context), problem)


@for_staff
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes, whom each is for, since when, and what it pays."""
    rules, today = current(), day_asked(request)
    context = {
        "rules": rules,
        "today": today,
        "rows": [
            {
                "one": one,
                "name": words.name_of(one),
                "about": about(one.about),
                "conditions": len(rules.policy.at(today).programmes[one.slug].conditions)
                if one.in_force(today)
                else 0,
                "in_force": one.in_force(today),
            }
            for one in rules.policy.programmes.values()
        ],
    }
    return render(request, "rulebook/programmes.html", context)


@for_staff
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    return programme_page(request, slug)


def programme_page(request: HttpRequest, slug: str, problem: Problem | None = None) -> HttpResponse:
    """One programme on a day: its conditions and amount with citations, its parameters, and its text."""
    rules, today = current(), day_asked(request)
    one = rules.policy.programmes.get(slug)
    if one is None:
        raise NotFound(_("there is no programme %(name)s") % {"name": slug[:60]}, code="no_programme")
    now = rules.policy.at(today)
    found = now.programmes.get(slug)
    uses = used(now, slug)[1] if found else frozenset()
    file = one.file.rpartition("/")[2].removesuffix(".py")
    context = {
        "rules": rules,
        "one": one,
        "name": words.name_of(one),
        "about": about(one.about),
        "today": today,
        "found": found,
        "conditions": [_formula(condition, one.conditions) for condition in found.conditions]
        if found
        else [],
        "amount": _formula(found.amount, (one.amount,)) if found and found.amount else None,
        "parameters": [row(rules, rules.policy.parameters[name], today) for name in sorted(uses)],
        "file": file,
        "text": request.POST.get("text") if problem else rules.programme_texts[file],
        "given": request.POST if problem else {},
        "may": proposals.may(request.actor, "propose"),
        "open": RuleChange.objects.filter(what="programme", key=file, state="open").count(),
        "problem": problem,
    }
    return problems.shown(render(request, "rulebook/programme.html", context), problem)


def _parameter(rules: Rules, slug: str) -> Parameter:
    if slug not in rules.parameters:
        raise NotFound(_("there is no parameter %(name)s") % {"name": slug[:60]}, code="no_parameter")
    return rules.parameters[slug]


def _at(rules: Rules, programme: Any, today: date) -> RulesAt:
    """The rules of today, or of the first day of a programme that is not in force yet."""
    return rules.at(max(today, programme.since))


def _formula(one: Any, definitions: tuple) -> dict:
    """A condition or amount with its citation, and with those that it had or will have."""
    definition = next(each for each in definitions if each.slug == one.slug)
    return {
        "name": words.name_of(one),
        "cite": one.cite,
        "since": one.since if one.since > date.min else None,
        "others": [
            {"cite": version.cite, "since": version.since if version.since > date.min else None}
            for version in definition.versions
            if version.since != one.since and version.function is not None
        ],
    }


def row(rules: Rulebook, one: Parameter, today: date) -> dict:
    """A parameter as a line: value on the day, since when, by which source, how far it can be trusted."""
    dated = next((value for value in reversed(one.values) if value.since <= today), None)
    return {
        "slug": one.slug,
        "name": words.name_of(one),
        "value": shown(rules, one, dated.value) if dated else "—",
        "since": dated.since if dated else None,
        "source": dated.source if dated else "",
        "status": dated.status if dated else "",
        "per": per(one.per),
        "next": next((value.since for value in one.values if value.since > today), None),
    }


def shown(rules: Rulebook, one: Parameter, value: Any) -> str:
    """A value as a person reads it; amounts in yuan; of one by kinds, each kind with its value."""
    if not isinstance(value, dict):
        return single(one, value)
    names = dict(kinds(rules, one))
    return "、".join(f"{names.get(str(kind), kind)} {single(one, found)}" for kind, found in value.items())


def single(one: Parameter, value: Any) -> str:
    if one.unit == "switch":
        return _("yes") if value else _("no")
    if one.unit == "fen":
        return _("%(yuan)s yuan") % {"yuan": f"{value / 100:,.2f}"}
    if one.unit == "percent":
        return f"{value:g} %"
    unit = {"months": _("months"), "years": _("years"), "m2": "m²"}.get(one.unit, "")
    return f"{value:,} {unit}".strip()


def kinds(rules: Rulebook, one: Parameter) -> list[tuple[str, str]]:
    """The kinds that a parameter has values for, with their names."""
    if not one.by:
        return []
    variable = rules.variables.get(one.by)
    names = (
        {} if variable is None else {k: v[1 if words.english() else 0] for k, v in variable.choices.items()}
    )
    return [(str(kind), names.get(str(kind), str(kind))) for kind in one.values[-1].value]


def per(slug: str) -> str:
    return {"month": _("a month"), "year": _("a year"), "season": _("a season")}.get(slug, "")


def group(slug: str) -> str:
    """What the first word of a parameter's name stands for."""
    return {
        "income": _("Counting of income"),
        "property": _("Counting of property"),
        "guarantee": _("Minimum living guarantee"),
        "topup": _("Classified top-ups"),
        "hardship": _("Extreme hardship"),
        "edge": _("Low-income edge"),
        "rigid": _("Rigid spending"),
        "relief": _("Temporary relief"),
        "medical": _("Medical assistance"),
        "premium": _("Premium subsidy"),
        "education": _("Education assistance"),
        "housing": _("Housing assistance"),
        "employment": _("Employment assistance"),
        "disability": _("Disability subsidies"),
        "heating": _("Heating"),
    }.get(slug, slug)


def about(text: str) -> str:
    """The first line of a programme's own description, without its Chinese name on English pages."""
    first = text.partition("\n")[0]
    _chinese, colon, rest = first.partition(": ")
    return (rest or first) if words.english() and colon else first.partition(": ")[0]


def day_asked(request: HttpRequest) -> date:
    """The day that somebody asks about; today for nothing. Raises Invalid."""
    text = request.GET.get("on", "")
    if not text:
        return today_here()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            _("%(value)s is not a date: write YYYY-MM-DD") % {"value": text[:20]}, where="on"
        ) from None


def today_here() -> date:
    moment: datetime = clock.now()
    return moment.astimezone(SHANGHAI).date()
