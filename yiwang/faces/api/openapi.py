"""The OpenAPI document: what django-ninja knows, the forms that it cannot know, and the problems that all share."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic.json_schema import models_json_schema

from yiwang.faces.api import given, replies, told
from yiwang.faces.api.callers import KEY_HEADER, OFFICIALS
from yiwang.faces.api.root import api
from yiwang.kernel.records.attachments import STAGES

PREFIX = "/api/v1/"
PROBLEM = "application/problem+json"
REF = "#/components/schemas/{model}"


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """OpenAPI 3.1, the same on every machine."""
    found = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    schemas = found["components"]["schemas"]
    _, extra = models_json_schema(
        [(given.ReportIn, "validation"), (told.ProblemDocument, "serialization")], ref_template=REF
    )
    schemas |= extra["$defs"]
    schemas |= forms(schemas["ReportIn"])
    found["components"]["securitySchemes"] |= {
        type(one).__name__: one.openapi_security_schema for one in OFFICIALS
    } | {"ApiKey": {"type": "apiKey", "in": "header", "name": KEY_HEADER}}
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = {
                "description": "A problem: what was wrong, where, and what to do.",
                "content": {PROBLEM: {"schema": {"$ref": REF.format(model="ProblemDocument")}}},
            }
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    found["paths"] = dict(sorted(found["paths"].items()))
    return found


def forms(report: dict) -> dict[str, Any]:
    """The bodies that bring files."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    fields = copy.deepcopy(report["properties"])
    del fields["point"]
    return {
        "ReportForm": {
            "title": "ReportForm",
            "description": "A report with photos; the point is in three fields.",
            "type": "object",
            "additionalProperties": False,
            "required": ["text"],
            "properties": {name: _as_text(schema) for name, schema in fields.items()}
            | {
                "lon": {"type": "number", "minimum": -180, "maximum": 180},
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "system": {"type": "string", "enum": ["WGS84", "CGCS2000", "GCJ02", "BD09"]},
                "files": files,
            },
        },
        "PaperForm": {
            "title": "PaperForm",
            "type": "object",
            "additionalProperties": False,
            "required": ["files", "material"],
            "properties": {
                "material": {"type": "string", "maxLength": 40},
                "reference": {"type": "string", "maxLength": 480},
                "files": files | {"minItems": 1, "maxItems": 1},
            },
        },
        "AttachmentForm": {
            "title": "AttachmentForm",
            "type": "object",
            "additionalProperties": False,
            "required": ["files"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "stage": {"type": "string", "enum": list(STAGES)},
                "files": files | {"minItems": 1, "maxItems": 1},
            },
        },
    }


def _as_text(schema: dict) -> dict:
    """A field of a form is text or absent, never null."""
    kinds = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    if not kinds:
        return schema
    return {name: value for name, value in schema.items() if name not in ("anyOf", "default")} | kinds[0]


def text() -> str:
    """The document as it is committed in docs/openapi.json."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def view(request: HttpRequest) -> HttpResponse:
    return replies.reply(document(), headers={"Cache-Control": "public, max-age=300"})
