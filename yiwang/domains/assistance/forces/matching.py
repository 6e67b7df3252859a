"""Needs and offers brought together (供需匹配): the best assignment, solved exactly. Pure; no database.

Two aims, the second only among the best of the first: meet as much need as can be met, each unit weighed by the
urgency of its need; then carry it as short a way as possible. Solved as integer programmes with HiGHS; what HiGHS
gives is checked again in whole numbers. The same needs and offers give the same matches in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import gcd

import highspy
import numpy as np

from yiwang.core.geo import Point, distance_m


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is still open of a need. `quantity` in units of the item (money: fen); `weight`: of its urgency, 1 or more.

    `whole`: one giver gives all of it, or nobody (one wheelchair, one ride).
    """

    id: str
    kind: str
    item: str
    quantity: int
    weight: int
    area: str
    point: Point
    until: date
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What is still free of an offer. `area`: served area, the beginning of its code; `radius_m`: 0 for no circle."""

    id: str
    kind: str
    item: str
    capacity: int
    area: str
    point: Point
    since: date
    until: date
    radius_m: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    need: str
    offer: str
    quantity: int
    distance_m: int


class NotSolved(RuntimeError):
    """The solver gave no proof that its answer is the best one. Nothing is proposed then."""


def fits(need: Wanted, offer: Offered, today: date) -> bool:
    """Whether the offer can serve the need at all: kind and item, place, time, and size where it cannot be split."""
    return (
        (need.kind, need.item) == (offer.kind, offer.item)
        and need.quantity > 0
        and offer.capacity >= (need.quantity if need.whole else 1)
        and today <= need.until
        and today <= offer.until
        and offer.since <= need.until
        and need.area.startswith(offer.area)
        and (not offer.radius_m or way_m(need, offer) <= offer.radius_m)
    )


def way_m(need: Wanted, offer: Offered) -> int:
    """Metres between the two; money travels no way."""
    return 0 if need.kind == "money" else round(distance_m(need.point, offer.point))


def match(
    needs: Iterable[Wanted],
    offers: Iterable[Offered],
    today: date,
    without: Collection[tuple[str, str]] = (),
) -> list[Match]:
    """The best assignment, ordered by need and offer; none of the pairs `without`. Raises NotSolved."""
    needs = sorted(needs, key=lambda one: one.id)
    offers = sorted(offers, key=lambda one: one.id)
    found: list[Match] = []
    for group in _groups(needs, offers, today, frozenset(without)):
        found += _solve(*group)
    return sorted(found, key=lambda one: (one.need, one.offer))


def worth(matches: Iterable[Match], needs: Iterable[Wanted]) -> tuple[int, int]:
    """Both aims in whole numbers: weighed units met, and metres times units."""
    weight = {one.id: one.weight for one in needs}
    matches = list(matches)
    return (
        sum(weight[one.need] * one.quantity for one in matches),
        sum(one.distance_m * one.quantity for one in matches),
    )


_Arc = tuple[int, int, int]  # place of the need, of the offer, metres


def _groups(
    needs: Sequence[Wanted],
    offers: Sequence[Offered],
    today: date,
    without: frozenset[tuple[str, str]],
) -> Iterable[tuple[list[Wanted], list[Offered], list[_Arc]]]:
    """Needs and offers that hang together; what does not is solved apart."""
    parent = list(range(len(needs) + len(offers)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    by_item: dict[tuple[str, str], list[int]] = {}
    for place, offer in enumerate(offers):
        by_item.setdefault((offer.kind, offer.item), []).append(place)
    pairs = []
    for i, need in enumerate(needs):
        for j in by_item.get((need.kind, need.item), ()):
            if (need.id, offers[j].id) not in without and fits(need, offers[j], today):
                pairs.append((i, j))
                parent[root(i)] = root(len(needs) + j)
    grouped: dict[int, list[tuple[int, int]]] = {}
    for i, j in pairs:
        grouped.setdefault(root(i), []).append((i, j))
    for members in grouped.values():
        rows = sorted({i for i, _ in members})
        columns = sorted({j for _, j in members})
        at_need, at_offer = ({real: at for at, real in enumerate(some)} for some in (rows, columns))
        arcs = [(at_need[i], at_offer[j], way_m(needs[i], offers[j])) for i, j in members]
        yield [needs[i] for i in rows], [offers[j] for j in columns], arcs


def _solve(needs: list[Wanted], offers: list[Offered], arcs: list[_Arc]) -> list[Match]:
    """Two integer programmes over the same arcs: most need met, then the shortest way at that."""
    # Money in fen is large and mostly round: counting in the common divisor keeps the numbers small and exact.
    step = gcd(*(one.quantity for one in needs), *(one.capacity for one in offers))
    size = [needs[i].quantity // step if needs[i].whole else 1 for i, _, _ in arcs]
    gain = np.array([needs[i].weight * units for (i, _, _), units in zip(arcs, size, strict=True)], float)
    cost = np.array([metres * units for (_, _, metres), units in zip(arcs, size, strict=True)], float)
    model = _Model(needs, offers, arcs, size, step)
    first = model.best(-gain)
    most = int(np.rint(gain @ first))
    chosen = model.best(cost, at_least=(gain, most))
    if int(np.rint(gain @ chosen)) != most:
        raise NotSolved("the shorter way met less need")
    units = [int(count) * each * step for count, each in zip(chosen, size, strict=True)]
    found = [
        Match(needs[i].id, offers[j].id, quantity, metres)
        for (i, j, metres), quantity in zip(arcs, units, strict=True)
        if quantity
    ]
    _check(found, needs, offers)
    return found


class _Model:
    """The rows that both programmes share: no need gets more than it asks, no offer gives more than it has."""

    def __init__(self, needs, offers, arcs: list[_Arc], size: list[int], step: int):
        self.count = len(arcs)
        self.upper = np.array(
            [1 if needs[i].whole else min(needs[i].quantity, offers[j].capacity) // step for i, j, _ in arcs],
            float,
        )
        rows: list[list[int]] = [[] for _ in range(len(needs) + len(offers))]
        for place, (i, j, _) in enumerate(arcs):
            rows[i].append(place)
            rows[len(needs) + j].append(place)
        self.limits = np.array(
            [one.quantity // step for one in needs] + [one.capacity // step for one in offers]
        )
        self.starts = np.cumsum([0, *map(len, rows)])
        self.index = np.array([place for row in rows for place in row], np.int32)
        self.value = np.array([size[place] for row in rows for place in row], float)

    def best(self, objective: np.ndarray, at_least: tuple[np.ndarray, int] | None = None) -> np.ndarray:
        """The whole-numbered solution with the smallest objective. Raises NotSolved without a proof of it."""
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        for option, value in (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
            solver.setOptionValue(option, value)
        free = np.full(self.count, 0.0)
        solver.addVars(self.count, free, self.upper)
        every = np.arange(self.count, dtype=np.int32)
        solver.changeColsCost(self.count, every, objective)
        solver.changeColsIntegrality(
            self.count, every, np.full(self.count, highspy.HighsVarType.kInteger, dtype=object)
        )
        for row, limit in enumerate(self.limits):
            part = slice(self.starts[row], self.starts[row + 1])
            solver.addRow(
                -highspy.kHighsInf, float(limit), part.stop - part.start, self.index[part], self.value[part]
            )
        if at_least:
            gain, most = at_least
            solver.addRow(float(most), highspy.kHighsInf, self.count, every, gain)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotSolved(f"HiGHS ended with {solver.modelStatusToString(status)}")
        return np.rint(np.array(solver.getSolution().col_value))


def _check(found: list[Match], needs: list[Wanted], offers: list[Offered]) -> None:
    """In whole numbers, without trusting the solver's tolerances."""
    given: dict[str, int] = {}
    taken: dict[str, int] = {}
    for one in found:
        given[one.need] = given.get(one.need, 0) + one.quantity
        taken[one.offer] = taken.get(one.offer, 0) + one.quantity
    for need in needs:
        got = given.get(need.id, 0)
        if got > need.quantity or (need.whole and got not in (0, need.quantity)):
            raise NotSolved(f"need {need.id} would get {got} of {need.quantity}")
    for offer in offers:
        if taken.get(offer.id, 0) > offer.capacity:
            raise NotSolved(f"offer {offer.id} would give {taken[offer.id]} of {offer.capacity}")
