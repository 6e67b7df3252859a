"""Registers the forms that the incident process names, and the channels."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "yiwang.domains.operations"

    def ready(self) -> None:
        from yiwang.domains.operations import forms, supervised
        from yiwang.domains.operations.channels import registry
        from yiwang.kernel.notices import digest

        forms.register_all()
        digest.add(supervised.counts)
        registry.register_all()
