"""Residents, inspectors and other systems report; the reporter follows, rates, takes back, has it opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router
from uuid_utils.compat import uuid7

from yiwang.core.geo import Point
from yiwang.domains.operations import actions, queries
from yiwang.domains.operations import follow as progress
from yiwang.domains.operations.intake import File
from yiwang.faces.api import fields, parsing, told, told_rules
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.callers import reporter as caller
from yiwang.faces.api.given import PointIn, RateIn, ReportIn, SaidIn, SecretIn
from yiwang.faces.api.paging import After, Many, page
from yiwang.faces.api.replies import local, reply
from yiwang.faces.api.rows import explained
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.records import attachments
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock
from yiwang.kernel.ui.files import serve

router = Router(by_alias=True, tags=["reports"])
Secret = Header("", alias="X-Report-Secret", max_length=64, description="The secret of the receipt.")
NEEDS = Query(None, description="Only those whose class or place nobody is sure of (or is).")
STAFF_CHANNEL = "staff"


@router.post(
    "/reports",
    response={201: told.Receipt, 200: told.Receipt},
    operation_id="report",
    summary="Report a problem",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/ReportIn"}},
                "multipart/form-data": {"schema": {"$ref": "#/components/schemas/ReportForm"}},
            },
        },
        "security": [{}, {"Bearer": []}, {"Session": []}, {"ApiKey": []}],
    },
)
def report(request: HttpRequest) -> HttpResponse:
    """Anybody may report; a key of another system or an official may report more often.

    Sent again with the same `id` and the same content it answers 200 with the same receipt; with other content 409.
    """
    who = caller(request)
    if who.kind == "resident":
        limits.REPORTS.take(request)
    given, files = read(request)
    if given.external_id and who.kind != "key":
        raise Invalid(_("Only a key of another system may name its own number."), where="external_id")
    received = actions.report(
        id=given.id or uuid7(),
        channel=channel_of(who),
        text=given.text,
        title=given.title,
        now=clock.now(),
        actor=who,
        point=point(given.point),
        address=given.address,
        standard=given.standard,
        class_code=given.class_code,
        contact_name=given.contact_name,
        contact_phone=given.contact_phone,
        external_id=given.external_id,
        files=files,
        secret=given.secret,
    )
    return reply(receipt(received), 201 if received.created else 200, {"Cache-Control": "no-store"})


def read(request: HttpRequest) -> tuple[ReportIn, list[File]]:
    """The report of a JSON body, or of a form with files, whose point is in the fields lon, lat and system."""
    if request.content_type != parsing.FORM_TYPE:
        parsing.check_json_type(request)
        return fields.check(ReportIn, parsing.json_of(request.body)), []
    form, sent = parsing.form_of(request)
    if {"lon", "lat", "system"} & form.keys():
        place: dict[str, Any] = {name: form.pop(name) for name in ("lon", "lat", "system") if name in form}
        form["point"] = fields.check(PointIn, place).model_dump()
    given = fields.check(ReportIn, form)
    most = attachments.limits_in_force().max_bytes
    for one in sent:
        if (one.size or 0) > most:  # before it is read into memory
            raise fields.too_large_file(one.name or "files", one.size or 0, most)
    return given, [File(one.read(), one.name or "") for one in sent]


def point(given: PointIn | None) -> Point | None:
    return Point(given.lon, given.lat, given.system) if given else None


def channel_of(who: Actor) -> str:
    return {"key": who.channel, "user": STAFF_CHANNEL}.get(who.kind, "portal")


def receipt(received: actions.Received) -> dict:
    own = received.report
    return {
        "id": own.pk,
        "number": received.matter.number,
        "secret": received.secret,
        "title": received.matter.title,
        "received_at": local(own.received_at),
        "located_by": own.located_by,
        "suggestions": own.suggestions,
    }


@router.get(
    "/reports",
    auth=OFFICIALS,
    response={200: told_rules.ReportPage},
    operation_id="reports",
    summary="Reports",
)
def reports(
    request: HttpRequest, needs_person: bool | None = NEEDS, after: str = After, limit: int = Many
) -> HttpResponse:
    """The reports of matters that the caller may see, the newest first, without contacts."""
    found = queries.visible_reports(request.auth, after=after, limit=limit, needs_person=needs_person)
    items = [
        row | {"received_at": local(row["received_at"]), "answered_at": local(row["answered_at"])}
        for row in found.rows
    ]
    return page(request, items, found)


@router.get(
    "/reports/{number}/follow",
    response={200: told.ProgressOut},
    operation_id="follow",
    summary="Follow a report",
)
def follow(request: HttpRequest, number: str, secret: str = Secret) -> HttpResponse:
    """Where it stands, what comes next and by when. The secret is never part of an address."""
    limits.FOLLOWS.take(request)
    return _progress(number, secret)


@router.post(
    "/reports/{number}/follow",
    response={200: told.ProgressOut},
    operation_id="follow_by_form",
    summary="Follow a report, with the secret in the body",
)
def follow_by_form(request: HttpRequest, number: str, given: SecretIn, secret: str = Secret) -> HttpResponse:
    limits.FOLLOWS.take(request)
    return _progress(number, given.secret or secret)


@router.post(
    "/reports/{number}/rate", response={200: told.ProgressOut}, operation_id="rate", summary="Rate a report"
)
def rate(request: HttpRequest, number: str, given: RateIn, secret: str = Secret) -> HttpResponse:
    """The reporter's judgement, once, after the end: 1 to 5, and whether it is solved."""
    judgement = {"score": given.score, "solved": given.solved, "note": given.note}
    return _done(request, actions.rate, number, given.secret or secret, **judgement)


