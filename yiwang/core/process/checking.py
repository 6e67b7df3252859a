"""Checks of the drawn graph: connections, ways to an end, and that each gateway can always decide."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.core.process.conditions import NotComparable, UnknownName
from yiwang.core.process.model import (
    BOUNDARY,
    END,
    EXCLUSIVE,
    GATEWAYS,
    INCLUSIVE,
    PARALLEL,
    SERVICE,
    START,
    TERMINATE,
    USER,
    Flow,
    Gateway,
    Node,
    ServiceTask,
    UserTask,
)
from yiwang.core.process.problems import Findings
from yiwang.core.process.regions import onward, reachable
from yiwang.core.process.soundness import check_soundness

Nodes = Mapping[str, Node]
Flows = Mapping[str, Flow]
# An outcome that a service may give but does not declare.
ANY = "*"


def check_graph(nodes: Nodes, flows: Flows, findings: Findings) -> None:
    """Adds to `findings` what is wrong with a process whose elements have each been read without error."""
    _check_ends(nodes, findings)
    _check_connections(nodes, flows, findings)
    if findings.failed:
        return
    _check_ways(nodes, flows, findings)
    for node in nodes.values():
        if isinstance(node, Gateway):
            _check_gateway(node, nodes, flows, findings)
    _check_outcomes_used(nodes, flows, findings)
    if not findings.failed:
        check_soundness(nodes, flows, findings)


def _check_ends(nodes: Nodes, findings: Findings) -> None:
    starts = [node for node in nodes.values() if node.kind == START]
    if not starts:
        findings.add("no_start")
    for node in starts[1:]:
        findings.add("many_starts", node.line, node.id)
    if not any(node.kind in (END, TERMINATE) for node in nodes.values()):
        findings.add("no_end")


def _check_connections(nodes: Nodes, flows: Flows, findings: Findings) -> None:
    for node in nodes.values():
        if node.kind == START and node.incoming:
            findings.add("into_start", flows[node.incoming[0]].line, node.id)
        if node.kind == BOUNDARY and node.incoming:
            findings.add("into_boundary", flows[node.incoming[0]].line, node.id)
        if node.kind in (END, TERMINATE):
            if node.outgoing:
                findings.add("out_of_end", flows[node.outgoing[0]].line, node.id)
        elif not node.outgoing:
            findings.add("no_way_on", node.line, node.id)
        elif len(node.outgoing) > 1 and node.kind not in GATEWAYS:
            findings.add("many_ways_on", node.line, node.id)
        if isinstance(node, Gateway) and node.default and node.default not in node.outgoing:
            findings.add("bad_default", node.line, node.id, flow=node.default)


def _check_ways(nodes: Nodes, flows: Flows, findings: Findings) -> None:
    following = onward(nodes, flows)
    start = next(node.id for node in nodes.values() if node.kind == START)
    after_start = reachable(start, following) | {start}
    ends = {node.id for node in nodes.values() if node.kind in (END, TERMINATE)}
    for node in nodes.values():
        if node.id not in after_start:
            findings.add("unreachable", node.line, node.id)
        elif node.id not in ends and not reachable(node.id, following) & ends:
            findings.add("never_ends", node.line, node.id)
    _check_circles(nodes, flows, findings)


def _check_circles(nodes: Nodes, flows: Flows, findings: Findings) -> None:
    """A circle of gateways alone would never come to rest."""
    only = {
        node.id: tuple(
            flows[flow].target for flow in node.outgoing if nodes[flows[flow].target].kind in GATEWAYS
        )
        for node in nodes.values()
        if node.kind in GATEWAYS
    }
    told: set[str] = set()
    for own in only:
        around = {node for node in reachable(own, only) if own in reachable(node, only)}
        if around and own not in told:
            told |= around
            findings.add("circle", nodes[own].line, own, nodes=", ".join(sorted(around)))


def _check_gateway(node: Gateway, nodes: Nodes, flows: Flows, findings: Findings) -> None:
    decides = node.kind in (EXCLUSIVE, INCLUSIVE) and len(node.outgoing) > 1
    for own in node.outgoing:
        flow = flows[own]
        if not decides:
            if flow.condition:
                findings.add("useless_condition", flow.line, own, node=node.id)
        elif own == node.default:
            if flow.condition:
                findings.add("condition_on_default", flow.line, own)
        elif not flow.condition:
            findings.add("condition_missing", flow.line, own, node=node.id)
    conditions = {own: flows[own].condition for own in node.outgoing if flows[own].condition}
    if decides and not findings.failed:
        _check_decision(node, conditions, nodes, flows, findings)


def _check_decision(node: Gateway, conditions: dict, nodes: Nodes, flows: Flows, findings: Findings) -> None:
    sources = outcome_sources(node, nodes, flows)
    outcomes = [(task, outcome) for task, given in sources.items() for outcome in given]
    known = {outcome for _, outcome in outcomes}
    asks_outcome = any("outcome" in condition.names for condition in conditions.values())
    if asks_outcome and not known - {""}:
        findings.add("outcome_before_task", node.line, node.id)
        return
    for own, condition in conditions.items():
        for literal in sorted(condition.literals - known - {""}):
            if ANY not in known:
                named = ", ".join(sorted(known - {""}))
                findings.add("unknown_outcome", flows[own].line, own, outcome=literal, known=named)
    if asks_outcome and _joins_before(node, nodes, flows):
        findings.add("outcome_of_branches", node.line, node.id, severity="warning")
    on_outcome_only = all(condition.names <= {"outcome"} for condition in conditions.values())
    if not on_outcome_only or ANY in known:
        if not node.default:
            findings.add("no_default", node.line, node.id)
        return
    taken = set()
    for task, outcome in outcomes:
        open_flows = [own for own, condition in conditions.items() if _holds(condition, outcome)]
        taken.update(open_flows[:1] if node.kind == EXCLUSIVE else open_flows)
        if not open_flows and not node.default:
            said = outcome or "no outcome (a timer, or an empty list)"
            findings.add("outcome_not_handled", node.line, node.id, task=task, outcome=said)
    for own in conditions:
        if own not in taken and not conditions[own].literals - known:
            findings.add("flow_never_taken", flows[own].line, own, severity="warning")


def _holds(condition, outcome: str) -> bool:
    try:
        return condition({"outcome": outcome})
    except (UnknownName, NotComparable):
        return False


def outcome_sources(node: Node, nodes: Nodes, flows: Flows) -> dict[str, tuple[str, ...]]:
    """For each task whose outcome can be the last one at `node`: the outcomes it can have there.

    An empty outcome stands for none: the start, a boundary timer, a multi-instance task without items.
    """
    found: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    stack = [flows[flow].source for flow in node.incoming]
    while stack:
        source = nodes[stack.pop()]
        if source.id in seen:
            continue
        seen.add(source.id)
        if isinstance(source, UserTask):
            found[source.id] = (*source.outcomes, *([""] if source.items else []))
        elif isinstance(source, ServiceTask):
            if source.outcomes:
                found[source.id] = tuple(source.outcomes)
                continue
            found[source.id] = (ANY,)
            stack.extend(flows[flow].source for flow in source.incoming)
        elif source.kind in (START, BOUNDARY):
            found[source.id] = ("",)
        else:
            stack.extend(flows[flow].source for flow in source.incoming)
    return found


def _joins_before(node: Node, nodes: Nodes, flows: Flows) -> bool:
    """Whether a join lies between the gateway and the tasks before it."""
    seen: set[str] = set()
    stack = [node.id]
    while stack:
        here = nodes[stack.pop()]
        if here.id in seen or here.kind in (USER, SERVICE, BOUNDARY, START):
            continue
        seen.add(here.id)
        if here.kind in (PARALLEL, INCLUSIVE) and len(here.incoming) > 1:
            return True
        stack.extend(flows[flow].source for flow in here.incoming)
    return False


def _check_outcomes_used(nodes: Nodes, flows: Flows, findings: Findings) -> None:
    """Warns where people must choose an outcome that changes nothing."""
    asked: set[str] = set()
    for node in nodes.values():
        if isinstance(node, Gateway):
            conditions = [flows[own].condition for own in node.outgoing]
            if any(condition and "outcome" in condition.names for condition in conditions):
                asked.update(outcome_sources(node, nodes, flows))
    for node in nodes.values():
        if isinstance(node, UserTask) and len(node.outcomes) > 1 and node.id not in asked and not node.items:
            findings.add("outcome_unused", node.line, node.id, severity="warning")
