"""Which facts there are: the variables of the pack, and what a value of each may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.findings import nearest
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers.people.facts import NEVER

# Facts that stand in columns of their own and are changed by actions of their own, never by `set_facts`.
IN_COLUMNS = frozenset({"relation", "died_on"})
MOST_FEN = 10**13  # a hundred billion yuan: whatever is more is a slip of the pen
MOST = 2**31 - 1


def variables() -> Mapping[str, Variable]:
    """The variables of the pack in force, by name."""
    return rulebook.current().variables


def titled(what: Variable, english: bool) -> str:
    return (english and what.name_en) or what.name


def said(what: Variable, value: Any, english: bool) -> str:
    """A value as a person reads it; money in yuan."""
    if what.type == "choice":
        names = what.choices.get(value)
        return names[1 if english else 0] if names else str(value)
    if what.type == "bool":
        return _("yes") if value else _("no")
    if what.type == "money":
        return _("%(yuan)s yuan") % {"yuan": f"{value / 100:,.2f}"}
    return _("has not happened") if value == NEVER else str(value)


def variable(name: str, entity: str | None = None) -> Variable:
    """Raises Invalid for a name that the pack does not have, or that belongs to the other entity."""
    known = variables()
    found = known.get(name)
    if found is None:
        raise Invalid(
            f"{_('There is no variable %(name)s.') % {'name': name}} {nearest(name, known)}".strip(),
            where=name,
            code="no_variable",
        )
    if entity is not None and found.entity != entity:
        raise Invalid(
            _("%(name)s is a fact of a %(right)s, not of a %(wrong)s.")
            % {"name": name, "right": found.entity, "wrong": entity},
            where=name,
            code="wrong_entity",
        )
    return found


def checked(what: Variable, value: Any) -> bool | int | str:
    """`value` when it may be a value of `what`. Raises Invalid that says what it must be; money is whole fen."""
    if what.type == "bool" and isinstance(value, bool):
        return value
    if what.type in ("money", "int") and isinstance(value, int) and not isinstance(value, bool):
        most = MOST_FEN if what.type == "money" else what.most or MOST
        if (-most if what.negative else 0) <= value <= most:
            return value
    if what.type == "choice" and isinstance(value, str) and value in what.choices:
        return value
    if what.type == "date":
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        if value == NEVER and what.never:
            return NEVER
        if isinstance(value, str) and _is_date(value):
            return value
    raise Invalid(
        _("%(value)s is no value of %(name)s: %(what)s")
        % {"value": str(value)[:40], "name": what.slug, "what": _must(what)},
        where=what.slug,
        code="bad_value",
    )


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _must(what: Variable) -> str:
    if what.type == "choice":
        return _("one of %(words)s") % {"words": ", ".join(what.choices)}
    return {
        "bool": _("true or false"),
        "money": _("whole fen, not below zero"),
        "int": _("a whole number, at most %(most)d") % {"most": what.most or MOST},
        "date": _("a date like 2026-09-01"),
    }[what.type]
