"""Registers what the procedures of social assistance name, and where its pages stand in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "yiwang.domains.assistance"

    def ready(self) -> None:
        from yiwang.domains.assistance import discovery

        discovery.register_all()
