"""How often somebody unknown may ask: a bucket for each address, in the memory of this process.

Several processes each keep their own, so the true limit is at most theirs together: enough against floods, and
no request waits for a shared store. Officials and keys are not limited here.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from axes.helpers import get_client_ip_address
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.kernel.errors import TooMany

MOST_ADDRESSES = 20_000


@dataclass
class Throttle:
    """At most `burst` at once, refilled with `burst` in `seconds`."""

    burst: int
    seconds: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, request: HttpRequest) -> None:
        """Counts one request. Raises TooMany with the seconds to wait."""
        wait = self.wait_for(address_of(request), time.monotonic())
        if wait:
            raise TooMany(
                _("Too many requests from your address. Try again in %(seconds)d seconds.")
                % {"seconds": wait},
                retry_after=wait,
            )

    def wait_for(self, address: str, now: float) -> int:
        """0 when the request may go on, else the seconds until the next one may."""
        rate = self.burst / self.seconds
        with self._lock:
            left, at = self._left.pop(address, (float(self.burst), now))
            left = min(self.burst, left + (now - at) * rate)
            wait = 0 if left >= 1 else int((1 - left) / rate) + 1
            self._left[address] = (left if wait else left - 1, now)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return wait

    def forget(self) -> None:
        """For tests."""
        with self._lock:
            self._left.clear()


def address_of(request: HttpRequest) -> str:
    """The caller's address, as the lock-out of signing in sees it; of IPv6 the network that one house has."""
    text = get_client_ip_address(request) or "?"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(ipaddress.ip_network(f"{text}/64", strict=False)) if address.version == 6 else text


REPORTS = Throttle(burst=20, seconds=600)  # a household that reports twenty things in ten minutes is rare
LOOKS = Throttle(burst=240, seconds=60)  # following, locating, computing: cheap, but not for nothing
