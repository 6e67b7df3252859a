"""Registers the forms that the incident process names, and the channels."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "yiwang.domains.operations"

    def ready(self) -> None:
        from yiwang.domains.operations import forms, tallies
        from yiwang.domains.operations.channels import registry
        from yiwang.kernel import jobs

        forms.register_all()
        registry.register_all()
        # The wall's counts; the first time the whole history is counted.
        jobs.register(jobs.Job("tallies", 30.0, tallies.follow))
