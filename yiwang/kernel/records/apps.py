"""What is done with records beside the requests."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from yiwang.kernel import jobs


class RecordsConfig(AppConfig):
    name = "yiwang.kernel.records"

    def ready(self) -> None:
        from yiwang.kernel.matters import store
        from yiwang.kernel.records.archive import writing
        from yiwang.kernel.records.licences import held

        held.register()
        jobs.register(jobs.Job("licences", 3600.0, _expire, at_once=200, first=30.0))
        jobs.register(jobs.Job("archive", 600.0, writing.write_due, at_once=writing.AT_ONCE, first=45.0))
        if writing.of_action not in store.listeners:
            store.listeners.append(writing.of_action)


def _expire(now: datetime) -> int:
    """Marks licences whose last day is over, and tells the applications that use them."""
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.records.licences import actions

    return actions.expire_due(SYSTEM, now)
