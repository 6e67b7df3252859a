"""Many lengths of time in little room, so that days can be added up and percentiles read from the sum.

A bucket holds the lengths from γ^(i-1) to γ^i seconds with γ = 1.02. What is read back differs from the true
length by at most 1 % (the method of DDSketch: Masson, Rim, Lee, VLDB 2019).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

GAMMA = 1.02
ACCURACY = (GAMMA - 1) / (GAMMA + 1)  # 0.0099
_LOG = math.log(GAMMA)


def bucket(seconds: float) -> int:
    """The bucket of a length; a second and less is bucket 0."""
    return 0 if seconds <= 1 else math.ceil(math.log(seconds) / _LOG - 1e-9)


def middle(number: int) -> float:
    """The length in seconds that stands for a bucket."""
    return 0.0 if number == 0 else 2 * GAMMA**number / (GAMMA + 1)


def spread(lengths: Iterable[float]) -> dict[int, int]:
    """How many lengths (seconds) lie in each bucket."""
    return dict(Counter(map(bucket, lengths)))


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The smallest length that at least `share` (0 to 1) of all reach not over, in seconds; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    wanted = max(1, math.ceil(share * total - 1e-9))
    seen = 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= wanted:
            return middle(number)
    return None
