"""A year of 10,000 project approvals through ten departments with their calendars, against SimPy.

The process: a window accepts; planning, fire, water and greening look at it in parallel; four more steps follow one
after the other; the decision sends 15 in 100 back to the window; the result is issued. Every department has so many
people, works only in its office hours, and takes the work up in the order in which it came. Both sides draw the same
lengths and chances, each with its own random numbers, so they must agree within what chance allows.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from yiwang.core.process import read
from yiwang.core.process.simulation import Arrivals, Length, Pool, Scenario, StepPlan, figures, reformed
from yiwang.core.process.simulation.clock import DAY
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.running import arrivals
from yiwang.core.process.simulation.running import run as play
from yiwang.core.worktime import Calendar, Limit, Season
from yiwang.core.worktime.due import worked_before

NAME = "simulate"
GOAL = 20.0  # times faster than SimPy
ANSWER = 5.0  # seconds of CPU for 30 paired runs of two variants, with all figures
CASES, LOOP = 10_000, 0.15
TOGETHER = ("planning", "fire", "water", "greening")
AFTER = ("drawings", "safety", "land", "review")
WORK = "lognormal 1wh 4wh"
PEOPLE = {"window": 12, **dict.fromkeys((*TOGETHER, *AFTER), 13), "decide": 12, "issue": 10}


def xml() -> bytes:
    tasks = ["window", *TOGETHER, *AFTER, "decide", "issue"]
    nodes = [
        f'<userTask id="{task}" name="{task}" yiwang:post="{task}" '
        f'yiwang:outcomes="{"on,again" if task == "decide" else "done"}"/>'
        for task in tasks
    ]
    ways = [
        ("start", "window"),
        ("window", "split"),
        ("join", AFTER[0]),
        ("decide", "which"),
        ("issue", "end"),
    ]
    ways += [("split", task) for task in TOGETHER] + [(task, "join") for task in TOGETHER]
    ways += list(zip(AFTER, (*AFTER[1:], "decide"), strict=True))
    flows = [f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ways]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yiwang="urn:yiwang:bpmn:1"
    targetNamespace="urn:yiwang:bench" id="bench">
  <process id="project" name="project" isExecutable="true">
    <startEvent id="start"/><endEvent id="end"/>
    <parallelGateway id="split"/><parallelGateway id="join"/><exclusiveGateway id="which" default="to_issue"/>
    {"".join(nodes)}{"".join(flows)}
    <sequenceFlow id="back" sourceRef="which" targetRef="window">
      <conditionExpression>outcome == 'again'</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="to_issue" sourceRef="which" targetRef="issue"/>
  </process>
</definitions>
""".encode()


def calendar() -> Calendar:
    seasons = (
        Season.from_pack({"from": "10-01", "to": "05-31", "windows": ["08:30-11:30", "13:00-17:00"]}),
        Season.from_pack({"from": "06-01", "to": "09-30", "windows": ["08:30-11:30", "13:30-17:30"]}),
    )
    return Calendar.build([], seasons, 2026, 2029)


def scenario(cases: int) -> Scenario:
    process = read(xml())
    steps = {
        task.id: StepPlan(
            task.id,
            Length.parse(WORK),
            outcomes={"on": 1 - LOOP, "again": LOOP} if task.id == "decide" else {},
        )
        for task in process.tasks
    }
    pools = {name: Pool(people) for name, people in PEOPLE.items()}
    given = Arrivals(cases, date(2026, 1, 1), date(2026, 12, 31))
    return Scenario(process, steps, pools, given, (calendar(),), promise=Limit.parse("5wd"))


