"""The track of a patrol (巡查轨迹): which positions of a phone are believed, and how long the way was. Pure.

The phone runs the same rules (`faces/field/static/field/track.js`), so that the length on its screen is the length
that is kept; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

WORST_ACCURACY_M = 50.0  # a position that may be further off than this says nothing of a pavement
FASTEST_M_PER_S = 40.0  # 144 km/h: faster between two positions is a jump of the receiver
SHORTEST_STEP_M = 8.0  # less is the trembling of a phone that lies still
LONGEST_GAP_S = 300.0  # after such a silence the way between is not known, and counts for nothing
EARTH_RADIUS_M = 6_371_008.8


class Fix(NamedTuple):
    """One position. `t`: seconds since 1970; `accuracy`: the radius in metres that holds it 68 times of 100."""

    t: float
    lat: float
    lon: float
    accuracy: float


def believed(fixes: Iterable[Fix]) -> list[Fix]:
    """The positions that make the line, in the order of time."""
    kept: list[Fix] = []
    for fix in fixes:
        if takes(kept[-1] if kept else None, fix):
            kept.append(fix)
    return kept


def takes(last: Fix | None, fix: Fix) -> bool:
    """Whether `fix` goes on the line after `last`."""
    if not (0 <= fix.accuracy <= WORST_ACCURACY_M and abs(fix.lat) <= 90 and abs(fix.lon) <= 180):
        return False
    if last is None:
        return True
    seconds, way = fix.t - last.t, distance_m(last, fix)
    if seconds <= 0:
        return False
    if seconds > LONGEST_GAP_S:
        return True
    return way >= SHORTEST_STEP_M and way / seconds <= FASTEST_M_PER_S


def length_m(line: Iterable[Fix]) -> float:
    """The length of a line of believed positions in metres; gaps are not bridged."""
    total, last = 0.0, None
    for fix in line:
        if last is not None and fix.t - last.t <= LONGEST_GAP_S:
            total += distance_m(last, fix)
        last = fix
    return total


def distance_m(a: Fix, b: Fix) -> float:
    """Along the great circle, in metres."""
    lat1, lat2 = math.radians(a.lat), math.radians(b.lat)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half)))
