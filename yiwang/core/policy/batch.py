"""One run of the formulas over some households: what formulas see of them, computed once and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

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
)
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.narrowing import Places, placed, taken
from yiwang.core.policy.population import Part, unknown_column
from yiwang.core.policy.reading import line_of
from yiwang.core.policy.views import HouseholdView, PersonView

if TYPE_CHECKING:
    from yiwang.core.policy.parameters import Parameter
    from yiwang.core.policy.rules import InForce, ProgrammeAt, RulesAt
    from yiwang.core.policy.tracing import Trace


class Paid(NamedTuple):
    """Amounts: of the places named (rising), or of all where `places` is None; nothing to others."""

    places: np.ndarray | None
    values: np.ndarray
    unknown: np.ndarray | None


NARROW_FROM = 4096  # of fewer rows all are asked all conditions
NARROW_TO = 8  # when fewer than one in so many may still be entitled, only they are asked further

REUSED_UP_TO = 12  # a batch made for others is used again when it has at most so many times the households


class Batch:
    """Columns of some households as facts, figures, programmes; `columns` and `amounts` by name.

    A condition that comes after others is asked only of those who may still be entitled, and an amount only of those
    who are, in a narrower batch: those households alone, whose columns come from here where they are known already.
    """

    def __init__(
        self,
        rules: RulesAt,
        part: Part,
        trace: Trace | None = None,
        keep: bool = False,
        within: tuple[Batch, Places] | None = None,
    ):
        """`keep`: the conditions too stay in `columns`, under their keys. `within`: the batch that this one is of."""
        self.rules, self.layout, self.trace, self.keep = rules, part.layout, trace, keep
        self.given, self.columns, self.amounts = part.columns, {}, {}
        self.within = within
        self._spread: dict[str, Column] = {}
        self._parameters: dict[tuple[str, str], Any] = {}
        self._narrower: list[tuple[np.ndarray, Batch, Places]] = []
        self._open: list[str] = within[0]._open if within else []
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

    def _known(self, name: str) -> Column | None:
        """A column that is there already, here or in the batch that this one is of."""
        found = self.columns.get(name)
        if found is None:
            found = self.given.get(name)
        if found is None and self.within is not None:
            whole, places = self.within
            there = whole._known(name)
            if there is not None:
                found = self.columns[name] = taken(there, places)
                if name in whole.amounts:
                    self.amounts[name] = taken(whole.amount(name), places)
        return found

    def _find(self, name: str) -> Column:
        known = self._known(name)
        if known is not None:
            return known
        fact = self.rules.facts.get(name)
        if fact is not None:
            return unknown_column(fact, self.count(fact.entity))
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
        if isinstance(found, int):
            return Number(self.for_all(found, count), None, formula.entity)
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
        state = self._conditions(programme, 0, np.full(self.count(programme.entity), YES, np.uint8))
        answer = Truth(state, programme.entity, name)
        if programme.amount is not None:
            self.amounts[name] = self._paid(programme.amount, answer)
        return answer

    def _conditions(self, programme: ProgrammeAt, first: int, state: np.ndarray) -> np.ndarray:
        """The answer after the conditions from `first` on, given the answer before them."""
        if not programme.conditions:
            return np.zeros_like(state)
        for n, one in enumerate(programme.conditions[first:], start=first):
            if n > first and self._few(np.count_nonzero(state), state):
                inner, places = self._narrowed(programme.entity, state > 0)
                state[places] = inner._conditions(programme, n, state[places])
                return state
            if self.trace is None:
                truth = self.truth(one)
            else:
                with self.trace.inside(one.key):
                    truth = self.truth(one)
                self.trace.read(one.key)
            if self.keep:
                self.columns[one.key] = truth
            state = np.minimum(state, truth.state)
        return state

    def _few(self, count: int, state: np.ndarray) -> bool:
        return not self.keep and len(state) >= NARROW_FROM and count * NARROW_TO < len(state)

    def _narrowed(self, entity: str, rows: np.ndarray) -> tuple[Batch, np.ndarray]:
        """A batch of only the households that these rows are of (and perhaps a few more, if there is one already),
        and where its rows stand in this one."""
        if entity is PERSON:
            rows = self.layout.most(rows.view(np.uint8), 0).view(bool)
        wanted = np.count_nonzero(rows)
        for left_out, inner, places in self._narrower:
            size = inner.layout.households
            if wanted <= size <= max(wanted * REUSED_UP_TO, NARROW_FROM) and not (rows & left_out).any():
                return inner, places.of[entity]
        places = placed(self.layout, np.flatnonzero(rows))
        part = Part(places.layout, {}, slice(0, 0), slice(0, 0))
        inner = Batch(self.rules, part, within=(self, places))
        self._narrower.append((~rows, inner, places))
        self._narrower.sort(key=lambda one: one[1].layout.households)
        return inner, places.of[entity]

    def _paid(self, formula: InForce, answer: Truth) -> Number | Paid:
        """The amount of those who are entitled; unknown where the answer is."""
        if self._few(np.count_nonzero(answer.state == YES), answer.state):
            return self._paid_to_few(formula, answer)
        if self.trace is None:
            return self._amount(formula, answer)
        with self.trace.inside(formula.key):
            return self._amount(formula, answer)

    def _paid_to_few(self, formula: InForce, answer: Truth) -> Paid:
        entitled = answer.state == YES
        if not entitled.any():
            return Paid(np.zeros(0, np.int64), np.zeros(0, np.int64), None)
        inner, places = self._narrowed(answer.entity, entitled)
        found = inner._amount(formula, Truth(answer.state[places], answer.entity))
        # A household has more members than those who are entitled.
        own = entitled[places]
        unknown = found.unknown[own]
        return Paid(places[own], found.values[own], unknown if unknown.any() else None)

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
        if type(found) is Number:
            return found
        values = np.zeros(len(answer.state), np.int64)
        unknown = answer.state == UNKNOWN
        if found is not None:
            values[found.places] = found.values
            if found.unknown is not None:
                unknown[found.places] = found.unknown
        found = self.amounts[name] = Number(values, unknown, answer.entity, name)
        return found

    def paid(self, name: str) -> Paid:
        """What a programme pays to those whom it pays. Raises PolicyError."""
        self.column(name)
        found = self.amounts[name]
        if type(found) is Number:
            return Paid(None, found.values, found.unknown)
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

    @staticmethod
    def for_all(number: int, count: int) -> np.ndarray:
        """The same number for each."""
        return np.full(count, number, np.int64)

    @staticmethod
    def of_day(_name: str, number: int) -> int:
        """A number that the day of the question is known by."""
        return number

    @staticmethod
    def pick(definition: Parameter, kinds: Sequence[str], values: Mapping[str, int], places: Any) -> Any:
        """The number of each one's kind."""
        return table_of(definition, kinds, values).take(places)

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
            by = by if by.entity is entity else self.spread(definition.by)
            value = _looked_up(definition, value, by, self.pick)
        return Rate(value) if definition.unit == "percent" else value


