"""What the lake does beside the requests."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from yiwang.kernel import jobs


class LakeConfig(AppConfig):
    name = "yiwang.kernel.lake"

    def ready(self) -> None:
        jobs.register(jobs.Job("lake", 600.0, _look, first=60.0, beside=True))


def _look(now: datetime) -> int:
    """Once a night: a new snapshot when the registers have changed."""
    from yiwang.kernel.lake import following

    return following.nightly(now)
