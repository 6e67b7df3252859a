"""Where somebody works on assistance: the grants of the posts held, as a filter over awards, payments and the like."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.domains.assistance.programmes import LIVING
from yiwang.kernel.access.policy import NOTHING, covers
from yiwang.kernel.errors import Denied


def works(actor: Any, action: str = "see") -> bool:
    return any(covers(reach.kinds, LIVING) for reach in actor.reach.get(action, ()))


def named(actor: Any) -> bool:
    """Whether a post of the actor is one of assistance: its grants name the kinds."""
    return any(reach.kinds and LIVING in reach.kinds for reach in actor.reach.get("see", ()))


def require(actor: Any, action: str = "see") -> None:
    if not works(actor, action):
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action=action)


def reached(actor: Any, action: str = "see", area: str = "area") -> Q:
    """Rows whose area the actor's posts reach for assistance. A grant by unit reaches nothing here."""
    found = None
    for reach in actor.reach.get(action, ()):
        if not covers(reach.kinds, LIVING) or reach.units is not None:
            continue
        whole = reach.area
        inside = Q() if whole is None else Q(**{f"{area}__gte": whole, f"{area}__lte": whole.ljust(12, "9")})
        found = inside if found is None else found | inside
    return NOTHING if found is None else found
