"""The facts that a pack knows (variables.yaml), and how a value of each is read and kept in a column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from yiwang.core.policy.columns import HOUSEHOLD, NEVER, NO, PERSON, UNKNOWN, YES
from yiwang.core.policy.errors import PolicyError

MOST_MONEY = 10**13  # fen; so that an amount times a share in hundredths of a per cent fits 64 bits
EXPECTED = {
    "money": "a whole number of fen",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a date as YYYY-MM-DD",
    "choice": "one of its values",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a person or household. `choices`: its values with their Chinese and English names."""

    slug: str
    entity: str
    type: str  # money | int | bool | date | choice
    name: str
    name_en: str = ""
    choices: Mapping[str, tuple[str, str]] = None
    unit: str = ""
    most: int | None = None
    negative: bool = False
    never: bool = False
    sensitive: str = "none"
    department: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "entity", PERSON if self.entity == PERSON else HOUSEHOLD)
        object.__setattr__(self, "choices", dict(self.choices or {}))

    @property
    def expected(self) -> str:
        """What its values are, in words."""
        if self.type == "choice":
            return f"one of {', '.join(self.choices)}"
        return EXPECTED[self.type] + (", or never" if self.never else "")

    @property
    def dtype(self) -> type:
        """How its column is kept: whole numbers, or bytes of states or codes."""
        return {"money": np.int64, "int": np.int32, "date": np.int32}.get(self.type, np.uint8)

    @property
    def hidden(self) -> int:
        """What stands in the column where the value is unknown."""
        return {"bool": UNKNOWN, "choice": len(self.choices)}.get(self.type, 0)

    def number(self, value: Any) -> int:
        """One value as it stands in the column. Raises PolicyError."""
        kind = type(value)
        if self.type == "bool" and kind is bool:
            return YES if value else NO
        if self.type == "choice" and kind is str and value in self.choices:
            return list(self.choices).index(value)
        if self.type == "date":
            found = date_number(value, self.never)
            if found is not None:
                return found
        if kind is int and self.type in ("money", "int") and self.least <= value <= self.largest:
            return value
        raise PolicyError("bad_value", name=self.slug, value=_shown(value), expected=self.expected)

    @property
    def least(self) -> int:
        return -MOST_MONEY if self.negative else 0

    @property
    def largest(self) -> int:
        return MOST_MONEY if self.type == "money" else (self.most or 2**31 - 1)

    def value(self, number: int) -> Any:
        """The value that a number of the column stands for."""
        if self.type == "bool":
            return {NO: False, YES: True}.get(number)
        if self.type == "choice":
            return list(self.choices)[number] if number < len(self.choices) else None
        if self.type == "date":
            return date_value(number)
        return int(number)


def date_number(value: Any, never: bool = False) -> int | None:
    """A date as YYYYMMDD; None for what is no date."""
    if type(value) is date:
        return value.year * 10000 + value.month * 100 + value.day
    if type(value) is str:
        if value == "never":
            return NEVER if never else None
        try:
            return date_number(date.fromisoformat(value))
        except ValueError:
            return None
    return date_number(value.date()) if type(value) is datetime else None


def date_value(number: int) -> date | str:
    number = int(number)
    return "never" if number >= NEVER else date(number // 10000, number // 100 % 100, number % 100)


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "…"


class Facts:
    """All facts of a pack, by their names."""

    def __init__(self, facts: Iterable[Fact]):
        self._by_name = {fact.slug: fact for fact in facts}
        self.entities = {
            entity: {name: fact for name, fact in self._by_name.items() if fact.entity is entity}
            for entity in (HOUSEHOLD, PERSON)
        }

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Fact:
        return self._by_name[name]

    def get(self, name: str) -> Fact | None:
        return self._by_name.get(name)

    def of(self, entity: str, name: str) -> Fact:
        """The fact of this entity. Raises PolicyError."""
        fact = self.entities[entity].get(name)
        if fact is None:
            raise PolicyError(
                "no_fact", name=name, entity=entity, word=str(name), known=self.entities[entity]
            )
        return fact
