"""Pages that need somebody signed in: staff, with the bell of their notices."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotSignedIn
from yiwang.kernel.notices import inbox
from yiwang.kernel.ui import clock

BELL_SECONDS = 5


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for people who have signed in; others are led to the sign-in page and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.actor.signed_in:
            raise NotSignedIn(_("Sign in first."))
        # For the bell of the frame; asked of the database only where a page shows it.
        request.unread = lambda: _unread(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def _unread(request: HttpRequest) -> int:
    """What the bell shows: counted on the notices' own pages, elsewhere at most a few seconds old."""
    key = f"bell.{request.actor.id}"
    kept = None if request.path.startswith("/notices") else cache.get(key)
    if kept is None:
        kept = inbox.unread(request.actor, clock.now())
        cache.set(key, kept, BELL_SECONDS)
    return kept
