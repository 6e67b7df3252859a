"""A process found in an event log."""

from __future__ import annotations

import numpy as np
import pytest

from tests.core.process.simulation.permits import permits
from tests.core.process.simulation.scenes import calendar
from yiwang.core.process.simulation import SimulationError, replications
from yiwang.core.process.simulation.clock import DAY
from yiwang.core.process.simulation.logs import Log, fit
from yiwang.core.worktime import Calendar


def made_log(cases: int = 400) -> Log:
    """accept, review (a fifth of the reviews go back to accept), decide; with known days in between."""
    random = np.random.default_rng(5)
    rows = []
    for case in range(cases):
        moment = 1_767_600_000 + case * 3600
        rows.append((str(case), "accept", moment))
        while True:
            moment += int(random.exponential(2 * DAY))
            rows.append((str(case), "review", moment))
            if random.random() >= 0.2:
                break
            moment += DAY
            rows.append((str(case), "accept", moment))
        rows.append((str(case), "decide", moment + 3 * DAY))
    return Log.of_rows(rows)


def simulated(log: Log, cases: int) -> np.ndarray:
    from datetime import date

    long = Calendar.build([], calendar().seasons, 2016, 2050)
    found = fit(log).scenario(long, cases, date(2016, 1, 1), date(2016, 6, 30))
    return np.concatenate([(run.ended - run.arrived) / DAY for run in replications(found, 1, 5)])


def test_a_process_found_takes_as_long_as_the_log_it_was_found_in() -> None:
    log = made_log()
    spans = simulated(log, 400)
    assert np.median(spans) == pytest.approx(np.median(log.spans), rel=0.08)
    assert np.quantile(spans, 0.9) == pytest.approx(np.quantile(log.spans, 0.9), rel=0.1)


def test_a_process_found_has_the_shares_of_the_log() -> None:
    found = fit(made_log())
    assert sorted(found.names.values()) == ["accept", "arrive", "decide", "review"]
    review = next(own for own, name in found.names.items() if name == "review")
    back = next(own for own, name in found.names.items() if name == "accept")
    assert found.steps[review].outcomes[back] == pytest.approx(0.2, abs=0.05)


def test_rare_activities_can_be_left_out_without_losing_their_time() -> None:
    log = made_log(50)
    less = log.frequent(2)
    assert {name for trace in less.traces for name, _moment in trace} == {"accept", "review"}
    assert less.spans + 3 == pytest.approx(log.spans)  # deciding, which was left out, came three days later


def test_an_empty_or_too_wild_log_is_refused() -> None:
    with pytest.raises(SimulationError, match="no case"):
        fit(Log(()))
    rows = [("1", f"activity {number}", number) for number in range(400)]
    with pytest.raises(SimulationError, match="frequent"):
        fit(Log.of_rows(rows))


@pytest.mark.parametrize(
    "name", ["wabo_receipt", "bpic15_phase_muni1", "bpic15_phase_muni2", "bpic15_phase_muni3"]
)
def test_real_permits_take_as_long_in_the_simulation_as_the_cases_it_was_fitted_on(name: str) -> None:
    """How well it foretells later cases is measured, not asserted: docs/simulation.md has the figures."""
    first, _later = permits(name).split(0.7)
    spans = simulated(first.frequent(), len(first.traces))
    assert spans.mean() == pytest.approx(first.spans.mean(), rel=0.15)
    assert abs(np.median(spans) - np.median(first.spans)) <= max(1, 0.25 * np.median(first.spans))
