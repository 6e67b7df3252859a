"""What would have to change for an answer to change: the same question asked again with one fact changed.

Candidates come from the facts that the programme looked at: the other value of a yes or no, the other choices, the
neighbouring small numbers, and for money the differences that its comparisons lacked or had to spare. All candidates
are asked at once, as so many households; what is told is what really changed the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from yiwang.core.policy.batch import Batch
from yiwang.core.policy.columns import HOUSEHOLD, NO, PERSON, UNKNOWN, YES, Number
from yiwang.core.policy.facts import Fact
from yiwang.core.policy.formulas import ProgrammeDef
from yiwang.core.policy.layout import Layout
from yiwang.core.policy.population import Part, Population, column_of
from yiwang.core.policy.rules import ProgrammeAt, RulesAt
from yiwang.core.policy.tracing import Compared, Trace

MOST = 2000  # candidates asked at once
SMALL = 9  # a whole number up to this has all its values tried
# Who is asked about does not become somebody else: these facts are not told as something that could change.
FIXED = frozenset({"sex", "relation"})


@dataclass(frozen=True, slots=True)
class Change:
    """With this value of one fact, of this member or the household (None), the answer would be `answer`."""

    fact: str
    member: int | None
    old: Any
    new: Any
    answer: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    fact: Fact
    place: int  # of the person in the layout; 0 for the household
    number: int


def changes(
    rules: RulesAt,
    population: Population,
    part: Part,
    batch: Batch,
    trace: Trace,
    programmes: Iterable[ProgrammeDef],
    back: np.ndarray,
) -> Mapping[tuple[str, int], tuple[Change, ...]]:
    """By programme or condition key and place of the person (0 for a household): what would change its answer.

    Of the conditions only those are told that do not hold.
    """
    in_force = [rules.programmes[one.slug] for one in programmes if one.slug in rules.programmes]
    candidates = list(islice(_candidates(rules, part, trace, in_force), MOST))
    if not candidates:
        return {}
    asked = Batch(rules, _copies(population, part, candidates), keep=True)
    member_of = {int(place): n for n, place in enumerate(back.tolist())}
    teller = _Teller(part, candidates, member_of)
    found: dict[tuple[str, int], tuple[Change, ...]] = {}
    for programme in in_force:
        asked.column(programme.slug)
        for key in (programme.slug, *(condition.key for condition in programme.conditions)):
            was = batch.columns[key].state  # type: ignore[attr-defined]
            became = asked.columns[key].state.reshape(len(was), len(candidates))  # type: ignore[attr-defined]
            for place, before in enumerate(was.tolist()):
                if before != YES or key is programme.slug:
                    told = teller.told(became[place], before)
                    if told:
                        found[(key, place)] = told
    return found


class _Teller:
    """Says which of the candidates changed an answer."""

    def __init__(self, part: Part, candidates: list[_Candidate], member_of: Mapping[int, int]):
        self.candidates, self.member_of = candidates, member_of
        self.olds = [_number(part, one) for one in candidates]
        self.far = [
            0 if old is None else abs(one.number - old)
            for one, old in zip(candidates, self.olds, strict=True)
        ]

    def told(self, became: np.ndarray, before: int) -> tuple[Change, ...]:
        """The nearest change of each fact that gives another answer; where it was no, towards yes only."""
        turned = became == YES if before == NO else (became != before) & (became != UNKNOWN)
        nearest: dict[tuple[str, int, int], int] = {}
        for n in np.flatnonzero(turned).tolist():
            one = self.candidates[n]
            several = one.fact.type in ("choice", "bool") or self.olds[n] is None
            key = (one.fact.slug, one.place, one.number if several else int(became[n]))
            if key not in nearest or self.far[n] < self.far[nearest[key]]:
                nearest[key] = n
        return tuple(self._change(n, int(became[n])) for n in nearest.values())

    def _change(self, n: int, state: int) -> Change:
        one, old = self.candidates[n], self.olds[n]
        return Change(
            one.fact.slug,
            None if one.fact.entity is HOUSEHOLD else self.member_of[one.place],
            None if old is None else one.fact.value(old),
            one.fact.value(one.number),
            "yes" if state == YES else "no",
        )


def _number(part: Part, one: _Candidate) -> int | None:
    """What stands in the column now; None for unknown."""
    column = part.columns.get(one.fact.slug)
    if column is None:
        return None
    if isinstance(column, Number):
        unknown = column.unknown is not None and column.unknown[one.place]
        return None if unknown else int(column.values[one.place])
    value = int((column.state if one.fact.type == "bool" else column.codes)[one.place])  # type: ignore[attr-defined]
    return None if value == one.fact.hidden else value


def _candidates(
    rules: RulesAt, part: Part, trace: Trace, programmes: list[ProgrammeAt]
) -> Iterator[_Candidate]:
    lacking: dict[str, set[int]] = {}
    for programme in programmes:
        for name in trace.under(programme.slug)[0]:
            lacking.setdefault(name, set())
    for key, node in trace.nodes.items():
        differences = _differences(node.comparisons)
        if differences:
            for name in trace.under(key)[0]:
                if name in lacking:
                    lacking[name] |= differences
    for name in sorted(lacking):
        fact = rules.facts.get(name)
        if fact is None or name in FIXED or fact.type == "date":
            continue
        for place in range(1 if fact.entity is HOUSEHOLD else part.layout.persons):
            old = _number(part, _Candidate(fact, place, 0))
            for number in _numbers(fact, old, lacking[name]):
                if number != old:
                    yield _Candidate(fact, place, number)


def _numbers(fact: Fact, old: int | None, lacking: set[int]) -> set[int]:
    if fact.type == "bool":
        return {NO, YES}
    if fact.type == "choice":
        return set(range(len(fact.choices)))
    low, high = fact.least, fact.largest
    if fact.type == "int":
        if high <= SMALL:
            return set(range(high + 1))
        near = {0, 1} if old is None else {max(old - 1, 0), old + 1, 0}
        return near | {n for d in lacking if old is not None and low <= (n := old + d) <= high}
    if old is None:
        return {0}
    times = (1, -1, 12, -12) if fact.unit in ("12 months", "year") else (1, -1)
    return {n for d in lacking for t in times if low <= (n := old + d * t) <= high} | {0}


def _differences(comparisons: list[Compared]) -> set[int]:
    """By how much the left side of each comparison would have to move for its answer to turn."""
    found: set[int] = set()
    for one in comparisons:
        right, unknown = one.left._other(one.right)
        gaps = (right - one.left.values).tolist()
        hidden = [False] * len(gaps) if unknown is None else unknown.tolist()
        lack, spare = _EDGES[one.sign]
        for gap, state, unseen in zip(gaps, one.found.state.tolist(), hidden, strict=True):
            if not unseen:
                found.add(gap + (spare if state == YES else lack))
    found.discard(0)
    return found


# How far beyond the gap the left side must go for a comparison to begin to hold, and to cease to.
_EDGES = {"<": (-1, 0), "<=": (0, 1), ">": (1, 0), ">=": (0, -1), "==": (0, 1), "!=": (0, 1)}


def _copies(population: Population, part: Part, candidates: list[_Candidate]) -> Part:
    """As many copies of the household as there are candidates, each with its fact changed."""
    count = len(candidates)
    changed: dict[str, list[tuple[int, int]]] = {}
    for n, one in enumerate(candidates):
        changed.setdefault(one.fact.slug, []).append((one.place * count + n, one.number))
    columns = {}
    for name in {**part.columns, **changed}:
        fact = population.facts[name]
        size = 1 if fact.entity is HOUSEHOLD else part.layout.persons
        column = part.columns.get(name)
        values, unknown = _arrays(column, fact, size)
        values = np.repeat(values, count)
        unknown = None if unknown is None else np.repeat(unknown, count)
        if name in changed:
            places, numbers = (np.array(side) for side in zip(*changed[name], strict=True))
            values[places] = numbers
            if unknown is not None:
                unknown[places] = False
        columns[name] = column_of(fact, values, unknown)
    sizes = np.full(count, part.layout.persons)
    return Part(_layout(sizes), columns, slice(0, count), slice(0, count * part.layout.persons))


def _layout(sizes: np.ndarray) -> Layout:
    """A layout for copies, in which the place of a person times the number of copies is where its copies begin."""
    layout = Layout(sizes)
    if len(
        layout.tail_sizes
    ):  # beyond the slots members stand household by household: make slots of them too
        count = len(sizes)
        layout.slots = [(slot * count, count) for slot in range(layout.widest)]
        layout.tail_sizes = layout.tail_sizes[:0]
        layout.tail_starts = layout.tail_starts[:0]
    return layout


def _arrays(column: Any, fact: Fact, size: int) -> tuple[np.ndarray, np.ndarray | None]:
    if column is None:
        unknown = np.ones(size, bool) if fact.type in ("money", "int", "date") else None
        return np.full(size, fact.hidden, fact.dtype), unknown
    if isinstance(column, Number):
        return column.values, column.unknown
    return (column.state if fact.type == "bool" else column.codes), None


__all__ = ["Change", "PERSON", "changes"]
