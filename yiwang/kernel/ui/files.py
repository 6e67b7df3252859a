"""Sending the bytes of an attachment; whether the person may have them is decided by the caller."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified

from yiwang.kernel.records import attachments
from yiwang.kernel.records.models import Attachment


def serve(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """The attachment, or with `?thumb` its small picture where it has one. Raises NotFound when the bytes are gone."""
    thumb = "thumb" in request.GET and bool(attachment.thumb_sha256)
    headers = attachments.download_headers(attachment, thumb=thumb)
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(
            headers={"ETag": headers["ETag"], "Cache-Control": headers["Cache-Control"]}
        )
    response = FileResponse(attachments.open_file(attachment, thumb=thumb))
    for name, value in headers.items():  # over what it guessed from the file's name, which is a digest
        response.headers[name] = value
    return response
