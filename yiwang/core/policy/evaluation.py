"""Answers of programmes to a population: one path for one household and for a whole city."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from yiwang.core.policy.batch import Batch, Paid
from yiwang.core.policy.columns import HOUSEHOLD, NO, PERSON, UNKNOWN, YES
from yiwang.core.policy.formulas import ProgrammeDef
from yiwang.core.policy.fused.choosing import function_for
from yiwang.core.policy.fused.running import Plan, answer, numbers_of
from yiwang.core.policy.population import Part, Population
from yiwang.core.policy.rules import Rules, RulesAt

ROWS = 180_000  # persons evaluated at once: few enough for the processor's cache, enough for little overhead


class _Rooms:
    """The arrays of all programmes in one block for each kind: of a large block memory comes in large pages, without
    which getting it takes longer than computing what stands in it."""

    def __init__(self, programmes: Iterable[ProgrammeDef], population: Population):
        self._count = population.count
        self._row: dict[str, int] = {}
        self._rows = {HOUSEHOLD: 0, PERSON: 0}
        for one in programmes:
            self._row[one.slug] = self._rows[one.entity]
            self._rows[one.entity] += 1
        self._blocks: dict[tuple, np.ndarray] = {}

    def of(self, what: str, programme: ProgrammeDef, dtype: type) -> np.ndarray:
        """An array of zeros, one for each person or household."""
        key = (what, programme.entity)
        block = self._blocks.get(key)
        if block is None:
            shape = (self._rows[programme.entity], self._count[programme.entity])
            block = self._blocks[key] = np.zeros(shape, dtype)
        return block[self._row[programme.slug]]


class Answer:
    """One programme's answer for each person or household, in the order in which they were given."""

    def __init__(self, programme: ProgrammeDef, population: Population, rooms: _Rooms):
        self.programme, self.entity = programme, programme.entity
        self._rooms = rooms
        own = programme.entity is HOUSEHOLD
        self._order = population.household_order if own else population.person_order
        self._population = population
        self._state = rooms.of("kept", programme, np.uint8)
        self._paid: list[tuple[int, Paid]] = []  # what each part pays, with the place at which it begins
        self._given: dict[str, np.ndarray] = {}

    def _take(self, batch: Batch, part: Part) -> None:
        place = part.households if self.entity is HOUSEHOLD else part.persons
        self._state[place] = batch.column(self.programme.slug).state
        if self.programme.amount is not None and self.programme.slug in batch.rules.programmes:
            self._paid.append((place.start, batch.paid(self.programme.slug)))

    def _amounts(self, places_of: np.ndarray | None, amount: np.ndarray, unknown: np.ndarray | None) -> None:
        """Puts the amounts, and which of those of a yes are unknown, in their places: as kept, or `places_of` those."""
        for start, paid in self._paid:
            places: Any = slice(start, start + len(paid.values))
            if paid.places is not None:
                places = paid.places + start
            if places_of is not None:
                places = places_of[places]
            amount[places] = paid.values if paid.unknown is None else np.where(paid.unknown, 0, paid.values)
            if unknown is not None and paid.unknown is not None:
                unknown[places] |= paid.unknown

    @property
    def state(self) -> np.ndarray:
        """0 no, 1 undetermined, 2 yes."""
        found = self._given.get("state")
        if found is None:
            found = self._given["state"] = self._rooms.of("state", self.programme, np.uint8)
            np.take(self._state, self._population.back(self.entity), out=found, mode="clip")
        return found

    @property
    def yes(self) -> np.ndarray:
        return self.state == YES

    @property
    def no(self) -> np.ndarray:
        return self.state == NO

    @property
    def undetermined(self) -> np.ndarray:
        return self.state == UNKNOWN

    @property
    def amount(self) -> np.ndarray:
        """Fen; zero where the answer is no or undetermined, where the amount is not known, and without money."""
        found = self._given.get("amount")
        if found is None:
            found = self._given["amount"] = self._rooms.of("amount", self.programme, np.int64)
            self._amounts(self._order, found, None)
        return found

    @property
    def amount_known(self) -> np.ndarray:
        """False where the answer, or the amount of a yes, hangs on what is unknown."""
        found = self._given.get("unknown")
        if found is None:
            found = self._given["unknown"] = self.state == UNKNOWN
            self._amounts(self._order, np.zeros(len(found), np.int64), found)
        return ~found

    def entitled(self) -> tuple[np.ndarray, np.ndarray]:
        """Who is entitled, as places in the order given, and how many fen each; 0 where the amount is not known.

        Few are: this is quicker than putting all answers in order.
        """
        places = np.flatnonzero(self._state == YES)
        amounts = np.zeros(len(self._state), np.int64)
        self._amounts(None, amounts, None)
        return self._order[places], amounts[places]

    def totals(self) -> dict[str, int]:
        """How many yes, no and undetermined, and the sum of the known amounts in fen."""
        counts = np.bincount(self._state, minlength=3)
        paid = sum(
            int(one.values.sum() if one.unknown is None else one.values[~one.unknown].sum())
            for _start, one in self._paid
        )
        return {
            "yes": int(counts[YES]),
            "no": int(counts[NO]),
            "undetermined": int(counts[UNKNOWN]),
            "fen": paid,
        }


