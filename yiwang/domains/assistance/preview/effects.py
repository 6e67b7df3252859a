"""What other values of parameters would do to a population. Pure: nothing is enacted, nobody is named.

The answers of today are kept (`Baseline`); asked anew are only the programmes that look at a changed parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from yiwang.core.policy import HOUSEHOLD, PERSON, Population, Rules, evaluate
from yiwang.domains.assistance.discovery import asking
from yiwang.domains.assistance.discovery.asking import Reads

TIMES = {"month": 12, "year": 1, "season": 1, "once": 1, "": 0}  # how often a year an amount is paid
# Upper ends of the bands of a household's loss a year, in fen; the last band is open.
BANDS = (60_000, 120_000, 360_000, 1_200_000)


@dataclass(frozen=True, slots=True)
class Groups:
    """A way to divide the households: `of` is the number of each one's group, `names` are the groups' keys."""

    of: np.ndarray
    names: tuple[str, ...]

    def count(self, where: np.ndarray) -> np.ndarray:
        return np.bincount(self.of[where], minlength=len(self.names))

    def total(self, amounts: np.ndarray) -> np.ndarray:
        """The sum of whole fen of each group. Sums of floats would be exact only up to 2**53: kept in integers."""
        found = np.zeros(len(self.names), np.int64)
        changed = np.flatnonzero(amounts)
        np.add.at(found, self.of[changed], amounts[changed])
        return found


@dataclass(frozen=True, slots=True)
class Paid:
    """One programme's answer by household: who gets it, and how many fen a year."""

    yes: np.ndarray
    fen: np.ndarray


@dataclass(frozen=True)
class Baseline:
    """A population with what it gets under the law of a day. Built once, asked often."""

    rules: Rules
    population: Population
    day: date
    areas: Groups
    kinds: Groups
    workers: int = 1

    @cached_property
    def reads(self) -> Mapping[str, Reads]:
        return asking.reads_of(self.rules, self.day)

    @cached_property
    def paid(self) -> dict[str, Paid]:
        return _paid(self.rules, self, list(self.reads))

    @cached_property
    def yearly(self) -> np.ndarray:
        """What each household gets a year from all programmes."""
        return np.sum([one.fen for one in self.paid.values()], axis=0, dtype=np.int64)

    def touched(self, changes: Mapping[str, Any]) -> list[str]:
        """The programmes that look at a changed parameter, in the order of the pack."""
        names = {self.slug_of(name) for name in changes}
        return [slug for slug, one in self.reads.items() if one.parameters & names]

    def slug_of(self, name: str) -> str:
        """guarantee.standard of guarantee.standard.urban."""
        return name if name in self.rules.parameters else name.rpartition(".")[0]


def _paid(rules: Rules, baseline: Baseline, programmes: Sequence[str]) -> dict[str, Paid]:
    population = baseline.population
    answers = evaluate(rules, population, baseline.day, programmes, baseline.workers)
    count = population.count[HOUSEHOLD]
    found = {}
    for slug in programmes:
        homes, fen = answers[slug].entitled()
        if answers[slug].entity is PERSON:
            homes = population.household_of[homes]
        yes, year = np.zeros(count, bool), np.zeros(count, np.int64)
        yes[homes] = True
        np.add.at(year, homes, fen * TIMES[rules.programme(slug).pays])
        found[slug] = Paid(yes, year)
    return found


@dataclass(frozen=True, slots=True)
class Moved:
    """How one programme, or one group of households, changes. Counts are households, money is fen a year."""

    key: str
    before: int
    gained: int
    lost: int
    more: int  # goes on getting it, and gets more
    less: int
    fen_before: int
    fen_after: int

    @property
    def after(self) -> int:
        return self.before + self.gained - self.lost

    @property
    def change(self) -> int:
        return self.fen_after - self.fen_before

    def as_dict(self) -> dict[str, Any]:
        names = "key before after gained lost more less fen_before fen_after change".split()
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Band:
    """Households that lose so much a year together: more than `over` and at most `up_to` fen (None: no end)."""

    over: int
    up_to: int | None
    count: int
    fen: int
    out: int  # of them, those that get nothing at all any more
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """All that a change would do. `programmes` are those touched; areas and kinds count every programme together."""

    changes: Mapping[str, Any]
    programmes: tuple[Moved, ...]
    areas: tuple[Moved, ...]
    kinds: tuple[Moved, ...]
    total: Moved
    worst: tuple[Band, ...]
    illustrative: bool
    untouched: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return {
            "changes": dict(self.changes),
            "programmes": [one.as_dict() for one in self.programmes],
            "areas": [one.as_dict() for one in self.areas],
            "kinds": [one.as_dict() for one in self.kinds],
            "total": self.total.as_dict(),
            "worst": [
                {name: getattr(one, name) for name in ("over", "up_to", "count", "fen", "out")}
                | {"by_kind": dict(one.by_kind)}
                for one in self.worst
            ],
            "illustrative": self.illustrative,
            "untouched": list(self.untouched),
        }


