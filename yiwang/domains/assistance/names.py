"""Names of what finding people and previewing speak of, in the language of the reader."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.policy import Parameter
from yiwang.kernel.errors import Problem
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import moments


def named(row: Any) -> str:
    """The name of anything with `name` and `name_en`; '' for None."""
    if row is None:
        return ""
    return (not moments.chinese() and row.name_en) or row.name


def cause(slug: str) -> str:
    """A programme or an alert rule; its slug when the pack has it no more."""
    rules = current()
    return named(rules.policy.programmes.get(slug) or rules.alerts.get(slug)) or slug


def area(code: str | None) -> str:
    """A community with its sub-district before it."""
    known = registers.areas()
    row = known.get(code or "")
    if row is None:
        return code or ""
    above = known.get(row.parent or "")
    return f"{named(above)} {named(row)}" if row.level == "community" and above else named(row)


def variable(slug: str) -> str:
    return named(current().variables.get(slug)) or slug


def relation(word: str) -> str:
    """To the head of the household, as the register has it."""
    found = current().variables["relation"].choices.get(word)
    return found[0 if moments.chinese() else 1] if found else word


def help_item(slug: str) -> str:
    return named(current().help_items.get(slug)) or slug


def says(word: str) -> str:
    """What a finding says."""
    return {
        "entitled": _("May qualify and is not enrolled"),
        "ending": _("Is enrolled and may no longer qualify"),
        "soon": _("Likely to qualify soon"),
        "alert": _("Alert"),
    }.get(word, word)


def state(word: str) -> str:
    """The states of the notice of the State Council: 未派, 核实中, 已纳入, 不符合, 转办."""
    return {
        "waiting": _("Not sent yet"),
        "checking": _("Being looked into"),
        "included": _("Included"),
        "unfit": _("Does not qualify"),
        "referred": _("Referred"),
        "lapsed": _("Lapsed"),
    }.get(word, word)


def sort(letter: str) -> str:
    """The classes of the notice of the State Council."""
    return {
        "a": _("a · help is due and not given"),
        "b": _("b · may qualify"),
        "c": _("c · complicated, one by one"),
        "d": _("d · may no longer qualify"),
    }.get(letter, letter)


def kind(word: str) -> str:
    """A kind of household in a preview."""
    return {
        "disabled": _("With a severely disabled member"),
        "ill": _("With a seriously ill member"),
        "old_alone": _("An old person alone"),
        "old": _("Only old people"),
        "minors": _("With minors"),
        "alone": _("One grown person"),
        "other": _("Others"),
        "all": _("All households"),
    }.get(word, word)


def unit(definition: Parameter) -> str:
    """What a parameter is counted in, as the page writes it."""
    named_units = {
        "fen": _("yuan"),
        "percent": "%",
        "count": "",
        "months": _("months"),
        "years": _("years"),
        "m2": "m²",
        "switch": "",
    }
    per = {"month": _("a month"), "year": _("a year"), "season": _("a season")}.get(definition.per, "")
    return " ".join(filter(None, (named_units.get(definition.unit, definition.unit), per)))


def of_kind(definition: Parameter, key: str) -> str:
    """One of the kinds that a parameter has values for; '' for a parameter without."""
    if not key:
        return ""
    try:
        fact = current().variables.get(definition.by)
    except Problem:
        fact = None
    if fact is not None and key in fact.choices:
        return fact.choices[key][0 if moments.chinese() else 1]
    if definition.by == "assistance_group":
        return {
            "0": _("nobody's group"),
            "1": _("extreme hardship"),
            "2": _("guarantee"),
            "3": _("edge"),
            "4": _("rigid spending"),
        }.get(key, key)
    return key


def used(row: Mapping[str, Any]) -> str:
    """A value that an answer was computed with, as `computing.parameters` keeps it, with what it is counted in."""
    value = row["value"]
    if isinstance(value, str) and value.startswith("{"):  # by kind
        value = ast.literal_eval(value)
    found = current().policy.parameters
    definition = next((one for one in found if one.name == row["name"]), None)
    if not isinstance(value, dict):
        return _single(row["unit"], value, definition)
    by_kind = {str(key): one for key, one in value.items()}
    return pgettext("between names in a list", ", ").join(
        f"{of_kind(definition, key) if definition else key} {_single(row['unit'], one, definition)}"
        for key, one in by_kind.items()
    )


def _single(counted: str, value: Any, definition: Parameter | None) -> str:
    if counted == "switch":
        return _("yes") if value in (True, "True") else _("no")
    if not isinstance(value, int | float):
        return str(value)
    word = unit(definition) if definition else ""
    return f"{yuan(int(value)) if counted == 'fen' else value} {word}".strip()


def yuan(fen: int) -> str:
    """Fen as yuan with thousands."""
    return f"{fen / 100:,.0f}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def whole(fen: int) -> str:
    """Fen as whole yuan: sums of a year need no more."""
    return f"{round(fen / 100):,}"


def help_unit(row: Any) -> str:
    """What a kind of help is counted in."""
    return (not moments.chinese() and row.unit_en) or row.unit
