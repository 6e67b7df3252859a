"""Every position that a case can be in, found by playing the engine itself.

The simulation does not interpret BPMN a second time: `step` is asked once for each position and each thing that can
happen there, and the loop then only looks up the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.core.process.errors import StepError
from yiwang.core.process.model import BOUNDARY, INCLUSIVE, PARALLEL, SERVICE, TIMER, USER, Process
from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.state import Complete, Event, ServiceDone, State, Step, TimerFired, Token
from yiwang.core.process.stepping import start, step

MOST_MOVES = 300_000
Place = tuple[str, Any]  # a node, and the item of a part of a multi-instance task


@dataclass(frozen=True, slots=True)
class Move:
    """At `position`, `outcome` at `place` leads to position `next`: what opens, what is closed beside it, the end."""

    position: int
    place: Place | None
    outcome: str
    next: int
    opened: tuple[Place, ...]
    closed: tuple[Place, ...]
    end: str


@dataclass(slots=True)
class Positions:
    """The moves of one process under one set of data. The first move starts a case."""

    moves: list[Move] = field(default_factory=list)
    count: int = 0

    @classmethod
    def explore(
        cls, process: Process, data: Mapping[str, Any], chances: Mapping[str, Mapping[str, float]]
    ) -> Positions:
        """All that can be reached with chances above zero. SimulationError when that is too much or never ends."""
        return _Explorer(process, data, chances).explore()


class _Explorer:
    def __init__(self, process: Process, data: Mapping[str, Any], chances: Mapping[str, Mapping[str, float]]):
        self.process, self.data, self.chances = process, data, chances
        self.numbers: dict[State, int] = {}
        self.waiting: list[State] = []
        self.found = Positions()

    def explore(self) -> Positions:
        self.take(-1, None, "", None, self.step_of(lambda: start(self.process, self.data)))
        while self.waiting:
            state = self.waiting.pop()
            number = self.numbers[state]
            for token in state.tokens:
                for outcome, event in self.events(token):
                    after = self.step_of(lambda s=state, e=event: step(self.process, s, e, self.data))
                    self.take(number, token, outcome, state, after)
        self.found.count = len(self.numbers)
        _check_ends(self.found)
        return self.found

    def step_of(self, ask) -> Step:
        try:
            return ask()
        except StepError as error:
            name = error.params.get("name")
            where = f"data.{name}" if name else "process"
            raise SimulationError(error.code, where, str(error)) from None

    def events(self, token: Token) -> Iterator[tuple[str, Event]]:
        node = self.process.nodes[token.node]
        if token.flow:
            return
        if node.kind in (TIMER, BOUNDARY):
            yield "", TimerFired(token.id)
            return
        for outcome in possible(self.process, node.id, self.chances):
            yield (
                outcome,
                Complete(token.id, outcome) if node.kind == USER else ServiceDone(token.id, outcome),
            )

    def take(self, number: int, token: Token | None, outcome: str, before: State | None, after: Step) -> None:
        own = token.id if token else 0
        first = before.next if before else 1
        alive = {one.id for one in after.state.tokens}
        closed = tuple(
            place_of(one)
            for one in (before.tokens if before else ())
            if one.id != own and one.id not in alive and not one.flow
        )
        opened = tuple(place_of(one) for one in after.state.tokens if one.id >= first and not one.flow)
        state = canonical(self.process, after.state)
        if state not in self.numbers:
            self.check_places(state)
            self.numbers[state] = len(self.numbers)
            self.waiting.append(state)
        if len(self.found.moves) >= MOST_MOVES:
            raise SimulationError(
                "too_many", "process",
                f"it has more than {MOST_MOVES} moves, since much can be open at once: simulate its parts",
            )  # fmt: skip
        place = place_of(token) if token else None
        self.found.moves.append(
            Move(
                number, place, outcome, self.numbers[state], opened, closed, after.end if after.ended else ""
            )
        )

    def check_places(self, state: State) -> None:
        places = [place_of(token) for token in state.tokens if not token.flow]
        for place in places:
            if places.count(place) > 1:
                raise SimulationError(
                    "open_twice", f"steps.{place[0]}", "it can be open twice at once, which is not simulated"
                )


def possible(process: Process, node: str, chances: Mapping[str, Mapping[str, float]]) -> Iterable[str]:
    """The outcomes of a task or service that have a chance."""
    given = chances.get(node)
    if given is not None:
        return [outcome for outcome, chance in given.items() if chance > 0]
    found = process.nodes[node]
    if found.kind == SERVICE:
        return list(found.outcomes)[:1] or [""]
    return list(found.outcomes)


def place_of(token: Token) -> Place:
    return token.node, token.item


def canonical(process: Process, state: State) -> State:
    """The same position with token ids that depend on the position alone.

    What no later step can ask is dropped: the outcome of a token that waits at a parallel join, and at an inclusive
    join that of every token but the last.
    """
    last: dict[str, int] = {}
    for token in state.tokens:
        if token.flow:
            last[token.node] = max(last.get(token.node, 0), token.id)
    rows = []
    for token in state.tokens:
        waits = bool(token.flow)
        kind = process.nodes[token.node].kind
        final = waits and kind == INCLUSIVE and last[token.node] == token.id
        drop = waits and (kind == PARALLEL or (kind == INCLUSIVE and not final))
        rows.append(((token.node, final, token.flow, str(token.item)), token, "" if drop else token.outcome))
    rows.sort(key=lambda row: row[0])
    groups: dict[int, int] = {}
    for number, (_key, token, _outcome) in enumerate(rows, start=1):
        if token.group:
            groups.setdefault(token.group, number)
    tokens = tuple(
        Token(number, token.node, token.flow, groups.get(token.group, 0), token.item, outcome)
        for number, (_key, token, outcome) in enumerate(rows, start=1)
    )
    return State(tokens, len(tokens) + 1)


def _check_ends(found: Positions) -> None:
    """SimulationError when a case can come where no chance leads to an end any more."""
    back: dict[int, list[int]] = {}
    good = []
    for move in found.moves:
        if move.end:
            good.append(move.next)
        back.setdefault(move.next, []).append(move.position)
    seen = set(good)
    while good:
        for before in back.get(good.pop(), ()):
            if before not in seen:
                seen.add(before)
                good.append(before)
    for move in found.moves:
        if move.position >= 0 and move.position not in seen:
            raise SimulationError(
                "never_ends",
                f"steps.{move.place[0]}.outcomes",
                "with these chances a case never ends from here on",
            )
