"""Answers of programmes to a population: one path for one household and for a whole city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import lru_cache

import numpy as np

from yiwang.core.policy.batch import Batch, Paid
from yiwang.core.policy.columns import HOUSEHOLD, NO, UNKNOWN, YES
from yiwang.core.policy.formulas import ProgrammeDef
from yiwang.core.policy.population import Part, Population
from yiwang.core.policy.rules import Rules

ROWS = 180_000  # persons evaluated at once: few enough for the processor's cache, enough for little overhead


class Answer:
    """One programme's answer for each person or household, in the order in which they were given."""

    def __init__(self, programme: ProgrammeDef, population: Population):
        self.programme, self.entity = programme, programme.entity
        count = population.count[programme.entity]
        own = programme.entity is HOUSEHOLD
        self._order = population.household_order if own else population.person_order
        self._state = np.empty(count, np.uint8)
        self._paid: list[tuple[int, Paid]] = []  # what each part pays, with the place at which it begins
        self._given: dict[str, np.ndarray] = {}

    def _take(self, batch: Batch, part: Part) -> None:
        place = part.households if self.entity is HOUSEHOLD else part.persons
        self._state[place] = batch.column(self.programme.slug).state
        if self.programme.amount is not None and self.programme.slug in batch.rules.programmes:
            self._paid.append((place.start, batch.paid(self.programme.slug)))

    def _whole(self) -> tuple[np.ndarray, np.ndarray]:
        """Amount, and whether it is unknown, of all in the population's own order."""
        amount, unknown = np.zeros(len(self._state), np.int64), self._state == UNKNOWN
        for start, paid in self._paid:
            places = slice(start, start + len(paid.values)) if paid.places is None else paid.places + start
            amount[places] = paid.values
            if paid.unknown is not None:
                unknown[places] |= paid.unknown
        amount[unknown] = 0
        return amount, unknown

    def _in_order(self, name: str, values: np.ndarray) -> np.ndarray:
        found = self._given.get(name)
        if found is None:
            found = np.empty_like(values)
            found[self._order] = values
            self._given[name] = found
        return found

    @property
    def state(self) -> np.ndarray:
        """0 no, 1 undetermined, 2 yes."""
        return self._in_order("state", self._state)

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
        if "amount" not in self._given:
            amount, unknown = self._whole()
            self._in_order("amount", amount)
            self._in_order("unknown", unknown)
        return self._given["amount"]

    @property
    def amount_known(self) -> np.ndarray:
        """False where the answer, or the amount of a yes, hangs on what is unknown."""
        if "unknown" not in self._given:
            self._in_order("unknown", self._whole()[1])
        return ~self._given["unknown"]

    def entitled(self) -> tuple[np.ndarray, np.ndarray]:
        """Who is entitled, as places in the order given, and how many fen each; 0 where the amount is not known.

        Few are: this is quicker than putting all answers in order.
        """
        places = np.flatnonzero(self._state == YES)
        return self._order[places], self._whole()[0][places]

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
    answers = {one.slug: Answer(one, population) for one in wanted}

    def run(part: Part) -> None:
        batch = Batch(now, part)
        for answer in answers.values():
            answer._take(batch, part)

    parts = population.parts()
    if workers > 1:
        list(_pool(workers).map(run, parts))
    else:
        for part in parts:
            run(part)
    return Answers(rules, population, day, answers)