class Answers(Mapping[str, Answer]):
    """The answers of several programmes, by slug."""

    def __init__(self, rules: Rules, population: Population, day: date, answers: dict[str, Answer]):
        self.rules, self.population, self.day = rules, population, day
        self._answers = answers

    def __getitem__(self, slug: str) -> Answer:
        return self._answers[slug]

    def __iter__(self):
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)


def _from_compiled(
    plan: Plan,
    function: Callable,
    now: RulesAt,
    population: Population,
    answers: dict[str, Answer],
    workers: int,
) -> None:
    """Fills the answers from a compiled function, which computes all programmes, asked for or not."""
    states = {
        one.slug: answers[one.slug]._state
        if one.slug in answers
        else np.empty(population.count[one.entity], np.uint8)
        for one in plan.kept
    }
    pool = _pool(workers) if workers > 1 else None
    for slug, start, paid in answer(plan, function, numbers_of(plan, now), population, states, workers, pool):
        if slug in answers:
            answers[slug]._paid.append((start, paid))
    for slug, state in plan.same.items():
        if slug in answers:
            answers[slug]._state[:] = state


def prepare(rules: Rules, population: Population, day: date, always: bool = False) -> bool:
    """Makes now what `evaluate` would otherwise leave to a thread of its own; False where it answers without.

    `always`: for a population of any size; else only for one that is large enough.
    """
    return function_for(rules.at(day), population, wait=True, always=always) is not None


@lru_cache(maxsize=4)
def _pool(workers: int) -> ThreadPoolExecutor:
    """Threads that are kept: a new thread would take memory of its own for each evaluation."""
    return ThreadPoolExecutor(workers, thread_name_prefix="policy")


def evaluate(
    rules: Rules,
    population: Population,
    day: date,
    programmes: Iterable[str] | None = None,
    workers: int = 1,
) -> Answers:
    """What each programme (by default all) answers on a day. Raises PolicyError.

    `workers` threads share the parts of the population (see `Population.of_columns`); the answers are the same for
    any number of parts and threads.
    """
    now = rules.at(day)
    wanted = [rules.programme(slug) for slug in (rules.programmes if programmes is None else programmes)]
    rooms = _Rooms(wanted, population)
    answers = {one.slug: Answer(one, population, rooms) for one in wanted}
    compiled = function_for(now, population)
    if compiled is not None:
        _from_compiled(*compiled, now, population, answers, workers)
        return Answers(rules, population, day, answers)

    def run(part: Part) -> None:
        batch = Batch(now, part)
        for one in answers.values():
            one._take(batch, part)

    parts = population.parts()
    if workers > 1:
        list(_pool(workers).map(run, parts))
    else:
        for part in parts:
            run(part)
    return Answers(rules, population, day, answers)
