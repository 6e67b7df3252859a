"""What a formula looked at while it ran: other columns, parameters, comparisons."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from yiwang.core.policy.batch import Batch
from yiwang.core.policy.columns import HOUSEHOLD, PERSON, UNKNOWN, Column, Number, Truth, watching
from yiwang.core.policy.population import Part, Population
from yiwang.core.policy.rules import RulesAt


class Compared(NamedTuple):
    """One comparison of a formula; `right` may be a plain number."""

    left: Number
    sign: str
    right: Number | int
    found: Truth
    line: int


@dataclass(slots=True)
class Node:
    """What one formula looked at, in order."""

    reads: dict[str, None] = field(default_factory=dict)
    parameters: dict[str, None] = field(default_factory=dict)
    comparisons: list[Compared] = field(default_factory=list)


class Trace:
    """The nodes of a run by key: figure, programme, or programme.condition."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self._stack: list[Node] = []
        self._under: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def inside(self, key: str) -> Trace:
        """`with trace.inside(key):` what is looked at now belongs to this formula."""
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = Node()
        self._stack.append(node)
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_reason: object) -> None:
        self._stack.pop()

    def read(self, name: str) -> None:
        if self._stack:
            self._stack[-1].reads[name] = None

    def parameter(self, name: str) -> None:
        if self._stack:
            self._stack[-1].parameters[name] = None

    def compared(self, left: Number, sign: str, right: Number | int, found: Truth) -> None:
        if self._stack:
            line = sys._getframe(3).f_lineno
            self._stack[-1].comparisons.append(Compared(left, sign, right, found, line))

    def under(self, key: str) -> tuple[frozenset[str], frozenset[str]]:
        """The names read, and the parameters used, by a formula and by all that it stands on."""
        found = self._under.get(key)
        if found is None:
            node = self.nodes.get(key)
            if node is None:
                return frozenset(), frozenset()
            names, parameters = set(node.reads), set(node.parameters)
            for read in node.reads:
                below = self.under(read)
                names |= below[0]
                parameters |= below[1]
            found = self._under[key] = (frozenset(names), frozenset(parameters))
        return found


def traced(rules: RulesAt, part: Part, programmes: Iterable[str]) -> tuple[Batch, Trace]:
    """A run of these programmes in which everything that was looked at is kept."""
    trace = Trace()
    batch = Batch(rules, part, trace, keep=True)
    token = watching.set(trace)
    try:
        for slug in programmes:
            batch.column(slug)
    finally:
        watching.reset(token)
    return batch, trace


def unknown_in(column: Column) -> np.ndarray:
    """Where a column's value is unknown."""
    if type(column) is Truth:
        return column.state == UNKNOWN
    if type(column) is Number:
        return np.zeros(len(column.values), bool) if column.unknown is None else column.unknown
    return column.codes == len(column.choices)


def missing_facts(batch: Batch, trace: Trace, key: str, wanted: np.ndarray) -> dict[str, np.ndarray]:
    """The unknown facts on which an unknown answer hangs, and of whom each is unknown.

    `wanted` says of which persons or households the answer is asked. What is known is not looked into further, so
    that a fact is named only where something unknown was computed from it.
    """
    found: dict[str, np.ndarray] = {}
    asked: dict[str, np.ndarray] = {}
    queue: list[tuple[str, np.ndarray]] = [(key, wanted)]
    while queue:
        name, rows = queue.pop()
        column = batch.columns.get(name)
        if column is None:
            column = batch.amounts.get(name.partition(".")[0])
        if column is None:
            continue
        entity = column.entity
        rows = rows & unknown_in(column)
        if name in asked:
            rows = rows & ~asked[name]
            asked[name] |= rows
        else:
            asked[name] = rows.copy()
        if not rows.any():
            continue
        if name in batch.rules.facts:
            found[name] = asked[name]
            continue
        for read in trace.nodes[name].reads:
            other = batch.columns.get(read)
            if other is not None:
                queue.append((read, _carried(batch, rows, entity, other.entity)))
        for parameter in trace.nodes[name].parameters:
            by = batch.rules.parameter(parameter)[0].by
            if by:
                queue.append((by, _carried(batch, rows, entity, batch.columns[by].entity)))
    return found


class OneHousehold:
    """The same of a run over one household, asked many times: of whom something is unknown is a whole number of bits,
    a bit for each place, so that nothing is computed twice and no array is made for three people."""

    def __init__(self, batch: Batch, trace: Trace):
        self.batch, self.trace = batch, trace
        self.everybody = (1 << batch.count(PERSON)) - 1
        self._unknown: dict[str, tuple[str, int] | None] = {}
        self._below: dict[str, list[tuple[str, str]]] = {}

    def missing(self, key: str, place: int) -> dict[str, int]:
        """As `missing_facts`, of the household or the person at `place`: bits by fact."""
        found: dict[str, int] = {}
        asked: dict[str, int] = {}
        queue = [(key, 1 << place)]
        while queue:
            name, rows = queue.pop()
            own = self._of(name)
            if own is None:
                continue
            entity, unknown = own
            before = asked.get(name, 0)
            rows &= unknown & ~before
            if not rows:
                continue
            asked[name] = before | rows
            if name in self.batch.rules.facts:
                found[name] = before | rows
                continue
            for read, of in self._reads(name):
                if of is not entity:
                    carried = 1 if of is HOUSEHOLD else self.everybody
                    queue.append((read, carried))
                else:
                    queue.append((read, rows))
        return found

    def _of(self, name: str) -> tuple[str, int] | None:
        """Entity of a column, and the bits of whom it is unknown; None for what was not computed."""
        if name not in self._unknown:
            column = self.batch.columns.get(name)
            if column is None:
                column = self.batch.amounts.get(name.partition(".")[0])
            self._unknown[name] = None
            if column is not None:
                places = enumerate(unknown_in(column).tolist())
                self._unknown[name] = column.entity, sum(1 << place for place, lacks in places if lacks)
        return self._unknown[name]

    def _reads(self, name: str) -> list[tuple[str, str]]:
        """What was looked at below a name, each with its entity; what its parameters go by besides."""
        found = self._below.get(name)
        if found is None:
            node, columns = self.trace.nodes[name], self.batch.columns
            found = [(read, columns[read].entity) for read in node.reads if read in columns]
            for parameter in node.parameters:
                by = self.batch.rules.parameter(parameter)[0].by
                if by:
                    found.append((by, columns[by].entity))
            self._below[name] = found
        return found


def _carried(batch: Batch, rows: np.ndarray, own: str, other: str) -> np.ndarray:
    if own is other:
        return rows
    if own is HOUSEHOLD and other is PERSON:
        return batch.layout.spread(rows)
    return batch.layout.most(rows.view(np.uint8), 0).view(bool)


def used(rules: RulesAt, programme: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a programme reads, directly or through figures, and the parameters it uses."""
    nobody = Population.of_records(rules.facts, [({}, [{}])])
    _batch, trace = traced(rules, next(iter(nobody.parts())), [programme])
    keys = [programme]
    found = rules.programmes.get(programme)
    if found is not None and found.amount is not None:
        keys.append(found.amount.key)
    below = [trace.under(key) for key in keys]
    return frozenset().union(*(one[0] for one in below)), frozenset().union(*(one[1] for one in below))
