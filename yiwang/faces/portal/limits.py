"""How often one address may send something without signing in."""

from __future__ import annotations

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.kernel.errors import TooMany

WINDOW = 600  # seconds
# Many phones share one address of their network, so the limits stop machines, not a neighbourhood.
MOST = {"report": 60, "follow": 40, "kinds": 300}


def count(request: HttpRequest, what: str) -> None:
    """Counts one more `what` from this address. Raises TooMany beyond the limit of ten minutes.

    `settings.PORTAL_LIMITS` may set other numbers. Counted in the cache: with several processes each counts for
    itself unless they share one.
    """
    most = getattr(settings, "PORTAL_LIMITS", {}).get(what, MOST[what])
    key = f"portal:{what}:{get_client_ip_address(request) or 'unknown'}"
    cache.add(key, 0, WINDOW)
    try:
        seen = cache.incr(key)
    except ValueError:  # ran out between the two lines
        seen = 1
    if seen > most:
        raise TooMany(
            _(
                "Too much was sent from your network in a short time. Please try again in ten minutes, or call 12345."
            ),
            code="too_many",
        )
