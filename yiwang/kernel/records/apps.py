"""What is done with records beside the requests."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from yiwang.kernel import jobs


class RecordsConfig(AppConfig):
    name = "yiwang.kernel.records"

    def ready(self) -> None:
        jobs.register(jobs.Job("licences", 3600.0, _expire, at_once=200, first=30.0))


def _expire(now: datetime) -> int:
    """Marks licences whose last day is over, and tells the applications that use them."""
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.records.licences import actions

    return actions.expire_due(SYSTEM, now)
