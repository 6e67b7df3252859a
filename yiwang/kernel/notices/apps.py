"""Hears of every action, and puts the notifiers into the outbox."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yiwang.kernel.notices"

    def ready(self) -> None:
        from yiwang.kernel.matters import store
        from yiwang.kernel.notices import registry, telling

        store.listeners.append(telling.of_action)
        registry.set_up()
