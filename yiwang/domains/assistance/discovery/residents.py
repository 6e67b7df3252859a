"""The population that is asked: the newest snapshot of the lake as columns, and which household each row is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

import numpy as np

from yiwang.core.policy import NEVER, ROWS, Population, Rules
from yiwang.domains.assistance.discovery.asking import reads_of
from yiwang.kernel.lake.reading import Snapshot, latest

# What the kinds of households are told by, whether a programme looks at it or not.
KIND_FACTS = frozenset({"born_on", "disability_grade", "serious_illness"})


@dataclass(frozen=True)
class Residents:
    """`ids` and `areas` (communities) by row of the population's households; `snapshot` names where they come from."""

    snapshot: str
    population: Population
    ids: Sequence[UUID]
    areas: Sequence[str]

    def dated(self, fact: str) -> np.ndarray:
        """Of which households a day is known on which something began; False where it never did."""
        known = self.population.facts.get(fact)
        found = np.zeros(len(self.ids), bool)
        if known is None or fact not in self.population.known:
            return found
        for part in self.population.parts():
            column = part.columns[fact]
            there = column.values != NEVER
            if column.unknown is not None:
                there &= ~column.unknown
            found[self.population.household_order[part.households]] = there
        return found

    @cached_property
    def row_of(self) -> Mapping[UUID, int]:
        return {one: row for row, one in enumerate(self.ids)}


def open_snapshot() -> Snapshot:
    """The newest snapshot. Raises NotFound `no_snapshot`."""
    return latest()


def newest() -> str:
    """The newest snapshot's name, which another one never has. Raises NotFound `no_snapshot`."""
    return open_snapshot().folder.name


def population_of(snapshot: Snapshot, rules: Rules, facts: Collection[str] | None = None) -> Population:
    """A snapshot's columns as `core.policy` asks them: those of these facts, or all that the rules know."""
    wanted = (
        {fact.slug for fact in rules.facts}
        if facts is None
        else {name for name in facts if name in rules.facts}
    )
    return Population.of_columns(
        rules.facts,
        snapshot.columns("household", wanted),
        snapshot.columns("person", wanted),
        snapshot.household_of,
        count=snapshot.households_count,
        rows=ROWS,
    )


def load(rules: Rules, day: date, *more: str) -> Residents:
    """Everybody of the newest snapshot, with the facts that programmes of the day look at, and `more`.

    Raises NotFound `no_snapshot`.
    """
    snapshot = open_snapshot()
    facts = frozenset(more).union(*(one.facts for one in reads_of(rules, day).values()))
    codes, areas = snapshot.areas("household")
    return Residents(
        snapshot.folder.name,
        population_of(snapshot, rules, facts),
        snapshot.ids("household"),
        np.array(codes, object)[areas].tolist() if len(codes) else [],
    )
