"""The baseline: three inserts in one transaction through Django's models, behind the same server, and nothing else.

`bare_serve` makes its tables and serves it.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from contextlib import nullcontext
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from yiwang.project import environment


def configure() -> None:
    database = environment.database("YIWANG_DATABASE", Path(os.environ["YIWANG_HOME"]) / "bare.sqlite3")
    settings.configure(
        SECRET_KEY="bare" * 12,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        DATABASES={"default": database},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


if not settings.configured:
    configure()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402


class Case(models.Model):
    id = models.UUIDField(primary_key=True)
    text = models.TextField()
    lat = models.FloatField()
    lon = models.FloatField()
    state = models.CharField(max_length=10, db_index=True)
    opened_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "bare"
        db_table = "bare_case"


class Step(models.Model):
    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    post = models.CharField(max_length=40)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "bare"
        db_table = "bare_step"


class Said(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    action = models.CharField(max_length=24)
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        app_label = "bare"
        db_table = "bare_said"


_writer = threading.Lock()


def take(request: HttpRequest) -> JsonResponse:
    given, now = json.loads(request.body), timezone.now()
    # As the product does: on SQLite the writers of a process wait in a queue, not for the file's lock.
    with _writer if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        place = given["point"]
        case = Case.objects.create(
            id=uuid.UUID(given["id"]),
            text=given["text"],
            lat=place["lat"],
            lon=place["lon"],
            state="open",
            opened_at=now,
        )
        Step.objects.create(id=uuid.uuid4(), case=case, post="acceptor", due_at=now)
        Said.objects.create(case=case, action="open", at=now, body=request.body.decode())
    return JsonResponse({"id": str(case.pk)}, status=201)


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


urlpatterns = [path("api/v1/reports", take), path("healthz", healthz)]
application = get_wsgi_application()
