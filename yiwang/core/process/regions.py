"""What can be known about a process before it runs: parallel threads, and who can still reach a join."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from yiwang.core.process.model import BOUNDARY, INCLUSIVE, PARALLEL, Flow, Node, Timer, UserTask

# A thread is a stack of (gateway id, set of its branches); () is the main thread.
Thread = tuple[tuple[str, frozenset[str]], ...]


def onward(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> dict[str, tuple[str, ...]]:
    """The nodes that may follow each node directly, by a flow or by a boundary timer on it."""
    following = {}
    for node in nodes.values():
        targets = [flows[flow].target for flow in node.outgoing]
        if isinstance(node, UserTask):
            targets.extend(node.timers)
        following[node.id] = tuple(targets)
    return following


def reachable(start: str, following: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Every node that can be reached from `start`, itself included only when it lies on a circle."""
    seen: set[str] = set()
    stack = list(following[start])
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(following[node])
    return seen


def join_reach(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> dict[str, dict[str, frozenset[str]]]:
    """For each inclusive join: which of its incoming flows a token at each node can still come by.

    Paths through the join itself do not count (BPMN 2.0.2, 13.4.3 Inclusive Gateway).
    """
    before: dict[str, set[str]] = {node: set() for node in nodes}
    for source, targets in onward(nodes, flows).items():
        for target in targets:
            before[target].add(source)
    result = {}
    for join in nodes.values():
        if join.kind != INCLUSIVE or len(join.incoming) < 2:
            continue
        found: dict[str, set[str]] = {}
        for flow in join.incoming:
            stack = [flows[flow].source]
            seen = {join.id}
            while stack:
                node = stack.pop()
                if node in seen:
                    continue
                seen.add(node)
                found.setdefault(node, set()).add(flow)
                stack.extend(before[node])
        result[join.id] = {node: frozenset(ways) for node, ways in found.items()}
    return result


def threads(nodes: Mapping[str, Node], flows: Mapping[str, Flow], start: str) -> dict[str, Thread | None]:
    """The parallel thread in which each node runs; None where branches are not nested cleanly.

    Two tasks of the same thread are never open at once, so a case may go from one back to the other.
    """
    found: dict[str, Thread | None] = {start: ()}
    arrived: dict[str, dict[str, Thread | None]] = {}
    queue = deque([start])
    while queue:
        node = nodes[queue.popleft()]
        thread = found[node.id]
        for target, flow, entering in _leaving(node, thread, nodes, flows):
            arrived.setdefault(target, {})[flow] = entering
            new = _entering(nodes[target], arrived[target], nodes)
            if new is _WAIT:
                continue
            old = found.get(target, _WAIT)
            if old is _WAIT:
                found[target] = new
                queue.append(target)
            elif old is not None and old != new:
                found[target] = None
                queue.append(target)
    return {node: found.get(node) for node in nodes}


_WAIT: Thread = (("", frozenset()),)


def _leaving(node: Node, thread: Thread | None, nodes: Mapping[str, Node], flows: Mapping[str, Flow]):
    splits = node.kind in (PARALLEL, INCLUSIVE) and len(node.outgoing) > 1
    for flow in node.outgoing:
        inner = thread
        if splits and thread is not None:
            inner = (*thread, (node.id, frozenset({flow})))
        yield flows[flow].target, flow, inner
    if isinstance(node, UserTask):
        for timer_id in node.timers:
            timer = nodes[timer_id]
            inner = thread
            if thread is not None and isinstance(timer, Timer) and not timer.interrupting:
                inner = (*thread, (timer_id, frozenset({timer_id})))
            yield timer_id, timer_id, inner


def _entering(node: Node, arrived: Mapping[str, Thread | None], nodes: Mapping[str, Node]) -> Thread | None:
    if node.kind not in (PARALLEL, INCLUSIVE) or len(node.incoming) < 2:
        seen = set(arrived.values())
        return next(iter(seen)) if len(seen) == 1 else None
    if len(arrived) < len(node.incoming):
        return _WAIT
    return _joined(set(arrived.values()), nodes)


def _joined(arrived: set[Thread | None], nodes: Mapping[str, Node]) -> Thread | None:
    """Branches folded into one thread, the deepest gateway first."""
    if None in arrived:
        return None
    stacks = {thread for thread in arrived if thread is not None}
    while len(stacks) > 1:
        deepest = max(len(thread) for thread in stacks)
        if deepest == 0:
            return None
        inner = [thread for thread in stacks if len(thread) == deepest]
        outer, split = inner[0][:-1], inner[0][-1][0]
        same = {thread for thread in inner if thread[:-1] == outer and thread[-1][0] == split}
        branches = frozenset().union(*(thread[-1][1] for thread in same))
        complete = nodes[split].kind != BOUNDARY and branches == frozenset(nodes[split].outgoing)
        folded = outer if complete else (*outer, (split, branches))
        if same == {folded}:
            return None
        stacks = (stacks - same) | {folded}
    return next(iter(stacks))
