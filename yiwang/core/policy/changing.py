"""What would have to change for an answer to change: the same question asked again with one fact changed.

Candidates come from the facts that the programme looked at: the other value of a yes or no, the other choices, the
neighbouring small numbers, and for money the differences that its comparisons lacked or had to spare. All candidates
are asked at once, as so many households; what is told is what really changed the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yiwang.core.policy.batch import Batch
from yiwang.core.policy.columns import HOUSEHOLD, NO, PERSON, UNKNOWN, YES, Number
from yiwang.core.policy.facts import Fact
from yiwang.core.policy.layout import Layout
from yiwang.core.policy.population import Part, Population, column_of
from yiwang.core.policy.rules import ProgrammeAt, RulesAt
from yiwang.core.policy.tracing import Compared, Trace

MOST = 600  # candidates asked for one programme
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
    programme: ProgrammeAt,
    back: np.ndarray,
) -> Mapping[tuple[str, int], tuple[Change, ...]]:
    """By programme or condition key and place of the person (0 for a household): what would change its answer."""
    candidates = list(_candidates(rules, part, trace, programme))[:MOST]
    if not candidates:
        return {}
    copies = _copies(population, part, candidates)
    asked = Batch(rules, copies, keep=True)
    asked.column(programme.slug)
    member_of = {int(place): n for n, place in enumerate(back.tolist())}
    found: dict[tuple[str, int], tuple[Change, ...]] = {}
    count = len(candidates)
    for key in (programme.slug, *(condition.key for condition in programme.conditions)):
        was = batch.columns[key].state  # type: ignore[attr-defined]
        became = asked.columns[key].state.reshape(len(was), count)  # type: ignore[attr-defined]
        for place, before in enumerate(was.tolist()):
            told = _told(part, candidates, became[place], before, member_of)
            if told:
                found[(key, place)] = told
    return found


def _told(
    part: Part, candidates: list[_Candidate], became: np.ndarray, before: int, member_of: Mapping[int, int]
) -> tuple[Change, ...]:
    """The nearest change of each fact that gives another answer; towards yes where it was no, else away from yes."""
    nearest: dict[tuple[str, int, int], tuple[int, Change]] = {}
    for n in np.flatnonzero(became != before).tolist():
        state = int(became[n])
        if state == UNKNOWN or (before == NO and state != YES):
            continue
        one = candidates[n]
        old = _number(part, one)
        far = 0 if old is None else abs(one.number - old)
        several = one.fact.type in ("choice", "bool") or old is None
        key = (one.fact.slug, one.place, one.number if several else state)
        if key in nearest and nearest[key][0] <= far:
            continue
        member = None if one.fact.entity is HOUSEHOLD else member_of[one.place]
        nearest[key] = (
            far,
            Change(
                one.fact.slug,
                member,
                None if old is None else one.fact.value(old),
                one.fact.value(one.number),
                "yes" if state == YES else "no",
            ),
        )
    return tuple(change for _far, change in nearest.values())


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


def _candidates(rules: RulesAt, part: Part, trace: Trace, programme: ProgrammeAt) -> Iterator[_Candidate]:
    facts: dict[str, Fact] = {}
    comparisons: list[Compared] = []
    for _key, node in trace.below(programme.slug):
        comparisons += node.comparisons
        for name in node.reads:
            fact = rules.facts.get(name)
            if fact is not None and name not in FIXED and fact.type != "date":
                facts[name] = fact
    lacking = _differences(comparisons)
    for fact in facts.values():
        for place in range(1 if fact.entity is HOUSEHOLD else part.layout.persons):
            old = _number(part, _Candidate(fact, place, 0))
            for number in sorted(_numbers(fact, old, lacking)):
                if number != old:
                    yield _Candidate(fact, place, number)


def _numbers(fact: Fact, old: int | None, lacking: set[int]) -> set[int]:
    if fact.type == "bool":
        return {NO, YES}
    if fact.type == "choice":
        return set(range(len(fact.choices)))
    if fact.type == "int":
        if fact.most is not None and fact.most <= SMALL:
            return set(range(fact.most + 1))
        near = {0, 1} if old is None else {max(old - 1, 0), old + 1, 0}
        return near | {n for d in lacking if old is not None and 0 <= (n := old + d) <= fact.largest}
    if old is None:
        return {0}
    times = (12, 1) if fact.unit in ("12 months", "year") else (1,)
    steps = {
        s * d * t + r
        for d in lacking
        for s in (1, -1)
        for t in times
        for r in ((0,) if t == 1 else (0, 11, -11))
    }
    return {n for step in steps if fact.least <= (n := old + step) <= fact.largest} | {0}


def _differences(comparisons: list[Compared]) -> set[int]:
    """By how much the left side of each comparison would have to move for its answer to turn."""
    found: set[int] = set()
    for one in comparisons:
        right, unknown = one.left._other(one.right)
        gap = np.asarray(right - one.left.values, np.int64)
        edge = {"<": (-1, 0), "<=": (0, 1), ">": (1, 0), ">=": (0, -1), "==": (0, 1), "!=": (0, 1)}[one.sign]
        step = np.where(one.found.state == YES, edge[1], edge[0]) + gap
        if unknown is not None:
            step = step[~unknown]
        found.update(int(n) for n in np.unique(step).tolist())
    return found - {0}


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
