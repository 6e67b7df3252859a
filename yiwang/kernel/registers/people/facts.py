"""Facts (事实): what is known of a person or a household, from whom and as of when.

A fact that is absent is unknown, which is neither false nor zero. At rest the facts of one person are one text,
grouped by source and day, because most of them come in the same file:
`[["公安", "2026-08-01", {"sex": "female", …}], …]`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

NEVER = "never"  # value of a date: it is known that the thing has not happened


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` is a bool, an int (money in fen), a choice's word, or a date as YYYY-MM-DD or `never`."""

    value: bool | int | str
    source: str
    as_of: dt.date

    def as_dict(self) -> dict[str, Any]:
        return {"value": self.value, "source": self.source, "as_of": self.as_of.isoformat()}


Facts = Mapping[str, Fact]


def pack(facts: Facts) -> str:
    """The facts as the text that is sealed; '' for none. The same facts give the same text."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for name in sorted(facts):
        fact = facts[name]
        groups.setdefault((fact.as_of.isoformat(), fact.source), {})[name] = fact.value
    return pack_groups([(source, day, groups[day, source]) for day, source in sorted(groups)])


def pack_groups(groups: list[tuple[str, str, Mapping[str, Any]]]) -> str:
    """As `pack`, of facts that are grouped already: (source, day as YYYY-MM-DD, values by name)."""
    return orjson.dumps(groups).decode() if groups else ""


def unpack(text: str) -> dict[str, Fact]:
    """What `pack` was given."""
    return {
        name: Fact(value, source, day)
        for source, day_text, values in (orjson.loads(text) if text else ())
        for day in (dt.date.fromisoformat(day_text),)
        for name, value in values.items()
    }


def values(text: str) -> dict[str, Any]:
    """The values alone, by name: what the lake needs of hundreds of thousands."""
    found: dict[str, Any] = {}
    for _source, _day, group in orjson.loads(text) if text else ():
        found.update(group)
    return found


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of new facts. `changed`: name -> (before or None, now). The others changed no value.

    `confirmed` say the same as of a later day; `same` were known exactly so; `older` are older than what is known.
    """

    facts: dict[str, Fact]
    changed: dict[str, tuple[Fact | None, Fact]]
    confirmed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


def take(known: Facts, new: Facts) -> Taken:
    """`known` after `new` has come in. A newer fact replaces; of the same day the one that comes later does.

    Taking the same facts twice is taking them once.
    """
    facts = dict(known)
    changed: dict[str, tuple[Fact | None, Fact]] = {}
    words: dict[str, list[str]] = {"confirmed": [], "same": [], "older": []}
    for name, fact in new.items():
        before = facts.get(name)
        if before is None or (before.value != fact.value and fact.as_of >= before.as_of):
            changed[name] = (before, fact)
            facts[name] = fact
        elif fact.as_of < before.as_of:
            words["older"].append(name)
        elif before == fact or before.as_of == fact.as_of:
            words["same"].append(name)
        else:
            words["confirmed"].append(name)
            facts[name] = fact
    return Taken(facts, changed, *(tuple(words[word]) for word in ("confirmed", "same", "older")))
