"""Who calls: the holder of a bearer token, a signed-in session with its CSRF token, another system's key, or
anybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from yiwang.kernel.access import tokens
from yiwang.kernel.access.actors import Actor, key_actor, resident
from yiwang.kernel.access.middleware import SAFE_METHODS, bearer_secret
from yiwang.kernel.errors import Denied, NotSignedIn
from yiwang.kernel.ui import clock

KEY_HEADER = "X-Api-Key"


class Bearer:
    """`Authorization: Bearer yw_…`, from POST /tokens."""

    openapi_security_schema = {"type": "http", "scheme": "bearer", "description": "From POST /api/v1/tokens."}

    def __call__(self, request: HttpRequest) -> Actor | None:
        return _found(request) if bearer_secret(request) is not None else None


class Session:
    """The cookie of somebody who signed in on the pages; what changes something needs the CSRF token too."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "The session of the pages; every method but GET also needs the header X-CSRFToken.",
    }

    def __call__(self, request: HttpRequest) -> Actor | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if request.method not in SAFE_METHODS:
            if check_csrf(request) is not None:
                raise Denied(_("Send the CSRF token of your session in the header X-CSRFToken."), code="csrf")
            request.without_csrf_check = False  # it was made just now
        return _found(request)


OFFICIALS = [Bearer(), Session()]


def reporter(request: HttpRequest) -> Actor:
    """Who sends a report: an official, a key, or a resident, who needs nothing."""
    if bearer_secret(request) is not None:
        return _found(request) or resident()
    secret = request.headers.get(KEY_HEADER)
    if secret is not None:
        key = tokens.verify_key(secret, clock.now())
        if key is None:
            raise NotSignedIn(_("This key is unknown or no longer valid."), code="bad_key")
        return key_actor(key)
    if "X-CSRFToken" in request.headers:
        return Session()(request) or resident()
    return resident()


def _found(request: HttpRequest) -> Actor | None:
    actor = request.actor
    return actor if actor.signed_in else None
