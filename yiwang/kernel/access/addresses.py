"""Where a request comes from, also behind proxies: what lock-outs and rate limits count by."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client; '' when it is not known.

    `settings.TRUSTED_PROXIES` says how many proxies of our own stand in front (0: none). Each of them appends the
    address it was called from to X-Forwarded-For, so only that many entries from the right were written by us;
    what stands further left is whatever the client made up.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    proxies = getattr(settings, "TRUSTED_PROXIES", 0)
    if proxies < 1:
        return direct
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if len(hops) < proxies:
        return direct
    try:
        return str(ipaddress.ip_address(hops[-proxies].strip("[]")))
    except ValueError:
        return direct
