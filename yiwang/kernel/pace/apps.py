"""What the counting of steps does beside the requests."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from yiwang.kernel import jobs


class PaceConfig(AppConfig):
    name = "yiwang.kernel.pace"

    def ready(self) -> None:
        jobs.register(jobs.Job("pace", 1800.0, _count, at_once=1, first=20.0))
        # After an installation, or another version of the code, half a minute; else a second.
        jobs.register(jobs.Job("rehearsal_compiler", 86_400.0, _compile, first=45.0, beside=True))


def _count(now: datetime) -> int:
    """One complete day that is not counted yet: how long its steps took, what was reported."""
    from yiwang.kernel.pace import counting
    from yiwang.kernel.registers.calendars import current_calendar

    return counting.count_missing(current_calendar(), now)


def _compile(_now: datetime) -> int:
    """The loop that plays a year of cases, made here so that no request waits for the compiler; kept on the disk."""
    from yiwang.core.process.simulation.warming import warm
    from yiwang.kernel.registers.calendars import current_calendar

    warm(current_calendar())
    return 1
