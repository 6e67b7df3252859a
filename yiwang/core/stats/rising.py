"""Which of many counts are unusually high against their own history, with few false alarms among all of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yiwang.core.stats.tails import tail

LEAST_WINDOWS = 4  # with fewer earlier windows nothing is said
POOL = (
    28  # how much the scatter of all series of a family weighs against a series' own, in degrees of freedom
)


@dataclass(frozen=True, slots=True)
class Series:
    """A count now, and the counts of earlier windows of the same length."""

    key: Hashable
    now: int
    before: tuple[int, ...]

    @property
    def expected(self) -> float:
        return sum(self.before) / len(self.before)


@dataclass(frozen=True, slots=True)
class Finding:
    """`p`: how probable so many or more are by chance; `q`: the same after all comparisons that were made."""

    family: str
    key: Hashable
    now: int
    expected: float
    windows: int
    dispersion: float
    p: float
    q: float


def rising(
    families: Mapping[str, Iterable[Series]], *, rate: float = 0.05, least: int = 5, more: float = 3.0
) -> list[Finding]:
    """The series that rise, the least probable first.

    Where nothing rises, some finding comes with a probability of at most `rate`; where something does, at most that
    share of the findings is false on average (Benjamini and Hochberg 1995), over all families together.
    `least`: a smaller count is never told, `more`: nor one that exceeds the expected by less.
    """
    tested: list[tuple[str, Series, float, float]] = []
    for family, given in families.items():
        series = [one for one in given if len(one.before) >= LEAST_WINDOWS]
        for one, dispersion in zip(series, dispersions(series), strict=True):
            p = tail(one.now, sum(one.before), len(one.before), dispersion)
            tested.append((family, one, dispersion, p))
    found = [
        Finding(family, one.key, one.now, one.expected, len(one.before), dispersion, p, q)
        for (family, one, dispersion, p), q in zip(tested, adjusted([row[3] for row in tested]), strict=True)
        if q <= rate and one.now >= least and one.now - one.expected >= more
    ]
    return sorted(found, key=lambda one: (one.p, one.family, str(one.key)))


def dispersions(series: Sequence[Series]) -> list[float]:
    """Variance over mean of each series, never below 1.

    Eight windows say little about scatter, so each leans on the mean scatter of its family; one that scatters more
    than the family keeps its own.
    """
    own = [_dispersion(one.before) for one in series]
    known = [value for value in own if value is not None]
    pooled = max(1.0, sum(known) / len(known)) if known else 1.0
    found = []
    for one, value in zip(series, own, strict=True):
        degrees = len(one.before) - 1
        lean = pooled if value is None else (POOL * pooled + degrees * value) / (POOL + degrees)
        found.append(max(1.0, lean, value or 0.0))
    return found


def _dispersion(counts: Sequence[int]) -> float | None:
    mean = sum(counts) / len(counts)
    if mean == 0:
        return None
    return sum((count - mean) ** 2 for count in counts) / mean / (len(counts) - 1)


def adjusted(values: Sequence[float]) -> list[float]:
    """P values corrected for many comparisons: the smallest rate of false findings at which each would be told."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, least = [1.0] * len(values), 1.0
    for rank in range(len(order), 0, -1):
        at = order[rank - 1]
        least = min(least, values[at] * len(values) / rank)
        found[at] = least
    return found
