"""Random lengths of time, kept as a table of quantiles so that one uniform number gives one length.

`2wh` always two working hours · `uniform 1wh 3wh` · `triangular 1wh 2wh 4wh` (least, most likely, most) ·
`exponential 2wh` (mean) · `lognormal 2wh 8wh` (median, 90th percentile). Units of office hours: `min`, `wh`, `wd`
(a working day counts as seven working hours); of natural time: `h`, `d`. One length has one kind of unit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from yiwang.core.process.simulation.errors import SimulationError

KNOTS = 256  # intervals of a table
OFFICE, NATURAL = "office", "natural"
WORKING_DAY = 7 * 3600
_UNITS = {
    "min": (60, OFFICE),
    "wh": (3600, OFFICE),
    "wd": (WORKING_DAY, OFFICE),
    "h": (3600, NATURAL),
    "d": (86_400, NATURAL),
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(min|wh|wd|h|d)", re.ASCII)
_NUMBERS = {"fixed": 1, "uniform": 2, "triangular": 3, "exponential": 1, "lognormal": 2}
_LONGEST = 10 * 366 * 86_400
_HOW = (
    "write such as 2wh, uniform 1wh 3wh, triangular 1wh 2wh 4wh, exponential 2wh or lognormal 2wh 8wh "
    "(units min, wh, wd of office hours; h, d of natural time)"
)


@dataclass(frozen=True)
class Length:
    """A random length: `knots` are its quantiles in seconds at 0, 1/256, …, 1; `clock` is office or natural."""

    text: str
    clock: str
    knots: tuple[float, ...]

    @classmethod
    def parse(cls, text: str, where: str = "") -> Length:
        """The length that `text` says. SimulationError with what to write instead."""
        words = str(text).split()
        shape = words[0] if words and words[0] in _NUMBERS else "fixed"
        parts = [_PART.fullmatch(word) for word in (words[1:] if words and words[0] == shape else words)]
        if len(parts) != _NUMBERS[shape] or None in parts:
            raise SimulationError("length", where, f"“{text}” is not a length of time: {_HOW}")
        clocks = {_UNITS[part[2]][1] for part in parts}
        if len(clocks) > 1:
            raise SimulationError("length", where, f"“{text}” mixes office hours and natural time: {_HOW}")
        values = [float(part[1]) * _UNITS[part[2]][0] for part in parts]
        if max(values) > _LONGEST:
            raise SimulationError("length", where, f"“{text}” is longer than ten years")
        return cls(" ".join(words), clocks.pop(), tuple(_table(shape, values, text, where)))

    @classmethod
    def fixed(cls, seconds: float, clock: str = OFFICE) -> Length:
        return cls(f"{seconds:g}s", clock, (float(seconds),) * (KNOTS + 1))

    @classmethod
    def of_values(cls, seconds: Iterable[float], clock: str = OFFICE) -> Length:
        """A length with the spread of what was observed; at least one value."""
        values = np.asarray(list(seconds), float)
        knots = np.quantile(values, np.linspace(0, 1, KNOTS + 1))
        return cls(f"observed {len(values)} times", clock, tuple(knots.tolist()))

    def scaled(self, factor: float) -> Length:
        return Length(f"{self.text} ×{factor:g}", self.clock, tuple(knot * factor for knot in self.knots))

    @property
    def mean(self) -> float:
        """Seconds."""
        knots = self.knots
        return (sum(knots) - (knots[0] + knots[-1]) / 2) / KNOTS

    def at(self, share: float) -> float:
        """The quantile of `share`, in seconds."""
        place = min(max(share, 0.0), 1.0) * KNOTS
        low = min(int(place), KNOTS - 1)
        return self.knots[low] + (self.knots[low + 1] - self.knots[low]) * (place - low)


NONE = Length.fixed(0)


def _table(shape: str, values: list[float], text: str, where: str) -> list[float]:
    if values != sorted(values):
        raise SimulationError("length", where, f"the numbers of “{text}” do not rise: {_HOW}")
    shares = [index / KNOTS for index in range(KNOTS + 1)]
    shares[-1] = 1 - 1 / (4 * KNOTS)  # what has no longest length is cut off at one in a thousand
    if shape == "fixed":
        return values * (KNOTS + 1)
    if shape == "uniform":
        low, high = values
        return [low + (high - low) * index / KNOTS for index in range(KNOTS + 1)]
    if shape == "triangular":
        return [_triangular(index / KNOTS, *values) for index in range(KNOTS + 1)]
    if shape == "exponential":
        return [-values[0] * math.log1p(-share) for share in shares]
    median, tenth = values
    if not median:
        raise SimulationError("length", where, f"the median of “{text}” is not more than zero: {_HOW}")
    sigma = math.log(tenth / median) / NormalDist().inv_cdf(0.9)
    shares[0] = 1 / (4 * KNOTS)
    return [median * math.exp(sigma * NormalDist().inv_cdf(share)) for share in shares]


def _triangular(share: float, low: float, mode: float, high: float) -> float:
    if high == low:
        return low
    turn = (mode - low) / (high - low)
    if share <= turn:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1 - share) * (high - low) * (high - mode))
