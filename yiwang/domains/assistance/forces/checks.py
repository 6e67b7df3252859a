"""What the actions of social forces are given, looked at first, and who may do them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.rulebook import HelpItem, current

FINDING = "assistance_finding"  # the kind of matters whose grants say who may do this
URGENCIES = ("normal", "soon", "urgent")
MOST = 10**12
LONGEST_NOTE = 500


def may(actor: Any, area: str | None) -> None:
    """Raises Denied unless a post of the actor helps people of this area."""
    require(actor, "help", Subject(FINDING, area, None, district=current().district))


def item(slug: str) -> HelpItem:
    found = current().help_items.get(slug)
    if found is None:
        raise Invalid(_("There is no kind of help %(item)s in the pack.") % {"item": slug}, where="item")
    return found


def quantity(value: int, where: str = "quantity") -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST:
        raise Invalid(_("Give a whole number above zero."), where=where)
    return value


def urgency(value: str) -> str:
    if value not in URGENCIES:
        raise Invalid(_("Choose how urgent it is."), where="urgency")
    return value


def not_past(day: date, today: date, where: str = "until") -> date:
    if day < today:
        raise Invalid(_("This day has passed."), where=where)
    return day


def text(value: str, where: str, most: int, missing: str = "") -> str:
    found = " ".join(value.split())
    if missing and not found:
        raise Invalid(missing, where=where)
    if len(found) > most:
        raise Invalid(_("At most %(most)d characters are taken here.") % {"most": most}, where=where)
    return found


def weight(urgency: str) -> int:
    """How much a unit of such a need counts; the pack says."""
    settings = current().settings
    return {
        "normal": 1,
        "soon": int(settings["help_weight_soon"]),
        "urgent": int(settings["help_weight_urgent"]),
    }[urgency]