def effect(baseline: Baseline, changes: Mapping[str, Any]) -> Effect:
    """What these values in place of today's would do. Raises PolicyError for a name or a value that can't be."""
    rules = baseline.rules.with_values(changes)
    touched = baseline.touched(changes)
    after = _paid(rules, baseline, touched) if touched else {}
    before = {slug: baseline.paid[slug] for slug in touched}
    count = baseline.population.count[HOUSEHOLD]
    delta = np.zeros(count, np.int64)
    for slug in touched:
        delta += after[slug].fen - before[slug].fen
    helped = _any(baseline.paid.values(), count)
    helped_after = _any((baseline.paid | after).values(), count)
    whole = Groups(np.zeros(count, np.int8), ("all",))
    together = (helped, helped_after, baseline.yearly, delta)
    return Effect(
        changes=dict(changes),
        programmes=tuple(_programme(slug, before[slug], after[slug]) for slug in touched),
        areas=_moved(baseline.areas, *together),
        kinds=_moved(baseline.kinds, *together),
        total=_moved(whole, *together)[0],
        worst=_bands(baseline, delta, helped & ~helped_after),
        illustrative=True,  # a value that is only tried is in force nowhere
        untouched=tuple(slug for slug in baseline.reads if slug not in after),
    )


def _any(paid: Iterable[Paid], count: int) -> np.ndarray:
    """Who gets something of any of these."""
    found = np.zeros(count, bool)
    for one in paid:
        found |= one.yes
    return found


def _programme(slug: str, before: Paid, after: Paid) -> Moved:
    both = before.yes & after.yes
    return Moved(
        slug,
        int(before.yes.sum()),
        int((after.yes & ~before.yes).sum()),
        int((before.yes & ~after.yes).sum()),
        int((both & (after.fen > before.fen)).sum()),
        int((both & (after.fen < before.fen)).sum()),
        int(before.fen.sum()),
        int(after.fen.sum()),
    )


def _moved(
    groups: Groups,
    helped: np.ndarray,
    helped_after: np.ndarray,
    yearly: np.ndarray,
    delta: np.ndarray,
) -> tuple[Moved, ...]:
    """By group: a household counts as gained when it gets something it did not get, and as lost likewise."""
    both = helped & helped_after
    ways = (helped, helped_after & ~helped, helped & ~helped_after, both & (delta > 0), both & (delta < 0))
    columns = [groups.count(one) for one in ways]
    fen = groups.total(yearly)
    after = fen + groups.total(delta)
    return tuple(
        Moved(name, *(int(column[n]) for column in columns), int(fen[n]), int(after[n]))
        for n, name in enumerate(groups.names)
    )


def _bands(baseline: Baseline, delta: np.ndarray, out: np.ndarray) -> tuple[Band, ...]:
    """The households that lose money, in bands of how much; bands and kinds, never names."""
    losers = np.flatnonzero(delta < 0)
    loss = -delta[losers]
    which = np.searchsorted(np.array(BANDS), loss, side="left")
    edges = (0, *BANDS)
    found = []
    for n in range(len(BANDS), -1, -1):
        rows = losers[which == n]
        by_kind = np.bincount(baseline.kinds.of[rows], minlength=len(baseline.kinds.names))
        found.append(
            Band(
                edges[n],
                BANDS[n] if n < len(BANDS) else None,
                len(rows),
                int(-delta[rows].sum()),
                int(out[rows].sum()),
                {name: int(k) for name, k in zip(baseline.kinds.names, by_kind, strict=True) if k},
            )
        )
    return tuple(found)
