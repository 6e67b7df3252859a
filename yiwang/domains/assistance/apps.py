"""Registers what the procedures of social assistance name, and where its pages stand in the navigation."""

from __future__ import annotations

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "yiwang.domains.assistance"

    def ready(self) -> None:
        from yiwang.domains.assistance import reviewing, steps
        from yiwang.kernel import jobs

        steps.register_all()
        # Reviews that fall due within a month; once an hour is often enough for days.
        jobs.register(jobs.Job("reviews", 3600.0, reviewing.open_due, at_once=reviewing.AT_ONCE, first=60.0))
