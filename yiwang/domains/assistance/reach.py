"""Where somebody works on assistance: the grants of the posts held, as a filter over awards, payments and the like."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.domains.assistance.programmes import LIVING
from yiwang.kernel.access.policy import NOTHING, Subject, covers, decide
from yiwang.kernel.access.policy import require as policy_require
from yiwang.kernel.errors import Denied, NotSignedIn
from yiwang.kernel.packs.rulebook import current


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


def require_pay(actor: Any) -> None:
    """Only the finance post makes lists and sees accounts. Raises NotSignedIn, Denied."""
    if actor.kind == "resident":
        raise NotSignedIn(_("Sign in first."))
    district = current().district
    if not decide(actor, "pay", Subject(kind=LIVING, area=None, unit=None, district=district)):
        raise Denied(_("Only the finance post of civil affairs pays."), reason="not_granted", action="pay")


def corrects(actor: Any) -> bool:
    """Whether the actor puts accounts right somewhere: who takes applications and opens files, and never who pays."""
    return works(actor, "open") and works(actor, "reveal") and not works(actor, "pay")


def require_correct(actor: Any, area: str | None) -> None:
    """Raises NotSignedIn, or Denied for who also pays: one person must not choose the account and send money to it."""
    if actor.kind == "resident":
        raise NotSignedIn(_("Sign in first."))
    if works(actor, "pay"):
        raise Denied(
            _("Who pays changes no account. The sub-district puts it right with the household."),
            reason="not_granted",
            action="open",
        )
    for action in ("open", "reveal"):
        policy_require(actor, action, Subject(kind=LIVING, area=area, unit=None, district=current().district))
