"""The simulation once more, slow and plain: it carries every case's tokens itself and asks the engine at each event.

The random numbers are those of the compiled loop, so both must agree on every second of every job.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from yiwang.core.process import Complete, ServiceDone, State, Step, TimerFired, UserTask, start, step
from yiwang.core.process.simulation.compiling import Compiled, _key
from yiwang.core.process.simulation.lengths import NATURAL, NONE, Length
from yiwang.core.process.simulation.loop import (
    DECISION,
    DELAY,
    HOLD,
    HOLD_CHANCE,
    LACK,
    LACK_WAIT,
    WORK,
    luck,
)
from yiwang.core.process.simulation.running import arrivals
from yiwang.core.process.simulation.scenario import StepPlan
from yiwang.core.worktime import Limit, due
from yiwang.core.worktime.due import worked_before
from yiwang.core.worktime.moment import moment_of, seconds_of


@dataclass(eq=False)
class Job:
    case: int
    node: str
    item: Any
    token: int
    visit: int
    opened: int
    outcome: str = ""
    ready: int = 0
    begun: int = 0
    done: int = 0
    state: str = "waiting"
    pool: str = ""


@dataclass
class Brute:
    compiled: Compiled
    seed: int
    jobs: list[Job] = field(default_factory=list)
    ended: dict[int, tuple[int, str]] = field(default_factory=dict)

    def play(self) -> Brute:
        scenario = self.compiled.scenario
        self.own = np.random.SeedSequence((self.seed, 0)).generate_state(1, np.uint64)[0]
        moments, profiles = arrivals(self.compiled, self.seed, 0)
        self.profile = [scenario.profiles[number] for number in profiles]
        self.heap: list = []
        self.order = 0
        self.states: dict[int, State] = {}
        self.open: dict[tuple[int, int], Job] = {}
        self.visits: Counter = Counter()
        self.free = {name: pool.people for name, pool in scenario.pools.items()}
        self.queues: dict[str, deque[Job]] = {name: deque() for name in scenario.pools}
        coming = deque(enumerate(moments.tolist()))
        while coming or self.heap:
            if coming and (not self.heap or coming[0][1] <= self.heap[0][0]):
                case, self.now = coming.popleft()
                self.apply(case, 0, start(scenario.process, self.profile[case].data))
                continue
            self.now, _order, what, job = heapq.heappop(self.heap)
            if job.state in ("finished", "cancelled"):
                continue
            self.ready(job) if what == "ready" else self.finish(job)
        return self

    def push(self, moment: int, what: str, job: Job) -> None:
        self.order += 1
        heapq.heappush(self.heap, (moment, self.order, what, job))

    def ready(self, job: Job) -> None:
        if not job.pool or self.free[job.pool] is None:
            self.begin(job)
        elif self.free[job.pool]:
            self.free[job.pool] -= 1
            self.begin(job)
        else:
            job.state = "queued"
            self.queues[job.pool].append(job)

    def begin(self, job: Job) -> None:
        plan = self.plan(job)
        seconds = plan.work.at(self.luck(job, WORK))
        if job.pool:
            seconds /= self.compiled.scenario.pools[job.pool].share
        job.begun, job.state = self.now, "serving"
        job.done = self.later(self.now, int(seconds + 0.5), plan.work)
        self.push(job.done, "finish", job)

    def finish(self, job: Job) -> None:
        person = job.pool if job.state == "serving" and self.free.get(job.pool) is not None else ""
        job.state, job.done = "finished", self.now
        state = self.states[job.case]
        node = self.compiled.scenario.process.nodes[job.node]
        if isinstance(node, UserTask):
            event = Complete(job.token, job.outcome)
        elif node.kind == "service":
            event = ServiceDone(job.token, job.outcome)
        else:
            event = TimerFired(job.token)
        after = step(self.compiled.scenario.process, state, event, self.profile[job.case].data)
        released = ([person] if person else []) + self.apply(job.case, state.next, after, job)
        for pool in released:
            self.free[pool] += 1
            while self.queues[pool] and self.free[pool]:
                waiting = self.queues[pool].popleft()
                if waiting.state == "queued":
                    self.free[pool] -= 1
                    self.begin(waiting)

    def apply(self, case: int, first: int, after: Step, own: Job | None = None) -> list[str]:
        """Closes and opens what the step says; gives the posts whose people became free."""
        alive = {token.id for token in after.state.tokens}
        released = []
        for (other, token), job in sorted(self.open.items()):
            if other == case and token not in alive:
                del self.open[case, token]
                if job is own:
                    continue
                if job.state == "serving" and self.free.get(job.pool) is not None:
                    released.append(job.pool)
                job.state, job.done = "cancelled", self.now
        self.states[case] = after.state
        if after.ended:
            self.ended[case] = (self.now, after.end)
        for token in after.state.tokens:
            if token.id >= first and not token.flow:
                self.begin_place(case, token)
        return released

    def begin_place(self, case: int, token) -> None:
        node = self.compiled.scenario.process.nodes[token.node]
        visit = self.visits[case, token.node, token.item]
        self.visits[case, token.node, token.item] += 1
        job = Job(case, token.node, token.item, token.id, visit, self.now)
        self.jobs.append(job)
        self.open[case, token.id] = job
        if node.kind in ("timer", "boundary"):
            calendar = self.compiled.scenario.calendars[0]
            moment = due(calendar, moment_of(self.now), Limit.parse(node.duration)).moment
            self.push(seconds_of(moment), "finish", job)
            return
        plan = self.plan(job)
        outcomes = self.compiled.outcomes[self.compiled.places.index((token.node, token.item))]
        share, total = self.luck(job, DECISION), 0.0
        for outcome in outcomes:
            total += plan.outcomes.get(outcome, 0.0) if plan.outcomes else 1 / len(outcomes)
            if share < total:
                job.outcome = outcome
                break
        else:
            if total > 1 - 1e-9:
                job.outcome = outcomes[-1]
            else:
                return
        ready, lacking = self.now, plan.lacking
        if lacking and not job.visit and self.luck(job, LACK) < lacking.chance:
            if lacking.wait == NONE:
                job.outcome = "missing"
            else:
                ready = self.later(ready, int(lacking.wait.at(self.luck(job, LACK_WAIT)) + 0.5), lacking.wait)
        job.pool = plan.pool
        if self.luck(job, HOLD_CHANCE) < plan.hold_chance:
            ready = self.later(ready, int(plan.hold.at(self.luck(job, HOLD)) + 0.5), plan.hold)
        job.ready = self.later(ready, int(plan.delay.at(self.luck(job, DELAY)) + 0.5), plan.delay)
        if job.ready == self.now:
            self.ready(job)
        else:
            self.push(job.ready, "ready", job)

    def plan(self, job: Job) -> StepPlan:
        return self.compiled.scenario.steps.get(job.node, StepPlan())

    def luck(self, job: Job, purpose: int) -> float:
        return luck(self.own, job.case, np.uint64(_key((job.node, job.item))), job.visit, purpose)

    def later(self, moment: int, seconds: int, length: Length) -> int:
        """By the calendar's own look-up, a search over seconds worked."""
        if not seconds:
            return moment
        if length.clock == NATURAL:
            return moment + seconds
        calendar = self.compiled.scenario.calendars[0]
        tables = calendar.tables
        target = worked_before(tables, moment) + seconds
        low, high = moment, seconds_of(moment_of(moment) + timedelta(days=seconds // 3600 + 30))
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if worked_before(tables, middle) < target else (low, middle)
        return high
