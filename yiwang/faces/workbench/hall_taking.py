"""At the counter (窗口收件): the application of the person who stands there, for a service or for all of a bundle.

The clerk writes; the rules are those of the form online.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from uuid_utils.compat import uuid7

from yiwang.core import forms
from yiwang.domains.services import applying, bundles, guides, joint, sheets, words
from yiwang.domains.services.hall import counter, tickets
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock, problems, schema_forms
from yiwang.kernel.ui.door import staff_only

Send = Callable[[sheets.Sheet, datetime], Any]  # gives what has `matter` and `secret`


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def apply(request: HttpRequest, id: UUID, service: str) -> HttpResponse:
    rules = current()
    wanted = guides.service_of(rules, service)
    form = applying.form_of(rules, wanted)
    shown = {
        "name": words.name_of(wanted),
        "status": form.status,
        "action": reverse("hall-apply", args=[id, service]),
    }

    def send(sheet: sheets.Sheet, now: datetime) -> Any:
        return counter.apply(
            actor=request.actor,
            ticket=id,
            id=sheet.id,
            service=service,
            answers=sheet.answers,
            way=applying.COMMITMENT if service in sheet.committed else applying.ORDINARY,
            consent=sheet.consent,
            materials=sheet.materials,
            now=now,
        )

    asked, promises = sheets.of_service(wanted), sheets.promises_of([wanted])
    return _taken(request, id, form.form, asked, promises, send, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def apply_once(request: HttpRequest, id: UUID, bundle: str) -> HttpResponse:
    """First the questions about the case, then one form for all services that it needs."""
    rules, now = current(), clock.now()
    wanted = bundles.bundle_of(rules, bundle)
    said = bundles.given(wanted, request.GET)
    here = reverse("hall-once", args=[id, bundle])
    shown = {
        "name": words.name_of(wanted),
        "status": wanted.status,
        "bundle": wanted,
        "case": [
            (one, words.name_of(one, "text"), words.options_of(one), said.get(one.slug, ""))
            for one in wanted.questions
        ],
        "here": here,
        "action": f"{here}?{urlencode(said)}",
    }
    try:
        plan = joint.plan_for(rules, wanted, said, now)
    except Problem as problem:
        found, hall = tickets.one(request.actor, id, "call")
        told = problem if request.GET else None
        context = shown | {"words": words, "ticket": found, "hall": hall, "problem": told}
        return problems.shown(render(request, "workbench/hall_apply.html", context), told)
    assert plan.form is not None  # noqa: S101 - plan_for has refused it

    def send(sheet: sheets.Sheet, at: datetime) -> Any:
        return counter.apply_joint(
            actor=request.actor,
            ticket=id,
            id=sheet.id,
            bundle=bundle,
            said=said,
            answers=sheet.answers,
            materials=sheet.materials,
            consent=sheet.consent,
            committed=sheet.committed,
            now=at,
        )

    shown["services"] = [words.name_of(item.service) for item in plan.items]
    asked, promises = sheets.of_plan(plan), sheets.promises_of(plan.offering)
    return _taken(request, id, plan.form, asked, promises, send, shown)


def _taken(
    request: HttpRequest,
    id: UUID,
    form: forms.Form,
    asked: tuple[sheets.Asked, ...],
    promises: tuple[sheets.Promise, ...],
    send: Send,
    shown: dict[str, Any],
) -> HttpResponse:
    found, hall = tickets.one(request.actor, id, "call")
    sheet, problem = sheets.Sheet(uuid7()), None
    if request.method == "POST":
        sheet = sheets.sent(request.POST, form, asked, promises)
        if not schema_forms.pressed(form, sheet.answers, request.POST):
            try:
                got = send(sheet, clock.now())
            except Problem as refused:
                problem = refused
            else:
                return _receipt(request, {"ticket": found, "hall": hall, "name": shown["name"]}, got)
    context = sheets.context(form, asked, promises, sheet, problem, clock.now())
    context |= shown | {"ticket": found, "hall": hall}
    return problems.shown(render(request, "workbench/hall_apply.html", context), problem)


def _receipt(request: HttpRequest, shown: dict[str, Any], got: Any) -> HttpResponse:
    """Number and secret for the applicant, shown once: the clerk prints it and can't open it again."""
    address = request.build_absolute_uri(reverse("follow-code", args=[got.matter.number])) + "#" + got.secret
    context = shown | {
        "number": got.matter.number,
        "secret": got.secret,
        "qr": receipts.qr_svg(address),
    }
    return render(request, "workbench/hall_applied.html", context)
