"""The explanation of one household: every condition, what it saw, the parameters, and what would change the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from yiwang.core.policy.batch import Batch
from yiwang.core.policy.changing import Change, changes
from yiwang.core.policy.columns import HOUSEHOLD, PERSON, UNKNOWN, Choice, Column, Number, Truth
from yiwang.core.policy.parameters import Dated, Parameter
from yiwang.core.policy.population import Population
from yiwang.core.policy.rules import InForce, ProgrammeAt, Rules, RulesAt
from yiwang.core.policy.tracing import Compared, OneHousehold, Trace, traced

WORDS = ("no", "undetermined", "yes")


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact, figure or programme as it was seen: one value for the household, or one for each member; None unknown."""

    slug: str
    entity: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ParameterSeen:
    """A parameter as it was used: `value` is that of this household, or all values where members differ."""

    slug: str
    name: str
    name_en: str
    unit: str
    per: str
    value: Any
    since: date
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Numbers that were compared: of the household, or of each member. `names` are empty for what was computed."""

    left: tuple[int | None, ...]
    sign: str
    right: tuple[int | None, ...]
    names: tuple[str, str]
    holds: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class FormulaSeen:
    """A figure, a condition or an amount: where it stands in the law, and the names of what it looked at."""

    slug: str
    kind: str
    name: str
    name_en: str
    cite: str
    since: date
    file: str
    line: int
    reads: tuple[str, ...]
    parameters: tuple[str, ...]
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """A condition with its answer to one household or person, and what would change that answer alone."""

    formula: FormulaSeen
    answer: str
    missing: tuple[tuple[str, int | None], ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One programme's answer to one household, or to one member (`member`: which, in the order given).

    `missing` are the unknown facts, each with the member it is of (None: the household); `changes` are changes of one
    fact after which the answer would be another; `illustrative` says whether a value was used that nobody verified.
    """

    programme: str
    name: str
    name_en: str
    entity: str
    member: int | None
    in_force: bool
    answer: str
    amount: int | None
    pays: str
    conditions: tuple[ConditionSeen, ...]
    amount_formula: FormulaSeen | None
    missing: tuple[tuple[str, int | None], ...]
    changes: tuple[Change, ...]
    illustrative: bool


@dataclass(frozen=True, slots=True)
class CaseExplained:
    """All that was asked about one household on a day. `seen`, `figures`, `parameters` are what was looked at."""

    day: date
    explanations: tuple[Explanation, ...]
    seen: Mapping[str, Seen]
    figures: Mapping[str, FormulaSeen]
    parameters: Mapping[str, ParameterSeen]

    def of(self, programme: str, member: int | None = None) -> Explanation:
        """The explanation of one programme (and member). Raises KeyError."""
        for one in self.explanations:
            if one.programme == programme and one.member == member:
                return one
        raise KeyError((programme, member))


def explain(
    rules: Rules,
    population: Population,
    day: date,
    programmes: Iterable[str] | None = None,
    household: int = 0,
    with_changes: bool = True,
) -> CaseExplained:
    """Explains what the programmes (by default all) answer to one household of a population. Raises PolicyError.

    `with_changes`: also look for what would change each answer, by asking again with one fact changed.
    """
    if population.count[HOUSEHOLD] != 1:
        population = population.take([household])
    now = rules.at(day)
    wanted = [rules.programme(slug) for slug in (rules.programmes if programmes is None else programmes)]
    part = next(iter(population.parts()))
    batch, trace = traced(now, part, [one.slug for one in wanted])
    order = population.person_order
    back = np.argsort(order)
    found = _Finder(now, batch, trace, back)
    alone = changes(now, population, part, batch, trace, wanted, back) if with_changes else {}
    explained: list[Explanation] = []
    for one in wanted:
        members: Iterable[int | None] = range(len(order)) if one.entity is PERSON else (None,)
        in_force = now.programmes.get(one.slug)
        if in_force is None:
            explained += [_not_in_force(one, member) for member in members]
            continue
        explained += [found.explanation(in_force, member, alone) for member in members]
    return CaseExplained(day, tuple(explained), found.seen, found.figures, found.parameters)


def _not_in_force(one: Any, member: int | None) -> Explanation:
    return Explanation(
        one.slug, one.name, one.name_en, one.entity, member, False, "no", 0, one.pays, (), None, (), (), False
    )


