"""Values kept in this process and built again when what they were built from has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
FRESH_SECONDS = 2.0
_all: list[Fresh] = []


class Fresh(Generic[T]):
    """`value()` gives what `build` made, at most two seconds behind `stamp`.

    `stamp` is cheap and changes whenever `build` would give something else. Threads that ask at once build once.
    """

    def __init__(self, stamp: Callable[[], Hashable], build: Callable[[], T]):
        self._stamp, self._build = stamp, build
        self._lock = threading.Lock()
        self._kept: tuple[T, Hashable, float] | None = None
        _all.append(self)

    def value(self) -> T:
        kept = self._kept
        now = time.monotonic()
        if kept is not None and now - kept[2] <= FRESH_SECONDS:
            return kept[0]
        with self._lock:
            kept = self._kept
            if kept is not None and now - kept[2] <= FRESH_SECONDS:
                return kept[0]
            # The stamp is read before the value: a change in between is seen at the next look.
            stamp = self._stamp()
            value = kept[0] if kept is not None and kept[1] == stamp else self._build()
            self._kept = (value, stamp, now)
            return value

    def reset(self) -> None:
        self._kept = None


def reset_all() -> None:
    for fresh in _all:
        fresh.reset()
