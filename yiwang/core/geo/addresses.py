"""Which community an address or a message speaks of, by the names in its text."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import shapely

from .areas import Area, AreaTree
from .plane import Plane


class Stretch(NamedTuple):
    """A part of a road inside one community."""

    area: str
    share: float  # of the road's length
    first: int  # house numbers 门牌号; last < first where the part is too short to hold one
    last: int


@dataclass(frozen=True, slots=True)
class NamedRoad:
    name: str
    stretches: tuple[Stretch, ...]


ClueKind = Literal["community", "subdistrict", "road", "house", "crossing", "alias"]


class Clue(NamedTuple):
    """A piece of the text that speaks for an area."""

    kind: ClueKind
    text: str


class Match(NamedTuple):
    area_code: str
    confidence: float  # 0 to 1; grown by hand from what each kind of clue is worth, not a measured frequency
    why: tuple[Clue, ...]


class _Meaning(NamedTuple):
    kind: Literal["community", "subdistrict", "road", "alias"]
    target: str  # area code; for roads the road's name
    sure: bool  # the name stands with its suffix (华炉社区), not bare (华炉)


# The endings of official names and what people say instead; the first of each tuple is tried first.
_ENDINGS = {
    "village": ("村村民委员会", "村村委会", "村民委员会", "村委会", "村"),
    "community": ("社区居民委员会", "社区居委会", "社区"),
    "subdistrict": ("街道办事处", "街道办", "街道"),
    "town": ("镇人民政府", "镇政府", "镇"),
    "township": ("乡人民政府", "乡政府", "乡"),
}
_LEVELS = {"community": ("village", "community"), "subdistrict": ("subdistrict", "town", "township")}
_BEHIND_PLACE = re.compile(r"(小区|花园|家园|新村|市场|附近|一带|地区|门口|周边|屯|园区|\d+号楼|\d+栋)")
_BEHIND_ROAD = re.compile(r"(大街|大道|大马路|[东西南北中]?[路街巷道]|胡同|线|桥|站|高架)")
_NUMBER = re.compile(
    r"第?(\d{1,5})(?:-\d{1,4})?[甲乙丙丁]?(?:号(?![楼线井]|门(?![前口]))|#|弄|$|(?=[,、;。()]))"
)
_NOT_SPACE = re.compile(r"\S")

_SHORT = 30  # characters; a longer text is prose, where 幸福 and 生产 are words and not places

_SURE, _ALIAS, _HOUSE = 0.9, 0.8, 0.85
_BARE_BEFORE, _BARE_AFTER, _BARE_ALONE = 0.6, 0.5, 0.35
_ROAD, _CROSSING = 0.6, 0.75
_SAME_SUBDISTRICT, _OTHER_SUBDISTRICT = 0.5, 0.3
_LEAST = 0.02
_LONGEST_TEXT = 20_000  # of a longer text only the beginning is read; an address stands there if anywhere


class AddressIndex:
    """Finds communities by the names of communities, sub-districts, roads with house numbers, and other known names."""

    def __init__(
        self, areas: Iterable[Area], roads: Iterable[NamedRoad] = (), aliases: Mapping[str, str] | None = None
    ):
        """`aliases` are names that people use, with the code of a community or sub-district."""
        self._areas = {area.code: area for area in areas}
        self._roads: dict[str, list[NamedRoad]] = defaultdict(list)
        self._names: dict[str, list[_Meaning]] = defaultdict(list)
        for area in self._areas.values():
            self._name_area(area)
        for road in roads:
            self._roads[_plain(road.name)].append(road)
        for name in self._roads:
            self._names[name].append(_Meaning("road", name, True))
        for name, code in (aliases or {}).items():
            self._names[_plain(name)].append(_Meaning("alias", code, True))
        # What stands before a bare name when it is written as an address: 大东区付家, 大北街道付家.
        self._upper = tuple(
            name
            for name, meanings in self._names.items()
            if any(meaning.kind == "subdistrict" and meaning.sure for meaning in meanings)
        ) + tuple(_plain(area.name) for area in self._areas.values() if area.level == "district")
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name[:2]].add(len(name))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}

    def _name_area(self, area: Area) -> None:
        name = _plain(area.name)
        full, bare = {name}, name
        for endings in (_ENDINGS[sort] for sort in _LEVELS.get(area.level, ())):
            ending = next((e for e in endings if name.endswith(e) and len(name) > len(e)), None)
            if ending:
                bare = name.removesuffix(ending)
                full |= {bare + e for e in endings}
                break
        if area.level in _LEVELS:
            for each in full:
                self._names[each].append(_Meaning(area.level, area.code, True))
            if len(bare) >= 2 and bare != name:
                self._names[bare].append(_Meaning(area.level, area.code, False))

    def find(self, text: str) -> list[Match]:
        """Communities (or, when the text tells no more, sub-districts) that the text names, best first.

        Several when it is ambiguous, none when it names nothing known.
        """
        text = _plain(text[:_LONGEST_TEXT])
        clues: dict[str, dict[Clue, float]] = defaultdict(dict)
        subdistricts: set[str] = set()
        roads: list[tuple[str, int | None]] = []
        for start, name in self._hits(text):
            behind = text[start + len(name) : start + len(name) + 12]
            for meaning in self._names[name]:
                if meaning.kind == "road":
                    number = _NUMBER.match(behind)
                    roads.append((name, int(number[1]) if number else None))
                    continue
                worth = self._worth(meaning, text, start, behind)
                if worth:
                    clue = Clue(meaning.kind, name)
                    clues[meaning.target][clue] = max(worth, clues[meaning.target].get(clue, 0.0))
                if meaning.sure and self._level(meaning.target) == "subdistrict":
                    subdistricts.add(meaning.target)
        for code, clue, worth in self._road_clues(roads):
            clues[code][clue] = max(worth, clues[code].get(clue, 0.0))
        return self._ranked(clues, subdistricts)

    def _hits(self, text: str) -> Iterable[tuple[int, str]]:
        """Names in the text from left to right, the longest at each place, none inside another."""
        start = 0
        while start < len(text) - 1:
            for length in self._lengths.get(text[start : start + 2], ()):
                name = text[start : start + length]
                if name in self._names:
                    yield start, name
                    start += length - 1
                    break
            start += 1

    def _worth(self, meaning: _Meaning, text: str, start: int, behind: str) -> float:
        """What a name is worth as a clue; a bare one needs a word of place next to it or a short text around it."""
        if meaning.kind == "alias":
            return _ALIAS
        if meaning.sure:
            return _SURE
        # A bare name before 路 or 街 is part of the name of a road that is not in the register.
        if _BEHIND_ROAD.match(behind):
            return 0.0
        if _BEHIND_PLACE.match(behind):
            return _BARE_BEFORE
        if text.endswith(self._upper, 0, start):
            return _BARE_AFTER
        return _BARE_ALONE if len(text) <= _SHORT else 0.0

    def _road_clues(self, named: list[tuple[str, int | None]]) -> Iterable[tuple[str, Clue, float]]:
        names = {name for name, _ in named}
        for name, number in dict.fromkeys(named):
            stretches = [s for road in self._roads[name] for s in road.stretches]
            at = [s for s in stretches if number is not None and s.first <= number <= s.last]
            for stretch in at:
                yield stretch.area, Clue("house", f"{name}{number}号"), _HOUSE / len(at)
            if not at:
                total = sum(s.share for s in stretches) or 1.0
                for stretch in stretches:
                    yield stretch.area, Clue("road", name), _ROAD * stretch.share / total
        if len(names) > 1:
            touched = [
                {s.area for road in self._roads[name] for s in road.stretches} for name in sorted(names)
            ]
            common = set.intersection(*touched)
            for code in common:
                yield code, Clue("crossing", "/".join(sorted(names))), _CROSSING / len(common)

    def _level(self, code: str) -> str | None:
        area = self._areas.get(code)
        return area.level if area else None

    def _ranked(self, clues: Mapping[str, Mapping[Clue, float]], subdistricts: set[str]) -> list[Match]:
        found = []
        for code, given in clues.items():
            doubt = 1.0
            for worth in given.values():
                doubt *= 1.0 - worth
            why = list(given)
            parent = self._areas[code].parent if code in self._areas else None
            if subdistricts and self._level(code) == "community":
                if parent in subdistricts:
                    doubt *= 1.0 - _SAME_SUBDISTRICT
                    why += [clue for clue in clues[parent] if clue not in why]
                else:
                    doubt = 1.0 - (1.0 - doubt) * _OTHER_SUBDISTRICT
            if 1.0 - doubt >= _LEAST:
                found.append(Match(code, round(1.0 - doubt, 4), tuple(why)))
        # A named sub-district is no answer of its own when a community in it is.
        answered = {self._areas[m.area_code].parent for m in found if m.area_code in self._areas}
        found = [m for m in found if not (m.area_code in subdistricts and m.area_code in answered)]
        return sorted(found, key=lambda m: (-m.confidence, m.area_code))


def _plain(text: str) -> str:
    """Half-width, without blanks: people put them between any two parts of an address."""
    return "".join(_NOT_SPACE.findall(unicodedata.normalize("NFKC", text)))


def road_stretches(tree: AreaTree, line: shapely.LineString, first: int, last: int) -> tuple[Stretch, ...]:
    """The communities along a line (WGS 84), with house numbers spread evenly over it; parts outside are left out."""
    plane = Plane.around([line])
    length = float(plane.flat(line).length)
    steps = max(int(length / 5), 1)  # every 5 m
    fractions = (np.arange(steps) + 0.5) / steps
    places = shapely.get_coordinates(
        shapely.line_interpolate_point(plane.flat(line), fractions, normalized=True)
    )
    lons, lats = plane.lonlat(places[:, 0], places[:, 1])
    areas = tree.locate_many(lons, lats)
    ends = np.flatnonzero(np.diff(areas)) + 1
    stretches = []
    numbers = first + (last - first + 1) * np.concatenate([[0], ends, [steps]]) / steps
    for n, run in enumerate(np.split(np.arange(steps), ends)):
        area = areas[run[0]]
        low, high = int(np.ceil(numbers[n])), int(np.ceil(numbers[n + 1])) - 1
        if area >= 0:
            stretches.append(Stretch(tree.areas[area].code, round(len(run) / steps, 4), low, high))
    return tuple(stretches)
