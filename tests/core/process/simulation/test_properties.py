"""What must hold of every simulated year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.process.generated import SWITCHES, processes
from tests.core.process.simulation.scenes import chain, looped, scenario
from yiwang.core.process import read
from yiwang.core.process.simulation import (
    Arrivals,
    Length,
    Pool,
    Profile,
    SimulationError,
    compare,
    estimate,
    figures,
    loop,
    reformed,
)
from yiwang.core.process.simulation.clock import FAR, worked
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.measuring import counted_days
from yiwang.core.process.simulation.running import run
from yiwang.core.worktime import Limit


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes(), people=st.integers(1, 3), seed=st.integers(0, 10**6))
def test_every_case_comes_in_once_and_goes_out_once_with_nothing_left_open(
    xml: bytes, people: int, seed: int
) -> None:
    data = {**dict.fromkeys(SWITCHES, True), "units": ("roads", "water")}
    made = replace(scenario(read(xml), people=people, cases=60), profiles=(Profile(1.0, data),))
    try:
        compiled = compile_scenario(made)
    except SimulationError as error:
        assert error.code == "open_twice"
        return
    found = run(compiled, seed)
    assert found.finished.all()
    assert (found.end >= 0).all()
    assert set(found.jobs[:, loop.STATE].tolist()) <= {loop.FINISHED, loop.CANCELLED}
    assert (found.jobs[:, loop.DONE] <= found.ended[found.jobs[:, loop.CASE]]).all()
    assert (found.ended >= found.arrived).all()


@settings(max_examples=30, deadline=None)
@given(
    people=st.integers(1, 4),
    seed=st.integers(0, 10**6),
    work=st.sampled_from(("20min", "uniform 10min 3wh", "exponential 1wh")),
)
def test_nobody_works_on_two_things_at_once_nor_before_they_came(people: int, seed: int, work: str) -> None:
    compiled = compile_scenario(scenario(looped(), work, people, cases=150))
    found = run(compiled, seed)
    jobs = found.jobs
    assert (jobs[:, loop.OPENED] <= jobs[:, loop.READY]).all()
    assert (jobs[:, loop.READY] <= jobs[:, loop.BEGUN]).all()
    assert (jobs[:, loop.BEGUN] <= jobs[:, loop.DONE]).all()
    for pool in range(len(compiled.pools)):
        own = jobs[jobs[:, loop.POOL] == pool]
        edges = sorted([(row[loop.BEGUN], 1) for row in own] + [(row[loop.DONE], -1) for row in own])
        busy = 0
        for _moment, change in edges:
            busy += change
            assert busy <= people
    least = Length.parse(work).knots[0]
    for row in jobs[:40]:
        spent = worked(compiled.clocks, 0, row[loop.DONE]) - worked(compiled.clocks, 0, row[loop.BEGUN])
        assert spent >= round(least)


@pytest.mark.parametrize("seed", range(5))
def test_more_people_never_make_cases_slower_on_a_straight_way(seed: int) -> None:
    """With the same luck, case by case: in a line of queues, first come first served, this is a theorem."""
    made = scenario(chain("accept", "review", "decide"), "lognormal 1wh 4wh", cases=300)
    before = None
    for people in (1, 2, 3, 5, None):
        pools = {name: Pool(people) for name in made.pools}
        now = run(compile_scenario(replace(made, pools=pools)), seed)
        if before is not None:
            assert np.minimum(now.ended, FAR).sum() <= np.minimum(before.ended, FAR).sum()
        before = now


def test_more_people_are_not_worse_beyond_chance_with_rework_too() -> None:
    made = scenario(looped(), "lognormal 1wh 3wh", 2, cases=500).with_step(
        "decide", outcomes={"again": 0.2, "on": 0.8}
    )
    _today, more = compare({"": made, "more": reformed(made, ["people.decide=+1"])}, 3, 8)
    assert more.differences["days.mean"].high <= 0.05


def test_without_queues_a_case_takes_exactly_its_work() -> None:
    made = scenario(chain("accept", "decide"), "2wh", None, cases=50)
    found = figures(run(compile_scenario(made), 1))
    assert found["step.accept.work"] == found["step.decide.work"] == 2
    assert found["step.accept.wait"] == 0
    assert found["days.p90"] <= 1


def test_the_load_of_a_post_is_its_work_over_its_hours() -> None:
    made = scenario(chain("accept"), "1wh", 2, cases=400)
    compiled = compile_scenario(made)
    found = run(compiled, 1)
    from yiwang.core.process.simulation.clock import DAY
    from yiwang.core.worktime.moment import day_of

    begin, end = day_of(date(2026, 3, 2)) * DAY, (day_of(date(2026, 6, 30)) + 1) * DAY
    hours = worked(compiled.clocks, 0, end) - worked(compiled.clocks, 0, begin)
    assert figures(found)["post.accept.load"] == pytest.approx(400 * 3600 / hours / 2, rel=0.01)


def test_a_step_begun_early_shortens_the_case_and_its_result_counts_only_later() -> None:
    made = scenario(chain("accept", "plan", "build"), "7wh", None, cases=40)
    today, together = compare({"": made, "together": reformed(made, ["parallel=plan,build"])}, 1, 3)
    assert together.differences["span.mean"].high < 0
    found = run(compile_scenario(reformed(made, ["parallel=accept,plan,build"])), 1)
    spans = counted_days(found)
    assert spans.max() <= 1  # all three in the time of one
    assert today.estimates["days.mean"].mean > 2


def test_work_done_early_is_in_vain_when_the_case_takes_another_way() -> None:
    made = scenario(looped(), "1wh", 1, cases=200).with_step("decide", outcomes={"again": 0.5, "on": 0.5})
    today, early = compare({"": made, "early": reformed(made, ["parallel=decide,issue"])}, 1, 4)
    assert today.estimates["step.issue.times"].mean == pytest.approx(1)
    assert early.estimates["step.issue.times"].mean > 1.5
    assert early.estimates["unfinished"].mean == 0


def test_a_step_left_out_takes_no_time() -> None:
    made = scenario(looped(), "3wh", 1, cases=50)
    dropped = estimate(reformed(made, ["drop.decide=on"]), 1, 2)
    assert dropped.estimates["step.decide.work"].mean == 0
    assert dropped.estimates["step.accept.times"].mean == 1


def test_a_held_clock_does_not_make_a_case_late() -> None:
    made = replace(scenario(chain("accept"), "1wh", None, cases=200), promise=Limit.parse("1wd"))
    held = reformed(made, ["hold.accept=1 10d"])
    found = estimate(held, 1, 2).estimates
    assert found["on_time"].mean == 1
    assert found["span.mean"].mean > 10
    delayed = estimate(reformed(made, ["delay.accept=10d"]), 1, 2).estimates
    assert delayed["on_time"].mean == 0


def test_a_case_that_the_calendar_cuts_off_counts_as_unfinished_and_late() -> None:
    made = scenario(chain("accept"), "300wd", 1, cases=20)
    made = replace(
        made, promise=Limit.parse("5wd"), arrivals=Arrivals(20, date(2026, 1, 5), date(2026, 2, 27))
    )
    found = estimate(made, 1, 2)
    assert found.estimates["unfinished"].mean > 0.5
    assert found.estimates["on_time"].mean == 0
    assert found.bottleneck == "accept"


def test_units_with_people_of_their_own_work_on_their_own_cases() -> None:
    made = scenario(chain("accept"), "2wh", cases=300)
    profiles = (Profile(0.9, {}, "north"), Profile(0.1, {}, "south"))
    pools = {"north/accept": Pool(1), "south/accept": Pool(1)}
    found = estimate(replace(made, profiles=profiles, pools=pools), 1, 3).estimates
    assert found["post.north/accept.load"].mean == pytest.approx(
        9 * found["post.south/accept.load"].mean, rel=0.4
    )