@router.post(
    "/reports/{number}/reopen",
    response={200: told.ProgressOut},
    operation_id="reopen_report",
    summary="Say that it is not mended",
)
def reopen(request: HttpRequest, number: str, given: SaidIn, secret: str = Secret) -> HttpResponse:
    return _done(request, actions.reopen, number, given.secret or secret, note=given.note)


@router.post(
    "/reports/{number}/withdraw",
    response={200: told.ProgressOut},
    operation_id="withdraw_report",
    summary="Take a report back",
)
def withdraw(request: HttpRequest, number: str, given: SaidIn, secret: str = Secret) -> HttpResponse:
    """As long as nobody handles it."""
    return _done(request, actions.withdraw, number, given.secret or secret, note=given.note)


@router.get(
    "/reports/{number}/photos/{photo}",
    response={200: None},
    operation_id="report_photo",
    summary="A photo of a report",
    openapi_extra={
        "responses": {200: {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
def photo(request: HttpRequest, number: str, photo: UUID, secret: str = Secret) -> HttpResponse:
    """The reporter's own photos, and those taken after the work."""
    limits.LOOKS.take(request)
    seen = progress.follow(number, secret, clock.now())
    if photo not in {*seen.photos_before, *seen.photos_after}:
        raise NotFound(_("There is no such photo."))
    return serve(request, Attachment.objects.get(pk=photo))


def _done(
    request: HttpRequest, action: Callable[..., Any], number: str, secret: str, **said: Any
) -> HttpResponse:
    """Does what the reporter asks and answers with where it stands then; counts as giving the secret once."""
    limits.FOLLOWS.take(request)
    action(number=number, secret=secret, now=clock.now(), **said)
    return _progress(number, secret)


def _progress(number: str, secret: str) -> HttpResponse:
    seen = progress.follow(number, secret, clock.now())
    body = {name: getattr(seen, name) for name in told.ProgressOut.model_fields if hasattr(seen, name)}
    body |= {
        "steps": [{"link": link, "name": name, "state": state} for link, name, state in seen.steps],
        "story": [asdict(line) | {"at": local(line.at)} for line in seen.story],
        "explanation": explained(seen.strip) if seen.strip else None,
        **{name: local(getattr(seen, name)) for name in ("received_at", "due_at", "answered_at")},
    }
    return reply(body, headers={"Cache-Control": "no-store"})
