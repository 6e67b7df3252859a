"""How probable a count at least this large is, given the counts of equally long times before it."""

from __future__ import annotations

from math import exp, lgamma, log

import numpy as np

POISSON = 1.001  # below this the counts scatter as Poisson counts do
NEGLIGIBLE = 1e-16
AT_A_TIME = 256


def tail(now: int, before: int, times: int, dispersion: float = 1.0) -> float:
    """P(a count >= `now` | the sum of it and the earlier ones), 0 to 1.

    `before` is the sum over `times` earlier windows of the same length, `dispersion` variance over mean (>= 1).
    Given the sum the unknown mean drops out: one window's share of Poisson counts is binomial, of negative binomial
    counts beta-binomial. So the error of the mean, estimated from few windows, is in the answer already.
    (Przyborowski and Wilenski 1940 for the Poisson case.) Raises ValueError for what cannot be counts.
    """
    if now < 0 or before < 0 or times < 1 or not dispersion >= 1:
        raise ValueError(f"no counts: now={now}, before={before}, times={times}, dispersion={dispersion}")
    total = now + before
    if now == 0:
        return 1.0
    size = _size(before / times, dispersion)
    if now > total / (times + 1):
        return min(1.0, _sum_up(now, total, times, size))
    return min(1.0, max(0.0, 1.0 - _sum_down(now - 1, total, times, size)))


def _size(mean: float, dispersion: float) -> float | None:
    """The size of the negative binomial with this variance over mean; None for Poisson."""
    if dispersion < POISSON:
        return None
    return max(mean, 0.3) / (dispersion - 1)  # a mean of nothing says little: at least 0.3


def _term(k: int, total: int, times: int, size: float | None) -> float:
    """The probability of exactly `k` in the window."""
    choose = lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1)
    if size is None:
        return exp(choose - total * log(times + 1) + (total - k) * log(times))
    a, b = size, size * times
    return exp(choose + _beta(k + a, total - k + b) - _beta(a, b))


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _sum_up(k: int, total: int, times: int, size: float | None) -> float:
    """The terms of k to total; as many at a time as are worth one call of NumPy."""
    last = found = _term(k, total, times, size)
    while k < total and last > NEGLIGIBLE * found:
        at = np.arange(k, min(k + AT_A_TIME, total))
        terms = last * np.cumprod(_step(at, total, times, size))
        last, found, k = float(terms[-1]), found + float(terms.sum()), k + len(at)
    return found


def _sum_down(k: int, total: int, times: int, size: float | None) -> float:
    """The terms of k to 0."""
    last = found = _term(k, total, times, size)
    while k > 0 and last > NEGLIGIBLE * found:
        at = np.arange(k - 1, max(k - 1 - AT_A_TIME, -1), -1)
        terms = last * np.cumprod(1 / _step(at, total, times, size))
        last, found, k = float(terms[-1]), found + float(terms.sum()), k - len(at)
    return found


def _step(k: np.ndarray, total: int, times: int, size: float | None) -> np.ndarray:
    """The probability of k + 1 over that of k."""
    if size is None:
        return (total - k) / (k + 1) / times
    return (total - k) * (k + size) / ((k + 1) * (total - k - 1 + size * times))
