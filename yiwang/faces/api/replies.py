"""Answers as plain values: written by orjson once, never read again by a schema.

Validating a list of fifty rows against a response model costs more than fetching it; the models in `told.py`
describe the answers in the OpenAPI document, and the tests hold the answers to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

JSON = "application/json"


def reply(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A JSON answer. Moments are ISO 8601 with the offset that they carry."""
    body = orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)
    return HttpResponse(body, status=status, content_type=JSON, headers=headers)


def nothing() -> HttpResponse:
    return HttpResponse(status=204)


def shared(request: HttpRequest, body: bytes, tag: str, content_type: str = JSON) -> HttpResponse:
    """What is the same for everybody until the pack changes; not sent again to those who have it."""
    etag = f'"{tag}"'
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if etag in known else HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=60"
    patch_vary_headers(response, ("Accept-Language",))
    return response


def dumps(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)


def local(moment: datetime | None) -> datetime | None:
    """The moment with the district's offset, as people read it."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)) if moment else None
