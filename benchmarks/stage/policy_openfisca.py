"""Run as a program by a Python that has openfisca-core: the same formulas as OpenFisca variables; prints JSON.

python -m benchmarks.stage.policy_openfisca COLUMNS.npz ANSWERS.npz DAY

Every fact is an input variable; every figure, every programme and every amount is a variable whose formula is the
pack's own function. What the function sees is put in terms of OpenFisca: `person("wage", period)`,
`person.household(…)`, `household.sum(…)`. Integers are kept in 64 bits instead of OpenFisca's 32.
"""

from __future__ import annotations

import json
import sys
import time
import types
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.stage.policy_people import peak_mb, rules
from yiwang.core.policy import HOUSEHOLD, PERSON, Population, Truth
from yiwang.core.policy.batch import Batch
from yiwang.core.policy.rules import RulesAt

REPEATS = 9
SINGLES = 20


class Share:
    """A rate; OpenFisca has none in whole numbers."""

    __array_ufunc__ = None

    def __init__(self, points: Any):
        self.points = points

    def __rmul__(self, amount: np.ndarray) -> np.ndarray:
        return (amount * self.points + 5000) // 10000


class Kinds:
    """A choice kept as codes."""

    def __init__(self, codes: np.ndarray, choices: tuple[str, ...]):
        self.codes, self.choices = codes, choices

    def is_in(self, *values: str) -> np.ndarray:
        table = np.zeros(len(self.choices), bool)
        table[[self.choices.index(value) for value in values]] = True
        return table[self.codes]

    def __eq__(self, other: object) -> np.ndarray:
        return self.is_in(other)

    def __ne__(self, other: object) -> np.ndarray:
        return ~self.is_in(other)


def choose(when: Any, then: Any, otherwise: Any = 0) -> Any:
    if isinstance(when, bool):
        return then if when else otherwise
    return np.where(when, then, otherwise)


def any_of(*conditions: np.ndarray) -> np.ndarray:
    return np.logical_or.reduce(conditions)


def all_of(*conditions: np.ndarray) -> np.ndarray:
    return np.logical_and.reduce(conditions)


WORDS = {"choose": choose, "any_of": any_of, "all_of": all_of, "least": np.minimum, "most": np.maximum}


