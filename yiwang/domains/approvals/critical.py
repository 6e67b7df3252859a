"""Which permits decide when a stage ends (关键线路): pure, over any moments that can be compared.

A permit begins when it was applied for and every permit that it needs has ended, whichever is the last. It decides the
end when the whole ends later as soon as it ends a moment later. Of two that end together, each does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """`release`: from when it could have begun but for what it `needs`; `end`: its end, real or expected."""

    release: Any
    end: Any
    needs: tuple[Hashable, ...] = ()


def critical(parts: Mapping[Any, Part], last: Iterable[Any]) -> tuple[Any, ...]:
    """The parts without slack for the end of the `last` ones, by their ends; a need that is no part binds nothing."""
    ends = {key: parts[key].end for key in last if key in parts}
    latest = max(ends.values(), default=None)
    found: set[Any] = set()
    ahead = [key for key, end in ends.items() if end == latest]
    while ahead:
        key = ahead.pop()
        if key in found:
            continue
        found.add(key)
        part = parts[key]
        needs = [one for one in part.needs if one in parts]
        begin = max([part.release, *(parts[one].end for one in needs)])
        ahead += [one for one in needs if parts[one].end == begin]
    order = {key: place for place, key in enumerate(parts)}
    return tuple(sorted(found, key=lambda key: (parts[key].end, order[key])))
