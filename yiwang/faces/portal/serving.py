"""Applying for a service or a bundle: the form, drafts to go on with on another device, the receipt, following."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.domains.services import applying, drafts, joint, joint_follow, licences, uploads, words
from yiwang.domains.services import follow as following
from yiwang.domains.services.models import Application, Joint
from yiwang.faces.portal import own, sheets, wanting
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.matters import receipts
from yiwang.kernel.packs.rulebook import current, rulebook
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, notices, problems
from yiwang.kernel.ui.files import serve


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of one service."""
    return sheets.handle(request, wanting.service(current(), slug))


@require_http_methods(["GET", "HEAD", "POST"])
def apply_bundle(request: HttpRequest, slug: str) -> HttpResponse:
    """The one form of a bundle, for the case that was answered before; an open case goes back to its questions."""
    given = request.GET if request.method != "POST" else request.POST
    before = sheets.CASE if request.method == "POST" else ""
    said = {name.removeprefix(before): value for name, value in given.items() if name.startswith(before)}
    try:
        want = wanting.bundle(current(), slug, said, clock.now())
    except Invalid as problem:
        if problem.code not in ("case_open", "nothing"):
            raise
        notices.say(request, problem.detail)
        return redirect("bundle", slug)
    return sheets.handle(request, want)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Asks for the number and secret of a draft; right, the form with what was kept and what was dropped."""
    if request.method != "POST":
        return render(request, "portal/service_resume.html", {"number": "", "problem": None})
    number = request.POST.get("number", "")[:20]
    try:
        limits.FOLLOWS.take(request)
        row = drafts.find(number, request.POST.get("secret", "")[:64], clock.now())
        said = orjson.loads(row.beside).get("said", {}) if row.beside else {}
        want = wanting.of_draft(row, said, clock.now())
    except Problem as problem:
        context = {"number": number, "problem": problem}
        return problems.shown(render(request, "portal/service_resume.html", context), problem)
    return sheets.gone_on_with(request, want, drafts.resume(row, want.form))


@require_safe
def done(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt: number, secret, and both as a code. Only for the browser that applied."""
    secret = own.secret_of(request, number)
    if not secret:
        raise NotFound(
            _("This receipt is no longer open here. Follow your application with its number and secret.")
        )
    row = applicant(number, secret)
    rules = current()
    if isinstance(row, Joint):
        found = joint_follow.progress(row, clock.now())
        name, unit, services = found.title, found.unit, [words.name_of(part.service) for part in found.parts]
    else:
        service = rules.services.get(row.service)
        name, unit, services = words.name_of(service), words.unit_of(service.unit) if service else "", []
    address = request.build_absolute_uri(reverse("follow-code", args=[number])) + "#" + secret
    context = {
        "number": number,
        "secret": secret,
        "qr": receipts.qr_svg(address),
        "name": name,
        "unit": unit,
        "services": services,
        "files": len(uploads.of_matter(row.pk)),
    }
    response = render(request, "portal/service_done.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def applicant(number: str, secret: str) -> Application | Joint:
    """The application of this number, of one service or joint, with this secret. Raises NotFound, the same for all."""
    if Joint.objects.filter(matter__number=number).exists():
        return joint.applicant(number, secret)
    return applying.applicant(number, secret)


def secret_of(request: HttpRequest, number: str) -> str:
    """The secret that this browser may use for a number: its own, or of a part of a joint application of its own."""
    known = own.secret_of(request, number)
    if known:
        return known
    parent = joint.parent_of(number)
    if parent is None or not own.secret_of(request, parent.matter.number):
        return ""
    part = Application.objects.get(matter__number=number)
    return receipts.secret_for(part.pk)


def page(request: HttpRequest, number: str, secret: str, problem: Problem | None = None) -> HttpResponse:
    """The page of the own application; asked for by the page that follows any number. Raises NotFound."""
    row = applicant(number, secret)
    whole, names = isinstance(row, Joint), _names(row)
    progress = (joint_follow if whole else following).progress(row, clock.now())
    context = {
        "it": progress,
        "lines": [{"at": one.at, "action": one.action, "text": one.text} for one in progress.story],
        "reasons": current().reasons,
        "problem": problem,
        "words": words,
        "papers": _papers(number, row, names),
        "waits": [(slug, names.get(slug, slug)) for slug in sorted(uploads.waits(row))],
        "parent": None if whole else joint.parent_of(number),
        "uses": [] if whole else licences.uses_of(row.pk, clock.now()),
        "days": licences.DAYS,
    }
    template = "portal/joint_follow.html" if whole else "portal/service_follow.html"
    response = problems.shown(render(request, template, context), problem)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _names(row: Application | Joint) -> dict[str, str]:
    """The names of the materials of an application, by the rules that it was sent under."""
    rules = rulebook(row.matter.pack_id)
    if isinstance(row, Joint):
        return joint_follow.material_names(row, rules)
    service = rules.services[row.service]
    return {needed.material.slug: words.name_of(needed.material) for needed in service.materials}


def _papers(number: str, row: Application | Joint, names: dict[str, str]) -> dict[str, list[dict]]:
    """The files of an application by the name of their material."""
    found: dict[str, list[dict]] = {}
    for one in uploads.of_matter(row.pk):
        url = reverse("service-paper", args=[number, one.pk])
        file = {"url": url, "name": one.attachment.name, "size": one.attachment.size}
        file["thumbnail"] = f"{url}?thumb=1" if one.attachment.thumb_sha256 else ""
        found.setdefault(names.get(one.material, one.material), []).append(file)
    return found


@require_safe
def paper(request: HttpRequest, number: str, id: UUID) -> HttpResponse:
    """A file of the own application: a picture is shown, a PDF is only ever downloaded."""
    row = _own(request, number)
    file: Attachment = uploads.one(row.pk, id)
    return serve(request, file)


def _own(request: HttpRequest, number: str) -> Application | Joint:
    secret = secret_of(request, number)
    if not secret:
        raise NotFound(_("Give the number and the secret of your application again: you were away for long."))
    return applicant(number, secret)


@require_POST
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Rates or takes back the own application, or sends a file that was missing."""
    secret = secret_of(request, number)
    if not secret:
        return redirect(reverse("find") + f"?number={number}")
    try:
        limits.FOLLOWS.take(request)
        said = _ACTS[action](request, number, secret)
    except Problem as problem:
        return page(request, number, secret, problem)
    notices.say(request, said)
    return redirect("follow", number)


def _rate(request: HttpRequest, number: str, secret: str) -> str:
    score = request.POST.get("score", "")
    what = joint if isinstance(applicant(number, secret), Joint) else applying
    what.rate(
        number=number,
        secret=secret,
        score=int(score) if score in "12345" and score else 0,
        note=request.POST.get("note", ""),
        now=clock.now(),
    )
    return _("Thank you. Your rating was kept.")


def _withdraw(request: HttpRequest, number: str, secret: str) -> str:
    what = joint if isinstance(applicant(number, secret), Joint) else applying
    what.withdraw(number=number, secret=secret, note=request.POST.get("note", ""), now=clock.now())
    return _("Your application was taken back.")


def _send(request: HttpRequest, number: str, secret: str) -> str:
    """Files for what is missing or was to come later."""
    row, count = applicant(number, secret), 0
    for slug in uploads.waits(row):
        for sent in request.FILES.getlist(f"file_{slug}"):
            uploads.add(own=row, material=slug, sent=sent, actor=resident(row.pk), now=clock.now())
            count += 1
    if not count:
        raise Invalid(_("Choose a file first."), where="file", code="no_file")
    return _("Your files came in. The window looks at them.")


_ACTS = {"rate": _rate, "withdraw": _withdraw, "send": _send}
