"""Files of a matter: sent in once however often they are sent, and given to those who may see the matter."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from uuid_utils.compat import uuid7

from yiwang.domains.assistance import looking
from yiwang.faces.api import fields, parsing, rows, told
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.given import Given
from yiwang.faces.api.replies import reply
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.policy import matters_filter, tasks_filter
from yiwang.kernel.errors import Invalid, NotFound, Unsupported
from yiwang.kernel.matters import attaching, queries
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.records import attachments
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.ui import clock, sealed_files
from yiwang.kernel.ui.files import serve

router = Router(by_alias=True, tags=["files"], auth=OFFICIALS)
BINARY = {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


class Labels(Given):
    """What comes with the file."""

    id: UUID | None = None
    stage: Literal["report", "before", "after", "document"] = "after"


@router.post(
    "/matters/{number}/attachments",
    response={201: told.AttachmentOut, 200: told.AttachmentOut},
    operation_id="attach",
    summary="Add a file",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/AttachmentForm"}}},
        }
    },
)
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever works a task of the matter, or may open matters there, adds files. Name them when completing the task.

    Sent again with the same `id` and bytes it answers 200; with other bytes 409.
    """
    actor: Actor = request.auth
    view = queries.see(actor, number)
    attaching.require_attach(actor, view.case)  # before the file is read
    if request.content_type != parsing.FORM_TYPE:
        raise Unsupported(
            _("Send a form with one file (multipart/form-data)."), code="unsupported_media_type"
        )
    form, sent = parsing.form_of(request)
    labels = fields.check(Labels, form)
    if len(sent) != 1:
        raise Invalid(_("Send one file in the field “files”."), where="files")
    key = labels.id or uuid7()
    known = Attachment.objects.filter(pk=key).exists()
    stored = attaching.attach(
        actor=actor,
        matter=view.row.pk,
        checked=attachments.check_upload(sent[0]),
        stage=labels.stage,
        now=clock.now(),
        id=key,
    )
    return reply(rows.attachment_row(stored), 200 if known else 201)


@router.get(
    "/attachments/{uuid:attachment}",
    response={200: None},
    operation_id="attachment",
    summary="A file",
    openapi_extra={"responses": BINARY},
)
def attachment(request: HttpRequest, attachment: UUID, purpose: str = "") -> HttpResponse:
    """A photo of a home (`visit`) needs `purpose`: each look is on record, and the person concerned can read it."""
    return serve(request, _opened(request.auth, attachment, purpose))


@router.get(
    "/attachments/{uuid:attachment}/thumbnail",
    response={200: None},
    operation_id="thumbnail",
    summary="The small picture of a photo",
    openapi_extra={"responses": BINARY},
)
def thumbnail(request: HttpRequest, attachment: UUID, purpose: str = "") -> FileResponse:
    """As of the file itself: a photo of a home needs `purpose`."""
    found = _opened(request.auth, attachment, purpose)
    if not found.thumb_sha256:
        raise NotFound(_("This file has no small picture."))
    return FileResponse(
        attachments.open_file(found, thumb=True), headers=attachments.download_headers(found, thumb=True)
    )


def _opened(actor: Actor, key: UUID, purpose: str) -> Attachment:
    """The file, with the look on record where it is sealed. Raises NotFound, Denied, Invalid."""
    found = _visible(actor, key)
    if sealed_files.sealed(found):
        looking.look(actor=actor, matter=found.matter, purpose=purpose, now=clock.now())
    return found


def _visible(actor: Actor, key: UUID) -> Attachment:
    """The file, if the caller may see its matter or works a task of it; NotFound otherwise."""
    found = Attachment.objects.filter(pk=key).first()
    if found is not None and found.matter_id is not None:
        seen = Matter.objects.filter(matters_filter(actor, "see"), pk=found.matter_id)
        worked = Task.objects.filter(tasks_filter(actor), state="open", matter=found.matter_id)
        if seen.exists() or worked.exists():
            return found
    raise NotFound(_("There is no file that you may see under this id."))
