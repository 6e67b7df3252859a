"""`request.actor`: who acts, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from yiwang.kernel.access import tokens
from yiwang.kernel.access.actors import Actor, actor_for, resident
from yiwang.kernel.errors import NotSignedIn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ActorMiddleware:
    """Gives every request its lazy `actor`: the bearer token's user, the signed-in user, or a visitor.

    A request with an `Authorization: Bearer` header is never taken for the session's user, and a view that is
    exempt from the CSRF check never changes anything for a session: it takes tokens only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: find_actor(request))
        response = self.get_response(request)
        if bearer_secret(request) is not None:
            # What was answered to one token is nobody else's.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        request.without_csrf_check = getattr(view, "csrf_exempt", False)


def bearer_secret(request: HttpRequest) -> str | None:
    """The secret of an `Authorization: Bearer` header; None when there is no such header."""
    scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def find_actor(request: HttpRequest) -> Actor:
    """Who sent the request. Raises NotSignedIn for a token that does not hold."""
    now = timezone.now()
    secret = bearer_secret(request)
    if secret is not None:
        user = tokens.verify(secret, now)
        if user is None:
            raise NotSignedIn(
                _("This access token is unknown, expired or revoked. Sign in again to get a new one."),
                code="bad_token",
            )
        return actor_for(user, timezone.localdate(now))
    if getattr(request, "without_csrf_check", False) and request.method not in SAFE_METHODS:
        return resident()
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return resident()
    return actor_for(user, timezone.localdate(now))
