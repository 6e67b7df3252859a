"""What the counting of steps does beside the requests."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from yiwang.kernel import jobs


class PaceConfig(AppConfig):
    name = "yiwang.kernel.pace"

    def ready(self) -> None:
        jobs.register(jobs.Job("pace", 1800.0, _count, at_once=1, first=20.0))


def _count(now: datetime) -> int:
    """One complete day that is not counted yet: how long its steps took, what was reported."""
    from yiwang.kernel.pace import counting
    from yiwang.kernel.registers.calendars import current_calendar

    return counting.count_missing(current_calendar(), now)
