"""The halls (办事大厅) of a loaded pack version, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class HallLine:  # 业务队列
    slug: str
    name: str
    name_en: str
    letter: str
    capacity: int  # appointments that begin at the same time
    desks: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hall:  # 办事大厅
    slug: str
    name: str
    name_en: str
    place: str
    place_en: str
    unit: str
    slot: int  # minutes
    ahead: int  # working days
    each: int
    missed: int
    early: int  # minutes
    late: int  # minutes
    in_row: int
    lines: tuple[HallLine, ...]
    source: str
    status: str

    def line(self, slug: str) -> HallLine | None:
        return next((line for line in self.lines if line.slug == slug), None)

    def line_of(self, service: str) -> HallLine | None:
        """The line in which one waits for a service; None where the hall does not do it."""
        return next((line for line in self.lines if service in line.services), None)

    @property
    def desks(self) -> tuple[str, ...]:
        """Every counter once, in the order of the pack."""
        return tuple(dict.fromkeys(desk for line in self.lines for desk in line.desks))

    def lines_at(self, desk: str) -> tuple[HallLine, ...]:
        return tuple(line for line in self.lines if desk in line.desks)


def halls_of(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Hall]:
    """In the pack's order; a version from before there were halls has none."""
    found = {}
    for key, row in rows.items():
        own = {name: row[name] for name in Hall.__slots__ if name != "lines"}
        found[key] = Hall(**own, lines=tuple(_line(part) for part in row["lines"]))
    return MappingProxyType(found)


def _line(part: Mapping[str, Any]) -> HallLine:
    lists = {name: tuple(part[name]) for name in ("desks", "services")}
    return HallLine(**{name: part[name] for name in HallLine.__slots__} | lists)
