"""The population that is asked, as columns, with which household each row is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from yiwang.core.policy import Population


@dataclass(frozen=True)
class Residents:
    """`ids` and `areas` (communities) by row of the population's households; `snapshot` names where they come from."""

    snapshot: str
    population: Population
    ids: Sequence[UUID]
    areas: Sequence[str]

    @cached_property
    def row_of(self) -> Mapping[UUID, int]:
        return {one: row for row, one in enumerate(self.ids)}
