"""Streets and their chiefs."""

from __future__ import annotations

from django.apps import AppConfig


class StreetsConfig(AppConfig):
    name = "yiwang.domains.streets"
