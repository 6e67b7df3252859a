"""Households and their members as columns, ordered so that sums over members are sums of slices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from yiwang.core.policy.columns import (
    HOUSEHOLD,
    NEVER,
    NO,
    PERSON,
    UNKNOWN,
    YES,
    Choice,
    Column,
    Number,
    Truth,
)
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.facts import Fact, Facts
from yiwang.core.policy.layout import Layout

Raw = tuple[np.ndarray, np.ndarray | None]  # values, which of them are unknown


@dataclass(slots=True)
class Part:
    """A run of whole households: their layout, and their stretch of the population's columns."""

    layout: Layout
    columns: dict[str, Column]
    households: slice
    persons: slice


class Population:
    """Facts of many households. Columns that were not given are unknown.

    `household_order[i]` is which of the given households stands at place i of the columns, `person_order` likewise;
    answers are given back in the order in which the columns came.
    """

    def __init__(self, facts: Facts, household_of: np.ndarray, households: int):
        """`household_of`: for each person the number of the household, 0 to households - 1, in any order."""
        self.facts = facts
        household_of = np.asarray(household_of, np.int64)
        if len(household_of) and not 0 <= household_of.min() <= household_of.max() < households:
            wrong = household_of.max() if household_of.max() >= households else household_of.min()
            raise PolicyError("no_household", value=int(wrong), count=households)
        self.count = {HOUSEHOLD: households, PERSON: len(household_of)}
        self.household_of = household_of
        self._sizes = np.bincount(household_of, minlength=households)
        self._first = (
            np.cumsum(self._sizes) - self._sizes
        )  # of each household's persons, when they stand together
        #: The persons household by household; None where they were given so.
        apart = (np.diff(household_of) < 0).any()
        self._together = np.argsort(household_of, kind="stable") if apart else None
        self._columns: dict[str, Raw] = {}
        self._whole: set[str] = set()  # facts known of everybody

    # building

    @classmethod
    def of_columns(
        cls,
        facts: Facts,
        households: Mapping[str, Any],
        persons: Mapping[str, Any],
        household_of: Any,
        count: int | None = None,
        rows: int | None = None,
    ) -> Population:
        """From columns as programmes keep them.

        A column is an array of values, or a pair (values, known); values are fen, whole numbers, booleans, YYYYMMDD
        (NEVER for never) or codes of a choice in the order of its values. `rows`: about how many persons a part has.
        Raises PolicyError for an unknown fact, a wrong length or a value that can't be.
        """
        household_of = np.asarray(household_of)
        if count is None:
            lengths = [len(_pair(column)[0]) for column in households.values()]
            count = lengths[0] if lengths else int(household_of.max(initial=-1)) + 1
        found = cls(facts, household_of, count)
        found.arrange(rows)
        for entity, columns in ((HOUSEHOLD, households), (PERSON, persons)):
            for name, column in columns.items():
                found.put(entity, name, *_pair(column))
        return found

    @classmethod
    def of_records(
        cls,
        facts: Facts,
        households: Sequence[tuple[Mapping, Sequence[Mapping]]],
        rows: int | None = None,
    ) -> Population:
        """From (facts of the household, facts of each member); a fact that is absent or None is unknown."""
        household_of = [n for n, (_own, members) in enumerate(households) for _member in members]
        found = cls(facts, np.array(household_of, np.int64), len(households))
        found.arrange(rows)
        owns = [own for own, _members in households]
        members = [member for _own, members in households for member in members]
        for entity, records in ((HOUSEHOLD, owns), (PERSON, members)):
            for name in {name: None for record in records for name in record}:
                fact = facts.of(entity, name)
                values = [record.get(name) for record in records]
                numbers = [fact.hidden if v is None else fact.number(v) for v in values]
                known = np.array([v is not None for v in values])
                found._keep(fact, np.array(numbers, fact.dtype), None if known.all() else known)
        return found

    def put(self, entity: str, name: str, values: Any, known: Any = None) -> None:
        """Takes one column, in the order in which households or persons were given. Raises PolicyError."""
        fact = self.facts.of(entity, name)
        values = np.asarray(values)
        expected = self.count[entity]
        for column in (values, known):
            if column is not None and np.shape(column) != (expected,):
                raise PolicyError(
                    "wrong_length", name=name, length=np.size(column), expected=expected, entity=entity
                )
        known = None if known is None else np.asarray(known, bool)
        if known is not None and known.all():
            known = None
        _refuse_wrong(fact, values if known is None else values[known])
        if fact.type == "bool":
            values = np.where(values, YES, NO)
        if known is not None:
            values = np.where(known, values, fact.hidden)
        self._keep(fact, values.astype(fact.dtype), known)

    def _keep(self, fact: Fact, values: np.ndarray, known: np.ndarray | None) -> None:
        order = self.household_order if fact.entity is HOUSEHOLD else self.person_order
        unknown = None
        if known is not None and fact.type not in ("bool", "choice"):
            unknown = ~known[order]
        self._columns[fact.slug] = (values[order], unknown)
        (self._whole.discard if known is not None else self._whole.add)(fact.slug)

    def arrange(self, rows: int | None) -> None:
        """Cuts the households into parts of about `rows` persons each; before any column is put.

        Within a part the households are ordered by size. Households that were given near each other stay so, which
        makes it quick to bring columns and answers from one order to the other.
        """
        edges = [0, self.count[HOUSEHOLD]]
        ends = np.cumsum(self._sizes)
        if rows and self.count[PERSON] > rows:
            parts = max(1, round(self.count[PERSON] / rows))
            targets = ends[-1] * np.arange(1, parts) / parts
            edges = [0, *(np.searchsorted(ends, targets) + 1).tolist(), self.count[HOUSEHOLD]]
        self._parts: list[tuple[Layout, slice, slice]] = []
        self._backs: dict[str, np.ndarray] = {}
        homes, order, start = [], [], 0
        for low, high in zip(edges, edges[1:], strict=False):
            if low >= high and self.count[HOUSEHOLD]:
                continue
            own = low + np.argsort(-self._sizes[low:high], kind="stable")
            layout = Layout(self._sizes[own])
            homes.append(own)
            order.append(layout.places(self._first[own]))
            self._parts.append((layout, slice(low, high), slice(start, start + layout.persons)))
            start += layout.persons
        self.household_order = np.concatenate(homes)
        self.person_order = np.concatenate(order)
        if self._together is not None:
            self.person_order = self._together[self.person_order]

    # reading

    @property
    def known(self) -> frozenset[str]:
        """The facts of which there is a column."""
        return frozenset(self._columns)

    @property
    def whole(self) -> frozenset[str]:
        """The facts that are known of everybody."""
        return frozenset(self._whole)

    @property
    def raw(self) -> Mapping[str, Raw]:
        """The columns as they are kept, part after part."""
        return self._columns

    @property
    def widest(self) -> int:
        """Members of the largest household."""
        return int(self._sizes.max(initial=0))

    @property
    def pieces(self) -> int:
        """How many parts there are."""
        return len(self._parts)

    def cuts(self) -> Iterator[tuple[Layout, slice, slice]]:
        """Of each part its layout, and the stretch of the columns of households and of persons."""
        return iter(self._parts)

    def parts(self) -> Iterator[Part]:
        """The runs of whole households that are evaluated one by one."""
        for layout, households, persons in self._parts:
            columns = {
                name: self._column(self.facts[name], raw, households, persons)
                for name, raw in self._columns.items()
            }
            yield Part(layout, columns, households, persons)

    @staticmethod
    def _column(fact: Fact, raw: Raw, households: slice, persons: slice) -> Column:
        place = households if fact.entity is HOUSEHOLD else persons
        values, unknown = raw
        return column_of(fact, values[place], None if unknown is None else unknown[place])

    def unknown(self, name: str) -> np.ndarray:
        """Which values of a fact are unknown, in the order in which they were given."""
        fact = self.facts[name]
        found = np.ones(self.count[fact.entity], bool)
        if name in self._columns:
            values, unknown = self._columns[name]
            order = self.household_order if fact.entity is HOUSEHOLD else self.person_order
            if fact.type in ("bool", "choice"):
                unknown = values == fact.hidden
            found[order] = False if unknown is None else unknown
        return found

    def take(self, rows: Any) -> Population:
        """A population of these households only, in this order."""
        rows = np.asarray(rows, np.int64)
        sizes = self._sizes[rows]
        # Where the persons of each begin, repeated for each of them, and which of them it is.
        places = np.repeat(self._first[rows] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        persons = places if self._together is None else self._together[places]
        found = Population(self.facts, np.repeat(np.arange(len(rows)), sizes), len(rows))
        found.arrange(None)
        for name, (values, unknown) in self._columns.items():
            fact = self.facts[name]
            place = self.back(fact.entity)[rows if fact.entity is HOUSEHOLD else persons]
            known = None if unknown is None else ~unknown[place]
            found._keep(fact, values[place], known)
        return found

    def back(self, entity: str) -> np.ndarray:
        """Where each household or person, as they were given, stands in the columns."""
        found = self._backs.get(entity)
        if found is None:
            order = self.household_order if entity is HOUSEHOLD else self.person_order
            found = self._backs[entity] = np.empty(len(order), np.int64)
            found[order] = np.arange(len(order))
        return found

    def mapped(self, change: Callable[[str, np.ndarray], np.ndarray]) -> Population:
        """The same households with other values: `change` gets each fact's name and values and gives new ones.

        What is unknown stays unknown; the new values must be such as the fact can have.
        """
        found = copy(self)
        found._columns = {
            name: (np.ascontiguousarray(change(name, values)), unknown)
            for name, (values, unknown) in self._columns.items()
        }
        return found

    def guessed(self) -> Population:
        """The same households with what is unknown taken as what is usual: the median, or the most frequent value.

        A guess of whom to look at first, never an answer to anybody. A fact that nobody knows stays unknown.
        """
        found = copy(self)
        found._columns = {
            name: _guessed(self.facts[name], values, unknown)
            for name, (values, unknown) in self._columns.items()
        }
        found._whole = {name for name, raw in found._columns.items() if not _lacks(self.facts[name], *raw)}
        return found

    def record(self, household: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """What is known of one household and its members, as plain values."""
        one = self.take([household])
        own: dict[str, Any] = {}
        members: list[dict[str, Any]] = [{} for _ in range(one.count[PERSON])]
        for name, (values, unknown) in one._columns.items():
            fact = self.facts[name]
            order = one.person_order if fact.entity is PERSON else one.household_order
            for n, place in enumerate(order):
                if unknown is not None and unknown[n]:
                    continue
                value = fact.value(int(values[n]))
                if value is not None:
                    (members[place] if fact.entity is PERSON else own)[name] = value
        return own, members


def _guessed(fact: Fact, values: np.ndarray, unknown: np.ndarray | None) -> Raw:
    if fact.type in ("bool", "choice"):
        lacking = values == fact.hidden
        counts = np.bincount(values[~lacking], minlength=1)
        return (
            (np.where(lacking, counts.argmax(), values).astype(values.dtype), None)
            if counts.any()
            else (values, None)
        )
    if unknown is None or unknown.all():
        return values, unknown
    return np.where(unknown, _middle(values[~unknown]), values).astype(values.dtype), None


def _middle(values: np.ndarray) -> int:
    """The median, the higher of two. Most often more than half are the least or the largest: nothing, or never."""
    half = len(values) // 2
    for end, enough in ((values.min(), half + 1), (values.max(), len(values) - half)):
        if np.count_nonzero(values == end) >= enough:
            return int(end)
    return int(np.partition(values, half)[half])


def _lacks(fact: Fact, values: np.ndarray, unknown: np.ndarray | None) -> bool:
    """Whether it is unknown of somebody."""
    return unknown is not None or fact.type in ("bool", "choice") and bool((values == fact.hidden).any())


def column_of(fact: Fact, values: np.ndarray, unknown: np.ndarray | None) -> Column:
    """A stretch of a kept column as what formulas work on."""
    if fact.type == "bool":
        return Truth(values, fact.entity, fact.slug)
    if fact.type == "choice":
        return Choice(values, tuple(fact.choices), fact.entity, fact.slug)
    return Number(values, unknown, fact.entity, fact.slug)


def unknown_column(fact: Fact, count: int) -> Column:
    """A column of which nothing is known."""
    values = np.full(count, fact.hidden, fact.dtype)
    unknown = np.ones(count, bool) if fact.type in ("money", "int", "date") else None
    return column_of(fact, values, unknown)


def _pair(column: Any) -> tuple[Any, Any]:
    return column if isinstance(column, tuple) else (column, None)


def _refuse_wrong(fact: Fact, values: np.ndarray) -> None:
    """Raises PolicyError for values of the wrong kind or outside their range."""
    if not len(values):
        return
    kind = values.dtype.kind
    if (kind == "b") != (fact.type == "bool") or kind not in "biu":
        raise PolicyError(
            "bad_value", name=fact.slug, value=f"{values.dtype} {values[0]}", expected=fact.expected
        )
    if fact.type == "bool":
        return
    low, high = {
        "choice": (0, len(fact.choices) - 1),
        "date": (10101, NEVER if fact.never else NEVER - 1),
    }.get(fact.type, (fact.least, fact.largest))
    wrong = (values < low) | (values > high)
    if wrong.any():
        raise PolicyError(
            "bad_value", name=fact.slug, value=int(values[wrong.argmax()]), expected=fact.expected
        )


__all__ = ["Part", "Population", "Raw", "column_of", "unknown_column", "UNKNOWN"]
