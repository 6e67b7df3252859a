"""The bell in the frame of every page of staff: how many notices are unread."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from yiwang.kernel.notices import inbox
from yiwang.kernel.ui import clock

SECONDS = 5


def unread(request: HttpRequest) -> int:
    """Counted on the notices' own pages, elsewhere at most a few seconds old."""
    key = f"bell.{request.actor.id}"
    kept = None if request.path.startswith("/notices") else cache.get(key)
    if kept is None:
        kept = inbox.unread(request.actor, clock.now())
        cache.set(key, kept, SECONDS)
    return kept
