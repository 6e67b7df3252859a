"""Where the cases of a played year stand: what came and did not end is open somewhere."""

from __future__ import annotations

import numpy as np

from tests.core.process.simulation import scenes
from yiwang.core.process.simulation import loop
from yiwang.core.process.simulation.clock import DAY
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.core.process.simulation.flowing import NOON, flow
from yiwang.core.process.simulation.running import run
from yiwang.core.worktime.moment import day_of

SCENARIO = scenes.scenario(scenes.chain("a", "b", "c"), cases=900)


def test_what_is_open_at_a_step_is_counted_as_a_person_would_count_it():
    scenario = SCENARIO
    found, played = flow(scenario, 7), run(compile_scenario(scenario), 7)
    for at in (20, 100, len(found.days) - 1):
        moment = day_of(found.days[at]) * DAY + NOON
        jobs = played.jobs
        open_now = jobs[(jobs[:, loop.OPENED] <= moment) & (jobs[:, loop.DONE] > moment)]
        counts = {}
        for place in open_now[:, loop.PLACE]:
            node = played.compiled.places[place][0]
            counts[node] = counts.get(node, 0) + 1
        assert {node: rows[at] for node, rows in found.steps.items() if rows[at]} == {
            node: count for node, count in counts.items() if node in found.steps
        }
        assert found.came[at] - found.ended[at] == int(
            np.sum((played.arrived <= moment) & (played.ended > moment))
        )


def test_a_long_period_takes_every_so_many_days():
    assert len(flow(SCENARIO, 1, most=50).days) <= 50
