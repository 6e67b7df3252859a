"""A scenario as the arrays that the loop reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from yiwang.core.process.model import BOUNDARY, TIMER
from yiwang.core.process.simulation.clock import DAYS, UNITS, Clocks, clocks
from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.simulation.lacking import MISSING, Lacking
from yiwang.core.process.simulation.lengths import NATURAL, NONE, Length
from yiwang.core.process.simulation.loop import Plan
from yiwang.core.process.simulation.positions import Place, Positions, possible
from yiwang.core.process.simulation.scenario import Profile, Scenario, StepPlan

_LIMIT = re.compile(r"(\d{1,4})(wd|d|wh|h|eh)", re.ASCII)


@dataclass(frozen=True)
class Compiled:
    """What a run needs, and the names behind its numbers."""

    scenario: Scenario
    plan: Plan
    clocks: Clocks
    places: tuple[Place, ...]
    outcomes: tuple[tuple[str, ...], ...]  # by place
    pools: tuple[str, ...]
    ends: tuple[str, ...]
    shares: tuple[float, ...]  # cumulative, of the profiles


def compile_scenario(scenario: Scenario) -> Compiled:
    """Checks the scenario and turns it into arrays. SimulationError says what is wrong and where."""
    scenario.check()
    return _Compiler(scenario).compiled()


class _Compiler:
    def __init__(self, scenario: Scenario):
        self.scenario, self.process = scenario, scenario.process
        self.chances = {node: step.chances for node, step in scenario.steps.items() if step.outcomes}
        self.places: dict[Place, int] = {}
        self.pools = {name: index for index, name in enumerate(scenario.pools)}
        self.ends: dict[str, int] = {}
        self.tables: dict[Length, int] = {NONE: 0}

    def compiled(self) -> Compiled:
        scenario = self.scenario
        found: dict[str, Positions] = {}
        explored = []
        for profile in scenario.profiles:
            key = repr(sorted(profile.data.items()))
            if key not in found:
                found[key] = Positions.explore(self.process, profile.data, self.chances)
            explored.append((key, found[key]))
        for positions in found.values():
            for move in positions.moves:
                for place in (*move.opened, *((move.place,) if move.place else ())):
                    self.places.setdefault(place, len(self.places))
        for node in scenario.early:  # begun early even where the process never comes to it
            self.places.setdefault((node, None), len(self.places))
        outcomes = [tuple(self.outcomes_of(node)) for node, _item in self.places]
        plan = Plan(**self.steps(outcomes), **self.rows(found, [key for key, _one in explored], outcomes))
        total = sum(profile.share for profile in scenario.profiles)
        shares = np.cumsum([profile.share / total for profile in scenario.profiles])
        return Compiled(
            scenario, plan, clocks(scenario.calendars), tuple(self.places), tuple(outcomes),
            tuple(self.pools), tuple(self.ends), tuple(shares.tolist()),
        )  # fmt: skip

    def outcomes_of(self, node: str) -> list[str]:
        if self.process.nodes[node].kind in (TIMER, BOUNDARY):
            return [""]
        return list(possible(self.process, node, self.chances))

    def table(self, length: Length) -> int:
        return self.tables.setdefault(length, len(self.tables))

    def steps(self, outcomes: list[tuple[str, ...]]) -> dict[str, np.ndarray]:
        """The columns by place."""
        nodes = [self.process.nodes[node] for node, _item in self.places]
        plans = [self.scenario.steps.get(node.id, StepPlan()) for node in nodes]
        timers = [node.kind in (TIMER, BOUNDARY) for node in nodes]
        limits = [
            self.limit_of(node) if timer else (0, DAYS) for node, timer in zip(nodes, timers, strict=True)
        ]
        chances = [
            np.cumsum([self._chance(plan, outcome, own) for outcome in own])
            for plan, own in zip(plans, outcomes, strict=True)
        ]
        for own in chances:
            if len(own) and own[-1] > 1 - 1e-9:
                own[-1] = 1.0
        hosts = list(self.places)
        early: list[list[int]] = [[] for _ in hosts]
        for node, host in self.scenario.early.items():
            if (host, None) in self.places:
                early[self.places[host, None]].append(self.places[node, None])
        profiles = self.scenario.profiles
        pool = np.full((len(profiles), len(hosts)), -1, np.int64)
        calendar = np.zeros_like(pool)
        for row, profile in enumerate(profiles):
            for column, ((_node, item), plan) in enumerate(zip(hosts, plans, strict=True)):
                pool[row, column] = self.pool_of(plan, item, profile)
                if pool[row, column] >= 0:
                    name = list(self.pools)[pool[row, column]]
                    calendar[row, column] = self.scenario.pools[name].calendar
        own_tables = {
            name: np.array([self.table(getattr(plan, name)) for plan in plans], np.int64)
            for name in ("work", "delay", "hold")
        }
        lacking = [plan.lacking or Lacking() for plan in plans]
        natural = {
            f"{name}_natural": np.array([getattr(plan, name).clock == NATURAL for plan in plans])
            for name in ("work", "delay", "hold")
        }
        pools = self.scenario.pools.values()
        return {
            "timer": np.array(timers),
            "amount": np.array([amount for amount, _unit in limits], np.int64),
            "unit": np.array([unit for _amount, unit in limits], np.int64),
            "key": np.array([_key(place) for place in hosts], np.uint64),
            **own_tables,
            **natural,
            "hold_chance": np.array([plan.hold_chance for plan in plans], float),
            "lack_chance": np.array([one.chance for one in lacking], float),
            "lack_outcome": np.array(
                [
                    own.index(MISSING) if one.wait == NONE and one.chance else -1
                    for own, one in zip(outcomes, lacking, strict=True)
                ],
                np.int64,
            ),
            "lack_wait": np.array([self.table(one.wait) for one in lacking], np.int64),
            "lack_natural": np.array([one.wait.clock == NATURAL for one in lacking]),
            "outcome_from": _offsets(chances),
            "chance": np.concatenate([*chances, np.zeros(0)]),
            "pool": pool,
            "calendar_of": calendar,
            "people": np.array([-1 if one.people is None else one.people for one in pools], np.int64),
            "share": np.array([one.share for one in pools], float),
            "tables": np.array([length.knots for length in self.tables], float),
            "early_from": _offsets(early),
            "early": _flat(early),
        }

    def _chance(self, plan: StepPlan, outcome: str, own: tuple[str, ...]) -> float:
        return plan.outcomes.get(outcome, 0.0) if plan.outcomes else 1 / len(own)

    def limit_of(self, node: Any) -> tuple[int, int]:
        text = node.duration
        if text.startswith("$"):
            text = self.scenario.durations.get(text[1:], "")
            if not text:
                raise SimulationError(
                    "duration",
                    f"durations.{node.duration[1:]}",
                    f"say how long the timer {node.id} runs, such as 5wd",
                )
        match = _LIMIT.fullmatch(text)
        if not match:
            raise SimulationError(
                "duration", f"durations.{node.id}", f"“{text}” is not a limit: write such as 5wd, 7d, 24h"
            )
        return int(match[1]), UNITS[match[2]]

    def pool_of(self, plan: StepPlan, item: Any, profile: Profile) -> int:
        if not plan.pool:
            return -1
        for unit in (item, profile.unit):
            found = self.pools.get(f"{unit}/{plan.pool}") if unit else None
            if found is not None:
                return found
        if plan.pool in self.pools:
            return self.pools[plan.pool]
        raise SimulationError(
            "no_pool", f"people.{plan.pool}", f"say how many people the post {plan.pool} has"
            + (f", or the post in the unit {item or profile.unit}" if item or profile.unit else "")
        )  # fmt: skip

    def rows(
        self, found: dict[str, Positions], keys: list[str], outcomes: list[tuple[str, ...]]
    ) -> dict[str, np.ndarray]:
        """The moves of all position graphs in one table, sorted by position; then the starts."""
        base, moves, starts = 0, [], {}
        for key, positions in found.items():
            for move in positions.moves:
                if move.place is None:
                    starts[key] = (move, base)
                else:
                    moves.append((move.position + base, move, base))
            base += positions.count
        moves.sort(key=lambda entry: entry[0])
        counts = np.zeros(base + 1, np.int64)
        for position, _move, _base in moves:
            counts[position + 1] += 1
        start_numbers = {}
        for key, (move, own) in starts.items():
            start_numbers[key] = len(moves)
            moves.append((-1, move, own))
        places = self.places
        return {
            "row_from": np.cumsum(counts),
            "row_place": np.array([places[m.place] if m.place else -1 for _p, m, _b in moves], np.int64),
            "row_outcome": np.array(
                [outcomes[places[m.place]].index(m.outcome) if m.place else -1 for _p, m, _b in moves], np.int64
            ),
            "row_next": np.array([m.next + own for _p, m, own in moves], np.int64),
            "row_end": np.array(
                [self.ends.setdefault(m.end, len(self.ends)) if m.end else -1 for _p, m, _b in moves], np.int64
            ),
            "open_from": _offsets([m.opened for _p, m, _b in moves]),
            "open": _flat([[places[one] for one in m.opened] for _p, m, _b in moves]),
            "close_from": _offsets([m.closed for _p, m, _b in moves]),
            "close": _flat([[places[one] for one in m.closed] for _p, m, _b in moves]),
            "start_row": np.array([start_numbers[key] for key in keys], np.int64),
        }  # fmt: skip


def _key(place: Place) -> int:
    """What the luck of a place depends on: its name alone, so that it is the same in every variant."""
    return int.from_bytes(blake2b(repr(place).encode(), digest_size=8).digest(), "little")


def _offsets(lists: Any) -> np.ndarray:
    return np.concatenate(([0], np.cumsum([len(one) for one in lists]))).astype(np.int64)


def _flat(lists: list[list[int]]) -> np.ndarray:
    return np.array([value for one in lists for value in one], np.int64)
