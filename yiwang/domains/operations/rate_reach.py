"""What a person may evaluate, in a form that is the same for everybody who may evaluate the same.

Kept tables go by this reach and never by the person, so that two people with other posts of equal reach share a
table, and nobody is ever shown one that was counted for another reach.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.utils.translation import gettext as _

from yiwang.domains.operations.evaluation import KIND
from yiwang.kernel.access.actors import Actor, Reach
from yiwang.kernel.access.policy import covers
from yiwang.kernel.errors import Denied

Canonical = list[list] | None  # [[area or None, sorted units or None], …]; None: every matter


def canonical(actor: Any) -> Canonical:
    """The actor's reach without what adds nothing, in a fixed order. Nobody and Yiwang itself: all. Raises Denied."""
    if actor is None or actor.kind == "system":
        return None
    given = getattr(actor, "reach", {}).get("evaluate")
    if given is None:
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="evaluate")
    places = list(dict.fromkeys((one.area, one.units) for one in given if covers(one.kinds, KIND)))
    if any(area is None and units is None for area, units in places):
        return None
    kept = [one for one in places if not any(one != other and _within(one, other) for other in places)]
    return sorted(
        ([area, None if units is None else sorted(units)] for area, units in kept),
        key=lambda one: (one[0] or "", one[1] is not None, one[1] or []),
    )


def _within(one: tuple, other: tuple) -> bool:
    """Whether whatever lies in the place `one` lies in `other` too."""
    (area, units), (whole, all_units) = one, other
    inside = whole is None or (area is not None and area.startswith(whole))
    return inside and (all_units is None or (units is not None and units <= all_units))


def name_of(reach: Canonical) -> str:
    """A short name that no other reach has; '' for every matter."""
    return "" if reach is None else hashlib.sha256(orjson.dumps(reach)).hexdigest()


def actor_of(reach: Canonical) -> Actor | None:
    """Somebody who may evaluate just that: for whom the worker counts."""
    if reach is None:
        return None
    places = tuple(Reach(None, area, None if units is None else frozenset(units)) for area, units in reach)
    return Actor("user", reach={"evaluate": places})
