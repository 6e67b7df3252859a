"""The field app."""

from __future__ import annotations

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "yiwang.faces.field"
