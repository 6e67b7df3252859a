"""Registers the forms that the incident process names, and the channels."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "yiwang.domains.operations"

    def ready(self) -> None:
        from yiwang.domains.operations import forms
        from yiwang.domains.operations.channels import registry

        forms.register_all()
        registry.register_all()
