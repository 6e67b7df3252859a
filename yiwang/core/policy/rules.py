"""The rules of a pack: facts, parameters, figures, programmes; and what of them is in force on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.facts import Fact, Facts
from yiwang.core.policy.formulas import Formula, ProgrammeDef
from yiwang.core.policy.parameters import Dated, Parameter, Parameters, parameter_of
from yiwang.core.policy.reading import Texts

DAYS_KEPT = 16


@dataclass(frozen=True, slots=True)
class InForce:
    """A formula in the version of a day. `key` names it among all: figure, or programme.condition."""

    slug: str
    key: str
    kind: str
    entity: str
    name: str
    name_en: str
    function: Callable[[Any], Any]
    cite: str
    since: date
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ProgrammeAt:
    """A programme in the version of a day."""

    slug: str
    entity: str
    definition: ProgrammeDef
    conditions: tuple[InForce, ...]
    amount: InForce | None


class Rules:
    """All that a pack says about who gets what. Immutable."""

    def __init__(self, facts: Facts, parameters: Parameters, texts: Texts):
        self.facts, self.parameters, self.texts = facts, parameters, texts
        self._days: dict[date, RulesAt] = {}

    @classmethod
    def read(
        cls,
        facts: Iterable[Fact],
        parameters: Iterable[Parameter | Mapping[str, Any]],
        files: Mapping[str, str],
    ) -> Rules:
        """From facts, parameters (or their entries) and the text of each programme file. Raises PolicyError."""
        known = Facts(facts)
        read = Parameters(p if isinstance(p, Parameter) else parameter_of(p) for p in parameters)
        return cls(known, read, Texts(known, files, [p.slug for p in read]))

    @property
    def programmes(self) -> Mapping[str, ProgrammeDef]:
        return self.texts.programmes

    @property
    def figures(self) -> Mapping[str, Formula]:
        return self.texts.figures

    def programme(self, slug: str) -> ProgrammeDef:
        """Raises PolicyError `no_programme`."""
        try:
            return self.programmes[slug]
        except KeyError:
            raise PolicyError("no_programme", name=slug, word=slug, known=self.programmes) from None

    def with_values(self, changes: Mapping[str, Any]) -> Rules:
        """The same rules with other values of some parameters; see `Parameters.with_values`."""
        return Rules(self.facts, self.parameters.with_values(changes), self.texts)

    def at(self, day: date) -> RulesAt:
        """The rules of a day; the last few days asked for are kept."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = RulesAt(self, day)
        return found

    def turning_days(self) -> list[date]:
        """The days on which something changes: a formula, a programme, a parameter."""
        days = {dated.since for parameter in self.parameters for dated in parameter.values}
        formulas: Iterator[Formula] = iter(self.figures.values())
        for programme in self.programmes.values():
            days |= {programme.since, programme.until}
            days |= {version.since for one in programme.conditions for version in one.versions}
            days |= {version.since for version in programme.amount.versions} if programme.amount else set()
        days |= {version.since for one in formulas for version in one.versions}
        return sorted(days - {date.min, date.max})


class RulesAt:
    """What is in force on one day."""

    def __init__(self, rules: Rules, day: date):
        self.rules, self.day, self.facts = rules, day, rules.facts
        self.figures = {
            slug: found
            for slug, one in rules.figures.items()
            if (found := _in_force(one, day, rules.texts.file_of[slug], slug)) is not None
        }
        self.programmes = {
            slug: self._programme(one) for slug, one in rules.programmes.items() if one.in_force(day)
        }
        self._values: dict[str, tuple[Parameter, Any]] = {}

    def _programme(self, one: ProgrammeDef) -> ProgrammeAt:
        conditions = [
            _in_force(condition, self.day, one.file, f"{one.slug}.{condition.slug}")
            for condition in one.conditions
        ]
        pays = one.amount and _in_force(one.amount, self.day, one.file, f"{one.slug}.{one.amount.slug}")
        return ProgrammeAt(one.slug, one.entity, one, tuple(c for c in conditions if c is not None), pays)

    @cached_property
    def _entities(self) -> dict[str, str]:
        return {slug: one.entity for slug, one in self.rules.programmes.items()}

    @cached_property
    def form(self) -> tuple:
        """What of the law its formulas depend on besides numbers: which formulas are in force, which switches are on,
        which kinds have numbers of their own."""
        formulas = [*self.figures.values()]
        for one in self.programmes.values():
            formulas += [*one.conditions, *([one.amount] if one.amount is not None else [])]
        numbers = []
        for parameter in self.rules.parameters:
            if parameter.values[0].since > self.day:
                continue
            definition, value = self.parameter(parameter.slug)
            if definition.by:
                numbers.append((parameter.slug, definition.by, tuple(value)))
            else:
                numbers.append(
                    (parameter.slug, definition.unit, value if definition.unit == "switch" else None)
                )
        return tuple((one.key, one.since) for one in formulas), tuple(numbers)

    def entity_of(self, programme: str) -> str | None:
        """Whose a programme is, in force or not; None for a name that is no programme."""
        return self._entities.get(programme)

    def parameter(self, name: str) -> tuple[Parameter, Any]:
        """A parameter with its value of the day as numbers. Raises PolicyError."""
        found = self._values.get(name)
        if found is None:
            definition = self.rules.parameters[name]
            found = self._values[name] = (definition, definition.numbers(definition.at(self.day)))
        return found

    def dated(self, name: str) -> Dated:
        """A parameter's value of the day as written, with source and status. Raises PolicyError."""
        return self.rules.parameters[name].at(self.day)


def _in_force(one: Formula, day: date, file: str, key: str) -> InForce | None:
    version = one.at(day)
    if version is None:
        return None
    return InForce(
        one.slug,
        key,
        one.kind,
        one.entity,
        one.name,
        one.name_en,
        version.function,
        version.cite,
        version.since,
        file,
        version.line,
    )


def day_before(day: date) -> date:
    return day - timedelta(days=1)
