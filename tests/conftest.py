"""Fixtures that every floor uses. Time is given to what is tested, never read."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

CHINA = ZoneInfo("Asia/Shanghai")

settings.register_profile(
    "yiwang", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("yiwang")


def at(text: str) -> datetime:
    """`2026-09-24T16:30` in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


@pytest.fixture
def dadong(db):
    """The real pack of Dadong, loaded."""
    from yiwang.kernel.packs.loader import load

    load("dadong", now=at("2026-01-05T08:00"))
    from yiwang.kernel.packs.rulebook import current

    return current()
