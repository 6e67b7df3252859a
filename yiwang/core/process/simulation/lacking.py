"""What is missing when an application is looked at for the first time, by material: what no longer asking for it saves.

What is missing is told once and all at once (一次告知), so only the first look can find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod

from yiwang.core.process.simulation.lengths import NONE, Length

MISSING = "missing"  # the outcome that sends an application back


@dataclass(frozen=True)
class Lacking:
    """`together`: the share of the first looks that lack exactly these materials, as counted; the shares add up to one at
    most. `alone`: materials that are missing in a share of cases whatever else is. `wait`: how long the legal clock stands
    where the step has no outcome that sends an application back.
    """

    together: Mapping[frozenset[str], float] = field(default_factory=dict)
    alone: Mapping[str, float] = field(default_factory=dict)
    wait: Length = NONE

    @property
    def chance(self) -> float:
        """That anything is missing."""
        return 1 - (1 - min(1.0, sum(self.together.values()))) * prod(1 - one for one in self.alone.values())

    @property
    def materials(self) -> list[str]:
        """In order of their names."""
        return sorted({one for several in self.together for one in several} | set(self.alone))

    def share(self, material: str) -> float:
        """Of the first looks, in which this is missing."""
        if material in self.alone:
            return self.alone[material]
        return sum(share for several, share in self.together.items() if material in several)

    def without(self, material: str) -> Lacking:
        """The material is no longer asked for: who lacked it and nothing else lacks nothing now."""
        together: dict[frozenset[str], float] = {}
        for several, share in self.together.items():
            if rest := several - {material}:
                together[rest] = together.get(rest, 0.0) + share
        alone = {one: share for one, share in self.alone.items() if one != material}
        return replace(self, together=together, alone=alone)

    def with_share(self, material: str, share: float) -> Lacking:
        """The material is missing in this share of the cases; the shares of the others stay."""
        found = self.without(material)
        return replace(found, alone={**found.alone, material: share})


def apart(outcomes: Mapping[str, float]) -> dict[str, float]:
    """The chances of the outcomes of an application that lacks nothing: without the one that sends back."""
    rest = {name: chance for name, chance in outcomes.items() if name != MISSING}
    total, before = sum(rest.values()), sum(outcomes.values())
    if not rest or MISSING not in outcomes:
        return dict(outcomes)
    if not total:
        return {name: before if name == next(iter(rest)) else 0.0 for name in rest}
    return {name: chance * before / total for name, chance in rest.items()}
