"""Registers the forms that the incident process names, and the channels."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "yiwang.domains.operations"

    def ready(self) -> None:
        from yiwang.domains.operations import forms

        forms.register_all()
