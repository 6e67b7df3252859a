"""What a run says: time spans, promises kept, load of each post, where waiting happens."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np

from yiwang.core.process.simulation import loop
from yiwang.core.process.simulation.clock import DAY, FAR, days_counted
from yiwang.core.process.simulation.running import Run, office_seconds
from yiwang.core.worktime import HoldArrays, Limit, due_many
from yiwang.core.worktime.moment import day_of

HOUR = 3600
Figures = Mapping[str, float]
# Student's t, 97.5 %, by degrees of freedom; beyond 30 the approximation differs by less than 0.001.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
      2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean over replications and its 95 % confidence interval; NaN where a replication had no value."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Estimate:
        found = list(values)
        if not found or any(math.isnan(value) for value in found):
            return cls(math.nan, math.nan, math.nan)
        if any(math.isinf(value) for value in found):
            return cls(math.inf, math.inf, math.inf)
        middle = fmean(found)
        if len(found) == 1:
            return cls(middle, math.nan, math.nan)
        half = t_quantile(len(found) - 1) * stdev(found) / math.sqrt(len(found))
        return cls(middle, middle - half, middle + half)


def t_quantile(degrees: int) -> float:
    """The 97.5 % quantile of Student's t."""
    return _T[degrees - 1] if degrees <= len(_T) else 1.96 + 2.372 / degrees + 2.82 / degrees**2


def figures(run: Run) -> dict[str, float]:
    """One number for each name. Times of cases are in days, waits and work in office hours, shares from 0 to 1.

    `days.*` are working days counted as a limit counts them (without the first day and the days of holds),
    `span.*` calendar days; a case that did not end before the calendar's last day counts as infinitely long.
    """
    hours = _Hours(run)
    return _whole(run) | _steps(run, hours) | _pools(run, hours)


