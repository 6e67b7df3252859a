"""Today and its variants in one report: each figure with its confidence interval, and the paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiwang.core.process.simulation.measuring import Estimate, Figures, figures
from yiwang.core.process.simulation.running import replications
from yiwang.core.process.simulation.scenario import Scenario

WAITS = 0.25  # office hours a case: less waiting than this is no bottleneck


@dataclass(frozen=True)
class Outcome:
    """The figures of one scenario over all replications. `differences` are against the first scenario of a report."""

    name: str
    scenario: Scenario
    runs: tuple[Figures, ...]
    estimates: Mapping[str, Estimate]
    differences: Mapping[str, Estimate]

    @property
    def bottleneck(self) -> str:
        """The post for which cases wait longest in all; empty when they hardly wait for anybody."""
        waits = {
            name: self.estimates[f"post.{name}.wait"].mean
            for name, pool in self.scenario.pools.items()
            if pool.people is not None
        }
        longest = max(waits, key=waits.__getitem__, default="")
        return longest if longest and waits[longest] >= WAITS else ""


def estimate(
    scenario: Scenario, seed: int, count: int, name: str = "", first: Outcome | None = None
) -> Outcome:
    """Plays `count` replications. With `first`, the differences to it are taken replication by replication."""
    runs = tuple(figures(run) for run in replications(scenario, seed, count))
    differences = {}
    if first is not None:
        pairs = list(zip(runs, first.runs, strict=True))
        names = [key for key in runs[0] if key in first.runs[0]]
        differences = {key: Estimate.of(one[key] - other[key] for one, other in pairs) for key in names}
    return Outcome(name, scenario, runs, _estimates(runs), differences)


def compare(scenarios: Mapping[str, Scenario], seed: int, count: int) -> Sequence[Outcome]:
    """One outcome for each scenario; all meet the same cases and the same luck. The first is what others differ from."""
    found: list[Outcome] = []
    for name, scenario in scenarios.items():
        found.append(estimate(scenario, seed, count, name, found[0] if found else None))
    return found


def _estimates(runs: tuple[Figures, ...]) -> dict[str, Estimate]:
    return {key: Estimate.of(run[key] for run in runs) for key in runs[0]}