def _renamed(column: Column, name: str) -> Column:
    if type(column) is Truth:
        return Truth(column.state, column.entity, name)
    if type(column) is Choice:
        return Choice(column.codes, column.choices, column.entity, name)
    return Number(column.values, column.unknown, column.entity, name)


def _looked_up(definition: Parameter, values: Mapping[str, int], by: Column, pick: Callable) -> Number:
    if type(by) is Choice:
        kinds, places = by.choices, by.codes
        unknown = places == len(kinds)
    elif type(by) is Number:
        kinds = tuple(str(n) for n in range(max((int(k) for k in values if k.isdigit()), default=0) + 1))
        places, unknown = np.clip(by.values, 0, len(kinds) - 1), by.unknown
    else:
        raise PolicyError("not_a_number", what=by.kind)
    found = pick(definition, kinds, values, places)
    if unknown is not None and not unknown.any():
        unknown = None
    return Number(found, unknown, by.entity)


def table_of(definition: Parameter, kinds: Sequence[str], values: Mapping[str, int]) -> np.ndarray:
    """The number of each kind, and 0 for the unknown. Raises PolicyError for a kind without one."""
    lacking = [kind for kind in kinds if kind not in values]
    if lacking:
        raise definition.wrong("kinds_lacking", kinds=", ".join(lacking))
    return np.array([*(int(values[kind]) for kind in kinds), 0], np.int64)
