"""Registers the forms that the incident process names, and the channels."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "yiwang.domains.operations"

    def ready(self) -> None:
        from yiwang.domains.operations import forms, loads, rate_changes, rate_tables, supervised, tallies
        from yiwang.domains.operations.channels import registry
        from yiwang.kernel import jobs
        from yiwang.kernel.notices import digest

        forms.register_all()
        digest.add(supervised.counts)
        registry.register_all()
        # The wall's counts; the first time the whole history is counted.
        jobs.register(jobs.Job("tallies", 30.0, tallies.follow))
        # The units' rates beside their loads, so that no dispatcher waits for them (where requests run here too).
        jobs.register(jobs.Job("rates", 1800.0, loads.warm))
        # Its own job: also while a table is counted, those of past periods are known to be right, or not.
        jobs.register(jobs.Job("changes", 30.0, rate_changes.follow))
        # Kept tables of the evaluation; a year of a large district takes a minute, so no other job waits for it.
        jobs.register(jobs.Job("evaluation", 5.0, rate_tables.work, at_once=1, beside=True))
