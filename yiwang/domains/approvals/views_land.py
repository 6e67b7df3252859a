"""Pages of land-and-start: pre-reviews before the land contract, and the day of the contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.core import forms
from yiwang.domains.approvals import (
    converting,
    inputs,
    previews,
    queries,
    registering,
    stages,
    views,
    words,
)
from yiwang.domains.approvals.models import Project
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.ui import clock, moments, notices, schema_forms
from yiwang.kernel.ui.door import staff_only


def shown(project: Project, rules: Rulebook, now: datetime) -> dict[str, Any]:
    """What a page says of the pre-reviews of a project and of the methods that fit it."""
    english = not moments.chinese()
    found = previews.verdicts(project, rules, now)
    return {
        "previews": [
            {
                "it": one,
                "word": words.VERDICTS[one.why],
                "changed": inputs.named(one.changed, rules, english),
                "said": str(words.PRE_OPINIONS.get(one.row.opinion, "")) if one.row else "",
            }
            for one in found
            if project.land_at is None or one.row is not None
        ],
        "previewed": any(one.row for one in found),
        "may_ask": project.land_at is None and any(one.why not in ("", previews.OPEN) for one in found),
        "methods": [(one, converting.plan(one, project)) for one in converting.methods_of(project, rules)],
    }


@require_POST
@staff_only
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for every pre-review that neither holds nor runs."""
    found = queries.visible(request.actor, code)
    try:
        asked = previews.ask(actor=request.actor, project=found, now=clock.now())
    except Problem as problem:
        return views.show(request, code, problem, key="previews")
    said = ngettext("%(n)s pre-review was asked for.", "%(n)s pre-reviews were asked for.", len(asked))
    notices.say(request, said % {"n": len(asked)})
    return redirect("project", found.code)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def land(request: HttpRequest, code: str) -> HttpResponse:
    """The land contract is signed: what holds is converted, what has changed is told."""
    found = queries.visible(request.actor, code)
    registering.require_own(request.actor, found)
    rules, now = current(), clock.now()
    asked = [
        (rules.approvals.stages[slug], stages.form_of(rules, rules.approvals.stages[slug]))
        for slug in converting.stages_of(found, rules, now)
    ]
    answers: dict[str, Any] = {}
    problem = None
    if request.method == "POST":
        for _stage, form in asked:
            answers |= schema_forms.posted(form.form, request.POST) if form else {}
        try:
            got = converting.convert(
                actor=request.actor,
                project=found,
                signed_on=_day(request.POST.get("signed_on", "")),
                contract=request.POST.get("contract", ""),
                answers=answers,
                now=now,
            )
        except Problem as refused:
            problem = refused
        else:
            values = {"n": len(got.holds), "m": len(got.again)}
            notices.say(
                request,
                _("The land contract is on record. Converted: %(n)s; to be reviewed as ever: %(m)s.")
                % values,
            )
            return redirect("project", found.code)
    today = registering.day_of(now)
    context = {
        "project": found,
        **shown(found, rules, now),
        "stages": [
            (
                stage,
                schema_forms.shown(
                    form.form, answers, forms.check(form.form, answers, today), errors=problem is not None
                ),
            )
            for stage, form in asked
            if form
        ],
        "signed_on": request.POST.get("signed_on", today.isoformat()),
        "contract": request.POST.get("contract", ""),
        "today": today.isoformat(),
        "problem": problem,
    }
    return views.page(request, "land", context, problem)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Give a day such as 2026-09-24."), where="signed_on", code="date") from None
