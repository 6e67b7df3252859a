"""Pages that need somebody signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotSignedIn
from yiwang.kernel.notices import inbox
from yiwang.kernel.ui import clock


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for people who have signed in; others are led to the sign-in page and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.actor.signed_in:
            raise NotSignedIn(_("Sign in first."))
        # For the bell of the frame; asked of the database only where a page shows it.
        request.unread = lambda: inbox.unread(request.actor, clock.now())
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
