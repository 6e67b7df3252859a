"""A process rehearsed: what was supposed, today and the variants as one document that page, command and JSON share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yiwang.core.process import Process
from yiwang.core.process.simulation import Estimate, Outcome, compare, reformed
from yiwang.core.process.simulation.flowing import flow
from yiwang.kernel.pace.assumptions import Assumed

MOST_VARIANTS = 6
WHOLE = (
    "days.mean", "days.median", "days.p90", "span.mean", "span.median", "span.p90", "on_time", "unfinished",
)  # fmt: skip


def rehearse(
    assumed: Assumed,
    settings: Sequence[str],
    variants: Mapping[str, Sequence[str]],
    *,
    seed: int = 1,
    replications: int = 10,
    dates: tuple | None = None,
    flowing: bool = False,
) -> dict[str, Any]:
    """Today (after `settings`) and each variant (its settings on top), all with the same cases and the same luck.

    Numbers carry their 95 % confidence interval. `flowing`: also where the cases stand day by day (`flow` of each outcome).
    SimulationError names the setting that is wrong.
    """
    base = assumed.scenario
    if dates:
        base = replace(base, arrivals=replace(base.arrivals, first=dates[0], last=dates[1], warm_up=0))
    today = reformed(base, settings)
    scenarios = {"": today} | {name: reformed(today, own) for name, own in variants.items()}
    outcomes = compare(scenarios, seed, replications)
    changed = {text.partition("=")[0].strip() for text in settings}
    return {
        "process": today.process.id,
        "cases": today.arrivals.cases,
        "first": today.arrivals.first.isoformat(),
        "last": today.arrivals.last.isoformat(),
        "warm_up": today.arrivals.warm_up,
        "promise": str(today.promise) if today.promise else None,
        "seed": seed,
        "replications": replications,
        "supposed": [
            {"entry": one.entry, "value": one.value, "origin": "set" if one.entry in changed else one.origin}
            for one in assumed.values
        ],
        "settings": list(settings),
        "outcomes": [
            _told(outcome, list(variants.get(outcome.name, ())))
            | ({"flow": _flow(outcome, seed)} if flowing else {})
            for outcome in outcomes
        ],
    }


def _told(outcome: Outcome, settings: list[str]) -> dict[str, Any]:
    own = outcome.estimates
    process = outcome.scenario.process
    return {
        "name": outcome.name,
        "settings": settings,
        "promise": str(outcome.scenario.promise) if outcome.scenario.promise else None,
        "whole": {name: _pair(outcome, name) for name in WHOLE if name in own},
        "ends": {name: _number(own[f"end.{name}"].mean) for name in _ends(process) if f"end.{name}" in own},
        "steps": {
            node: {
                name: _pair(outcome, f"step.{node}.{name}")
                for name in ("times", "wait", "work", "on_time")
                if f"step.{node}.{name}" in own
            }
            for node in outcome.scenario.steps
            if f"step.{node}.times" in own
        },
        "posts": {
            name: {
                "people": pool.people,
                **{
                    part: _pair(outcome, f"post.{name}.{part}")
                    for part in ("load", "queue", "wait", "busy")
                    if f"post.{name}.{part}" in own
                },
            }
            for name, pool in outcome.scenario.pools.items()
        },
        "bottleneck": outcome.bottleneck or None,
    }


def _flow(outcome: Outcome, seed: int) -> dict[str, Any]:
    found = flow(outcome.scenario, seed)
    return {
        "days": [day.isoformat() for day in found.days],
        "steps": {node: list(counts) for node, counts in found.steps.items()},
        "came": list(found.came),
        "ended": list(found.ended),
    }


def _ends(process: Process) -> list[str]:
    return [node.id for node in process.nodes.values() if node.kind in ("end", "terminate")]


def _pair(outcome: Outcome, name: str) -> dict[str, Any]:
    found = {"value": _number(outcome.estimates[name].mean)} | _interval(outcome.estimates[name])
    difference = outcome.differences.get(name)
    if difference is not None:
        found["change"] = {"value": _number(difference.mean)} | _interval(difference)
    return found


def _interval(estimate: Estimate) -> dict[str, float | None]:
    return {"low": _number(estimate.low), "high": _number(estimate.high)}


def _number(value: float) -> float | None:
    """None for what has no finite value: too long for the calendar, or a single replication."""
    return round(value, 4) if math.isfinite(value) else None
