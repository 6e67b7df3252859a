"""Addresses of the field app."""

from __future__ import annotations

from django.urls import path

from yiwang.faces.field import doing, me, shell, tasks, uploads

urlpatterns = [
    path("field", shell.page, name="field"),
    path("field/manifest.webmanifest", shell.manifest, name="field-manifest"),
    path("field/sw.js", shell.worker, name="field-worker"),
    path("field/api/me", me.me, name="field-me"),
    path("field/api/tasks", tasks.tasks, name="field-tasks"),
    path("field/api/patrols", me.patrols, name="field-patrols"),
    path("field/api/uploads", uploads.upload, name="field-uploads"),
    path("field/api/do", doing.do, name="field-do"),
]
