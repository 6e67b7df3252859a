"""Proof by exhaustion that a process never gets stuck and opens no task twice.

The data is left out: an exclusive gateway may take any of its ways, an inclusive gateway any set of
them. What remains is a finite game of tokens on flows, played through to the last position, unless
there are more than MAX_STATES of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from yiwang.core.process.model import (
    BOUNDARY,
    END,
    EXCLUSIVE,
    INCLUSIVE,
    PARALLEL,
    START,
    TERMINATE,
    Flow,
    Node,
    Timer,
    UserTask,
)
from yiwang.core.process.problems import Findings
from yiwang.core.process.regions import join_reach

MAX_STATES = 20_000
# A position: the flows that hold a token. A token before a task stands for the open task.
Marking = frozenset[str]


def check_soundness(nodes: Mapping[str, Node], flows: Mapping[str, Flow], findings: Findings) -> None:
    """Adds deadlock, open_twice or not_verified to `findings`."""
    game = _Game(nodes, flows, findings)
    game.play()
    # What only a non-interrupting timer opens twice may be meant: a reminder can repeat.
    if any(isinstance(node, Timer) and not node.interrupting for node in nodes.values()):
        game.reminders = True
        game.play()


class _Game:
    def __init__(self, nodes: Mapping[str, Node], flows: Mapping[str, Flow], findings: Findings):
        self.nodes = nodes
        self.flows = flows
        self.findings = findings
        self.reach = join_reach(nodes, flows)
        self.told: set[tuple[str, str]] = set()
        self.reminders = False

    def play(self) -> None:
        start = next(node for node in self.nodes.values() if node.kind == START)
        first: Marking = frozenset(start.outgoing)
        seen = {first}
        stack = [first]
        while stack:
            marking = stack.pop()
            moved = False
            for following in self.moves(marking):
                moved = True
                if len(seen) > MAX_STATES:
                    break
                if following not in seen:
                    seen.add(following)
                    stack.append(following)
            if marking and not moved:
                self.stuck(marking)
            if len(seen) > MAX_STATES:
                self.tell("not_verified", start, "warning", states=MAX_STATES)
                return

    def stuck(self, marking: Marking) -> None:
        for place in sorted(marking):
            join = self.nodes[self.flows[place].target]
            self.tell("deadlock", join, "error")

    def tell(self, code: str, node: Node, severity: str, **params: object) -> None:
        if (code, node.id) not in self.told:
            self.told.add((code, node.id))
            self.findings.add(code, node.line, node.id, severity=severity, **params)

    def moves(self, marking: Marking) -> Iterator[Marking]:
        """Every position that can come next. Moves that are nobody's choice are taken at once."""
        choices: list[Node] = []
        for node_id in sorted({self.flows[place].target for place in marking if place in self.flows}):
            node = self.nodes[node_id]
            if node.kind == PARALLEL:
                if all(flow in marking for flow in node.incoming):
                    yield from self.put(marking - frozenset(node.incoming), [node.outgoing])
                    return
            elif node.kind == END:
                yield marking - frozenset(node.incoming)
                return
            else:
                choices.append(node)
        for node in choices:
            yield from self.fire(node, marking)

    def fire(self, node: Node, marking: Marking) -> Iterator[Marking]:
        if node.kind == TERMINATE:
            yield frozenset()
            return
        if node.kind == INCLUSIVE:
            if len(node.incoming) > 1 and not self.may_join(node, marking):
                return
            sizes = range(1, len(node.outgoing) + 1)
            sets = (chosen for size in sizes for chosen in combinations(node.outgoing, size))
            yield from self.put(marking - frozenset(node.incoming), sets)
            return
        for flow in node.incoming:
            if flow in marking:
                rest = marking - {flow}
                if node.kind == EXCLUSIVE:
                    yield from self.put(rest, [(way,) for way in node.outgoing])
                else:
                    yield from self.put(rest, self.ways_out(node))

    def ways_out(self, node: Node) -> list[tuple[str, ...]]:
        """A task ends by itself, with any of its reminders before, or by an interrupting timer."""
        ways = [node.outgoing]
        if not isinstance(node, UserTask):
            return ways
        timers = [self.nodes[timer] for timer in node.timers]
        for timer in timers:
            if self.reminders and isinstance(timer, Timer) and not timer.interrupting:
                ways += [(*way, *timer.outgoing) for way in ways]
        for timer in timers:
            if isinstance(timer, Timer) and timer.interrupting and timer.kind == BOUNDARY:
                ways.append(timer.outgoing)
        return ways

    def put(self, marking: Marking, ways: Iterable[tuple[str, ...]]) -> Iterator[Marking]:
        for way in ways:
            twice = [flow for flow in way if flow in marking or self.task_is_open(flow, marking)]
            for flow in twice:
                severity = "warning" if self.reminders else "error"
                self.tell("open_twice", self.nodes[self.flows[flow].target], severity)
            yield marking | frozenset(way)

    def task_is_open(self, flow: str, marking: Marking) -> bool:
        """Whether the task that this flow leads to holds a token by another of its flows."""
        target = self.nodes[self.flows[flow].target]
        if target.kind in (END, TERMINATE, PARALLEL, INCLUSIVE):
            return False
        return any(other in marking for other in target.incoming if other != flow)

    def may_join(self, join: Node, marking: Marking) -> bool:
        arrived = marking.intersection(join.incoming)
        for place in marking - arrived:
            ways = self.reach[join.id].get(self.flows[place].target, frozenset())
            if ways and ways.isdisjoint(arrived):
                return False
        return True
