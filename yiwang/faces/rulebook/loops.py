"""Where each result of a step leads, and which of them lead back: pure, from the process alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.core.process import Flow, Process, UserTask
from yiwang.core.process.model import EXCLUSIVE


@dataclass(frozen=True, slots=True)
class Way:
    """The result `outcome` of the step `task` leads to the node `target`."""

    task: str
    outcome: str
    target: str


def flow_of(process: Process, task: UserTask, outcome: str) -> Flow | None:
    """The flow that a result takes; None where that depends on more than the result."""
    if len(task.outgoing) != 1:
        return None
    flow = process.flows[task.outgoing[0]]
    gateway = process.nodes[flow.target]
    if gateway.kind != EXCLUSIVE:
        return flow
    for own in gateway.outgoing:
        way = process.flows[own]
        if way.condition is None:
            continue
        if set(way.condition.names) - {"outcome"}:
            return None
        if way.condition({"outcome": outcome}):
            return way
    default = getattr(gateway, "default", "")
    return process.flows.get(default)


def target_of(process: Process, task: UserTask, outcome: str) -> str | None:
    """The node that comes after a result; None where that depends on more than the result."""
    flow = flow_of(process, task, outcome)
    return flow.target if flow else None


def english_outcomes(process: Process, task: UserTask) -> Mapping[str, str]:
    """Outcome -> the English name of the flow that it takes, where the file gives one."""
    found = {}
    for outcome in task.outcomes:
        flow = flow_of(process, task, outcome)
        if flow is not None and flow.name_en:
            found[outcome] = flow.name_en
    return found


def ways_back(process: Process) -> tuple[Way, ...]:
    """The results that lead to a step which comes before, or to the step itself.

    A step aside (to check a report before it is filed) comes back to its own link as planned: that is not in it.
    """
    depth = _depths(process)
    found = []
    for task in process.tasks:
        for outcome in task.outcomes:
            target = target_of(process, task, outcome)
            if target is None:
                continue
            aside = (
                task.link and task.id != target and task.link == getattr(process.nodes[target], "link", "")
            )
            if not aside and task.id in process.later[target] and depth[target] <= depth[task.id]:
                found.append(Way(task.id, outcome, target))
    return tuple(found)


def _depths(process: Process) -> dict[str, int]:
    """How many flows lie between the start and each node, by the shortest way."""
    depth, waiting = {process.start: 0}, [process.start]
    for node in waiting:
        nexts = [process.flows[flow].target for flow in process.nodes[node].outgoing]
        nexts += getattr(process.nodes[node], "timers", ())
        for target in nexts:
            if target not in depth:
                depth[target] = depth[node] + 1
                waiting.append(target)
    return depth
