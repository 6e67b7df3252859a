"""Assistance for residents: apply on line, follow the application, see what is made public, object to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import applying, publishing, words
from yiwang.domains.assistance import follow as following
from yiwang.domains.assistance.models import Publicity
from yiwang.domains.assistance.programmes import EMERGENCY, PROGRAMMES
from yiwang.domains.assistance.typed import Typed, communities
from yiwang.faces.portal import own
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock, notices, problems


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form; sent, the receipt with number and secret. Nothing is kept in the browser but the secret, sealed."""
    if request.method != "POST":
        return _form(request, Typed.new(programme="minimum_guarantee"))
    typed = Typed.of(request.POST)
    try:
        limits.REPORTS.take(request)
        got = applying.apply(actor=resident(), id=typed.id, now=clock.now(), **typed.given("online"))
    except Problem as problem:
        return _form(request, typed, problem)
    own.remember(request, got.matter.number, got.secret)
    return redirect("aid-done", got.matter.number)


def _form(request: HttpRequest, typed: Typed, problem: Problem | None = None) -> HttpResponse:
    if problem is not None and (problem.where == "id" or problem.code == "other_content"):
        typed = typed.with_id(uuid7())
    online = [one for one in PROGRAMMES.values() if one.online and one.kind != EMERGENCY]
    context = {
        "typed": typed,
        "problem": problem,
        "programmes": [(one.slug, str(one)) for one in online],
        "communities": communities(),
        "emergency": False,
        **words.NAMES,
    }
    return problems.shown(render(request, "portal/aid_apply.html", context), problem)


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
    context = {"number": number, "secret": secret, "qr": receipts.qr_svg(address), "row": row, **words.NAMES}
    response = render(request, "portal/aid_done.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def page(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The page of the own application; asked for by the page that follows any number. Raises NotFound."""
    progress = following.progress(applying.applicant(number, secret), clock.now())
    lines = [{"at": one.at, "action": one.kind, "text": one.text} for one in progress.story]
    context = {"it": progress, "lines": lines, "reasons": current().reasons, **words.NAMES}
    response = render(request, "portal/aid_follow.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def publicity(request: HttpRequest) -> HttpResponse:
    """What is made public now: name, members, amount, until when. Nothing else, and nothing that is over."""
    area = request.GET.get("area", "")
    if area not in registers.areas():
        area = ""
    context = {
        "rows": publishing.shown(area, clock.now()),
        "area": area,
        "areas": communities(),
        "most": publishing.MOST_SHOWN,
        **words.NAMES,
    }
    response = render(request, "portal/publicity.html", context)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"  # what is over must not live on in search engines
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, id: UUID) -> HttpResponse:
    """An objection to an opinion that is shown; the name of who objects is asked for and may be left out."""
    now = clock.now()
    row = Publicity.objects.filter(pk=id, kind=publishing.OPINION, until__gt=now).first()
    if row is None:
        raise NotFound(_("This is no longer shown to the public."))
    problem, typed = None, {"id": str(uuid7()), "text": "", "contact": ""}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            limits.REPORTS.take(request)
            try:
                key = UUID(typed["id"])
            except ValueError:
                key = uuid7()
            publishing.object_to(publicity=id, id=key, text=typed["text"], contact=typed["contact"], now=now)
        except Problem as wrong:
            problem = wrong
        else:
            notices.say(request, _("Your objection was taken. It is looked at before anything is decided."))
            return redirect("publicity")
    context = {"row": row, "problem": problem, "typed": typed, **words.NAMES}
    response = problems.shown(render(request, "portal/object.html", context), problem)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response
