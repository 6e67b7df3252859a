"""What is usual at this hour: days like today, and the band of their curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Any

LEAST_DAYS = 4  # fewer days of the same weekday are filled up with other days of the same sort


@dataclass(frozen=True, slots=True)
class Band:
    """Quantiles of several curves, point by point."""

    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]


def quantile(values: Sequence[float], share: float) -> float:
    """The `share` quantile (0 to 1) with linear interpolation, as NumPy's default. Raises ValueError for none."""
    if not values or not 0 <= share <= 1:
        raise ValueError("a quantile needs values, and a share between 0 and 1")
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def band(curves: Sequence[Sequence[float]], low: float = 0.1, high: float = 0.9) -> Band | None:
    """Low, median and high of curves of one length at each point; None when there are no curves."""
    if not curves:
        return None
    points = list(zip(*curves, strict=True))
    return Band(
        tuple(quantile(point, low) for point in points),
        tuple(quantile(point, 0.5) for point in points),
        tuple(quantile(point, high) for point in points),
    )


def like_days(today: date, calendar: Callable[[date], Any], weeks: int = 8) -> list[date]:
    """The days of the past `weeks` that today is compared with, the latest first.

    `calendar(day)` tells `kind` (workday, weekend, holiday, makeup) and `working`. A workday or a weekend day is
    compared with days of the same weekday and kind; a make-up workday with all days that were worked, a holiday with
    all days off. Where holidays leave fewer than four, all workdays (or all days off) are taken.
    """
    kind, working = calendar(today).kind, calendar(today).working
    past = [today - timedelta(days=ago) for ago in range(1, 7 * weeks + 1)]
    same_sort = [day for day in past if calendar(day).working == working]
    if kind in ("makeup", "holiday"):
        return same_sort
    same = [day for day in same_sort if day.weekday() == today.weekday() and calendar(day).kind == kind]
    return same if len(same) >= LEAST_DAYS else same_sort
