"""Which unit answers for a class in each community, and which line of the duty table says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from yiwang.faces.rulebook import words
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.queries import DutyRow

COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Share:
    """The communities of one line of the duty table; `line` is None where nobody answers."""

    line: DutyRow | None
    unit: str  # its name; '' where nobody answers
    areas: tuple[str, ...]  # codes of communities
    whole: bool  # all of the district
    places: tuple[str, ...]  # sub-districts that lie in it wholly, then single communities, by name


def decided(standard: str, code: str) -> Mapping[str, DutyRow | None]:
    """Community -> the line that decides."""
    table = registers.duty_table()
    return {area: table.find(standard, code, area) for area in communities()}


def communities() -> list[str]:
    return [row.code for row in registers.areas().values() if row.level == COMMUNITY]


def shares(standard: str, code: str) -> list[Share]:
    """The district divided among the lines: first what nobody answers for, then the largest share."""
    by_line: dict[DutyRow | None, list[str]] = {}
    for area, line in decided(standard, code).items():
        by_line.setdefault(line, []).append(area)
    total = len(communities())
    found = [
        Share(
            line,
            words.unit(line.unit) if line else "",
            tuple(areas),
            len(areas) == total,
            tuple(_places(areas)),
        )
        for line, areas in by_line.items()
    ]
    return sorted(found, key=lambda share: (share.line is not None, -len(share.areas), share.unit))


def _places(areas: list[str]) -> list[str]:
    """Whole sub-districts by their name, the rest by community."""
    known = registers.areas()
    inside: dict[str, set[str]] = {}
    for code in communities():
        inside.setdefault(known[code].parent or "", set()).add(code)
    left, names = set(areas), []
    for parent, members in inside.items():
        if members <= left:
            names.append(words.area(parent))
            left -= members
    return names + [words.area(code) for code in areas if code in left]


def gaps(rules: Rulebook) -> tuple[tuple[tuple[str, str, str], int], ...]:
    """Classes of the standard in force for which nobody answers somewhere, with how many communities."""
    return _gaps(rules, len(communities()))


@lru_cache(maxsize=2)
def _gaps(rules: Rulebook, _communities: int) -> tuple[tuple[tuple[str, str, str], int], ...]:
    table, areas = registers.duty_table(), communities()
    found = []
    for key in rules.classes:
        if key[0] != rules.default_standard:
            continue
        missing = sum(table.find(key[0], key[2], area) is None for area in areas)
        if missing:
            found.append((key, missing))
    return tuple(found)
