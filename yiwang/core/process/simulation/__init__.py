"""Simulation: a year of cases of a process through staff, calendars and chances; a reform before it is enacted."""

from yiwang.core.process.simulation.comparing import Outcome, compare, estimate
from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.simulation.lengths import Length
from yiwang.core.process.simulation.measuring import Estimate, figures
from yiwang.core.process.simulation.reforms import reformed
from yiwang.core.process.simulation.running import Run, replications
from yiwang.core.process.simulation.scenario import Arrivals, Pool, Profile, Scenario, StepPlan

__all__ = [
    "Arrivals", "Estimate", "Length", "Outcome", "Pool", "Profile", "Run", "Scenario", "SimulationError", "StepPlan",
    "compare", "estimate", "figures", "reformed", "replications",
]  # fmt: skip
