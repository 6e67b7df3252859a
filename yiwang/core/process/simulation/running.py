"""Running a scenario: the same seed gives the same cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yiwang.core.process.simulation import loop
from yiwang.core.process.simulation.clock import DAY, FAR, when_all, worked, worked_all
from yiwang.core.process.simulation.compiling import Compiled, compile_scenario
from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.simulation.scenario import Scenario
from yiwang.core.worktime.moment import day_of

MOST_REPLICATIONS = 200


@dataclass(frozen=True, eq=False)
class Run:
    """One replication. `jobs` has one row each time a task, service or timer opened (columns of `loop`)."""

    compiled: Compiled
    jobs: np.ndarray
    arrived: np.ndarray  # local seconds, by case
    ended: np.ndarray  # FAR where the calendar ended first
    end: np.ndarray  # number of the end node, -1 where there is none
    profile: np.ndarray

    @cached_property
    def finished(self) -> np.ndarray:
        return self.ended < FAR


def run(compiled: Compiled, seed: int, replication: int = 0) -> Run:
    """Plays one replication."""
    arrived, profile = arrivals(compiled, seed, replication)
    own = np.random.SeedSequence((seed, replication)).generate_state(1, np.uint64)[0]
    jobs, ended, end = loop.play(compiled.plan, compiled.clocks, own, arrived, profile)
    if (end == -2).any():
        raise SimulationError(
            "circles",
            "steps",
            f"a case came to the same step {loop.MOST_VISITS} times: lower the chance of going back",
        )
    return Run(compiled, jobs, arrived, ended, end, profile)


def replications(scenario: Scenario, seed: int, count: int) -> Iterator[Run]:
    """`count` replications, one at a time. Variants with the same seed meet the same luck."""
    if not 1 <= count <= MOST_REPLICATIONS:
        raise SimulationError("replications", "replications", f"give 1 to {MOST_REPLICATIONS}, not {count}")
    compiled = compile_scenario(scenario)
    for number in range(count):
        yield run(compiled, seed, number)


def arrivals(compiled: Compiled, seed: int, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """(moments in order, profile of each case)."""
    plan = compiled.scenario.arrivals
    random = np.random.default_rng((seed, replication, 1))
    begin, end = day_of(plan.first) * DAY, (day_of(plan.last) + 1) * DAY
    shares = np.sort(random.random(plan.cases))
    kinds = np.searchsorted(np.array(compiled.shares), random.random(plan.cases), side="right")
    kinds = np.minimum(kinds, len(compiled.shares) - 1).astype(np.int64)
    if plan.always:
        return (begin + shares * (end - begin)).astype(np.int64), kinds
    clocks = compiled.clocks
    low, high = worked(clocks, 0, begin), worked(clocks, 0, end)
    if high <= low:
        raise SimulationError("no_hours", "arrivals", "no day of the period is worked")
    return when_all(clocks, 0, (low + 1 + shares * (high - low - 1)).astype(np.int64)), kinds


def office_seconds(compiled: Compiled, calendar: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Office seconds before each moment, by each row's calendar."""
    found = np.zeros(len(moments), np.int64)
    for index in range(len(compiled.scenario.calendars)):
        rows = calendar == index
        found[rows] = worked_all(compiled.clocks, index, moments[rows])
    return found
