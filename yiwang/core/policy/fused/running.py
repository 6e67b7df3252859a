"""Answers of all programmes to a population by one compiled function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np

from yiwang.core.policy.batch import Batch, Paid, table_of
from yiwang.core.policy.columns import HOUSEHOLD, PERSON, YES, Rate
from yiwang.core.policy.fused.blocks import Blocks, blocks_of
from yiwang.core.policy.fused.ordering import Output
from yiwang.core.policy.fused.recording import (
    BOOL,
    LONG,
    CannotRecord,
    Graph,
    Later,
    LaterLayout,
    Law,
    node_of,
)
from yiwang.core.policy.fused.writing import POINTERS, Written, written
from yiwang.core.policy.parameters import Parameter
from yiwang.core.policy.population import Part, Population, column_of
from yiwang.core.policy.rules import RulesAt

DAYS = "the day's"  # a name that no parameter has
LINE = 64  # bytes of a line of the cache


class Plan(NamedTuple):
    """What one function computes. `same`: programmes whose answer is the same for all; `kept`: the others, in the
    order of the outputs; `law`: the numbers that it takes, by name, with their kinds."""

    written: Written
    kept: tuple[Kept, ...]
    same: dict[str, int]
    law: tuple[tuple[str, tuple[str, ...] | None], ...]


class Kept(NamedTuple):
    """`unsure`: whether an amount may be unknown."""

    slug: str
    entity: str
    pays: bool
    unsure: bool


class _Recorder(Batch):
    """A batch of which the values come later."""

    def __init__(self, now: RulesAt, part: Part, graph: Graph):
        super().__init__(now, part, keep=True)
        self._graph = graph

    def _parameter(self, name: str, entity: str) -> Any:
        definition, value = self.rules.parameter(name)
        if definition.by or definition.unit == "switch":
            return super()._parameter(name, entity)
        law = Law.named(self._graph, name, value)
        return Rate(law) if definition.unit == "percent" else law

    def of_day(self, name: str, number: int) -> int:
        return Law.named(self._graph, f"{DAYS} {name}", number, np.dtype(np.int32))

    def pick(
        self, definition: Parameter, kinds: Sequence[str], values: Mapping[str, int], places: Any
    ) -> Any:
        table_of(definition, kinds, values)  # raises what it raises
        node = self._graph.pick(definition.slug, tuple(kinds), node_of(self._graph, places))
        return Later(self._graph, node)

    def for_all(self, number: int, count: int) -> Any:
        if type(number) is Law:
            return Later(self._graph, self._graph.number(number))
        return super().for_all(number, count)


def shape_of(population: Population) -> tuple:
    """What of a population a function depends on: which columns there are, and which are known of everybody."""
    columns = tuple(
        (name, values.dtype.str, unknown is not None) for name, (values, unknown) in population.raw.items()
    )
    return columns, population.whole, population.widest < 256


def plan(now: RulesAt, population: Population, slugs: Sequence[str]) -> Plan:
    """Raises CannotRecord; and PolicyError for what a formula does wrong."""
    graph = Graph()
    layout = LaterLayout(graph, population.widest)
    part = Part(layout, _columns(graph, population), slice(0), slice(0))
    batch = _Recorder(now, part, graph)
    outputs, kept, same = [], [], {}
    for slug in slugs:
        answer = batch.column(slug)
        state = node_of(graph, answer.state)
        if graph.nodes[state].op == "const":
            same[slug] = graph.nodes[state].data
            if same[slug] == YES:
                raise CannotRecord("an answer that is yes for all")
            continue
        amount = unknown = None
        if slug in now.programmes and now.programmes[slug].amount is not None:
            paid = batch.amount(slug)
            amount = _own(graph, graph.cast(node_of(graph, paid.values), LONG))
            if paid.unknown is not None:
                unknown = node_of(graph, paid.unknown)
                unknown = None if graph.nodes[unknown].values == {0} else _own(graph, unknown)
        outputs.append(Output(_own(graph, state), amount, unknown))
        kept.append(Kept(slug, answer.entity, amount is not None, unknown is not None))
    if not outputs or any(graph.nodes[one.state].entity is None for one in outputs):
        raise CannotRecord("an answer that is the same for all")
    found = written(graph, outputs)
    return Plan(found, tuple(kept), same, tuple((name, graph.law[name]) for name in found.numbers))


def numbers_of(plan: Plan, now: RulesAt) -> np.ndarray:
    """The law's numbers, in the order in which the function takes them."""
    day = now.day
    found: list[int] = []
    for name, kinds in plan.law:
        if name.startswith(DAYS):
            whole = day.year * 10000 + day.month * 100 + day.day
            found.append(whole if name.endswith("today") else getattr(day, name.split()[-1]))
            continue
        definition, value = now.parameter(name)
        found += [value] if kinds is None else table_of(definition, kinds, value).tolist()
    return np.array(found, np.int64)


