"""Following a report by its number and secret, and what the reporter may do with it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core.codes import CodeError, parse_matter_number
from yiwang.domains.approvals import registering
from yiwang.domains.approvals.models import Project
from yiwang.domains.assistance import applying
from yiwang.domains.assistance.models import Application
from yiwang.domains.operations import actions
from yiwang.domains.operations import follow as following
from yiwang.domains.operations.models import Report
from yiwang.domains.services import applying as services
from yiwang.domains.services import joint
from yiwang.domains.services.models import Application as ServiceApplication
from yiwang.domains.services.models import Joint
from yiwang.faces.portal import approving, assisting, own, serving
from yiwang.kernel.access import limits
from yiwang.kernel.access.looked import looks_at
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, moments, notices, problems
from yiwang.kernel.ui.files import serve

SERVICES = (services.KIND, joint.KIND)

# Kinds of lines of the public story that have the mark of an action.
ICONS = {
    "file": "complete",
    "dispatch": "reassign",
    "handle": "complete",
    "verify": "complete",
    "return": "send_back",
    "rework": "send_back",
    "merged": "merge",
    "withdrawn": "withdraw",
}


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Asks for number and secret; right, the report's own page."""
    if request.method != "POST":
        return _ask(request, request.GET.get("number", "")[:20])
    number, secret = request.POST.get("number", "").strip()[:40], request.POST.get("secret", "").strip()[:64]
    try:
        limits.FOLLOWS.take(request)
        number = approving.number_of(number)  # of a project people have its code
        found = _own(_number(number), secret)
    except Problem as problem:
        return _ask(request, number, problem)
    own.remember(request, found.matter.number, secret)
    return redirect("follow", found.matter.number)


def _own(number: str, secret: str) -> Report | Application | ServiceApplication | Joint | Project:
    """The report, application or project of this number with this secret. Raises NotFound, the same for all."""
    if Application.objects.filter(matter__number=number).exists():
        return applying.applicant(number, secret)
    kind = _kind(number)
    if kind in SERVICES:
        return serving.applicant(number, secret)
    if kind in approving.KINDS:
        return registering.applicant(number, secret)
    return actions.reporter(number, secret)


def _kind(number: str) -> str:
    """The kind of the matter of this number, '' where there is none: it says who has the page."""
    return Matter.objects.filter(number=number).values_list("kind", flat=True).first() or ""


def _number(text: str) -> str:
    """The number as it is kept: people leave out the dashes. Raises Invalid with what is wrong with it."""
    try:
        return parse_matter_number(text).value
    except CodeError as wrong:
        raise Invalid(
            _("This is no complete number. Read it again from the receipt; it looks like 20260924-000123-7."),
            where="number",
            code=wrong.code,
        ) from None


@require_safe
def by_code(request: HttpRequest, number: str) -> HttpResponse:
    """Where the printed code leads. The secret stands after the # and stays in the browser until it is posted."""
    return _ask(request, number)


def _ask(request: HttpRequest, number: str, problem: Problem | None = None) -> HttpResponse:
    context = {"number": number, "problem": problem, "own": own.numbers(request)}
    return problems.shown(render(request, "portal/find.html", context), problem)


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The story of one's own report."""
    secret = serving.secret_of(request, number)
    if not secret:
        return HttpResponseRedirect(reverse("find") + f"?number={number}")
    if Application.objects.filter(matter__number=number).exists():
        return assisting.page(request, number, secret)
    kind = _kind(number)
    if kind in SERVICES:
        return serving.page(request, number, secret)
    if kind in approving.KINDS:
        return approving.page(request, number, secret)
    return page(request, number)


def page(
    request: HttpRequest,
    number: str,
    problem: Problem | None = None,
    tried: str = "",
    typed: dict | None = None,
) -> HttpResponse:
    """The page of a report; with a problem, what was tried and typed stays in its form."""
    own_report = actions.reporter(number, _secret(request, number))
    progress = following.progress_of(own_report, clock.now())
    sealed = bool(own_report.contact_name or own_report.contact_phone)
    context = {
        "report": progress,
        "looks": looks_at("report", own_report.pk, not moments.chinese()) if sealed else [],
        "sealed": sealed,
        "field_names": {"contact_name": _("Name"), "contact_phone": _("Phone")},
        "reasons": current().reasons,
        "status": current().kind(actions.KIND).status,
        "before": [_photo(number, pk, _("Photo of the report")) for pk in progress.photos_before],
        "after": [_photo(number, pk, _("Photo after the work")) for pk in progress.photos_after],
        "lines": [
            {"at": line.at, "action": ICONS.get(line.kind, line.kind), "text": line.text}
            for line in progress.story
        ],
        "problem": problem,
        "tried": tried,
        "typed": typed or {},
    }
    response = render(request, "portal/follow.html", context, status=problem.status if problem else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _secret(request: HttpRequest, number: str) -> str:
    secret = own.secret_of(request, number)
    if not secret:
        raise NotFound(_("Give the number and the secret of your report again: you were away for long."))
    return secret


def _photo(number: str, pk: UUID, alt: str) -> dict:
    url = reverse("follow-photo", args=[number, pk])
    return {"url": url, "thumbnail": url + "?thumb=1", "alt": alt}


@require_safe
def photo(request: HttpRequest, number: str, id: UUID) -> HttpResponse:  # noqa: A002
    """A photo of one's own report, or of the work on it."""
    report = actions.reporter(number, _secret(request, number))
    before, after = following.photos(report, actions.primary(report.matter))
    if id not in before and id not in after:
        raise NotFound(_("There is no such photo."))
    return serve(request, Attachment.objects.get(pk=id))


@require_POST
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Rates, reopens or takes back one's own report."""
    try:
        said = ACTIONS[action](request, number, _secret(request, number))
    except Problem as problem:
        return page(request, number, problem, action, request.POST.dict())
    notices.say(request, said)
    return redirect("follow", number)


def _rate(request: HttpRequest, number: str, secret: str) -> str:
    score, solved = request.POST.get("score", ""), request.POST.get("solved", "")
    if score not in ("1", "2", "3", "4", "5"):
        raise Invalid(_("Give 1 to 5 stars."), where="score")
    if solved not in ("yes", "no"):
        raise Invalid(_("Say whether the problem is solved."), where="solved")
    actions.rate(
        number=number,
        secret=secret,
        score=int(score),
        solved=solved == "yes",
        note=request.POST.get("note", ""),
        now=clock.now(),
    )
    return _("Thank you. Your rating was kept.")


def _reopen(request: HttpRequest, number: str, secret: str) -> str:
    actions.reopen(number=number, secret=secret, note=request.POST.get("note", ""), now=clock.now())
    return _("It was opened again and goes back to the unit that handled it.")


def _withdraw(request: HttpRequest, number: str, secret: str) -> str:
    actions.withdraw(number=number, secret=secret, note=request.POST.get("note", ""), now=clock.now())
    return _("You took your report back.")


ACTIONS = {"rate": _rate, "reopen": _reopen, "withdraw": _withdraw}
