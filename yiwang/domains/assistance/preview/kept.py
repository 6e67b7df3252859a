"""The newest snapshot with what it gets today, kept in this process between requests."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.timezone import localdate

from yiwang.core.policy import Population, Rules
from yiwang.domains.assistance.discovery import asking, residents
from yiwang.domains.assistance.preview.effects import Baseline, Effect, Groups, effect
from yiwang.domains.assistance.preview.kinds import kinds_of
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.fresh import Fresh
from yiwang.kernel.ui import clock

SUBDISTRICT_DIGITS = 9
WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Kept:
    """`snapshot`: its name; `pack`: the version whose law was asked."""

    snapshot: str
    pack: int
    baseline: Baseline

    def effect(self, changes: Mapping[str, Any]) -> Effect:
        return effect(self.baseline, changes)

    @cached_property
    def today(self) -> Effect:
        """Nothing changed: what is spent now, by programme, area and kind."""
        return effect(self.baseline, {})


def groups_of(areas: np.ndarray, codes: list[str]) -> Groups:
    """Sub-districts of the communities that households live in."""
    names = sorted({code[:SUBDISTRICT_DIGITS] for code in codes})
    place = {name: n for n, name in enumerate(names)}
    table = np.array([place[code[:SUBDISTRICT_DIGITS]] for code in codes], np.int16)
    return Groups(table[areas] if len(codes) else np.zeros(0, np.int16), tuple(names))


def baseline_of(rules: Rules, population: Population, day: date, areas: Groups) -> Baseline:
    """A baseline whose answers of today are there already, so that the first question is as quick as the next."""
    found = Baseline(rules, population, day, areas, kinds_of(rules, population, day), WORKERS)
    _ = found.yearly  # computed now
    return found


def _stamp() -> tuple:
    return (residents.newest(), current().id, localdate(clock.now()))


def _build() -> Kept:
    rules, (name, _pack, day) = current(), _stamp()
    snapshot = residents.open_snapshot()
    facts = frozenset().union(*(one.facts for one in asking.reads_of(rules.policy, day).values()))
    population = residents.population_of(snapshot, rules.policy, facts | residents.KIND_FACTS)
    codes, areas = snapshot.areas("household")
    return Kept(name, rules.id, baseline_of(rules.policy, population, day, groups_of(areas, codes)))


_kept: Fresh[Kept] = Fresh(_stamp, _build)


def kept() -> Kept:
    """Raises NotFound `no_snapshot` while the lake is empty."""
    return _kept.value()
