"""One run of the formulas over some households: what formulas see of them, computed once and kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from yiwang.core.policy.columns import (
    HOUSEHOLD,
    NO,
    PERSON,
    UNKNOWN,
    YES,
    Choice,
    Column,
    Number,
    Rate,
    Truth,
    choose,
    merged,
)
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.population import Part, unknown_column
from yiwang.core.policy.reading import line_of

if TYPE_CHECKING:
    from yiwang.core.policy.rules import InForce, RulesAt
    from yiwang.core.policy.tracing import Trace


class Batch:
    """Columns of some households as facts, figures, programmes; `columns` and `amounts` by name."""

    def __init__(self, rules: RulesAt, part: Part, trace: Trace | None = None, keep: bool = False):
        """`keep`: the conditions too stay in `columns`, under their keys."""
        self.rules, self.layout, self.trace, self.keep = rules, part.layout, trace, keep
        self.given, self.columns, self.amounts = part.columns, {}, {}
        self._spread: dict[str, Column] = {}
        self._parameters: dict[tuple[str, str], Any] = {}
        self._open: list[str] = []
        members = PersonView(self)
        self.views = {PERSON: members, HOUSEHOLD: HouseholdView(self, members)}

    def count(self, entity: str) -> int:
        return self.layout.persons if entity is PERSON else self.layout.households

    # columns by name

    def column(self, name: str) -> Column:
        """A fact, a figure or a programme's answer. Raises PolicyError."""
        found = self.columns.get(name)
        if found is None:
            found = self.columns[name] = self._find(name)
        if self.trace is not None:
            self.trace.read(name)
        return found

    def _find(self, name: str) -> Column:
        fact = self.rules.facts.get(name)
        if fact is not None:
            given = self.given.get(name)
            return unknown_column(fact, self.count(fact.entity)) if given is None else given
        if name in self._open:
            raise PolicyError("circle", name=name, path=" → ".join([*self._open, name]))
        self._open.append(name)
        try:
            if self.trace is None:
                return self._computed(name)
            with self.trace.inside(name):
                return self._computed(name)
        finally:
            self._open.pop()

    def _computed(self, name: str) -> Column:
        figure = self.rules.figures.get(name)
        if figure is not None:
            found = self.run(figure)
            if found.name:  # a column that has its own name already
                found = _renamed(found, name)
            found.name = name
            return found
        return self._answer(name)

    def run(self, formula: InForce) -> Column:
        """What a formula gives. Raises PolicyError with file and line of the pack."""
        try:
            found = formula.function(self.views[formula.entity])
        except PolicyError as wrong:
            raise wrong.at(formula.file, line_of(wrong, (formula.file,))) from None
        except (
            TypeError,
            AttributeError,
            ValueError,
            IndexError,
            ZeroDivisionError,
            RecursionError,
        ) as wrong:
            line = line_of(wrong, (formula.file,))
            problem = f"{type(wrong).__name__}: {wrong}"
            raise PolicyError(
                "failed", file=formula.file, line=line, name=formula.slug, problem=problem
            ) from None
        count = self.count(formula.entity)
        if type(found) is bool:
            return Truth(np.full(count, YES if found else NO, np.uint8), formula.entity)
        if type(found) is int:
            return Number(np.full(count, found, np.int64), None, formula.entity)
        if not isinstance(found, Column) or found.entity is not formula.entity:
            raise self._wrong_result(formula, found, "one value")
        return found

    def truth(self, formula: InForce) -> Truth:
        found = self.run(formula)
        if type(found) is not Truth:
            raise self._wrong_result(formula, found, "yes or no")
        return found

    def _wrong_result(self, formula: InForce, found: Any, expected: str) -> PolicyError:
        shown = f"{found.kind} of each {found.entity}" if isinstance(found, Column) else repr(found)
        return PolicyError(
            "wrong_result",
            file=formula.file,
            line=formula.line,
            name=formula.slug,
            expected=expected,
            entity=formula.entity,
            found=shown,
        )

    # programmes

    def _answer(self, name: str) -> Truth:
        programme = self.rules.programmes.get(name)
        if programme is None:
            entity = self.rules.entity_of(name)
            if entity is None:
                raise PolicyError("unknown_name", name=name)
            # A programme that the law does not have on this day helps nobody.
            self.amounts[name] = Number(np.zeros(self.count(entity), np.int64), None, entity)
            return Truth(np.zeros(self.count(entity), np.uint8), entity, name)
        state = None
        for one in programme.conditions:
            if self.trace is None:
                truth = self.truth(one)
            else:
                with self.trace.inside(one.key):
                    truth = self.truth(one)
                self.trace.read(one.key)
            if self.keep:
                self.columns[one.key] = truth
            state = truth.state if state is None else np.minimum(state, truth.state)
        if state is None:
            state = np.zeros(self.count(programme.entity), np.uint8)
        answer = Truth(state, programme.entity, name)
        if programme.amount is not None:
            if self.trace is None:
                self.amounts[name] = self._amount(programme.amount, answer)
            else:
                with self.trace.inside(programme.amount.key):
                    self.amounts[name] = self._amount(programme.amount, answer)
        return answer

    def _amount(self, formula: InForce, answer: Truth) -> Number:
        found = self.run(formula)
        if type(found) is not Number:
            raise self._wrong_result(formula, found, "an amount")
        found = choose(answer, found, 0)
        np.maximum(found.values, 0, out=found.values)
        return found

    def amount(self, name: str) -> Number:
        """What a programme pays: zero where it says no, unknown where it says unknown. Raises PolicyError."""
        answer = self.column(name)
        found = self.amounts.get(name)
        if found is None:
            found = self.amounts[name] = Number(
                np.zeros(len(answer.state), np.int64), None, answer.entity, name
            )
        return found

    # persons and households

    def spread(self, name: str) -> Column:
        """A household's column for each of its members."""
        found = self._spread.get(name)
        if found is None:
            found = self.spread_out(self.column(name))
            found.name = name
            self._spread[name] = found
        elif self.trace is not None:
            self.trace.read(name)
        return found

    def spread_out(self, column: Column) -> Column:
        if column.entity is not HOUSEHOLD:
            raise PolicyError(
                "wrong_entity", name=column.name, own=PERSON, used=HOUSEHOLD, use=f".{column.name}"
            )
        spread = self.layout.spread
        if type(column) is Truth:
            return Truth(spread(column.state), PERSON)
        if type(column) is Choice:
            return Choice(spread(column.codes), column.choices, PERSON)
        unknown = None if column.unknown is None else spread(column.unknown)
        return Number(spread(column.values), unknown, PERSON)

    # parameters

    def parameter(self, name: str, entity: str) -> Any:
        """A parameter's value today; of one with values by kind, the value of each person or household."""
        key = (name, entity)
        found = self._parameters.get(key)
        if found is None:
            found = self._parameters[key] = self._parameter(name, entity)
        if self.trace is not None:
            self.trace.parameter(name)
        return found

    def _parameter(self, name: str, entity: str) -> Any:
        definition, value = self.rules.parameter(name)
        if definition.by:
            by = self.column(definition.by)
            if by.entity is not entity and entity is HOUSEHOLD:
                raise PolicyError(
                    "wrong_entity",
                    name=name,
                    own=PERSON,
                    used=HOUSEHOLD,
                    use=f".members.parameter({name!r})",
                )
            value = _looked_up(definition, value, by if by.entity is entity else self.spread(definition.by))
        return Rate(value) if definition.unit == "percent" else value


