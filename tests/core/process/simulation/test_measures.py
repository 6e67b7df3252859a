"""Confidence intervals and the paired report."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tests.core.process.simulation.scenes import chain, scenario
from yiwang.core.process.simulation import Estimate, compare, reformed
from yiwang.core.process.simulation.measuring import t_quantile


@pytest.mark.parametrize("degrees", [1, 2, 9, 30, 31, 60, 150])
def test_the_quantile_of_student_is_scipys(degrees: int) -> None:
    assert t_quantile(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), abs=0.002)


def test_an_interval_holds_the_true_mean_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(1)
    found = [Estimate.of(random.normal(5, 2, 10).tolist()) for _ in range(2000)]
    assert 0.93 <= np.mean([one.low <= 5 <= one.high for one in found]) <= 0.97


def test_one_run_has_no_interval_and_what_never_ends_has_no_mean() -> None:
    assert math.isnan(Estimate.of([3.0]).low)
    assert math.isinf(Estimate.of([3.0, math.inf]).mean)


def test_the_same_scenario_twice_differs_by_nothing_at_all() -> None:
    made = scenario(chain("accept", "decide"), cases=100)
    _first, second = compare({"": made, "again": made}, 1, 4)
    assert all(one.mean == one.low == one.high == 0 for one in second.differences.values())


def test_paired_runs_tell_small_differences_apart_that_single_runs_do_not() -> None:
    made = scenario(chain("accept", "decide"), "lognormal 1wh 4wh", 1, cases=200)
    today, faster = compare({"": made, "faster": reformed(made, ["work.accept=*0.97"])}, 1, 10)
    paired = faster.differences["span.mean"]
    single = faster.estimates["span.mean"]
    assert paired.high - paired.low < (single.high - single.low) / 2
    assert faster.bottleneck in ("accept", "decide") and today.bottleneck in ("accept", "decide")
