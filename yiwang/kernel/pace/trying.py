"""How well a process found in a log foretells the cases that came later."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from yiwang.core.process.simulation.clock import DAY
from yiwang.core.process.simulation.logs import Log, fit
from yiwang.core.process.simulation.running import replications
from yiwang.core.worktime import Calendar, Season

REPLICATIONS = 10
# The lengths of a log are natural time, so which year they are played in makes no difference.
YEAR, LAST = 2015, 2060


def tried(log: Log, share: float = 0.7, seed: int = 1) -> dict[str, Any]:
    """Fits the first `share` of the cases, simulates as many as the rest, and compares days from first to last event."""
    first, rest = log.split(share)
    fitted = fit(first.frequent())
    calendar = Calendar.build(
        [], [Season.from_pack({"from": "01-01", "to": "12-31", "windows": ["08:00-16:00"]})], YEAR, LAST
    )
    scenario = fitted.scenario(calendar, len(rest.traces), date(YEAR, 1, 1), date(YEAR, 12, 31))
    spans = np.concatenate(
        [(run.ended - run.arrived) / DAY for run in replications(scenario, seed, REPLICATIONS)]
    )
    found = {"cases": len(log.traces), "steps": len(fitted.steps)}
    found |= {
        name: _summary(values)
        for name, values in (("fitted", first.spans), ("later", rest.spans), ("simulated", spans))
    }
    found["error"] = {
        against: {
            name: _error(found["simulated"][name], found[against][name]) for name in ("median", "p90", "mean")
        }
        for against in ("fitted", "later")
    }
    return found


def _summary(days: np.ndarray) -> dict[str, float]:
    return {
        "median": round(float(np.median(days)), 2),
        "p90": round(float(np.quantile(days, 0.9)), 2),
        "mean": round(float(days.mean()), 2),
    }


def _error(simulated: float, real: float) -> float | None:
    """Relative; None where the real value is less than a day, so that a share of it says nothing."""
    return round(simulated / real - 1, 3) if real >= 1 else None