def _renamed(column: Column, name: str) -> Column:
    if type(column) is Truth:
        return Truth(column.state, column.entity, name)
    if type(column) is Choice:
        return Choice(column.codes, column.choices, column.entity, name)
    return Number(column.values, column.unknown, column.entity, name)


def _looked_up(definition: Any, values: dict[str, int], by: Column) -> Number | Truth:
    if type(by) is Choice:
        kinds, places = by.choices, by.codes
        unknown = places == len(kinds)
    elif type(by) is Number:
        kinds = tuple(str(n) for n in range(max((int(k) for k in values if k.isdigit()), default=0) + 1))
        places, unknown = np.clip(by.values, 0, len(kinds) - 1), by.unknown
    else:
        raise PolicyError("not_a_number", what=by.kind)
    lacking = [kind for kind in kinds if kind not in values]
    if lacking:
        raise definition.wrong("kinds_lacking", kinds=", ".join(lacking))
    table = np.array([*(int(values[kind]) for kind in kinds), 0], np.int64)
    if unknown is not None and not unknown.any():
        unknown = None
    return Number(table[places], unknown, by.entity)


class _View:
    """What a formula gets: facts, figures and programmes of each as attributes."""

    entity = ""

    def __init__(self, batch: Batch):
        self._batch = batch
        self._day = batch.rules.day

    def __getattr__(self, name: str) -> Column:
        batch = self._batch
        found = batch.column(name)
        if found.entity is not self.entity:
            other = "household" if self.entity is PERSON else "members"
            raise PolicyError(
                "wrong_entity", name=name, own=found.entity, used=self.entity, use=f".{other}.{name}"
            )
        if batch.trace is None:
            self.__dict__[name] = found
        return found

    def parameter(self, name: str) -> Any:
        """A parameter's value on the day of the question."""
        return self._batch.parameter(name, self.entity)

    def amount(self, name: str) -> Number:
        """What a programme pays each."""
        return self._batch.amount(name)

    @property
    def today(self) -> int:
        return _number(self._day)

    def years(self, since: Number) -> Number:
        """Whole years from a date until the day of the question; negative before it."""
        today = _number(self._day)
        return Number((today - since.values) // 10000, since.unknown, since.entity)

    def months(self, since: Number) -> Number:
        """Whole months from a date until the day of the question; negative before it and for never."""
        day = self._day
        values = since.values
        whole = (day.year - values // 10000) * 12 + (day.month - values // 100 % 100)
        return Number(whole - (values % 100 > day.day), since.unknown, since.entity)


def _number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


class PersonView(_View):
    """What a formula of persons sees."""

    entity = PERSON

    def __init__(self, batch: Batch):
        super().__init__(batch)
        self.household = SpreadView(batch)


class SpreadView:
    """The household of each person."""

    def __init__(self, batch: Batch):
        self._batch = batch

    def __getattr__(self, name: str) -> Column:
        return self._batch.spread(name)

    def parameter(self, name: str) -> Any:
        return self._batch.parameter(name, PERSON)

    def amount(self, name: str) -> Column:
        return self._batch.spread_out(self._batch.amount(name))


class HouseholdView(_View):
    """What a formula of households sees, and the sums over their members."""

    entity = HOUSEHOLD

    def __init__(self, batch: Batch, members: PersonView):
        super().__init__(batch)
        self.members = members

    def sum(self, number: Number, where: Truth | None = None) -> Number:
        """The sum over the members, of those for whom `where` holds; unknown when one that counts is."""
        _of_persons(number, Number)
        if where is not None:
            number = choose(where, number, 0)
        layout = self._batch.layout
        unknown = None if number.unknown is None else _any(layout, number.unknown)
        return Number(layout.add(number.values), unknown, HOUSEHOLD)

    def count(self, where: Truth) -> Number:
        """For how many members the condition holds."""
        _of_persons(where, Truth)
        layout = self._batch.layout
        kind = np.uint8 if layout.widest < 256 else np.int32
        unknown = _any(layout, (where.state & UNKNOWN).view(bool))
        return Number(layout.add(where.state >> 1, kind).astype(np.int64), unknown, HOUSEHOLD)

    def any(self, where: Truth) -> Truth:
        """Whether it holds for at least one member."""
        _of_persons(where, Truth)
        return Truth(self._batch.layout.most(where.state, NO), HOUSEHOLD)

    def all(self, where: Truth) -> Truth:
        """Whether it holds for every member; yes where there is none."""
        _of_persons(where, Truth)
        return Truth(self._batch.layout.least(where.state, YES), HOUSEHOLD)

    def none(self, where: Truth) -> Truth:
        """Whether it holds for no member."""
        return ~self.any(where)

    def max(self, number: Number, where: Truth | None = None, empty: int = 0) -> Number:
        """The largest of the members for whom `where` holds, `empty` when there is none."""
        return self._extreme(number, where, empty, self._batch.layout.most)

    def min(self, number: Number, where: Truth | None = None, empty: int = 0) -> Number:
        """The smallest of the members for whom `where` holds; `empty` counts with them."""
        return self._extreme(number, where, empty, self._batch.layout.least)

    def _extreme(self, number: Number, where: Truth | None, empty: int, reduce: Any) -> Number:
        _of_persons(number, Number)
        if where is not None:
            number = choose(where, number, empty)
        unknown = None if number.unknown is None else _any(self._batch.layout, number.unknown)
        return Number(reduce(number.values, empty), unknown, HOUSEHOLD)


def _any(layout: Any, mask: np.ndarray) -> np.ndarray:
    return layout.most(mask.view(np.uint8), 0).view(bool)


def _of_persons(column: Any, kind: type) -> None:
    if type(column) is not kind:
        code = "not_a_truth" if kind is Truth else "not_a_number"
        raise PolicyError(code, what=getattr(column, "kind", repr(column)))
    if column.entity is not PERSON:
        raise PolicyError(
            "wrong_entity", name=column.name or "the column", own=HOUSEHOLD, used=PERSON, use=".members"
        )


__all__ = ["Batch", "HouseholdView", "PersonView", "merged"]
