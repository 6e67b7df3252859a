"""What is simulated: a process, who works on it, how long it takes, how it is decided, and how much comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from yiwang.core.process.model import SERVICE, USER, Process, UserTask
from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.simulation.lacking import MISSING, Lacking
from yiwang.core.process.simulation.lengths import NONE, Length
from yiwang.core.worktime import Calendar, Limit

MOST_CASES = 200_000
MOST_PEOPLE = 10_000
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Pool:  # 人员池
    """The people of one post, or of one post in one unit (`unit/post`); None: as many as are needed.

    `share` is the part of their office hours that this process gets; `calendar` is an index into the scenario's.
    """

    people: int | None = 1
    share: float = 1.0
    calendar: int = 0


@dataclass(frozen=True)
class StepPlan:
    """How one task goes. The time of a step is: hold (with its chance), delay, waiting for a person, work.

    A hold stops the legal clock; a delay does not, and no person is needed for either. `outcomes` are chances;
    what they lack to one is the chance that the task stays open until a timer on it ends it. `pool` is the post;
    empty: nobody is needed. `promise` is the limit that on-time is measured against. `lacking`: what the first look finds
    missing; the chances of `outcomes` are then those of an application that lacks nothing.
    """

    pool: str = ""
    work: Length = NONE
    delay: Length = NONE
    hold_chance: float = 0.0
    hold: Length = NONE
    outcomes: Mapping[str, float] = field(default_factory=dict)
    promise: Limit | None = None
    lacking: Lacking | None = None

    @property
    def chances(self) -> Mapping[str, float]:
        """The outcomes that can come, as `outcomes`; with the one that sends back where something may be missing."""
        if self.lacking is None or self.lacking.wait != NONE or not self.lacking.chance:
            return self.outcomes
        return {**self.outcomes, MISSING: self.lacking.chance}


@dataclass(frozen=True)
class Profile:
    """A kind of case: its share of all, what its conditions read, and the unit that works on it."""

    share: float = 1.0
    data: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True)
class Arrivals:
    """`cases` come between two days, both included, at random office hours (or, with `always`, at any hour).

    Those of the first `warm_up` days are played but not counted, since they meet empty queues.
    """

    cases: int
    first: date
    last: date
    always: bool = False
    warm_up: int = 0


@dataclass(frozen=True)
class Scenario:
    """`early` maps a step to an earlier one at whose beginning it is begun too; `promise` is the limit of the whole.

    `durations` gives the timers whose length is `$name`.
    """

    process: Process
    steps: Mapping[str, StepPlan]
    pools: Mapping[str, Pool]
    arrivals: Arrivals
    calendars: tuple[Calendar, ...]
    profiles: tuple[Profile, ...] = (Profile(),)
    promise: Limit | None = None
    early: Mapping[str, str] = field(default_factory=dict)
    durations: Mapping[str, str] = field(default_factory=dict)

    def step(self, node: str) -> StepPlan:
        return self.steps[node]

    def with_step(self, node: str, **changes: Any) -> Scenario:
        return replace(self, steps={**self.steps, node: replace(self.steps[node], **changes)})

    def check(self) -> None:
        """SimulationError with the entry that is wrong and what to write."""
        _check_arrivals(self)
        for name, pool in self.pools.items():
            _check_pool(self, f"people.{name}", pool)
        for task in self.process.tasks:
            if task.id not in self.steps:
                raise SimulationError("no_step", f"steps.{task.id}", "say how long this task takes")
        for node, step in self.steps.items():
            _check_step(self, node, step)
        total = sum(profile.share for profile in self.profiles)
        if not self.profiles or total <= 0 or any(profile.share < 0 for profile in self.profiles):
            raise SimulationError(
                "profiles", "profiles", "their shares are not negative, and one is above zero"
            )
        for node, host in self.early.items():
            _check_early(self, node, host)


def _check_arrivals(scenario: Scenario) -> None:
    arrivals = scenario.arrivals
    if not 1 <= arrivals.cases <= MOST_CASES:
        raise SimulationError(
            "cases", "arrivals.cases", f"give 1 to {MOST_CASES} cases, not {arrivals.cases}"
        )
    if not 0 <= arrivals.warm_up <= (arrivals.last - arrivals.first).days:
        raise SimulationError("warm_up", "arrivals.warm_up", "give fewer days than the period has, or 0")
    calendar = scenario.calendars[0]
    if not calendar.first <= arrivals.first <= arrivals.last <= calendar.last:
        raise SimulationError(
            "dates",
            "arrivals",
            f"cases come from {arrivals.first} to {arrivals.last}; "
            f"give days in order within the calendar, {calendar.first} to {calendar.last}",
        )


def _check_pool(scenario: Scenario, where: str, pool: Pool) -> None:
    if pool.people is not None and not 1 <= pool.people <= MOST_PEOPLE:
        raise SimulationError("people", where, f"give 1 to {MOST_PEOPLE} people, not {pool.people}")
    if not 0 < pool.share <= 1:
        raise SimulationError("share", where, "the share of their time is above 0 and at most 1")
    if not 0 <= pool.calendar < len(scenario.calendars):
        raise SimulationError("calendar", where, f"there is no calendar {pool.calendar}")


def _check_step(scenario: Scenario, node: str, step: StepPlan) -> None:
    where = f"steps.{node}"
    found = scenario.process.nodes.get(node)
    if found is None or found.kind not in (USER, SERVICE):
        known = ", ".join(one.id for one in (*scenario.process.tasks, *scenario.process.services))
        raise SimulationError("no_step", where, f"the process has no such step; it has: {known}")
    if step.pool and not any(name.rpartition("/")[2] == step.pool for name in scenario.pools):
        raise SimulationError("no_pool", where, f"say how many people the post {step.pool} has")
    if not 0 <= step.hold_chance <= 1:
        raise SimulationError("chance", f"{where}.hold_chance", "a chance lies between 0 and 1")
    allowed = getattr(found, "outcomes", {})
    unknown = [outcome for outcome in step.outcomes if allowed and outcome not in allowed]
    if unknown:
        raise SimulationError(
            "outcome", f"{where}.outcomes", f"{unknown[0]} is not one of: {', '.join(allowed)}"
        )
    total = sum(step.outcomes.values())
    if any(chance < 0 for chance in step.outcomes.values()) or total > 1 + _ROUNDING:
        raise SimulationError("chances", f"{where}.outcomes", f"the chances add up to {total:g}, not to one")
    ends_by_timer = isinstance(found, UserTask) and any(
        scenario.process.nodes[timer].interrupting for timer in found.timers
    )
    if step.outcomes and total < 1 - _ROUNDING and not ends_by_timer:
        raise SimulationError(
            "chances",
            f"{where}.outcomes",
            f"the chances add up to {total:g}; only a task that a timer can end may have less than one",
        )


def _check_early(scenario: Scenario, node: str, host: str) -> None:
    where = f"early.{node}"
    tasks = {task.id: task for task in scenario.process.tasks}
    for name in (node, host):
        if name not in tasks:
            raise SimulationError("no_step", where, f"{name} is not a task of the process")
        if tasks[name].items:
            raise SimulationError("early", where, f"{name} has a part for each unit and cannot be shifted")
    if node == host or node not in scenario.process.later[host]:
        raise SimulationError("early", where, f"{node} does not come after {host}")