class Seen:
    """What a formula sees of persons or households, asked of OpenFisca."""

    def __init__(self, now: RulesAt, ask: Callable[[str], np.ndarray]):
        self._now, self._ask = now, ask

    def __getattr__(self, name: str) -> Any:
        found = self._ask(name)
        fact = self._now.facts.get(name)
        return Kinds(found, tuple(fact.choices)) if fact is not None and fact.type == "choice" else found

    @property
    def today(self) -> int:
        return int(self._now.day.strftime("%Y%m%d"))

    def years(self, since: np.ndarray) -> np.ndarray:
        return (self.today - since) // 10000

    def months(self, since: np.ndarray) -> np.ndarray:
        day = self._now.day
        whole = (day.year - since // 10000) * 12 + (day.month - since // 100 % 100)
        return whole - (since % 100 > day.day)

    def parameter(self, name: str) -> Any:
        definition, value = self._now.parameter(name)
        if definition.by:
            by = getattr(self, definition.by)
            kinds = by.choices if isinstance(by, Kinds) else sorted(value, key=int)
            table = np.array([value[kind] for kind in kinds], np.int64)
            value = table[by.codes if isinstance(by, Kinds) else by]
        return Share(value) if definition.unit == "percent" else value


class SeenPerson(Seen):
    def __init__(self, now: RulesAt, person: Any, when: Any):
        super().__init__(now, lambda name: person(name, when))
        self.household = Seen(now, lambda name: person.household(name, when))

    def parameter(self, name: str) -> Any:
        by = self._now.parameter(name)[0].by
        fact = self._now.facts.get(by) if by else None
        own = not by or (fact is not None and fact.entity == PERSON)
        own = own or (by in self._now.figures and self._now.figures[by].entity == PERSON)
        return super().parameter(name) if own else self.household.parameter(name)


class SeenHousehold(Seen):
    def __init__(self, now: RulesAt, household: Any, when: Any):
        super().__init__(now, lambda name: household(name, when))
        self._household = household
        self.members = SeenPerson(now, household.members, when)

    def sum(self, number: np.ndarray, where: np.ndarray | None = None) -> np.ndarray:
        number = number if where is None else np.where(where, number, 0)
        return self._household.sum(number).astype(np.int64)

    def count(self, where: np.ndarray) -> np.ndarray:
        return self._household.sum(where).astype(np.int64)

    def any(self, where: np.ndarray) -> np.ndarray:
        return self._household.any(where)


def system(now: RulesAt) -> TaxBenefitSystem:
    """The pack as a tax and benefit system of OpenFisca."""
    household = build_entity("household", "households", "", roles=[{"key": "member", "plural": "members"}])
    person = build_entity("person", "persons", "", is_person=True)
    made = TaxBenefitSystem([person, household])
    entities = {PERSON: person, HOUSEHOLD: household}
    wide = []

    def add(name: str, entity: str, kind: type, formula: Callable | None = None) -> None:
        body = {
            "value_type": kind,
            "entity": entities[entity],
            "definition_period": DateUnit.MONTH,
            "label": name,
        }
        if formula is not None:
            body["formula"] = formula
        made.add_variable(type(name, (Variable,), body))
        if kind is int:
            wide.append(name)

    for fact in now.facts:
        add(fact.slug, fact.entity, bool if fact.type == "bool" else int)
    nobody = next(Population.of_records(now.facts, [({}, [{}])]).parts())
    seen = Batch(now, nobody)
    truths = {slug for slug in now.figures if isinstance(seen.column(slug), Truth)}
    for slug, figure in now.figures.items():
        add(slug, figure.entity, bool if slug in truths else int, _formula(now, figure))
    for slug, programme in now.programmes.items():
        add(slug, programme.entity, bool, _answer(now, programme))
        if programme.amount is not None:
            add(f"{slug}_amount", programme.entity, int, _amount(now, programme))
    for name in wide:
        made.variables[name].dtype = np.dtype(np.int64)
    return made


def _plain(now: RulesAt, one: Any) -> Callable:
    function = types.FunctionType(one.function.__code__, WORDS)
    view = SeenPerson if one.entity == PERSON else SeenHousehold
    return lambda population, when: function(view(now, population, when))


def _formula(now: RulesAt, one: Any) -> Callable:
    plain = _plain(now, one)
    return lambda population, when: plain(population, when)


def _answer(now: RulesAt, programme: Any) -> Callable:
    conditions = [_plain(now, one) for one in programme.conditions]

    def formula(population, when):
        return np.logical_and.reduce([condition(population, when) for condition in conditions])

    return formula


def _amount(now: RulesAt, programme: Any) -> Callable:
    plain = _plain(now, programme.amount)

    def formula(population, when):
        paid = plain(population, when)
        return np.where(population(programme.slug, when), np.maximum(paid, 0), 0)

    return formula


def simulation(
    made: TaxBenefitSystem, columns: dict[str, np.ndarray], household_of: np.ndarray, households: int, when
):
    builder = SimulationBuilder()
    builder.create_entities(made)
    builder.declare_person_entity("person", np.arange(len(household_of)))
    group = builder.declare_entity("household", np.arange(households))
    builder.join_with_persons(group, household_of, np.full(len(household_of), "member"))
    found = builder.build(made)
    for name, values in columns.items():
        found.set_input(name, when, values)
    return found


def calculated(found: Any, now: RulesAt, when: Any) -> dict[str, np.ndarray]:
    answers = {}
    for slug, programme in now.programmes.items():
        answers[slug] = found.calculate(slug, when)
        if programme.amount is not None:
            answers[f"{slug}.amount"] = found.calculate(f"{slug}_amount", when)
    return answers


def main(columns: str, answers_to: str, day: date) -> dict:
    now = rules().at(day)
    made, when = system(now), period(day.strftime("%Y-%m"))
    with np.load(columns) as file:
        household_of, households = file["household_of"].astype(np.int64), int(file["households"])
        values = {fact.slug: file[fact.slug] for fact in now.facts}
    best = spent = built = 1e9
    for _ in range(REPEATS):
        used = time.process_time()
        found = simulation(made, values, household_of, households, when)
        built = min(built, time.process_time() - used)
        began, used = time.perf_counter(), time.process_time()
        answers = calculated(found, now, when)
        best = min(best, time.perf_counter() - began)
        spent = min(spent, time.process_time() - used)
    result = {
        "population_s": best,
        "population_cpu_s": spent,
        "prepare_cpu_s": built,
        "peak_mb": peak_mb(),
    }
    np.savez(answers_to, **answers)
    result["one_answer_ms"] = _singles(now, made, values, household_of, when)
    return result


def _singles(
    now: RulesAt, made: TaxBenefitSystem, values: dict, household_of: np.ndarray, when: Any
) -> float:
    """One household at a time, its simulation built before the clock starts."""
    spent = []
    for n in range(SINGLES):
        rows = np.flatnonzero(household_of == n)
        own = {fact.slug: values[fact.slug][[n] if fact.entity == HOUSEHOLD else rows] for fact in now.facts}
        found = simulation(made, own, np.zeros(len(rows), np.int64), 1, when)
        began = time.perf_counter()
        calculated(found, now, when)
        spent.append(time.perf_counter() - began)
    return sorted(spent)[len(spent) // 2] * 1e3


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3]))))
