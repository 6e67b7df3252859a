"""The engine: a pure function from a state and an event to the next state and what changed.

Joins. A parallel join fires when every incoming flow has a token, and takes one from each. An
inclusive join fires when it has a token and no token elsewhere can still come by one of its empty
incoming flows, unless that token could also come by an incoming flow that has a token already
(BPMN 2.0.2, 13.4.3). A running boundary timer counts as a token that can come.

`outcome` in a condition is the outcome of the last task completed on the way to the gateway; after a
join, of the branch that came last. It is empty before the first task, after a boundary timer, and
after a multi-instance task whose list was empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.core.process.conditions import NotComparable, UnknownName
from yiwang.core.process.errors import ConditionError, StepError
from yiwang.core.process.model import (
    BOUNDARY,
    END,
    EXCLUSIVE,
    INCLUSIVE,
    PARALLEL,
    SERVICE,
    START,
    TERMINATE,
    TIMER,
    USER,
    Gateway,
    Node,
    Process,
    UserTask,
)
from yiwang.core.process.state import (
    Cancel,
    ClosedTask,
    Complete,
    Event,
    OpenTask,
    Reenter,
    SendBack,
    ServiceCall,
    ServiceDone,
    State,
    Step,
    TimerFired,
    TimerSet,
    Token,
)

MOVES_AT_MOST = 10_000


def start(process: Process, data: Mapping[str, Any]) -> Step:
    """The first step of a new case. Raises StepError or ConditionError."""
    run = _Run(process, State(), data)
    run.leave(process.nodes[process.start], "")
    return run.finish()


def step(process: Process, state: State, event: Event, data: Mapping[str, Any]) -> Step:
    """What `event` changes in `state`; `data` holds the values that conditions and lists read.

    The given state is left as it is. Raises StepError when the state does not allow the event, and
    ConditionError when a condition lacks a value; then nothing has happened.
    """
    own = getattr(event, "data", None)
    run = _Run(process, state, {**data, **own} if own else data)
    if isinstance(event, Complete):
        run.complete(event)
    elif isinstance(event, TimerFired):
        run.fire_timer(event)
    elif isinstance(event, ServiceDone):
        run.service_done(event)
    elif isinstance(event, SendBack):
        run.send_back(event)
    elif isinstance(event, Reenter):
        run.reenter(event)
    elif isinstance(event, Cancel):
        run.clear("cancelled")
    else:
        raise TypeError(f"not an event of a process: {event!r}")
    return run.finish()


def may_send_back(process: Process, from_node: str, to_node: str) -> str:
    """Empty when an open task `from_node` may go back to `to_node`, else the code of the StepError."""
    task, target = process.nodes.get(from_node), process.nodes.get(to_node)
    if not isinstance(task, UserTask):
        return "not_a_task"
    if not isinstance(target, UserTask):
        return "no_such_task"
    if from_node == to_node or from_node not in process.later[to_node]:
        return "not_earlier"
    if task.items:
        return "part_of_many"
    here, there = process.threads[from_node], process.threads[to_node]
    if here is None or here != there:
        return "crosses_parallel"
    return ""


def send_back_targets(process: Process, node: str) -> tuple[UserTask, ...]:
    """The earlier tasks to which an open task `node` may go back, in file order."""
    return tuple(task for task in process.tasks if not may_send_back(process, node, task.id))


class _Run:
    """One step in the making."""

    __slots__ = (
        "process", "nodes", "flows", "data", "tokens", "first", "next", "moves", "made",
        "opened", "closed", "timers_set", "timers_cancelled", "services", "end",
    )  # fmt: skip

    def __init__(self, process: Process, state: State, data: Mapping[str, Any]):
        self.process = process
        self.nodes = process.nodes
        self.flows = process.flows
        self.data = data
        self.tokens = {token.id: token for token in state.tokens}
        self.first = self.next = state.next
        self.moves: deque[tuple[str, str]] = deque()
        self.made = 0
        self.opened: list[OpenTask] = []
        self.closed: list[ClosedTask] = []
        self.timers_set: list[TimerSet] = []
        self.timers_cancelled: list[int] = []
        self.services: list[ServiceCall] = []
        self.end = ""

    # The events

    def complete(self, event: Complete) -> None:
        token, node = self.find(event.token, USER, "not_a_task")
        if event.outcome not in node.outcomes:
            allowed = ", ".join(node.outcomes)
            raise StepError("unknown_outcome", outcome=event.outcome, node=node.id, allowed=allowed)
        del self.tokens[token.id]
        self.closed.append(ClosedTask(token.id, node.id, event.outcome, "completed"))
        if node.items and any(self.parts(node, token.group)):
            return
        self.drop_timers(node, token.group)
        self.leave(node, event.outcome)

    def fire_timer(self, event: TimerFired) -> None:
        token = self.tokens.get(event.token)
        if token is None:
            raise StepError("no_token", token=event.token)
        node = self.nodes[token.node]
        if node.kind not in (TIMER, BOUNDARY):
            raise StepError("not_a_timer", node=node.id)
        del self.tokens[token.id]
        if node.kind == TIMER:
            self.leave(node, token.outcome)
            return
        if node.interrupting:
            host = self.nodes[node.host]
            for part in list(self.parts(host, token.group)):
                self.close(part, "interrupted")
            self.drop_timers(host, token.group)
        self.leave(node, "")

    def service_done(self, event: ServiceDone) -> None:
        token, node = self.find(event.token, SERVICE, "not_a_service")
        if node.outcomes and event.result not in node.outcomes:
            allowed = ", ".join(node.outcomes)
            raise StepError("unknown_outcome", outcome=event.result, node=node.id, allowed=allowed)
        del self.tokens[token.id]
        self.leave(node, event.result or token.outcome)

    def send_back(self, event: SendBack) -> None:
        token, node = self.find(event.token, USER, "not_a_task")
        refusal = may_send_back(self.process, node.id, event.to_node)
        if refusal:
            raise StepError(
                refusal, node=event.to_node if refusal == "no_such_task" else node.id, to=event.to_node
            )
        self.close(token, "sent_back")
        self.drop_timers(node, token.group)
        self.enter(self.nodes[event.to_node], "", "")

    def reenter(self, event: Reenter) -> None:
        node = self.nodes.get(event.node)
        if not isinstance(node, UserTask):
            raise StepError("no_such_task", node=event.node)
        if self.tokens:
            raise StepError("still_open", node=event.node)
        self.enter(node, "", "")

    # Tokens

    def find(self, token_id: int, kind: str, otherwise: str) -> tuple[Token, Any]:
        token = self.tokens.get(token_id)
        if token is None:
            raise StepError("no_token", token=token_id)
        node = self.nodes[token.node]
        if node.kind != kind:
            raise StepError(otherwise, node=node.id)
        return token, node

    def add(self, node: Node, **extra: Any) -> Token:
        token = Token(self.next, node.id, **extra)
        self.next += 1
        self.tokens[token.id] = token
        return token

    def parts(self, node: Node, group: int) -> Iterable[Token]:
        return (token for token in self.tokens.values() if token.node == node.id and token.group == group)

    def close(self, token: Token, reason: str) -> None:
        del self.tokens[token.id]
        self.closed.append(ClosedTask(token.id, token.node, "", reason))

    def drop_timers(self, task: UserTask, group: int) -> None:
        for timer in task.timers:
            for token in list(self.parts(self.nodes[timer], group)):
                del self.tokens[token.id]
                self.timers_cancelled.append(token.id)

    def clear(self, reason: str) -> None:
        self.moves.clear()
        for token in list(self.tokens.values()):
            kind = self.nodes[token.node].kind
            if kind == USER:
                self.closed.append(ClosedTask(token.id, token.node, "", reason))
            elif kind in (TIMER, BOUNDARY):
                self.timers_cancelled.append(token.id)
        self.tokens.clear()

    # Movement

    def leave(self, node: Node, outcome: str) -> None:
        for flow in node.outgoing:
            self.moves.append((flow, outcome))

    def settle(self) -> None:
        """Moves every token on until each one rests at a task, a timer, a service or a join."""
        while True:
            while self.moves:
                flow, outcome = self.moves.popleft()
                self.made += 1
                if self.made > MOVES_AT_MOST:
                    raise StepError("endless", node=self.flows[flow].target)
                self.enter(self.nodes[self.flows[flow].target], flow, outcome)
            if not self.process.reach or not self.release_inclusive():
                return

    def enter(self, node: Node, flow: str, outcome: str) -> None:
        kind = node.kind
        if kind == USER:
            self.open(node)
        elif kind == EXCLUSIVE:
            self.moves.append((self.choose(node, outcome), outcome))
        elif kind == PARALLEL:
            self.join_parallel(node, flow, outcome)
        elif kind == INCLUSIVE:
            if len(node.incoming) > 1:
                self.add(node, flow=flow, outcome=outcome)
            else:
                self.split_inclusive(node, outcome)
        elif kind == SERVICE:
            token = self.add(node, outcome=outcome)
            self.services.append(ServiceCall(token.id, node.id, node.action))
        elif kind == TIMER:
            token = self.add(node, outcome=outcome)
            self.timers_set.append(TimerSet(token.id, node.id, node.duration))
        elif kind == END:
            self.end = node.id
        elif kind == TERMINATE:
            self.end = node.id
            self.clear("terminated")
        elif kind != START:
            raise TypeError(f"a token cannot enter {node!r}")

    def open(self, node: UserTask) -> None:
        items: Iterable[Any] = (None,)
        if node.items:
            items = self.items(node)
            if not items:
                self.leave(node, "")
                return
        group = self.next if node.items or node.timers else 0
        for item in items:
            token = self.add(node, group=group, item=item)
            self.opened.append(OpenTask(token.id, node.id, item))
        for timer_id in node.timers:
            timer = self.nodes[timer_id]
            token = self.add(timer, group=group)
            self.timers_set.append(TimerSet(token.id, timer_id, timer.duration, group))

    def items(self, node: UserTask) -> list | tuple:
        items = self.data.get(node.items)
        if not isinstance(items, list | tuple) or not all(isinstance(item, str | int) for item in items):
            raise StepError("no_list", node=node.id, name=node.items)
        return items

    def join_parallel(self, node: Gateway, flow: str, outcome: str) -> None:
        if len(node.incoming) == 1:
            self.leave(node, outcome)
            return
        self.add(node, flow=flow, outcome=outcome)
        waiting: dict[str, int] = {}
        for token in self.tokens.values():
            if token.node == node.id:
                waiting.setdefault(token.flow, token.id)
        if len(waiting) == len(node.incoming):
            for token_id in waiting.values():
                del self.tokens[token_id]
            self.leave(node, outcome)

    def release_inclusive(self) -> bool:
        """Fires the first inclusive join that need not wait any longer, if there is one."""
        for join_id, reach in self.process.reach.items():
            waiting: dict[str, Token] = {}
            others = []
            for token in self.tokens.values():
                if token.node != join_id:
                    others.append(reach.get(token.node, frozenset()))
                elif token.flow not in waiting:
                    waiting[token.flow] = token
            if not waiting or any(ways and ways.isdisjoint(waiting) for ways in others):
                continue
            for token in waiting.values():
                del self.tokens[token.id]
            last = max(waiting.values())
            self.split_inclusive(self.nodes[join_id], last.outcome)
            return True
        return False

    # Choices

    def choose(self, node: Gateway, outcome: str) -> str:
        if len(node.outgoing) == 1:
            return node.outgoing[0]
        for flow in node.outgoing:
            if flow != node.default and self.holds(flow, outcome):
                return flow
        if node.default:
            return node.default
        raise StepError("no_way_out", node=node.id)

    def split_inclusive(self, node: Gateway, outcome: str) -> None:
        chosen = [flow for flow in node.outgoing if flow != node.default and self.holds(flow, outcome)]
        if not chosen:
            if not node.default:
                raise StepError("no_way_out", node=node.id)
            chosen = [node.default]
        self.moves.extend((flow, outcome) for flow in chosen)

    def holds(self, flow: str, outcome: str) -> bool:
        condition = self.flows[flow].condition
        if condition is None:
            return True
        try:
            return condition(_WithOutcome(self.data, outcome))
        except UnknownName as missing:
            raise ConditionError("missing_name", flow=flow, name=missing.name) from None
        except NotComparable as reason:
            raise ConditionError("bad_value", flow=flow, reason=str(reason)) from None

    # The result

    def finish(self) -> Step:
        self.settle()
        resting = [token for token in self.tokens.values() if token.flow]
        if resting and len(resting) == len(self.tokens):
            raise StepError("deadlock", node=resting[0].node)
        live, first = self.tokens, self.first
        return Step(
            state=State(tuple(live.values()), self.next),
            opened=tuple(task for task in self.opened if task.token in live),
            closed=tuple(task for task in self.closed if task.token < first),
            timers_set=tuple(timer for timer in self.timers_set if timer.token in live),
            timers_cancelled=tuple(token for token in self.timers_cancelled if token < first),
            services=tuple(call for call in self.services if call.token in live),
            ended=not live,
            end="" if live else self.end,
        )


class _WithOutcome:
    """The data of a case with `outcome` on top, without copying it."""

    __slots__ = ("data", "outcome")

    def __init__(self, data: Mapping[str, Any], outcome: str):
        self.data = data
        self.outcome = outcome

    def __getitem__(self, name: str) -> Any:
        return self.outcome if name == "outcome" else self.data[name]