class Simpy:
    """The same year as a program for SimPy."""

    def __init__(self, made: Scenario, cases: np.ndarray, seed: int):
        import simpy

        self.env = simpy.Environment(int(cases[0]))
        self.tables = made.calendars[0].tables
        self.before = self.tables.worked[self.tables.rank].tolist()
        self.knots = Length.parse(WORK)
        self.random = random.Random(seed)
        self.people = {name: simpy.Resource(self.env, pool.people) for name, pool in made.pools.items()}
        self.ended = [0] * len(cases)
        self.env.process(self.source(cases.tolist()))

    def source(self, moments: list[int]):
        for case, moment in enumerate(moments):
            yield self.env.timeout(moment - self.env.now)
            self.env.process(self.case(case))

    def case(self, case: int):
        while True:
            yield from self.work("window")
            yield self.env.all_of([self.env.process(self.work(name)) for name in TOGETHER])
            for name in (*AFTER, "decide"):
                yield from self.work(name)
            if self.random.random() >= LOOP:
                break
        yield from self.work("issue")
        self.ended[case] = self.env.now

    def work(self, name: str):
        with self.people[name].request() as request:
            yield request
            seconds = int(self.knots.at(self.random.random()) + 0.5)
            yield self.env.timeout(self.later(seconds) - self.env.now)

    def later(self, seconds: int) -> int:
        """The moment at which so many office seconds have passed, from the calendar's tables."""
        from bisect import bisect_left

        target = worked_before(self.tables, self.env.now) + seconds
        day = bisect_left(self.before, target) - 1
        left = target - self.before[day]
        for opening, closing in self.tables.spans[self.tables.season[day]]:
            if left <= closing - opening:
                return (day + self.tables.first) * DAY + opening + left
            left -= closing - opening
        raise ValueError("the calendar is too short")

    def run(self) -> np.ndarray:
        self.env.run()
        return np.array(self.ended)


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    """One row for each side; `equal` is False when a figure differs by more than chance explains."""
    made = scenario(max(200, round(CASES * scale)))
    compiled = compile_scenario(made)
    play(compiled, 0)  # compiled once, then kept on the disk
    repeat = 5
    ours, others, fast, slow, services = [], [], [], [], 0
    for number in range(repeat):
        before = time.process_time()
        mine = play(compiled, 1, number)
        fast.append(time.process_time() - before)
        services = len(mine.jobs)
        ours.append(_summary(mine.arrived, mine.ended))
        cases, _kinds = arrivals(compiled, 1, number)
        other = Simpy(made, cases, 1000 + number)
        before = time.process_time()
        ended = other.run()
        slow.append(time.process_time() - before)
        others.append(_summary(cases, ended))
    ratio = statistics.median(slow) / statistics.median(fast)
    report("side     seconds of CPU a year   services a second")
    rows = []
    for side, took in (("yiwang", fast), ("SimPy", slow)):
        middle = statistics.median(took)
        rows.append(
            {"side": side, "seconds": round(middle, 4), "services_a_second": round(services / middle)}
        )
        report(f"{side:<8} {middle:21.4f} {services / middle:19,.0f}")
    report(f"{services:,} services of {made.arrivals.cases:,} cases; {ratio:.0f} times faster")
    equal = _equal(report, ours, others)
    seconds = _answer(made)
    report(f"30 paired runs of two variants with all figures and intervals: {seconds:.2f} s of CPU")
    met = ratio >= GOAL and (seconds <= ANSWER or scale < 1)
    report(f"At least {GOAL:.0f} times faster and answered within {ANSWER:.0f} s: {'yes' if met else 'NO'}.")
    return {
        "goal": GOAL, "met": met, "equal": equal, "ratio": round(ratio, 1), "answer_seconds": round(seconds, 2),
        "services": services, "rows": rows,
    }  # fmt: skip


def _summary(arrived: np.ndarray, ended: np.ndarray) -> dict[str, float]:
    days = (ended - arrived) / DAY
    return {
        "mean": float(days.mean()), "median": float(np.median(days)), "p90": float(np.quantile(days, 0.9)),
        "within a week": float((days <= 7).mean()),
    }  # fmt: skip


def _equal(report: Callable[[str], None], ours: list[dict], others: list[dict]) -> bool:
    """Whether each figure agrees within four standard errors of the difference."""
    equal = True
    for name in ours[0]:
        mine, its = [one[name] for one in ours], [one[name] for one in others]
        error = ((statistics.variance(mine) + statistics.variance(its)) / len(mine)) ** 0.5
        differs = abs(statistics.fmean(mine) - statistics.fmean(its))
        good = differs <= 4 * error + 1e-9
        equal = equal and good
        report(
            f"calendar days, {name:<14} yiwang {statistics.fmean(mine):8.3f}  SimPy {statistics.fmean(its):8.3f}  "
            f"differ by {differs / error if error else 0:.1f} standard errors{'' if good else '  NOT EQUAL'}"
        )
    return equal


def _answer(made: Scenario) -> float:
    variants = (made, reformed(made, ["people.decide=+2"]))
    began = time.process_time()
    for variant in variants:
        compiled = compile_scenario(replace(variant))
        for number in range(30):
            figures(play(compiled, 1, number))
    return time.process_time() - began


if __name__ == "__main__":
    run(print)