def _columns(graph: Graph, population: Population) -> dict[str, Any]:
    columns = {}
    for name, (values, unknown) in population.raw.items():
        fact, whole = population.facts[name], name in population.whole
        can = None
        if fact.type == "bool":
            can = frozenset((0, 2) if whole else (0, 1, 2))
        elif fact.type == "choice" and whole:
            can = frozenset(range(len(fact.choices)))
        own = Later(graph, graph.add("column", values.dtype, fact.entity, (), (name, False), can))
        mask = None
        if unknown is not None:
            mask = Later(graph, graph.add("column", BOOL, fact.entity, (), (name, True), frozenset((0, 1))))
        columns[name] = column_of(fact, own, mask)
    return columns


def _own(graph: Graph, n: int) -> int:
    """A node that is computed for the output: a column or a sum is copied."""
    one = graph.nodes[n]
    if one.op in ("column", "spread", "sum", "most", "least"):
        return graph.add("copy", one.dtype, one.entity, (n,))
    return n


def answer(
    plan: Plan,
    function: Callable,
    numbers: np.ndarray,
    population: Population,
    states: Mapping[str, np.ndarray],
    workers: int,
    pool: Executor | None,
) -> list[tuple[str, int, Paid]]:
    """Fills the states of the programmes that are kept; gives what is paid, with the place at which each part begins."""
    tasks = []
    for layout, households, persons in population.cuts():
        cut = layout.once("blocks", blocks_of)
        pieces = max(1, min(-(-workers // population.pieces), len(cut.blocks)))
        edges = [len(cut.blocks) * n // pieces for n in range(pieces + 1)]
        tasks += [
            (cut, cut.blocks[low:high], {HOUSEHOLD: households, PERSON: persons})
            for low, high in zip(edges, edges[1:], strict=False)
        ]

    def run(task: tuple[Blocks, np.ndarray, dict[str, slice]]) -> list[tuple[str, int, Paid]]:
        return _run(plan, function, numbers, population, states, *task)

    done = pool.map(run, tasks) if pool is not None else map(run, tasks)
    return [one for part in done for one in part]


def _run(
    plan: Plan,
    function: Callable,
    numbers: np.ndarray,
    population: Population,
    states: Mapping[str, np.ndarray],
    cut: Blocks,
    blocks: np.ndarray,
    where: Mapping[str, slice],
) -> list[tuple[str, int, Paid]]:
    columns = [
        _at(population.raw[name][mask], where[population.facts[name].entity].start)
        for name, mask in plan.written.columns
    ]
    most = {HOUSEHOLD: int(blocks[:, 1].sum()), PERSON: cut.persons_in(blocks)}
    outs = np.zeros(POINTERS * len(plan.kept), np.uint64)
    counts = np.zeros(len(plan.kept), np.int64)
    paid = []
    for k, (slug, entity, pays, _unsure) in enumerate(plan.kept):
        start = where[entity].start
        outs[POINTERS * k] = _at(states[slug], start)
        if pays:
            # Not touched beyond the few that are entitled, so that the rest takes no memory.
            kept = [np.empty(most[entity], dtype) for dtype in (np.int32, np.int64, bool)]
            outs[POINTERS * k + 1 : POINTERS * (k + 1)] = [*map(_at, kept), _at(counts, k)]
            paid.append((k, slug, start, kept))
    people, homes = _room(cut.persons), _room(cut.households)
    scratch = np.empty(people * plan.written.person_bytes + LINE, np.uint8)
    scratch_homes = np.empty(homes * plan.written.household_bytes + LINE, np.uint8)
    addresses = np.array(columns, np.uint64)
    function(
        _at(addresses),
        _at(numbers),
        _at(blocks),
        len(blocks),
        _at(cut.runs),
        _aligned(scratch),
        people,
        _aligned(scratch_homes),
        homes,
        _at(outs),
    )
    found = []
    for k, slug, start, (places, amounts, unknown) in paid:
        count = int(counts[k])
        unsure = unknown[:count].copy() if plan.kept[k].unsure and unknown[:count].any() else None
        found.append((slug, start, Paid(places[:count].copy(), amounts[:count].copy(), unsure)))
    return found


def _at(array: np.ndarray, place: int = 0) -> int:
    return array.__array_interface__["data"][0] + place * array.itemsize


def _aligned(array: np.ndarray) -> int:
    return -(-_at(array) // LINE) * LINE


def _room(rows: int) -> int:
    """Rows of a column of the scratch: whole lines, and an odd number of them, so that columns do not stand in each
    other's way in the cache."""
    return -(-rows // (2 * LINE)) * 2 * LINE + LINE
