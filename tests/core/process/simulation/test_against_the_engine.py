"""The compiled simulation does what the engine does, to the second."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.core.process.generated import SWITCHES, processes
from tests.core.process.simulation.brute import Brute
from tests.core.process.simulation.scenes import calendar, looped, scenario
from yiwang.core.process import read
from yiwang.core.process.simulation import (
    Arrivals,
    Length,
    Pool,
    Profile,
    Scenario,
    SimulationError,
    StepPlan,
    loop,
)
from yiwang.core.process.simulation.clock import FAR
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.running import run

LENGTHS = ("0min", "20min", "uniform 10min 3wh", "lognormal 1wh 6wh", "exponential 3h", "triangular 1h 5h 2d")
STATES = ("waiting", "queued", "serving", "calling", "finished", "cancelled")


def fast(compiled, seed: int) -> tuple[Counter, dict]:
    """(jobs as they are told by the brute force, when and where each case ended)."""
    found = run(compiled, seed)
    rows = Counter()
    for row in found.jobs.tolist():
        node, item = compiled.places[row[loop.PLACE]]
        begun = row[loop.BEGUN] if row[loop.BEGUN] < FAR else 0
        done = row[loop.DONE] if row[loop.STATE] >= loop.FINISHED else 0
        rows[row[loop.CASE], node, item, row[loop.OPENED], begun, done, STATES[row[loop.STATE]]] += 1
    ended = {
        case: (moment, compiled.ends[end])
        for case, (moment, end) in enumerate(zip(found.ended.tolist(), found.end.tolist(), strict=True))
        if end >= 0
    }
    return rows, ended


def slow(compiled, seed: int) -> tuple[Counter, dict]:
    brute = Brute(compiled, seed).play()
    rows = Counter(
        (
            job.case, job.node, job.item, job.opened, job.begun,
            job.done if job.state in ("finished", "cancelled") else 0, job.state,
        )
        for job in brute.jobs
    )  # fmt: skip
    return rows, brute.ended


def random_scenario(xml: bytes, choices: st.DataObject) -> Scenario:
    process = read(xml)
    draw = choices.draw
    steps = {}
    for task in process.tasks:
        length = st.sampled_from(LENGTHS).map(Length.parse)
        outcomes = {"again": 0.3, "on": 0.7} if "again" in task.outcomes else {}
        steps[task.id] = StepPlan(
            pool=draw(st.sampled_from(("window", "office"))), work=draw(length), delay=draw(length),
            hold_chance=draw(st.sampled_from((0.0, 0.3))), hold=draw(length), outcomes=outcomes,
        )  # fmt: skip
    profiles = tuple(
        Profile(share, {name: draw(st.booleans()) for name in SWITCHES} | {"units": ["roads", "water"]})
        for share in (0.7, 0.3)
    )
    pools = {
        "window": Pool(draw(st.sampled_from((1, 2, None)))),
        "office": Pool(2, draw(st.sampled_from((1, 0.5)))),
    }
    cases = Arrivals(draw(st.integers(1, 40)), date(2026, 2, 2), date(2026, 2, 28), draw(st.booleans()))
    return Scenario(process, steps, pools, cases, (calendar(),), profiles)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes(), choices=st.data(), seed=st.integers(0, 2**32))
def test_every_second_of_every_job_is_what_the_engine_and_the_calendar_say(
    xml: bytes, choices: st.DataObject, seed: int
) -> None:
    note(xml.decode())
    try:
        compiled = compile_scenario(random_scenario(xml, choices))
    except SimulationError as error:
        assert error.code in ("open_twice", "too_many")
        return
    assert fast(compiled, seed) == slow(compiled, seed)


@pytest.mark.parametrize("people", [1, 3, None])
def test_a_year_with_rework_is_the_same_in_both(people: int | None) -> None:
    made = scenario(looped(), people=people, cases=400)
    made = made.with_step(
        "decide", outcomes={"again": 0.25, "on": 0.75}, hold_chance=0.2, hold=Length.parse("2d")
    )
    compiled = compile_scenario(replace(made, pools={**made.pools}))
    assert fast(compiled, 7) == slow(compiled, 7)


def test_the_seed_alone_decides() -> None:
    compiled = compile_scenario(scenario(looped()))
    checksums = {zlib.crc32(run(compiled, seed, 3).jobs.tobytes()) for seed in (1, 1, 2)}
    assert len(checksums) == 2
