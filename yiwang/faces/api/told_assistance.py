"""What the API tells of social assistance: groups and sums, never a household."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from yiwang.faces.api.told import Told


class MovedOut(Told):
    """Counts are households, money is whole fen a year."""

    key: str = Field(description="A programme, an area's code, a kind of household, or all.")
    before: int
    after: int
    gained: int
    lost: int
    more: int
    less: int
    fen_before: int
    fen_after: int
    change: int


class BandOut(Told):
    """Households that lose more than `over` and at most `up_to` fen a year."""

    over: int
    up_to: int | None
    count: int
    fen: int
    out: int = Field(description="Of them, those that get nothing at all any more.")
    by_kind: dict[str, int]


class PreviewOut(Told):
    changes: dict[str, Any]
    programmes: list[MovedOut] = Field(description="Those that look at a changed parameter.")
    areas: list[MovedOut]
    kinds: list[MovedOut]
    total: MovedOut
    worst: list[BandOut]
    illustrative: bool
    untouched: list[str]
