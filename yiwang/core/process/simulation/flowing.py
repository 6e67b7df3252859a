"""Where the cases of a played year stand, day by day: what an animation of the process shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from yiwang.core.process.simulation import loop
from yiwang.core.process.simulation.clock import DAY, FAR
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.running import Run, run
from yiwang.core.process.simulation.scenario import Scenario
from yiwang.core.worktime.moment import day_of

NOON = DAY // 2


@dataclass(frozen=True, slots=True)
class Flow:
    """At noon of each day: how many cases are open at each step, have come in, have ended."""

    days: tuple[date, ...]
    steps: dict[str, tuple[int, ...]]
    came: tuple[int, ...]
    ended: tuple[int, ...]


def flow(scenario: Scenario, seed: int = 1, most: int = 400) -> Flow:
    """The first replication of a report with this seed, at `most` days at most; a longer period takes every so many days."""
    played = run(compile_scenario(scenario), seed)
    plan = scenario.arrivals
    whole = (plan.last - plan.first).days + 1
    every = -(-whole // most)
    days = tuple(plan.first + timedelta(days=n) for n in range(0, whole, every))
    moments = np.array([day_of(day) * DAY + NOON for day in days], np.int64)
    return Flow(
        days,
        _steps(played, moments),
        _until(played.arrived, moments),
        _until(played.ended[played.ended < FAR], moments),
    )


def _steps(played: Run, moments: np.ndarray) -> dict[str, tuple[int, ...]]:
    """What is open at each step at each moment. Work that was begun before the process came to it does not count."""
    compiled, jobs = played.compiled, played.jobs
    jobs = jobs[jobs[:, loop.EARLY] != loop.EARLY_OPEN]
    found = {}
    for node in compiled.scenario.steps:
        places = [number for number, (name, _item) in enumerate(compiled.places) if name == node]
        own = jobs[np.isin(jobs[:, loop.PLACE], places)]
        opened, done = _counts(own[:, loop.OPENED], moments), _counts(own[:, loop.DONE], moments)
        found[node] = tuple(int(count) for count in opened - done)
    return found


def _counts(moments: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """How many of the moments are not later than each asked one."""
    return np.searchsorted(np.sort(moments), asked, side="right")


def _until(moments: np.ndarray, asked: np.ndarray) -> tuple[int, ...]:
    return tuple(int(count) for count in _counts(moments, asked))
