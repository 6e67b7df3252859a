"""In which turn each node of a graph is computed, and what waits for a later turn.

Persons and households take turns: what households know of themselves (turn 0), what persons make of it (1), what
households make of the sums over their members (2), and so on. A node has its turn as late as those that need it allow,
so that little has to wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.core.policy.columns import HOUSEHOLD, PERSON
from yiwang.core.policy.fused.recording import CannotRecord, Graph, Node

REDUCTIONS = {"sum": "add", "most": "maximum", "least": "minimum"}


@dataclass(frozen=True, slots=True)
class Output:
    """What is kept of one programme: the state of each; of those who are entitled the amount, and whether unknown."""

    state: int
    amount: int | None = None
    unknown: int | None = None

    @property
    def amounts(self) -> tuple[int, ...]:
        return tuple(n for n in (self.amount, self.unknown) if n is not None)


class Order:
    """`needed`: nodes that are computed of everybody, `late`: only of those who are entitled; `turn` of each needed one.

    `scratch`: of each node that waits, whose it is and how many bytes stand before it for each row of a block;
    `sizes`: the bytes of a row altogether.
    """

    def __init__(self, graph: Graph, outputs: Iterable[Output]):
        self.nodes, self.outputs = graph.nodes, tuple(outputs)
        self._roots = [one.state for one in self.outputs]
        self.needed, self.late = self._sorted_out()
        self.turn = self._turns()
        self.scratch: dict[int, tuple[str, int]] = {}
        self.sizes = {PERSON: 0, HOUSEHOLD: 0}
        self._wait()

    @property
    def reductions(self) -> list[int]:
        return [n for n in self.turn if self.nodes[n].op in REDUCTIONS]

    def _under(self, roots: Iterable[int], seen: set[int]) -> set[int]:
        open_ = list(roots)
        while open_:
            n = open_.pop()
            if n not in seen:
                seen.add(n)
                open_ += self.nodes[n].args
        return seen

    def _sorted_out(self) -> tuple[list[int], list[int]]:
        amounts = self._under((n for one in self.outputs for n in one.amounts), set())
        # A sum over members takes part in the turns, whoever asks for it.
        self._roots += [n for n in sorted(amounts) if self.nodes[n].op in REDUCTIONS]
        of_all = self._under(self._roots, set())
        return sorted(of_all), sorted(amounts - of_all)

    def _turns(self) -> dict[int, int]:
        early: dict[int, int] = {}
        for n in self.needed:
            one = self.nodes[n]
            if not is_leaf(one):
                early[n] = self._earliest(one, early)
        late = {n: early[n] for n in self._roots}
        for n in reversed(self.needed):
            if n not in early:
                continue
            one = self.nodes[n]
            for arg in one.args:
                if arg in early:
                    latest = late[n] - _steps(one)
                    late[arg] = min(late.get(arg, latest), latest)
        return late

    def _earliest(self, one: Node, early: dict[int, int]) -> int:
        """Households have the even turns, persons the odd ones."""
        turn = 1 if one.entity is PERSON else 2 if one.op in REDUCTIONS else 0
        for arg in one.args:
            of = self.nodes[arg]
            if of.entity is not None and (of.entity is not one.entity) != bool(_steps(one)):
                raise CannotRecord("persons mixed with households")
            turn = max(turn, early.get(arg, 0) + _steps(one))
        return turn

    def _wait(self) -> None:
        for n in self.needed:
            if n not in self.turn:
                continue
            one = self.nodes[n]
            if one.op in REDUCTIONS:
                self._room(n)
            for arg in one.args:
                # The members' values are added up in the turn before.
                used = self.turn[n] - 1 if one.op in REDUCTIONS else self.turn[n]
                if self.turn.get(arg, used) != used:
                    self._room(arg)
        for n in self.late:
            for arg in self.nodes[n].args:
                self._room(arg)
        for output in self.outputs:
            for n in output.amounts:
                self._room(n)

    def _room(self, n: int) -> None:
        one = self.nodes[n]
        if one.op == "spread":  # read where the household's value waits
            n = one.args[0]
            one = self.nodes[n]
        if n in self.turn and n not in self.scratch:
            self.scratch[n] = (one.entity, self.sizes[one.entity])
            self.sizes[one.entity] += one.dtype.itemsize


def is_leaf(one: Node) -> bool:
    """A column; or what is the same for all, which LLVM computes before the loops."""
    return one.op == "column" or one.entity is None


def _steps(one: Node) -> int:
    """How many turns lie between a node and its arguments."""
    return 1 if one.op in REDUCTIONS or one.op == "spread" else 0
