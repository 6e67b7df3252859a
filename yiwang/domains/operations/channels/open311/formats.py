"""The two formats of GeoReport v2, and its errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import orjson
from django.http import HttpResponse

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

# What the children of a list are called in XML.
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


class Refused(Exception):
    """An error as GeoReport v2 wants it: HTTP status and a sentence."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code, self.description = code, description


def body(format: str, root: str, value: Any) -> bytes:
    """`value` in the format; `root` is the outer element of XML, JSON has none."""
    if format == "json":
        return orjson.dumps(value)
    return (DECLARATION + _element(root, value)).encode()


def answer(format: str, root: str, value: Any, status: int = 200) -> HttpResponse:
    return sent(format, body(format, root, value), status)


def sent(format: str, data: bytes, status: int = 200) -> HttpResponse:
    response = HttpResponse(data, status=status, content_type=TYPES[format])
    response["Access-Control-Allow-Origin"] = "*"  # public data; the key of a POST is no cookie
    return response


def errors(format: str, refused: Sequence[Refused]) -> HttpResponse:
    rows = [{"code": one.code, "description": one.description} for one in refused]
    return answer(format, "errors", rows, status=refused[0].code)


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inside = "".join(_element(key, part) for key, part in value.items())
    elif isinstance(value, list | tuple):
        item = _ITEMS.get(name, "item")
        inside = "".join(_element(item, part) for part in value)
    elif value is None:
        return f"<{name}/>"
    elif isinstance(value, bool):
        inside = "true" if value else "false"
    else:
        inside = escape(str(value))
    return f"<{name}>{inside}</{name}>"
