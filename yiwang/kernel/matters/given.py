"""What an action is given, looked at before anything is written. All raise `Invalid` with the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.kernel.access.models import User
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters.models import Matter, Pause
from yiwang.kernel.packs.rulebook import Rulebook
from yiwang.kernel.registers import queries as registers

LONGEST = {
    name: Matter._meta.get_field(name).max_length
    for name in ("title", "address", "source", "standard", "class_code")
} | {"note": Pause._meta.get_field("note").max_length}


def fits(where: str, text: str, most: int) -> None:
    """Refuses a text of more than `most` characters (code `too_long`)."""
    if len(text) > most:
        raise Invalid(
            _("%(field)s has %(count)d characters; at most %(most)d are taken.")
            % {"field": where.rpartition(".")[2], "count": len(text), "most": most},
            where=where,
            code="too_long",
        )


def fit(**texts: str) -> None:
    """Refuses a text that is longer than its column."""
    for name, text in texts.items():
        fits(name, text, LONGEST[name])


def reason(note: str, missing: str) -> None:
    """A note that has to be there; `missing` is the sentence that asks for it."""
    if not note.strip():
        raise Invalid(missing, where="note")
    fit(note=note)


def unit(code: str) -> str:
    if code not in registers.units():
        raise Invalid(_("There is no unit %(code)s.") % {"code": code}, where="unit", code="unknown_unit")
    return code


def area(code: str) -> str:
    if not code:
        raise Invalid(_("Say where it is: choose the community."), where="area", code="no_area")
    if code not in registers.areas():
        raise Invalid(_("There is no area %(code)s.") % {"code": code}, where="area", code="unknown_area")
    return code


def user(key: int) -> int:
    """Somebody who may still sign in."""
    if not User.objects.filter(pk=key, is_active=True).exists():
        raise Invalid(_("There is no such person."), where="user", code="no_user")
    return key


def needs_no_approval(rules: Rulebook, reason: str) -> None:
    """Refuses a hold reason that only takes effect once somebody above has approved it."""
    found = rules.reasons.get(reason)
    if found is not None and found.approval:
        raise Invalid(
            _("For this reason the clock stops only after approval: ask for it to be put on the books."),
            where="reason",
            code="needs_approval",
        )


def place(code: str, point: Point | None) -> str:
    """The area named, else the one that holds the point; the point must lie in the district, and in the area."""
    located = registers.require(point).area.code if point else ""
    code = area(code or located)
    # Near the boundary a point belongs to the district as a whole, hence to any community of it.
    if located and not located.startswith(code) and not code.startswith(located):
        english = (get_language() or "").startswith("en")
        raise Invalid(
            _("The point lies in %(there)s, not in %(given)s.")
            % {
                "there": registers.area_name(located, english),
                "given": registers.area_name(code, english),
            },
            where="area",
        )
    return code


def part(number: int, given: Mapping[str, Any], rules: Rulebook) -> dict[str, Any]:
    """One part of a split, ready to be opened: its title, its text, and a class that the pack has, or none."""
    where = f"parts.{number}"
    new = dict(given) | {
        name: (given.get(name) or "").strip() for name in ("title", "description", "standard", "class_code")
    }
    if not new["title"]:
        raise Invalid(_("Give the new matter a title."), where=f"{where}.title")
    fits(f"{where}.title", new["title"], LONGEST["title"])
    fits(f"{where}.description", new["description"], rules.settings["max_text_chars"])
    if new["class_code"]:
        new["standard"] = new["standard"] or rules.default_standard
        if rules.class_def(new["standard"], new["class_code"]) is None:
            raise Invalid(
                _("There is no class %(code)s in %(standard)s.")
                % {"code": new["class_code"], "standard": new["standard"]},
                where=f"{where}.class_code",
                code="unknown_class",
            )
    elif new["standard"] and new["standard"] not in rules.standards:
        raise Invalid(
            _("There is no standard %(standard)s.") % {"standard": new["standard"]},
            where=f"{where}.standard",
            code="unknown_standard",
        )
    return new
