"""The reports, applications and appointments that a browser may open: their secrets, sealed, in the session on the server.

A secret is never part of an address: addresses are logged on the way. It comes in the body of a form, is kept
here for the hours of the session, and pages are then opened by number alone.
"""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.kernel.access.sealed import SealBroken, seal, unseal

KEY = "own_reports"
BOOKINGS = "own_bookings"  # appointments are kept apart: their numbers lead to another page
PLACE = "session.own_reports"
MOST = 20


def remember(request: HttpRequest, number: str, secret: str, key: str = KEY) -> None:
    """This browser has shown the secret of this report."""
    kept = dict(request.session.get(key, {}))
    kept.pop(number, None)
    kept[number] = seal(secret, PLACE)
    request.session[key] = dict(list(kept.items())[-MOST:])


def secret_of(request: HttpRequest, number: str, key: str = KEY) -> str:
    """The secret that this browser has shown for the report; '' for a report that is not its own."""
    sealed = request.session.get(key, {}).get(number, "")
    try:
        return unseal(sealed, PLACE)
    except SealBroken:
        return ""


def numbers(request: HttpRequest, key: str = KEY) -> list[str]:
    """The reports that this browser may open, the newest first."""
    return list(request.session.get(key, {}))[::-1]
