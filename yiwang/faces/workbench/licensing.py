"""E-licences on the workbench: the list, a new one, one of them with what can be done."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from yiwang.kernel.access import purposes
from yiwang.kernel.access.policy import LICENCE, Subject, decide
from yiwang.kernel.errors import Denied, Invalid, Problem
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.licences import actions, queries
from yiwang.kernel.records.models import Licence
from yiwang.kernel.ui import clock, moments, notices
from yiwang.kernel.ui.door import staff_only

STATUSES = ("valid", "lost", "revoked", "expired")


@require_safe
@staff_only
def licences(request: HttpRequest) -> HttpResponse:
    """Licences that the actor's posts reach, the newest first."""
    _may_see(request)
    asked = {name: request.GET.get(name, "").strip()[:40] for name in ("type", "status", "number", "before")}
    asked["status"] = asked["status"] if asked["status"] in STATUSES else ""
    rows, after = queries.listed(request.actor, **asked)
    kinds, now = current().licences, clock.now()
    context = {
        "rows": [_row(row, now) for row in rows],
        "next": urlencode({**{name: value for name, value in asked.items() if value}, "before": after})
        if after
        else "",
        "asked": asked,
        "kinds": [(slug, _name(kind)) for slug, kind in kinds.items()],
        "statuses": [(status, actions.status_word(status)) for status in STATUSES],
        "may_issue": "issue" in request.actor.reach,
    }
    return render(request, "workbench/licences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def issue(request: HttpRequest) -> HttpResponse:
    """The form of a kind, and the new licence."""
    subject = Subject(LICENCE, None, None, district=current().district)
    if not decide(request.actor, "issue", subject):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="issue")
    kinds = current().licences
    slug = (request.POST if request.method == "POST" else request.GET).get("type", "")
    kind = kinds.get(slug)
    problem = None
    if request.method == "POST" and kind is not None:
        try:
            return redirect("licence", _issued(request, kind).pk)
        except Problem as refused:
            problem = refused
    context = {
        "kind": kind,
        "name": _name(kind) if kind else "",
        "kinds": [(one, _name(found)) for one, found in kinds.items()],
        "labels": _labels(kind) if kind else [],
        "typed": request.POST if request.method == "POST" else {},
        "key": request.POST.get("key") or str(uuid7()),
        "problem": problem,
    }
    return render(request, "workbench/licence_new.html", context, status=problem.status if problem else 200)


def _issued(request: HttpRequest, kind: Any) -> Licence:
    sent = request.POST
    try:
        key = UUID(sent.get("key", ""))
        first = date.fromisoformat(sent["from"]) if sent.get("from") else None
    except ValueError:
        raise Invalid(_("Give a day such as 2026-09-24."), where="from", code="date") from None
    return actions.issue(
        actor=request.actor, type=kind.slug, holder=sent.get("holder", ""), holder_number=sent.get("holder_number", ""),
        fields={field.name: sent.get(f"f.{field.name}", "") for field in kind.fields},
        valid_from=first, now=clock.now(), address=request.build_absolute_uri("/"), id=key,
    )  # fmt: skip


@require_safe
@staff_only
def licence(request: HttpRequest, id: UUID) -> HttpResponse:
    return _licence(request, id)


def _licence(request: HttpRequest, key: UUID, problem: Problem | None = None) -> HttpResponse:
    """One licence: what it is, masked; its versions, events and uses; what can be done with it."""
    found, now = queries.one(request.actor, key), clock.now()
    subject = Subject.of_licence(found)
    kind = current().licences.get(found.type)
    context = {
        "licence": found,
        "row": _row(found, now),
        "name": _name(kind) if kind else found.type,
        "status_of_kind": kind.status if kind else "",
        "number": queries.shown_number(found),
        "versions": list(found.versions.order_by("-version").defer("content", "document")),
        "events": [
            {"at": event.at, "word": _event_word(event.action), "who": event.actor_name, "reason": event.data.get("reason") or event.data.get("purpose", "")}
            for event in found.events.order_by("-seq")[:100]
        ],
        "uses": list(found.uses.select_related("matter").order_by("-granted_at")[:50]),
        "looks": purposes.looks("licence", str(found.pk))[:50],
        "steps": _steps(found) if decide(request.actor, "revoke", subject) else [],
        "may_reveal": bool(decide(request.actor, "reveal", subject)),
        "public_address": f"/v/{found.number}/{found.code}",
        "problem": problem,
    }  # fmt: skip
    return render(request, "workbench/licence.html", context, status=problem.status if problem else 200)


@require_POST
@staff_only
def change(request: HttpRequest, id: UUID) -> HttpResponse:
    """Revokes, reports lost or restores, with a reason."""
    does = {"revoke": actions.revoke, "lost": actions.report_lost, "restore": actions.restore}
    action = request.POST.get("action", "")
    try:
        if action not in does:
            raise Invalid(_("There is no such action."), where="action", code="no_action")
        does[action](actor=request.actor, licence=id, reason=request.POST.get("reason", ""), now=clock.now())
    except Problem as problem:
        return _licence(request, id, problem)
    notices.say(request, _("Done."))
    return redirect("licence", id)


@require_POST
@staff_only
def file(request: HttpRequest, id: UUID) -> HttpResponse:
    """The signed PDF, for a purpose that the holder can read."""
    try:
        found = queries.one(request.actor, id)
        data = queries.file_of(request.actor, found, request.POST.get("purpose", ""), clock.now())
    except Problem as problem:
        return _licence(request, id, problem)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@staff_only
def used(request: HttpRequest, id: UUID) -> HttpResponse:
    """What a licence says, for the application it was authorised for."""
    found, content = actions.look(actor=request.actor, use=id, now=clock.now())
    kind = current().licences.get(found.type)
    context = {"licence": found, "name": _name(kind) if kind else found.type, "lines": content["rows"]}
    return render(request, "workbench/licence_used.html", context)


def _may_see(request: HttpRequest) -> None:
    if not any(LICENCE in (reach.kinds or ()) for reach in request.actor.reach.get("see", ())):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="see")


def _row(found: Licence, now: Any) -> dict[str, Any]:
    kind = current().licences.get(found.type)
    status = actions.status_of(found, now)
    return {
        "id": found.pk, "number": found.number, "name": _name(kind) if kind else found.type,
        "holder": queries.masked(found, kind), "status": status, "word": actions.status_word(status),
        "from": found.valid_from, "to": found.valid_to, "version": found.version,
    }  # fmt: skip


def _name(kind: Any) -> str:
    return ((not moments.chinese()) and kind.name_en) or kind.name


def _labels(kind: Any) -> list[dict[str, Any]]:
    english = not moments.chinese()
    return [
        {"name": f"f.{field.name}", "where": field.name, "label": (english and field.label_en) or field.label,
         "type": field.type, "required": field.required}
        for field in kind.fields
    ]  # fmt: skip


def _steps(found: Licence) -> list[tuple[str, str]]:
    steps = {
        "valid": [("lost", _("Report lost")), ("revoke", _("Revoke"))],
        "lost": [("restore", _("Found again")), ("revoke", _("Revoke"))],
        "expired": [("revoke", _("Revoke"))],
    }
    return steps.get(found.status, [])


def _event_word(action: str) -> str:
    return {
        "issue": _("issued"), "correct": _("corrected"), "revoke": _("revoked"), "lost": _("reported lost"),
        "restore": _("found again"), "expire": _("expired"), "authorise": _("use authorised"),
        "use": _("looked at for an application"), "end": _("authorisation ended"),
    }.get(action, action)  # fmt: skip
