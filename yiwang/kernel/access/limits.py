"""How often somebody unknown may ask: a bucket for each address, in the memory of this process.

Several processes each keep their own, so the true limit is at most theirs together: enough against floods, and
no request waits for a shared store. Officials are not limited here, nor are systems that show a key of the API.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.kernel.access.addresses import client_address
from yiwang.kernel.errors import NotSignedIn, TooMany

MOST_KEPT = 20_000  # buckets of one limit; beyond them the one longest unused is forgotten


@dataclass
class Limit:
    """At most `burst` at once, refilled with `burst` in `seconds`."""

    burst: int
    seconds: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, request: HttpRequest) -> None:
        """Counts a request of somebody unknown. Raises TooMany with `retry_after`, the seconds to wait."""
        if not _signed_in(request):
            self.take_for(network_of(request), time.monotonic())

    def take_for(self, who: str, now: float) -> None:
        """As `take`, for a name; `now` is in seconds of a clock that never goes back."""
        wait = self.wait_for(who, now)
        if wait:
            raise TooMany(
                _("Too many requests from your address. Try again in %(seconds)d seconds.")
                % {"seconds": wait},
                retry_after=wait,
            )

    def wait_for(self, who: str, now: float) -> int:
        """Counts, and gives 0 when the request may go on, else the seconds until the next one may."""
        rate = self.burst / self.seconds
        with self._lock:
            left, at = self._left.pop(who, (float(self.burst), now))
            left = min(self.burst, left + (now - at) * rate)
            wait = 0 if left >= 1 else int((1 - left) / rate) + 1
            self._left[who] = (left if wait else left - 1, now)
            while len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)
        return wait

    def forget(self) -> None:
        """Everybody may ask again: for tests."""
        with self._lock:
            self._left.clear()


def network_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network that one house has."""
    text = client_address(request) or "?"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(ipaddress.ip_network(f"{text}/64", strict=False)) if address.version == 6 else text


def _signed_in(request: HttpRequest) -> bool:
    try:
        return request.actor.signed_in
    except NotSignedIn:  # a token that does not hold: the view says so where it matters
        return False


# Many phones share one address of their network, so the limits stop machines, not a neighbourhood.
REPORTS = Limit(burst=60, seconds=600)
BOOKINGS = Limit(burst=30, seconds=600)  # booking, moving and cancelling appointments
FOLLOWS = Limit(burst=120, seconds=600)  # giving a number and a secret
LOOKS = Limit(
    burst=240, seconds=60
)  # guessing a class, locating, computing, photos: cheap, but not for nothing
PROOFS = Limit(burst=30, seconds=600)  # showing who one is, to read the own data
PROOFS_OF_ONE = Limit(burst=10, seconds=600)  # the same, for one ID number from wherever
PHOTOS = Limit(burst=120, seconds=600)  # photos of a report that is still being written
VERIFIES = Limit(burst=60, seconds=600)  # licences by number and code: a code of 64 bits cannot be guessed so
KEYED = Limit(burst=3000, seconds=600)  # Open311 with a key: an app of a whole city has one address


def forget() -> None:
    """All of them, for tests."""
    for limit in (REPORTS, BOOKINGS, FOLLOWS, PROOFS, PROOFS_OF_ONE, LOOKS, PHOTOS, VERIFIES, KEYED):
        limit.forget()
