"""Addresses: each face and each domain brings its own."""

from __future__ import annotations

from django.urls import path

from yiwang.project.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
