"""Scenarios for the tests of the simulation."""

from __future__ import annotations

from datetime import date
from functools import cache

from tests.core.process.drawing import Drawing
from yiwang.core.process import Process, read
from yiwang.core.process.simulation import Arrivals, Length, Pool, Scenario, StepPlan
from yiwang.core.worktime import Calendar, Season


@cache
def calendar() -> Calendar:
    """Seven office hours a day, weekends and statutory holidays off."""
    season = Season.from_pack({"from": "01-01", "to": "12-31", "windows": ["08:30-11:30", "13:00-17:00"]})
    return Calendar.build([], [season], 2025, 2028)


def chain(*tasks: str, outcomes: str = "done") -> Process:
    """Tasks one after the other."""
    d = Drawing()
    d.start()
    for task in tasks:
        d.task(task, outcomes)
    d.end()
    d.path("start", *tasks, "end")
    return read(d.xml())


def looped() -> Process:
    """accept, decide; from there back to accept, or on to issue."""
    d = Drawing()
    d.start()
    d.task("accept")
    d.task("decide", "again,on")
    d.gateway("exclusive", "which")
    d.task("issue")
    d.end()
    d.path("start", "accept", "decide", "which")
    d.flow("which", "accept", "outcome == 'again'")
    d.flow("which", "issue", default=True)
    d.path("issue", "end")
    return read(d.xml())


def scenario(
    process: Process, work: str = "lognormal 30min 2wh", people: int | None = 1, cases: int = 200, **more
) -> Scenario:
    """The same work on every task; every task has a post of its own, of its name."""
    steps = {task.id: StepPlan(pool=task.id, work=Length.parse(work)) for task in process.tasks}
    pools = {task.id: Pool(people) for task in process.tasks}
    given = Arrivals(cases, date(2026, 3, 2), date(2026, 6, 30))
    return Scenario(process, steps, pools, given, (calendar(),), **more)
