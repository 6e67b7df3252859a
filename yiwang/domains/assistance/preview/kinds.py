"""What kind of household each one is, for tables that say who is affected. Each household is of one kind. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from yiwang.core.policy import HOUSEHOLD, YES, Population, Rules
from yiwang.core.policy.batch import Batch
from yiwang.domains.assistance.preview.effects import Groups

OLD, GROWN = 60, 18
# In the order in which they are asked: a household is of the first kind that holds.
KINDS = ("disabled", "ill", "old_alone", "old", "minors", "alone", "other")


def kinds_of(rules: Rules, population: Population, day: date) -> Groups:
    """Severely disabled or seriously ill member, old people, minors, one person, other. Unknown counts as no."""
    found = np.full(population.count[HOUSEHOLD], len(KINDS) - 1, np.int8)
    now = rules.at(day)
    for part in population.parts():
        batch = Batch(now, part)
        home = batch.views[HOUSEHOLD]
        of_part = np.full(part.layout.households, len(KINDS) - 1, np.int8)
        for n in range(len(KINDS) - 2, -1, -1):
            of_part[_TESTS[KINDS[n]](home, now.facts)] = n
        found[population.household_order[part.households]] = of_part
    return Groups(found, KINDS)


def _members(home, facts) -> np.ndarray:
    return home.count((home.members.years(home.members.born_on) >= 0) | True).values


def _aged(home, at_least: int) -> np.ndarray:
    return home.count(home.members.years(home.members.born_on) >= at_least).values


def _disabled(home, facts) -> np.ndarray:
    if "disability_grade" not in facts:
        return np.zeros(len(_members(home, facts)), bool)
    grade = home.members.disability_grade
    return home.any((grade >= 1) & (grade <= 2)).state == YES


def _ill(home, facts) -> np.ndarray:
    return home.any(home.members.serious_illness).state == YES


def _old(home, facts) -> np.ndarray:
    count = _members(home, facts)
    return (_aged(home, OLD) == count) & (count > 0)


def _old_alone(home, facts) -> np.ndarray:
    return _old(home, facts) & (_members(home, facts) == 1)


def _minors(home, facts) -> np.ndarray:
    return home.any(home.members.years(home.members.born_on) < GROWN).state == YES


def _alone(home, facts) -> np.ndarray:
    return _members(home, facts) == 1


_TESTS: dict[str, Callable[..., np.ndarray]] = {
    "disabled": _disabled,
    "ill": _ill,
    "old_alone": _old_alone,
    "old": _old,
    "minors": _minors,
    "alone": _alone,
}
