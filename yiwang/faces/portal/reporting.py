"""Reporting a problem: one form, no account. Works without script and takes a double tap as one report."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.domains.operations import actions, nearby, places
from yiwang.domains.operations.actions import Received
from yiwang.domains.operations.intake import File
from yiwang.domains.operations.models import Report
from yiwang.faces.portal import around, keeping, own
from yiwang.faces.portal.choices import Kinds, communities, kinds_of
from yiwang.faces.portal.models import KeptPhoto
from yiwang.faces.portal.typed import Typed
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import NotFound, Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records import attachments
from yiwang.kernel.ui import clock, moments, problems

CHANNEL = "portal"
FIELDS = {"text", "class_code", "point", "area", "address", "contact_name", "contact_phone", "id", "join"}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent, the report with its number. Its smaller buttons give the form again with what they found."""
    if request.method != "POST":
        return _form(request, Typed.nothing())
    typed = Typed.of(request)
    if request.POST.get("step") or request.POST.get("drop"):
        return _step(request, typed)
    try:
        received = _take(request, typed)
    except Problem as problem:
        return _refused(request, typed, _beside(problem))
    own.remember(request, received.matter.number, received.secret)
    address = reverse("report-done", args=[received.report.pk])
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"next": address})
    return HttpResponseRedirect(address)


def _take(request: HttpRequest, typed: Typed) -> Received:
    limits.REPORTS.take(request)
    standard, code = typed.kind
    given = {
        "id": typed.id,
        "channel": CHANNEL,
        "text": typed["text"],
        "now": clock.now(),
        "actor": resident(),
        "point": typed.point,
        "address": typed.whole_address,
        "standard": standard,
        "class_code": code,
        "contact_name": typed["contact_name"],
        "contact_phone": typed["contact_phone"],
        "files": _files(typed),
    }
    if request.POST.get("join"):
        return nearby.join(matter=around.offered(request.POST["join"]), **given)
    return actions.report(**given)


def _files(typed: Typed) -> list:
    """The photos that came before, and those that came with this request."""
    kept = keeping.as_files(typed.id, typed.kept, typed.trusts_photos)
    if typed.trusts_photos or not typed.files:
        return kept + typed.files
    checked = [attachments.check_upload(one) for one in typed.files]
    return kept + [File(one.data, one.name, replace(one, point=None)) for one in checked]


def _beside(problem: Problem) -> Problem:
    """A refused file stands under its own name: it is shown at the field of photos, with the name before it."""
    if problem.where and problem.where not in FIELDS | {"photos", "files"} and not problem.errors:
        problem.detail = f"{problem.where}: {problem.detail}"
        problem.where = "photos"
    return problem


def _refused(request: HttpRequest, typed: Typed, problem: Problem) -> HttpResponse:
    """The form again: a damaged or used id is replaced, so that sending once more is a report of its own."""
    if problem.where == "id" or problem.code == "other_content":
        fresh = typed.with_new_id()
        with suppress(Problem):  # where the old id was none, nothing was kept under it
            KeptPhoto.objects.filter(report=typed.id, pk__in=typed.kept).update(report=fresh.id)
        typed = fresh
    typed = _kept(request, typed)
    return _form(
        request, typed, problem, kinds_of(typed["text"], typed["class"]) if typed["class"] else Kinds()
    )


def _step(request: HttpRequest, typed: Typed) -> HttpResponse:
    """A button for those without script: look for the kind, the place, similar reports, or leave out a photo."""
    try:
        limits.LOOKS.take(request)
        typed.id  # noqa: B018 - raises for a damaged one
    except Problem as problem:
        return _refused(request, typed, problem)
    now, step = clock.now(), request.POST.get("step", "")
    for text in request.POST.getlist("drop")[:1]:
        gone = [key for key in typed.kept if str(key) == text]
        for key in gone:
            keeping.remove(typed.id, key)
        typed = replace(typed, kept=tuple(key for key in typed.kept if key not in gone))
    typed = _kept(request, typed)
    english = not moments.chinese()
    return _form(
        request,
        typed,
        kinds=kinds_of(typed["text"], typed["class"]) if step == "kinds" or typed["class"] else Kinds(),
        found=places.search(typed["address"], english) if step == "places" else None,
        near=around.around_of(typed, now) if step == "around" else None,
        step=step or "photos",
    )


def _kept(request: HttpRequest, typed: Typed) -> Typed:
    """The photos of this request are kept, so that they need not be chosen again."""
    if not typed.files:
        return typed
    try:
        limits.PHOTOS.take(request)
    except Problem:
        return replace(typed, files=[])
    new = keeping.keep_all(typed.id, typed.files, clock.now())
    return replace(typed, files=[], kept=tuple(dict.fromkeys([*typed.kept, *new])))


def _form(
    request: HttpRequest,
    typed: Typed,
    problem: Problem | None = None,
    kinds: Kinds = Kinds(),  # noqa: B008 - frozen
    found: list | None = None,
    near: around.Around | None = None,
    step: str = "",
) -> HttpResponse:
    rules = current()
    context = {
        "typed": typed.values,
        "photos": keeping.shown(keeping.find(typed.id, typed.kept)) if typed.kept else [],
        "problem": problem,
        "kinds": kinds,
        "places": found,
        "asked": typed["address"].strip(),
        "around": near,
        "place_said": around.place_said(near) if near else "",
        "step": step,
        "communities": communities(),
        "most_files": rules.settings["max_files"],
        "most_mb": rules.settings["max_upload_mb"],
        "longest": rules.settings["max_text_chars"],
    }
    return problems.shown(render(request, "portal/report.html", context), problem)


@require_POST
def photos(request: HttpRequest) -> HttpResponse:
    """Keeps one photo while the rest of the report is written; asked for by the page's script: {id, placed}."""
    try:
        limits.PHOTOS.take(request)
        typed = Typed.of(request)
        if request.POST.get("drop"):
            for key in typed.kept:
                keeping.remove(typed.id, key)
            return JsonResponse({"dropped": len(typed.kept)})
        if len(typed.files) != 1:
            raise Problem(_("Send one photo."), where="photos")
        row = keeping.keep(typed.id, typed.files[0], clock.now())
    except Problem as problem:
        return around.refused(problem)
    return JsonResponse({"id": str(row.pk), "placed": row.lat is not None}, status=201)


@require_safe
def done(request: HttpRequest, id: UUID) -> HttpResponse:
    """The receipt: number, secret, and both as a code to photograph. Only for the browser that reported."""
    row = Report.objects.filter(pk=id).select_related("matter", "matter__merged_into").first()
    secret = own.secret_of(request, row.matter.number) if row else ""
    if not secret or not receipts.same_secret(row.pk, secret, row.secret_hash):
        raise NotFound(
            _("This receipt is no longer open here. Follow your report with its number and secret.")
        )
    number = row.matter.number
    # After the # nothing is sent to a server and nothing is logged; the page reads it and posts it as a form.
    address = request.build_absolute_uri(reverse("follow-code", args=[number])) + "#" + secret
    context = {
        "number": number,
        "secret": spaced(secret),
        "plain_secret": secret,
        "qr": receipts.qr_svg(address),
        "row": row,
        "joined": row.matter.merged_into_id is not None,
    }
    response = render(request, "portal/done.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def spaced(secret: str) -> str:
    """In groups of five, easier to copy by hand; blanks do not matter when it is typed in."""
    return " ".join(secret[n : n + 5] for n in range(0, len(secret), 5))
