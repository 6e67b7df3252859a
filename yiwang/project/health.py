"""`/healthz`: is the database there, is a pack loaded, does the worker run."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse

import yiwang
from yiwang.project import worker


def healthz(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, version FROM packs_packversion WHERE current")
            row = cursor.fetchone()
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, the answer is "not healthy"
        return JsonResponse({"status": "down", "reason": type(error).__name__}, status=503)
    pack = {"name": row[0], "version": row[1]} if row else None
    return JsonResponse(
        {
            "status": "ok" if pack else "no pack",
            "version": yiwang.__version__,
            "pack": pack,
            "worker": "running" if worker.alive() else "not running",
        },
        status=200 if pack else 503,
    )
