"""Pages that need somebody signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.errors import NotSignedIn

#: What the bell of the frame counts; `kernel.notices` puts itself here when it starts.
bell: Callable[[HttpRequest], int] | None = None


def ring(count: Callable[[HttpRequest], int]) -> None:
    """Names what counts the unread notices of whoever looks at a page."""
    global bell
    bell = count


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for people who have signed in; others are led to the sign-in page and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.actor.signed_in:
            raise NotSignedIn(_("Sign in first."))
        if bell is not None:  # asked of the database only where a page shows it
            request.unread = lambda: bell(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
