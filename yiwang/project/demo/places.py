"""Where things happen: real positions of the pack's components and roads, some of them again and again."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from yiwang.core.geo import Point
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models import Component, Road

STEP_M = 90  # between two places along a road
HOT = 40  # places in every hundred matters that happen at a hot spot
SPOTS = 60
_BESIDE = ("附近", "门前", "路口", "对面", "旁边", "")


@dataclass(frozen=True, slots=True)
class Place:
    """`address` names road and house number; `area` is the community that holds the point."""

    point: Point
    area: str
    address: str
    spoken: str  # as a resident would say it


class Places:
    """All places by class of component, and those along roads; `pick` prefers the hot spots."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.on_roads: list[Place] = []
        self.at: dict[str, list[Place]] = defaultdict(list)
        roads = list(Road.objects.filter(active=True).order_by("code"))
        for road in roads:
            self._along(road)
        names = {road.code: road for road in roads}
        for component in Component.objects.filter(active=True).order_by("code"):
            self._at_component(component, names)
        self.hot = {kind: self._spots(found) for kind, found in [("road", self.on_roads), *self.at.items()]}

    def pick(self, at: str, rng: Random) -> Place:
        found = self.at.get(at) or self.on_roads
        spots, weights = self.hot[at if at in self.at else "road"]
        if rng.random() * 100 < HOT:
            return rng.choices(spots, cum_weights=weights)[0]
        return rng.choice(found)

    def _spots(self, found: Sequence[Place]) -> tuple[list[Place], list[float]]:
        """Few places with most of the trouble: the n-th hot spot has 1/n of the first one's share."""
        spots = self.rng.sample(found, min(len(found), SPOTS))
        return spots, list(accumulate(1 / (n + 2) for n in range(len(spots))))

    def _along(self, road: Road) -> None:
        ways = road.geometry["coordinates"]
        for line in [ways] if road.geometry["type"] == "LineString" else ways:
            for lon, lat in _points(line, STEP_M):
                self._add(self.on_roads, lon, lat, road)

    def _at_component(self, component: Component, roads: dict[str, Road]) -> None:
        point = Point(component.lon, component.lat)
        near = registers.nearest_road(point, 300.0)
        if near is not None:
            self._add(self.at[component.class_code], component.lon, component.lat, roads[near.key])

    def _add(self, found: list[Place], lon: float, lat: float, road: Road) -> None:
        # Nobody's phone is exact: a few metres beside.
        lon, lat = lon + self.rng.gauss(0, 4e-5), lat + self.rng.gauss(0, 3e-5)
        point = Point(round(lon, 6), round(lat, 6))
        held = registers.locate(point)
        if held is None:
            return
        area = held.area.code
        stretch = next((s for s in road.stretches if s["area"] == area), None)
        spoken = road.name
        if stretch and stretch["last"] >= stretch["first"]:
            spoken += f"{self.rng.randint(stretch['first'], stretch['last'])}号"
        found.append(Place(point, area, f"大东区{spoken}", spoken + self.rng.choice(_BESIDE)))


def _points(line: Sequence[Sequence[float]], step: float) -> list[tuple[float, float]]:
    """Points every `step` metres along a line of (longitude, latitude)."""
    found, left = [], step / 2
    for (lon1, lat1), (lon2, lat2) in zip(line, line[1:], strict=False):
        metres = math.hypot((lon2 - lon1) * 83_000, (lat2 - lat1) * 111_000)
        gone = left
        while gone < metres:
            share = gone / metres
            found.append((lon1 + (lon2 - lon1) * share, lat1 + (lat2 - lat1) * share))
            gone += step
        left = gone - metres
    return found
