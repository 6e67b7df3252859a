"""Who comes in: everybody who is signed in. The rulebook is the district's, not of one post."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.errors import NotSignedIn


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page for people who have signed in; others are led to the sign-in page and back."""

    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.actor.signed_in:
            raise NotSignedIn(_("Sign in first."))
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
