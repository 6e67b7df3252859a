"""What the portal does beside the requests."""

from __future__ import annotations

from django.apps import AppConfig

from yiwang.kernel import jobs


class PortalConfig(AppConfig):
    name = "yiwang.faces.portal"

    def ready(self) -> None:
        from yiwang.faces.portal import counting, keeping

        # The public counts of past days, a few at a time; photos of reports that were never sent.
        jobs.register(jobs.Job("counts", 60.0, counting.refresh, at_once=counting.AT_ONCE))
        jobs.register(jobs.Job("photos", 300.0, keeping.forget_old, at_once=keeping.AT_ONCE))
