"""Programmes asked for a whole population, as screening and preview need the answers: household by household. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from yiwang.core.policy import HOUSEHOLD, PERSON, UNKNOWN, Answer, Population, Rules
from yiwang.core.policy.columns import Column
from yiwang.core.policy.tracing import Trace, missing_facts, traced
from yiwang.domains.assistance.discovery import fingerprints


def by_household(answer: Answer, population: Population) -> tuple[np.ndarray, np.ndarray]:
    """State and fen for each household; of a benefit of persons the best state and the sum of its members."""
    if answer.entity is HOUSEHOLD:
        return answer.state, answer.amount
    count = population.count[HOUSEHOLD]
    state = np.zeros(count, np.uint8)
    some = np.flatnonzero(answer.state)  # most are no
    np.maximum.at(state, population.household_of[some], answer.state[some])
    fen = np.zeros(count, np.int64)
    persons, amounts = answer.entitled()
    np.add.at(fen, population.household_of[persons], amounts)
    return state, fen


@dataclass(frozen=True, slots=True)
class Reads:
    """What a programme looks at, itself and through figures and other programmes."""

    facts: frozenset[str]
    parameters: frozenset[str]
    conditions: tuple[str, ...]  # keys of its own conditions
    illustrative: bool  # one of the parameters is a value that nobody has verified


def reads_of(rules: Rules, day: date) -> Mapping[str, Reads]:
    """What each programme in force looks at. Formulas have no branches, so one household shows it for all."""
    now = rules.at(day)
    part = next(iter(Population.of_records(rules.facts, [({}, [{}])]).parts()))
    batch, trace = traced(now, part, now.programmes)
    found = {}
    for slug, programme in now.programmes.items():
        conditions = tuple(one.key for one in programme.conditions)
        if programme.amount is not None:
            batch.amount(slug)
        facts, parameters = below(trace, (slug, *([programme.amount.key] if programme.amount else ())), rules)
        status = {now.dated(name).status for name in parameters}
        found[slug] = Reads(facts, parameters, conditions, bool(status & {"illustrative", "synthetic"}))
    return found


def below(trace: Trace, keys: Iterable[str], rules: Rules) -> tuple[frozenset[str], frozenset[str]]:
    """The facts and parameters that were looked at below some keys, with what a parameter goes by."""
    facts: set[str] = set()
    parameters: set[str] = set()
    for key in keys:
        read, used = trace.under(key)
        facts |= {name for name in read if name in rules.facts}
        parameters |= used
    return frozenset(facts), frozenset(parameters)


@dataclass(frozen=True, slots=True)
class Looked:
    """A closer look at some households and one programme, in the order in which they were asked for."""

    marks: np.ndarray  # of the facts that decide
    missing: tuple[tuple[str, ...], ...]  # names of the unknown facts on which an undetermined answer hangs


def look(
    rules: Rules, population: Population, day: date, programme: str, rows: np.ndarray, reads: Reads
) -> Looked:
    """Fingerprints and missing facts of the households `rows`."""
    some = population.take(rows)
    count = len(rows)
    marks = np.zeros(count, np.uint64)
    missing: list[list[str]] = [[] for _n in range(count)]
    for part in some.parts():
        batch, trace = traced(rules.at(day), part, [programme])
        places = some.household_order[part.households]
        columns = [
            (name, batch.column(name), rules.facts[name].type == "money") for name in sorted(reads.facts)
        ]
        columns += [(key, batch.columns[key], False) for key in reads.conditions]
        marks[places] = fingerprints.of_households(part.layout, columns)
        for name, households in _missing(batch, trace, programme).items():
            for place in places[households]:
                missing[place].append(name)
    return Looked(marks, tuple(tuple(sorted(names)) for names in missing))


def _missing(batch, trace: Trace, programme: str) -> dict[str, np.ndarray]:
    """Fact -> households of the run for which it is unknown where the answer hangs on it."""
    column: Column = batch.columns[programme]
    wanted = column.state == UNKNOWN
    found = missing_facts(batch, trace, programme, wanted)
    return {
        name: batch.layout.most(rows.view(np.uint8), 0).view(bool)
        if batch.rules.facts[name].entity is PERSON
        else rows
        for name, rows in found.items()
    }


def poorer(population: Population, share: float) -> Population:
    """The same households with so much less of every monthly income: who is then entitled is near the line.

    A cost is no income, and a loss stays as it is: less of either would make somebody richer.
    """
    scale = round((1 - share) * 1000)
    incomes = {
        fact.slug
        for fact in population.facts
        if fact.entity is PERSON
        and fact.type == "money"
        and fact.unit == "month"
        and not fact.slug.endswith("_cost")
    }

    def less(name: str, values: np.ndarray) -> np.ndarray:
        return np.where(values > 0, values * scale // 1000, values) if name in incomes else values

    return population.mapped(less)
