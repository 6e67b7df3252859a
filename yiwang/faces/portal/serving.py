"""Applying for a service: the form of the pack, drafts to go on with on another device, the receipt, following."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.core import forms
from yiwang.domains.services import applying, drafts, guides, licences, sheets, words
from yiwang.domains.services import follow as following
from yiwang.domains.services.sheets import Sheet
from yiwang.faces.portal import own
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.packs.services import Service
from yiwang.kernel.ui import clock, notices, problems, schema_forms


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. Its buttons add and take away rows, keep a draft, look, or send."""
    rules = current()
    service = guides.service_of(rules, slug)
    form = applying.form_of(rules, service)
    if request.method != "POST":
        return _page(request, service, form, Sheet(uuid7()))
    sheet = sheets.sent(request.POST, service, form.form)
    if schema_forms.pressed(form.form, sheet.answers, request.POST):  # type: ignore[arg-type]
        return _page(request, service, form, sheet)
    try:
        limits.REPORTS.take(request)
        if "_save" in request.POST:
            return _saved(request, service, form, sheet)
        got = applying.apply(
            actor=resident(),
            id=sheet.id,
            service=slug,
            answers=sheet.answers,
            way=sheet.way,
            consent=sheet.consent,
            materials=sheet.materials,
            now=clock.now(),
        )
    except Problem as problem:
        if problem.where == "id" or problem.code == "other_content":
            sheet = Sheet(uuid7(), sheet.answers, sheet.way, sheet.consent, sheet.materials)
        return _page(request, service, form, sheet, problem)
    drafts.forget(sheet.id)
    own.remember(request, got.matter.number, got.secret)
    return redirect("service-done", got.matter.number)


def _page(
    request: HttpRequest, service: Service, form: Any, sheet: Sheet, problem: Problem | None = None
) -> HttpResponse:
    context = sheets.context(service, form, sheet, problem, clock.now())
    return problems.shown(render(request, "portal/service_apply.html", context), problem)


def _saved(request: HttpRequest, service: Service, form: Any, sheet: Sheet) -> HttpResponse:
    row, secret = drafts.save(
        id=sheet.id, service=service.slug, form=form, rules=current(), answers=sheet.answers, now=clock.now()
    )
    context = {"service": service, "words": words, "draft": row, "secret": secret}
    response = render(request, "portal/service_saved.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Asks for the number and secret of a draft; right, the form with what was kept and what was dropped."""
    if request.method != "POST":
        return render(request, "portal/service_resume.html", {"number": "", "problem": None})
    number = request.POST.get("number", "")[:20]
    try:
        limits.FOLLOWS.take(request)
        row = drafts.find(number, request.POST.get("secret", "")[:64], clock.now())
        rules = current()
        service = guides.service_of(rules, row.service)
        form = applying.form_of(rules, service)
    except Problem as problem:
        context = {"number": number, "problem": problem}
        return problems.shown(render(request, "portal/service_resume.html", context), problem)
    got = drafts.resume(row, form)
    dropped = tuple(_dropped(one) for one in got.dropped)
    response = _page(request, service, form, Sheet(row.pk, got.answers, dropped=dropped))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _dropped(one: forms.Dropped) -> str:
    answer = "、".join(one.answer) if isinstance(one.answer, list | tuple) else str(one.answer)
    why = {
        "gone": _("this is not asked any more"),
        "kind": _("this is no answer to the new question"),
        "rows": _("fewer rows are taken now"),
    }[one.why]
    return f"{answer}（{why}）" if schema_forms.between() == "：" else f"{answer} ({why})"


@require_safe
def done(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt: number, secret, and both as a code. Only for the browser that applied."""
    secret = own.secret_of(request, number)
    if not secret:
        raise NotFound(
            _("This receipt is no longer open here. Follow your application with its number and secret.")
        )
    row = applying.applicant(number, secret)
    address = request.build_absolute_uri(reverse("follow-code", args=[number])) + "#" + secret
    context = {
        "number": number,
        "secret": secret,
        "qr": receipts.qr_svg(address),
        "row": row,
        "service": guides.service_of(current(), row.service),
        "words": words,
    }
    response = render(request, "portal/service_done.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def page(request: HttpRequest, number: str, secret: str, problem: Problem | None = None) -> HttpResponse:
    """The page of the own application; asked for by the page that follows any number. Raises NotFound."""
    own_row, now = applying.applicant(number, secret), clock.now()
    progress = following.progress(own_row, now)
    context = {
        "it": progress,
        "lines": [{"at": one.at, "action": one.action, "text": one.text} for one in progress.story],
        "reasons": current().reasons,
        "problem": problem,
        "words": words,
        "uses": licences.uses_of(own_row.pk, now),
        "days": licences.DAYS,
    }
    response = problems.shown(render(request, "portal/service_follow.html", context), problem)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Rates or takes back the own application."""
    secret = own.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    try:
        limits.FOLLOWS.take(request)
        if action == "rate":
            score = request.POST.get("score", "")
            applying.rate(
                number=number,
                secret=secret,
                score=int(score) if score in "12345" and score else 0,
                note=request.POST.get("note", ""),
                now=clock.now(),
            )
            notices.say(request, _("Thank you. Your rating was kept."))
        else:
            applying.withdraw(
                number=number, secret=secret, note=request.POST.get("note", ""), now=clock.now()
            )
            notices.say(request, _("Your application was taken back."))
    except Problem as problem:
        return page(request, number, secret, problem)
    return redirect("follow", number)


@require_POST
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """Lets the own application use a licence, or takes that back."""
    secret = own.secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    sent = request.POST
    given = {
        "number": number,
        "secret": secret,
        "holder_number": sent.get("holder_number", "")[:40],
        "now": clock.now(),
    }
    try:
        limits.PROOFS.take(request)
        if "use" in sent:
            licences.take_back(use=drafts.uuid_of(sent["use"]), **given)
            notices.say(request, _("The licence can no longer be used for this application."))
        else:
            days = sent.get("days", "")
            licences.authorise(
                licence=sent.get("licence", "")[:60],
                days=int(days) if days.isdecimal() and len(days) < 4 else 0,
                **given,
            )
            notices.say(
                request,
                _("The offices of this application may now look at the licence. Each look is recorded."),
            )
    except Problem as problem:
        return page(request, number, secret, problem)
    return redirect("follow", number)
