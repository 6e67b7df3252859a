"""The one place where faces read the time; everything below is given it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware. Call it as `clock.now()`, so that a test that replaces it is seen everywhere."""
    return timezone.now()
