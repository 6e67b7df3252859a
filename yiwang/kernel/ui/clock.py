"""The one place where pages read the time. Everything below them is given the moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

_stands_at: datetime | None = None


def now() -> datetime:
    return _stands_at or timezone.now()


@contextmanager
def standing(at: datetime) -> Iterator[None]:
    """All threads of this process see the moment `at` inside; for tests and demonstrations."""
    global _stands_at
    if at.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    before, _stands_at = _stands_at, at
    try:
        yield
    finally:
        _stands_at = before
