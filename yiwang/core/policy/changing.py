"""What would have to change for an answer to change: the same question asked again with one fact changed.

Candidates come from the facts that the programme looked at: the other value of a yes or no, the other choices, the
neighbouring small numbers, and for money the differences that its comparisons lacked or had to spare. All candidates
are asked at once, as so many households; what is told is what really changed the answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

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


class _Group(NamedTuple):
    """Candidates for one fact of one place (of the person in the layout; 0 for the household): other values than
    `old` (None: unknown). `first`: the number of the first of them among all."""

    fact: Fact
    place: int
    old: int | None
    numbers: list[int]
    first: int


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
    groups = _groups(rules, part, trace, in_force)
    if not groups:
        return {}
    asked = Batch(rules, _copies(population, part, groups), keep=True)
    member_of = {int(place): n for n, place in enumerate(back.tolist())}
    teller = _Teller(groups, member_of)
    keys: dict[str, list[tuple[str, bool]]] = {HOUSEHOLD: [], PERSON: []}
    for programme in in_force:
        asked.column(programme.slug)
        keys[programme.entity].append((programme.slug, True))
        keys[programme.entity] += [(condition.key, False) for condition in programme.conditions]
    found: dict[tuple[str, int], tuple[Change, ...]] = {}
    for entity, own in keys.items():
        if own and batch.count(entity):
            _tell(found, own, batch, asked, teller, batch.count(entity))
    return found


def _tell(
    found: dict[tuple[str, int], tuple[Change, ...]],
    keys: list[tuple[str, bool]],
    batch: Batch,
    asked: Batch,
    teller: _Teller,
    count: int,
) -> None:
    """All programmes and conditions (key, whether it is a programme) of one entity at once."""
    was = np.array([batch.columns[key].state for key, _programme in keys])
    became = np.array([asked.columns[key].state for key, _programme in keys])
    became = became.reshape(len(keys), count, -1)
    turned = _turned(was[:, :, None], became)
    turned &= (was < YES)[:, :, None] | np.array([programme for _key, programme in keys])[:, None, None]
    for n, place in np.argwhere(turned.any(2)).tolist():
        found[(keys[n][0], place)] = teller.told(np.flatnonzero(turned[n, place]), became[n, place])


def _turned(before: np.ndarray, became: np.ndarray) -> np.ndarray:
    """Which candidates give another answer; where it was no, towards yes only."""
    return (became != before) & (became != UNKNOWN) & ((before != NO) | (became == YES))


class _Teller:
    """Says which of the candidates changed an answer."""

    def __init__(self, groups: list[_Group], member_of: Mapping[int, int]):
        self.groups, self.member_of = groups, member_of
        self.firsts = [group.first for group in groups]

    def told(self, turned: np.ndarray, became: np.ndarray) -> tuple[Change, ...]:
        """Of the candidates that turned the answer the nearest of each fact."""
        nearest: dict[tuple[int, int], tuple[int, int, _Group]] = {}
        for n, state in zip(turned.tolist(), became[turned].tolist(), strict=True):
            at = bisect_right(self.firsts, n) - 1
            group = self.groups[at]
            number = group.numbers[n - group.first]
            several = group.old is None or group.fact.type in ("choice", "bool")
            far = 0 if group.old is None else abs(number - group.old)
            key = (at, number if several else state)
            if key not in nearest or far < nearest[key][0]:
                nearest[key] = (far, number, group)
        return tuple(
            self._change(group, number, int(became[group.first + group.numbers.index(number)]))
            for _far, number, group in nearest.values()
        )

    def _change(self, one: _Group, number: int, state: int) -> Change:
        return Change(
            one.fact.slug,
            None if one.fact.entity is HOUSEHOLD else self.member_of[one.place],
            None if one.old is None else one.fact.value(one.old),
            one.fact.value(number),
            "yes" if state == YES else "no",
        )


def _olds(part: Part, fact: Fact) -> list[int | None]:
    """What stands in the column of the household, or of each person; None for unknown."""
    column = part.columns.get(fact.slug)
    if column is None:
        return [None] * (1 if fact.entity is HOUSEHOLD else part.layout.persons)
    if isinstance(column, Number):
        values: list[int | None] = column.values.tolist()
        if column.unknown is None:
            return values
        return [None if un else value for value, un in zip(values, column.unknown.tolist(), strict=True)]
    states = (column.state if fact.type == "bool" else column.codes).tolist()
    return [None if value == fact.hidden else value for value in states]


def _groups(rules: RulesAt, part: Part, trace: Trace, programmes: list[ProgrammeAt]) -> list[_Group]:
    looked_at = {name for one in programmes for name in trace.under(one.slug)[0]}
    facts = [fact for name in sorted(looked_at) if (fact := rules.facts.get(name)) is not None]
    facts = [fact for fact in facts if fact.slug not in FIXED and fact.type != "date"]
    # Of the others all values are tried.
    lacking: dict[str, set[int]] = {
        fact.slug: set()
        for fact in facts
        if fact.type == "money" or fact.type == "int" and fact.largest > SMALL
    }
    for key, node in trace.nodes.items():
        differences = _differences(node.comparisons)
        if differences:
            for name in trace.under(key)[0] & lacking.keys():
                lacking[name] |= differences
    found: list[_Group] = []
    count = 0
    for fact in facts:
        steps = _steps(fact, lacking.get(fact.slug, set()))
        for place, old in enumerate(_olds(part, fact)):
            numbers = [number for number in _numbers(fact, old, steps) if number != old][: MOST - count]
            if numbers:
                found.append(_Group(fact, place, old, numbers, count))
                count += len(numbers)
    return found


def _steps(fact: Fact, lacking: set[int]) -> set[int]:
    """By how much a number may have to move for a comparison to turn."""
    if fact.type == "money":
        times = (1, -1, 12, -12) if fact.unit in ("12 months", "year") else (1, -1)
        return {d * t for d in lacking for t in times}
    return lacking | {-1, 1}


def _numbers(fact: Fact, old: int | None, steps: set[int]) -> Iterable[int]:
    if fact.type == "bool":
        return (NO, YES)
    if fact.type == "choice":
        return range(len(fact.choices))
    low, high = fact.least, fact.largest
    if fact.type == "int" and high <= SMALL:
        return range(high + 1)
    if old is None:
        return (0,) if fact.type == "money" else (0, 1)
    found = [n for step in steps if low <= (n := old + step) <= high]
    if -old not in steps:
        found.append(0)
    return found


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


def _copies(population: Population, part: Part, groups: list[_Group]) -> Part:
    """As many copies of the household as there are candidates, each with its fact changed."""
    count = groups[-1].first + len(groups[-1].numbers)
    changed: dict[str, tuple[list[int], list[int]]] = {}
    for one in groups:
        places, numbers = changed.setdefault(one.fact.slug, ([], []))
        begin = one.place * count + one.first
        places += range(begin, begin + len(one.numbers))
        numbers += one.numbers
    columns = {}
    for name in {**part.columns, **changed}:
        fact = population.facts[name]
        size = 1 if fact.entity is HOUSEHOLD else part.layout.persons
        column = part.columns.get(name)
        values, unknown = _arrays(column, fact, size)
        values = np.repeat(values, count)
        unknown = None if unknown is None else np.repeat(unknown, count)
        if name in changed:
            places, numbers = changed[name]
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
