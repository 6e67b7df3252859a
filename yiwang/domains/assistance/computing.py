"""What the rules say of a household: asked of `core.policy`, kept beside the decision, never in place of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Computed:
    """`says`: yes, no, undetermined, or '' where nothing was computed. `fen`: a month, or once."""

    says: str = ""
    fen: int | None = None
    explanation: Mapping[str, Any] | None = None


NOTHING = Computed()


def compute(programme: str, household: UUID, person: UUID | None, on: date) -> Computed:
    return NOTHING
