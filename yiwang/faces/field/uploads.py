"""Photos come one by one, before the report or the step that names them."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core.geo import Point
from yiwang.faces.field import given
from yiwang.faces.field.doing import own_queue
from yiwang.faces.field.door import check, staff_json
from yiwang.faces.field.once import digest_of, known, once
from yiwang.kernel.errors import Invalid, TooLarge, Unsupported
from yiwang.kernel.records import ahead, attachments
from yiwang.kernel.ui import clock


@require_POST
@staff_json
def upload(request: HttpRequest) -> dict:
    """Keeps one photo: a form with `file`, `id`, `user` and, if the phone knows them, `taken_at`, `lat`, `lon`."""
    if request.content_type != "multipart/form-data":
        raise Unsupported(
            _("Send a form with one file (multipart/form-data)."), code="unsupported_media_type"
        )
    labels = check(given.Labels, request.POST.dict())
    actor = request.actor
    own_queue(actor, labels.user)
    sent = request.FILES.getlist("file")
    if len(sent) != 1:
        raise Invalid(_("Send one file in the field “%(field)s”.") % {"field": "file"}, where="file")
    most = attachments.limits_in_force().max_bytes
    if (sent[0].size or 0) > most:  # before it is read into memory
        raise TooLarge(_("What you sent is too large. Send fewer or smaller photos."), where="file")
    data = sent[0].read()
    content = {"sha256": hashlib.sha256(data).hexdigest()}
    there = known(labels.id, actor, digest_of("upload", content))  # before it is decoded
    if there is not None:
        return there | {"new": False}
    point = Point(labels.lon, labels.lat) if None not in (labels.lat, labels.lon) else None
    checked = ahead.said_by_phone(
        attachments.check(data, sent[0].name or ""), taken_at=labels.taken_at, point=point
    )
    now = clock.now()

    def keep() -> dict:
        row = ahead.keep(checked, actor=actor, now=now, id=labels.id)
        return {"id": str(row.pk), "sha256": row.sha256}

    answer, new = once(id=labels.id, actor=actor, kind="upload", content=content, now=now, do=keep)
    return answer | {"new": new}
