"""What a programme file is written with: figures, conditions, amounts, programmes; each may change with time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from yiwang.core.policy.columns import HOUSEHOLD, PERSON
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.parameters import day_of

household, person = HOUSEHOLD, PERSON  # as programme files name them
FIGURE, CONDITION, AMOUNT = "figure", "condition", "amount"
PAYS = ("", "month", "year", "season", "once")


@dataclass(frozen=True, slots=True)
class Version:
    """What holds from a day on. `function` is None when nothing does any more."""

    since: date
    function: Callable[[Any], Any] | None
    cite: str
    line: int


class Formula:
    """A named formula with its versions by date."""

    def __init__(self, kind: str, name: str, name_en: str, entity: str = ""):
        self.kind, self.name, self.name_en, self.entity = kind, name, name_en, entity
        self.slug = ""
        self.versions: list[Version] = []

    def begin(self, function: Callable, since: str, cite: str) -> Formula:
        self.slug = function.__name__
        self._add(since, function, cite, function.__code__.co_firstlineno)
        return self

    def since(self, day: str, cite: str = "") -> Callable[[Callable], Formula]:
        """From this day on the function below holds. Without `cite` the citation stays."""

        def take(function: Callable) -> Formula:
            self._add(day, function, cite or self.versions[-1].cite, function.__code__.co_firstlineno)
            return self

        return take

    def cited(self, day: str, cite: str) -> None:
        """From this day on the same formula rests on another citation."""
        last = self.versions[-1]
        self._add(day, last.function, cite, last.line)

    def ended(self, day: str, cite: str = "") -> None:
        """From this day on it does not count any more."""
        self._add(day, None, cite, self.versions[-1].line)

    def _add(self, since: str, function: Callable | None, cite: str, line: int) -> None:
        day = day_of(since) if since else date.min
        if self.versions and day <= self.versions[-1].since:
            raise PolicyError("not_later", name=self.slug, date=day)
        self.versions.append(Version(day, function, cite, line))

    @property
    def line(self) -> int:
        return self.versions[0].line

    def at(self, day: date) -> Version | None:
        """The version in force on a day, None when there is none."""
        found = None
        for one in self.versions:
            if one.since <= day:
                found = one
        return found if found is not None and found.function is not None else None


def figure(entity: str, name: str, name_en: str, cite: str = "", since: str = "") -> Callable:
    """A value computed of each person or household, for several programmes to use."""
    return lambda function: Formula(FIGURE, name, name_en, entity).begin(function, since, cite)


def condition(name: str, name_en: str, cite: str, since: str = "") -> Callable:
    """A condition of a programme; all of them must hold."""
    return lambda function: Formula(CONDITION, name, name_en).begin(function, since, cite)


def amount(name: str, name_en: str, cite: str, since: str = "") -> Callable:
    """What is paid to whom the conditions entitle, in fen."""
    return lambda function: Formula(AMOUNT, name, name_en).begin(function, since, cite)


class Programme:
    """A programme of assistance: conditions that must all hold, and perhaps an amount.

    `entity`: who gets it; `since` and `until`: the first day it is in force and the first day it is not any more;
    `pays`: what the amount is for, empty where the help is no money; `rises_with_income`: where the law itself makes
    the amount rise when income rises, which rule does.
    """

    entity: str = ""
    name: str = ""
    name_en: str = ""
    since: str = ""
    until: str = ""
    pays: str = ""
    rises_with_income: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeDef:
    """A programme as loaded. `slug` is the class's name in small letters: MinimumGuarantee → minimum_guarantee."""

    slug: str
    entity: str
    name: str
    name_en: str
    since: date
    until: date
    pays: str
    rises_with_income: str
    about: str
    conditions: tuple[Formula, ...]
    amount: Formula | None
    file: str
    line: int

    def in_force(self, day: date) -> bool:
        return self.since <= day < self.until


def programme_of(kind: type[Programme], slug: str, file: str, line: int) -> ProgrammeDef:
    """Reads a programme's class. Raises PolicyError."""

    def bad(code: str) -> PolicyError:
        return PolicyError(code, file=file, line=line, name=kind.__name__)

    formulas = [one for one in vars(kind).values() if isinstance(one, Formula)]
    for one in formulas:
        one.entity = kind.entity
    conditions = tuple(one for one in formulas if one.kind == CONDITION)
    amounts = [one for one in formulas if one.kind == AMOUNT]
    if kind.entity not in (PERSON, HOUSEHOLD):
        raise bad("no_entity")
    if not conditions:
        raise bad("no_conditions")
    if len(amounts) > 1:
        raise bad("several_amounts")
    if kind.pays not in PAYS or bool(kind.pays) != bool(amounts):
        raise bad("pays")
    if not kind.name:
        raise bad("no_name")
    return ProgrammeDef(
        slug=slug,
        entity=kind.entity,
        name=kind.name,
        name_en=kind.name_en,
        since=day_of(kind.since) if kind.since else date.min,
        until=day_of(kind.until) if kind.until else date.max,
        pays=kind.pays,
        rises_with_income=kind.rises_with_income,
        about=(kind.__doc__ or "").strip(),
        conditions=conditions,
        amount=amounts[0] if amounts else None,
        file=file,
        line=line,
    )
