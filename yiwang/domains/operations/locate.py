"""Where a report is: the point given, else the photo's, else what its words name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.core.geo import Match, Point
from yiwang.kernel.registers import queries as registers

SURE = 0.6  # of a match of names in an address
CERTAIN = 0.8  # of a match in a whole message, where a name may stand for something else
LEAD = 0.15  # by which the best must lead the second
COMMUNITY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Located:
    """`area` is a code or None; `by` is point, photo, address or '' (not located); `matches` are what words named."""

    area: str | None = None
    point: Point | None = None  # CGCS2000
    by: str = ""
    needs_person: bool = True
    matches: tuple[Match, ...] = ()


def locate(
    point: Point | None = None,
    photos: Sequence[Point] = (),
    address: str = "",
    text: str = "",
) -> Located:
    """Finds the community. A given point outside the district raises Invalid `outside_district` with the distance.

    A photo taken elsewhere only loses its say. `text` is looked into when there is no address.
    """
    if point is not None:
        found = registers.require(point)
        return Located(found.area.code, point.to("CGCS2000"), "point", needs_person=False)
    for photo in photos:
        found = registers.locate(photo)
        if found is not None:
            return Located(found.area.code, photo.to("CGCS2000"), "photo", needs_person=False)
    if address:
        matches = registers.resolve_address(address)
        if matches:
            return by_words(matches)
    matches = registers.resolve_address(text) if text else []
    if matches and matches[0].confidence >= CERTAIN:
        return by_words(matches)
    return Located(matches=tuple(matches[:5]))


def by_words(matches: Sequence[Match]) -> Located:
    """One community, if the words leave no doubt; else what is certain (a sub-district), for a person to refine."""
    best = matches[0]
    second = matches[1].confidence if len(matches) > 1 else 0.0
    kept = tuple(matches[:5])
    if best.confidence >= SURE and best.confidence - second >= LEAD:
        community = len(best.area_code) == COMMUNITY_DIGITS
        return Located(best.area_code, None, "address", needs_person=not community, matches=kept)
    shared = {match.area_code[:9] for match in kept if match.confidence >= best.confidence - LEAD}
    area = shared.pop() if len(shared) == 1 else None
    return Located(area, None, "address" if area else "", needs_person=True, matches=kept)
