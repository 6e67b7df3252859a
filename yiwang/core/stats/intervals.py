"""How far a rate of few cases can be trusted."""

from __future__ import annotations

from math import sqrt


def wilson(numerator: int, denominator: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson interval (95 % by default) of a rate, both ends between 0 and 1; (0, 1) where there are no cases.

    Raises ValueError unless 0 <= numerator <= denominator. Wilson 1927.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no rate")
    if denominator == 0:
        return 0.0, 1.0
    share = numerator / denominator
    scale = 1 + z * z / denominator
    middle = (share + z * z / (2 * denominator)) / scale
    half = z / scale * sqrt(share * (1 - share) / denominator + z * z / (4 * denominator**2))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