def holds(run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(offsets, begins, ends) of the holds of each case, in order."""
    jobs = run.jobs
    rows = jobs[(jobs[:, loop.HELD] > jobs[:, loop.OPENED]) & (jobs[:, loop.EARLY] == 0)]
    rows = rows[np.lexsort((rows[:, loop.OPENED], rows[:, loop.CASE]))]
    counts = np.bincount(rows[:, loop.CASE], minlength=len(run.arrived))
    return np.concatenate(([0], np.cumsum(counts))), rows[:, loop.OPENED], np.minimum(rows[:, loop.HELD], FAR)


def counted_days(run: Run) -> np.ndarray:
    """Working days of each case as a limit counts them; for a case that did not end, those until the calendar's end."""
    return days_counted(run.compiled.clocks, 0, run.arrived, run.ended, *holds(run))


def on_time(run: Run, promise: Limit) -> np.ndarray:
    """Whether each case ended by the moment at which it was due."""
    calendar = run.compiled.scenario.calendars[0]
    offsets, begins, ends = holds(run)
    last = run.compiled.clocks.end - 1
    given = HoldArrays(_moments(begins), _moments(np.minimum(ends, last)), offsets) if len(begins) else None
    due = due_many(calendar, _moments(run.arrived), promise, holds=given)
    return run.ended <= _seconds(due)


def _whole(run: Run) -> dict[str, float]:
    days = np.where(run.finished, counted_days(run), np.inf)
    span = np.where(run.finished, (run.ended - run.arrived) / DAY, np.inf)
    skip = run.compiled.scenario.arrivals.warm_up
    first = day_of(run.compiled.scenario.arrivals.first) + skip
    seen = run.arrived >= first * DAY
    if not seen.any():
        seen[:] = True
    days, span = days[seen], span[seen]
    found = {"cases": float(seen.sum()), "unfinished": float((~run.finished[seen]).mean())}
    for name, values in (("days", days), ("span", span)):
        found[f"{name}.mean"] = float(values.mean())
        found[f"{name}.median"] = _quantile(values, 0.5)
        found[f"{name}.p90"] = _quantile(values, 0.9)
    promise = run.compiled.scenario.promise
    if promise is not None:
        found["on_time"] = float(on_time(run, promise)[seen].mean())
    for number, name in enumerate(run.compiled.ends):
        found[f"end.{name}"] = float((run.end[seen] == number).mean())
    return found


def _quantile(values: np.ndarray, share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    place = max(0, math.ceil(share * len(values)) - 1)
    return float(np.partition(values, place)[place])


class _Hours:
    """Of the jobs that a person began: when they were ready, begun and done, in office seconds of their calendar."""

    def __init__(self, run: Run):
        self.jobs = run.jobs[run.jobs[:, loop.BEGUN] < FAR]
        self.ready, self.begun, self.done = (
            np.ascontiguousarray(self.jobs[:, column])
            for column in (loop.OFFICE_READY, loop.OFFICE_BEGUN, loop.OFFICE_DONE)
        )


def _steps(run: Run, hours: _Hours) -> dict[str, float]:
    compiled = run.compiled
    kept = hours.jobs[:, loop.STATE] != loop.CANCELLED
    waits = (hours.begun - hours.ready)[kept] / HOUR
    works = (hours.done - hours.begun)[kept] / HOUR
    nodes: dict[str, int] = {}
    node_of = np.full(len(compiled.places), -1, np.int64)
    for number, (node, _item) in enumerate(compiled.places):
        if not compiled.plan.timer[number] and node in compiled.scenario.steps:
            node_of[number] = nodes.setdefault(node, len(nodes))
    own = node_of[hours.jobs[kept, loop.PLACE]]
    times, waited, worked_on = (
        np.bincount(own + 1, weights, len(nodes) + 1)[1:] for weights in (None, waits, works)
    )
    found = {}
    for node, number in nodes.items():
        count = max(1, times[number])
        found[f"step.{node}.times"] = float(times[number] / len(run.arrived))
        found[f"step.{node}.wait"] = float(waited[number] / count)
        found[f"step.{node}.work"] = float(worked_on[number] / count)
        promise = compiled.scenario.steps[node].promise
        if promise is not None:
            found[f"step.{node}.on_time"] = _step_on_time(run, node_of == number, promise)
    return found


def _step_on_time(run: Run, places: np.ndarray, promise: Limit) -> float:
    """`places` says of each place whether it belongs to the step."""
    jobs = run.jobs
    own = places[jobs[:, loop.PLACE]] & (jobs[:, loop.STATE] == loop.FINISHED) & (jobs[:, loop.EARLY] == 0)
    rows = jobs[own]
    if not len(rows):
        return math.nan
    calendar = run.compiled.scenario.calendars[0]
    stands = rows[:, loop.HELD] > rows[:, loop.OPENED]
    begins = np.where(stands, _moments(rows[:, loop.OPENED]), np.datetime64("NaT", "s"))[:, None]
    ends = np.where(stands, _moments(rows[:, loop.HELD]), np.datetime64("NaT", "s"))[:, None]
    given = HoldArrays(begins, ends) if stands.any() else None
    due = due_many(calendar, _moments(rows[:, loop.OPENED]), promise, holds=given)
    return float((rows[:, loop.DONE] <= _seconds(due)).mean())


def _pools(run: Run, hours: _Hours) -> dict[str, float]:
    """Load, mean length of the queue and waiting by post, over the days in which cases came."""
    compiled, pools = run.compiled, run.compiled.scenario.pools
    first, last = compiled.scenario.arrivals.first, compiled.scenario.arrivals.last
    period = np.array([day_of(first) * DAY, (day_of(last) + 1) * DAY])
    calendar = np.array([pool.calendar for pool in pools.values()], np.int64)
    low, high = (office_seconds(compiled, calendar, np.full(len(calendar), moment)) for moment in period)
    own = hours.jobs[:, loop.POOL]
    needed = own >= 0
    own = own[needed]
    ready, begun, done = (
        np.clip(moments[needed], low[own], high[own]) for moments in (hours.ready, hours.begun, hours.done)
    )
    waits, queue, busy = (
        np.bincount(own, seconds, len(pools))
        for seconds in ((hours.begun - hours.ready)[needed], begun - ready, done - begun)
    )
    found = {}
    for number, (name, pool) in enumerate(pools.items()):
        open_seconds = high[number] - low[number]
        found[f"post.{name}.wait"] = float(waits[number] / HOUR / len(run.arrived))
        found[f"post.{name}.queue"] = float(queue[number] / open_seconds)
        found[f"post.{name}.busy"] = float(busy[number] / open_seconds)
        if pool.people is not None:
            found[f"post.{name}.load"] = float(busy[number] / open_seconds / pool.people)
    return found


def _moments(seconds: np.ndarray) -> np.ndarray:
    return seconds.astype("datetime64[s]")


def _seconds(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[s]").view(np.int64)