class _Finder:
    """Turns the columns and nodes of a traced run into plain values."""

    def __init__(self, rules: RulesAt, batch: Batch, trace: Trace, back: np.ndarray):
        self.rules, self.batch, self.trace, self.back = rules, batch, trace, back
        self.order: list[int] = back.tolist()
        self.household = OneHousehold(batch, trace)
        self.seen: dict[str, Seen] = {}
        self.figures: dict[str, FormulaSeen] = {}
        self.parameters: dict[str, ParameterSeen] = {}
        self._formulas: dict[str, FormulaSeen] = {}
        self._unverified: dict[str, bool] = {}

    def explanation(self, one: ProgrammeAt, member: int | None, alone: Mapping) -> Explanation:
        place = 0 if member is None else int(self.back[member])
        state = int(self.batch.columns[one.slug].state[place])
        amount: int | None = 0
        if one.amount is not None:
            paid = self.batch.amounts[one.slug]
            unknown = state == 1 or paid.unknown is not None and bool(paid.unknown[place])
            amount = None if unknown else int(paid.values[place])
        elif state == 1:
            amount = None
        conditions = tuple(
            ConditionSeen(
                self._formula(condition),
                WORDS[int(self.batch.columns[condition.key].state[place])],
                self._missing(condition.key, place),
                alone.get((condition.key, place), ()),
            )
            for condition in one.conditions
        )
        missing = self._missing(one.slug, place) if state == 1 else ()
        if state == 2 and amount is None:
            missing = self._missing(one.amount.key, place)
        definition = one.definition
        return Explanation(
            one.slug,
            definition.name,
            definition.name_en,
            one.entity,
            member,
            True,
            WORDS[state],
            amount,
            definition.pays,
            conditions,
            self._formula(one.amount) if one.amount is not None else None,
            missing,
            alone.get((one.slug, place), ()),
            self._illustrative(one),
        )

    def _missing(self, key: str, place: int) -> tuple[tuple[str, int | None], ...]:
        column = self.batch.columns.get(key)
        if column is None:
            column = self.batch.amounts[key.partition(".")[0]]
        if type(column) is Truth and column.state[place] != UNKNOWN:
            return ()
        rows = self.household.missing(key, place)
        found: list[tuple[str, int | None]] = []
        for name in sorted(rows):
            if self.rules.facts[name].entity is HOUSEHOLD:
                found.append((name, None))
            else:
                found += [(name, n) for n, at in enumerate(self.order) if rows[name] >> at & 1]
        return tuple(found)

    def _illustrative(self, one: ProgrammeAt) -> bool:
        found = self._unverified.get(one.slug)
        if found is None:
            found = self._unverified[one.slug] = self._rests_on_unverified(one)
        return found

    def _rests_on_unverified(self, one: ProgrammeAt) -> bool:
        keys = [one.slug, *([one.amount.key] if one.amount else [])]
        used = {name for key in keys for name in self.trace.under(key)[1]}
        return any(self.rules.dated(name).status == "illustrative" for name in used)

    def _formula(self, one: InForce) -> FormulaSeen:
        """The same for every member: told once."""
        found = self._formulas.get(one.key)
        if found is None:
            found = self._formulas[one.key] = self._told(one)
        return found

    def _told(self, one: InForce) -> FormulaSeen:
        node = self.trace.nodes[one.key]
        for name in node.reads:
            self._see(name)
        for name in node.parameters:
            self._parameter(name)
        return FormulaSeen(
            one.key,
            one.kind,
            one.name,
            one.name_en,
            one.cite,
            one.since,
            one.file,
            one.line,
            tuple(node.reads),
            tuple(node.parameters),
            tuple(self._comparison(found) for found in node.comparisons),
        )

    def _see(self, name: str) -> None:
        if name in self.seen:
            return
        column = self.batch.columns[name]
        self.seen[name] = Seen(name, column.entity, self._values(column, name))
        figure = self.rules.figures.get(name)
        if figure is not None:
            self.figures[name] = self._formula(figure)

    def _values(self, column: Column, name: str = "") -> tuple[Any, ...]:
        order = [0] if column.entity is HOUSEHOLD else self.order
        fact = self.rules.facts.get(name)
        if fact is not None:
            numbers = column.state if type(column) is Truth else getattr(column, "codes", None)
            if numbers is None:
                numbers = column.values
            return _plain(numbers, getattr(column, "unknown", None), order, fact.value)
        if type(column) is Truth:
            return _plain(column.state, None, order, (False, None, True).__getitem__)
        if type(column) is Choice:
            choices = (*column.choices, None)
            return _plain(column.codes, None, order, choices.__getitem__)
        return _plain(column.values, column.unknown, order, int)

    def _comparison(self, one: Compared) -> Comparison:
        left = self._values(one.left)
        right = self._values(one.right) if isinstance(one.right, Number) else (one.right,) * len(left)
        names = (one.left.name, one.right.name if isinstance(one.right, Number) else "")
        order = [0] if one.found.entity is HOUSEHOLD else self.order
        holds = _plain(one.found.state, None, order, WORDS.__getitem__)
        return Comparison(left, one.sign, right, names, holds, one.line)

    def _parameter(self, name: str) -> None:
        if name in self.parameters:
            return
        definition, _numbers = self.rules.parameter(name)
        dated = self.rules.dated(name)
        if definition.by:
            self._see(definition.by)
        self.parameters[name] = ParameterSeen(
            name,
            definition.name,
            definition.name_en,
            definition.unit,
            definition.per,
            self._of_kind(definition, dated),
            dated.since,
            dated.source,
            dated.status,
        )

    def _of_kind(self, definition: Parameter, dated: Dated) -> Any:
        if not definition.by:
            return dated.value
        by = self.seen[definition.by]
        values = {str(kind): value for kind, value in dated.value.items()}
        if by.entity is HOUSEHOLD:
            return values.get(str(by.values[0]), values)
        return values


def _plain(
    numbers: np.ndarray, unknown: np.ndarray | None, order: Sequence[int], value: Callable[[int], Any]
) -> tuple[Any, ...]:
    """What the numbers of a few people stand for, in their order; None where it is unknown."""
    whole = numbers.tolist()
    if unknown is None:
        return tuple([value(whole[n]) for n in order])
    lacks = unknown.tolist()
    return tuple([None if lacks[n] else value(whole[n]) for n in order])
