"""The case engine as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MattersConfig(AppConfig):
    name = "yiwang.kernel.matters"

    def ready(self) -> None:
        from yiwang.kernel.matters import search

        post_migrate.connect(search.forget_when_empty, sender=self)
