"""Bodies of requests: JSON or a form with files, read strictly and never beyond their size."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from yiwang.faces.api import fields
from yiwang.kernel.errors import Problem, Unsupported
from yiwang.kernel.packs.rulebook import current

MEGABYTE = 2**20
MOST_JSON = 4 * MEGABYTE
FORM_TYPE = "multipart/form-data"


class StrictParser(Parser):
    """JSON only, in UTF-8, without characters that are no text."""

    def parse_body(self, request: HttpRequest) -> Any:
        check_json_type(request)
        return json_of(request.body)


def check_size(request: HttpRequest) -> None:
    """Refuses a body by its announced size, before a byte of it is read."""
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return
    most = most_form_bytes() if request.content_type == FORM_TYPE else MOST_JSON
    if size > most:
        raise fields.too_large(size, most)


def most_form_bytes() -> int:
    """As many files as a report may bring, and its fields."""
    settings = current().settings
    return int((settings["max_files"] * settings["max_upload_mb"] + 2) * MEGABYTE)


def check_json_type(request: HttpRequest) -> None:
    kind = request.content_type or ""
    if kind != "application/json" and not kind.endswith("+json"):
        raise Unsupported(
            _("Send JSON (Content-Type: application/json), not %(kind)s.") % {"kind": kind or "—"},
            code="unsupported_media_type",
        )


def json_of(body: bytes) -> Any:
    """The value that the bytes hold. Raises Problem (400) that says where they stop being JSON."""
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        raise Problem(
            _("Byte %(position)d is no UTF-8 text.") % {"position": wrong.start + 1}, code="invalid_utf8"
        ) from None
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise Problem(
            _("This is no JSON: line %(line)d, column %(column)d: %(reason)s.")
            % {"line": wrong.lineno, "column": wrong.colno, "reason": wrong.msg},
            code="malformed_json",
        ) from None
    if "\\u0000" in text:
        _refuse_nul(value, "")
    return value


def _refuse_nul(value: Any, where: str) -> None:
    """No field may hold U+0000: a database that cannot store it must not be the one to say so."""
    if isinstance(value, str) and "\0" in value:
        raise _no_text(where)
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_nul(name, where)
            _refuse_nul(inner, f"{where}.{name}" if where else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _refuse_nul(inner, f"{where}[{number}]")


def _no_text(where: str) -> Problem:
    return Problem(
        _("%(field)s holds a character that is no text.") % {"field": where or "body"},
        status=422,
        code="control_character",
        where=where or "body",
    )


def form_of(request: HttpRequest) -> tuple[dict[str, str], list[UploadedFile]]:
    """The fields and the `files` of a form. A field given twice, or not in UTF-8, is refused."""
    given: dict[str, str] = {}
    for name, values in request.POST.lists():
        if len(values) > 1:
            raise Problem(
                _("%(field)s was sent more than once.") % {"field": name},
                status=422,
                code="sent_twice",
                where=name,
            )
        # Django puts U+FFFD where a form is not in UTF-8.
        if "\ufffd" in name + values[0]:
            raise Problem(_("%(field)s is no UTF-8 text.") % {"field": name}, code="invalid_utf8", where=name)
        if "\0" in name + values[0]:
            raise _no_text(name)
        given[name] = values[0]
    files: list[UploadedFile] = []
    for name, sent in request.FILES.lists():
        if name != "files":
            raise Problem(
                _("Send files in the field “files”, not “%(field)s”.") % {"field": name},
                status=422,
                code="invalid",
                where=name,
            )
        files += sent
    return given, files
