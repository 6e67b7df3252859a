"""Finding a place by what people call it: an address, a road, an estate or park, a community, a sub-district."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.core.geo import Match
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.fresh import Fresh
from yiwang.kernel.registers.models import PlaceName, Road

MOST = 6
LONGEST = 120  # characters of a question that are looked at
ROAD_PARTS = 4  # communities that are offered for one road


@dataclass(frozen=True, slots=True)
class Place:
    """A place that words may mean: `area` is the code of its community or sub-district, `label` what it is called."""

    kind: str  # address | road | name | community | subdistrict
    label: str
    area: str
    area_name: str  # with the sub-district before it
    sure: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class _Known:
    """A name of the registers, in the form in which it is compared."""

    kind: str
    words: tuple[str, ...]
    name: str
    name_en: str
    areas: tuple[str, ...]


def search(text: str, english: bool = False, most: int = MOST) -> list[Place]:
    """The places that the text may mean, the likeliest first; none when it names nothing known. No query."""
    text = " ".join(text[:LONGEST].split())
    if len(text) < 2:
        return []
    found: dict[tuple[str, str], Place] = {}
    for match in registers.resolve_address(text)[:most]:
        one = _of_match(match, text, english)
        found.setdefault((one.area, ""), one)
    for one in _by_name(text, english):
        if (one.area, "") not in found:
            found.setdefault((one.area, one.label), one)
    return sorted(found.values(), key=lambda one: (-one.sure, one.label, one.area))[:most]


def area_path(code: str, english: bool = False) -> str:
    """The area's name with its sub-district before it: 万泉街道 北海社区."""
    row = registers.areas().get(code)
    if row is None:
        return ""
    above = registers.areas().get(row.parent or "")
    own = (english and row.name_en) or row.name
    if row.level != "community" or above is None or above.level == "district":
        return own
    upper = (english and above.name_en) or above.name
    return f"{own}, {upper}" if english else f"{upper} {own}"


def _of_match(match: Match, text: str, english: bool) -> Place:
    kinds = {clue.kind for clue in match.why}
    kind = "address" if kinds & {"house", "crossing"} else "road" if "road" in kinds else "name"
    if kinds <= {"community", "subdistrict"}:
        kind = "community" if len(match.area_code) > 9 else "subdistrict"
    return Place(kind, text, match.area_code, area_path(match.area_code, english), match.confidence)


def _by_name(text: str, english: bool) -> Iterable[Place]:
    """Names that begin with the text, or hold it; for somebody who is still typing."""
    wanted = _plain(text)
    for known in _names.value():
        rank = next((n for word in known.words if (n := _rank(wanted, word)) is not None), None)
        if rank is None:
            continue
        for area in known.areas[:ROAD_PARTS]:
            label = (english and known.name_en) or known.name
            yield Place(known.kind, label, area, area_path(area, english), (0.55, 0.45, 0.3)[rank])


def _rank(wanted: str, word: str) -> int | None:
    if wanted == word:
        return 0
    if word.startswith(wanted):
        return 1
    return 2 if wanted in word else None


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _build() -> tuple[_Known, ...]:
    areas = [
        _Known(row.level, _words(row.name, row.name_en), row.name, row.name_en, (row.code,))
        for row in registers.areas().values()
        if row.level in ("community", "subdistrict")
    ]
    roads = [
        _Known(
            "road",
            _words(name, name_en),
            name,
            name_en,
            tuple(part["area"] for part in sorted(stretches, key=lambda part: -part["share"])),
        )
        for name, name_en, stretches in Road.objects.filter(active=True)
        .order_by("code")
        .values_list("name", "name_en", "stretches")
    ]
    names = [
        _Known("name", _words(name), name, "", (area,))
        for name, area in PlaceName.objects.filter(active=True)
        .order_by("name")
        .values_list("name", "area_id")
    ]
    return (*names, *areas, *roads)


def _words(*names: str) -> tuple[str, ...]:
    return tuple(_plain(name) for name in names if name)


_names: Fresh[tuple[_Known, ...]] = Fresh(lambda: current().digest, _build)
