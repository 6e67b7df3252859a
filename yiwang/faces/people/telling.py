"""Facts, looks and changes as pages say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.access.looked import holders, looks_at
from yiwang.kernel.access.policy import PERSON
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.people import proving
from yiwang.kernel.registers.people.facts import Fact
from yiwang.kernel.registers.people.variables import said, titled, variables

OWN = ("prefill",)  # what is on record without an official: the person's own use


def english() -> bool:
    return (get_language() or "").startswith("en")


def fact_rows(facts: Mapping[str, Fact], hidden: Mapping[str, tuple] = {}) -> list[dict[str, Any]]:  # noqa: B006
    """Name, value (None: sealed), source and day of what is known, in the pack's order."""
    rows = []
    for name, what in variables().items():
        if name in facts:
            fact = facts[name]
            value, source, as_of = said(what, fact.value, english()), fact.source, fact.as_of
        elif name in hidden:
            value, (source, as_of) = None, hidden[name]
        else:
            continue
        source = _("the register") if source == "register" else source
        rows.append({"name": titled(what, english()), "value": value, "source": source, "as_of": as_of})
    return rows


def looks(person: UUID) -> list[dict[str, Any]]:
    """Who looked at a person's values, when, at what, and why; and the codes that were given out. Newest first."""
    names = {
        "everything": _("everything about the person"),
        "household": _("the household with everything"),
        "export": _("a copy of everything"),
        "erase": _("erasure"),
        "assistance_file": _("the file of an application"),
        "prefill": _("filled into a form for yourself"),
    }
    found = [
        {
            "at": one.at,
            "who": one.who or (_("yourself") if one.fields == OWN else ""),
            "fields": [names.get(field, field) for field in one.fields],
            "purpose": one.purpose,
        }
        for one in looks_at(PERSON, person, english())
    ]
    codes = proving.issued_codes(person)
    givers = holders([(one.issued_by_id, one.issued_at) for one in codes], english())
    found += [
        {
            "at": one.issued_at,
            "who": who,
            "fields": [_("a code to read the own data was given out")],
            "purpose": "",
        }
        for one, who in zip(codes, givers, strict=True)
    ]
    return sorted(found, key=lambda one: one["at"], reverse=True)


def area(code: str) -> str:
    return registers.area_name(code, english())


def relation(word: str) -> str:
    names = variables()["relation"].choices.get(word)
    return names[1 if english() else 0] if names else word


def joined(words: Iterable[str]) -> str:
    return ", ".join(words) if english() else "、".join(words)
