"""The registers as columns: everybody who lives here, in households, with what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from yiwang.kernel.lake.columns import NEVER, People, Table, blank, number_of, ordered
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers.models import Household, Person
from yiwang.kernel.registers.people.facts import values as values_of
from yiwang.kernel.registers.people.variables import IN_COLUMNS

AT_A_TIME = 5000
NAMED = 500  # households that one query names
Progress = Callable[[int], None]


def gather(
    variables: Mapping[str, Variable],
    progress: Progress | None = None,
    only: Collection[UUID] | None = None,
) -> tuple[People, int]:
    """The population now, and how many live here in no household: they are in no column.

    Households stand by area and id, their members behind each other with the head first. `only`: just these
    households, and their members.
    """
    homes = Household.objects.filter(left=None).order_by("area", "id")
    rows = list(_rows(homes, "pk", ("id", "area_id", "facts"), only))
    if only is not None:
        rows.sort(key=lambda row: (row[1], row[0]))
    places = {row[0]: n for n, row in enumerate(rows)}
    area_codes = sorted({row[1] for row in rows})
    area_place = {code: n for n, code in enumerate(area_codes)}
    households = Table(
        _ids(row[0] for row in rows),
        np.array([area_place[row[1]] for row in rows], np.int32),
        _columns(ordered(variables, "household"), (row[2] for row in rows), len(rows)),
    )
    persons, sizes, apart = _persons(variables, places, progress, only)
    persons.areas = np.repeat(households.areas, sizes)
    return People(area_codes, households, persons, sizes), apart


def living() -> QuerySet[Person]:
    """Everybody who lives here."""
    return Person.objects.filter(died=None, left=None, erased_at=None)


def _rows(
    query: QuerySet, by: str, fields: tuple[str, ...], only: Collection[UUID] | None
) -> Iterator[tuple[Any, ...]]:
    """The rows, in the query's order; of some households a few at a time, so that no query names too many."""
    if only is None:
        yield from query.values_list(*fields).iterator(AT_A_TIME)
        return
    named = sorted(only)
    for start in range(0, len(named), NAMED):
        yield from query.filter(**{f"{by}__in": named[start : start + NAMED]}).values_list(*fields)


def _persons(
    variables: Mapping[str, Variable],
    places: Mapping[Any, int],
    progress: Progress | None,
    only: Collection[UUID] | None,
) -> tuple[Table, np.ndarray, int]:
    found = _rows(living().order_by("id"), "household_id", ("id", "household_id", "relation", "facts"), only)
    if only is None:
        rows, count = found, living().count()
    else:
        rows = list(found)
        count = len(rows)
    kinds = [one for one in ordered(variables, "person") if one.slug not in IN_COLUMNS]
    columns, setters = _setters(kinds, count)
    relations = variables["relation"]
    relation, relation_known = blank(relations, count)
    code_of = {word: n for n, word in enumerate(relations.choices)}
    home = np.full(count, -1, np.int64)
    ids = bytearray()
    n = -1
    for n, (pk, household, word, facts) in enumerate(rows):
        if n >= count:  # somebody came in meanwhile: in the next snapshot
            n -= 1
            break
        ids += pk.bytes
        home[n] = places.get(household, -1)
        code = code_of.get(word)
        if code is not None:
            relation[n], relation_known[n] = code, True
        for name, value in values_of(facts).items():
            put = setters.get(name)
            if put is not None:
                put(n, value)
        if progress and n % AT_A_TIME == 0:
            progress(min(AT_A_TIME, count - n))
    count = n + 1
    home = home[:count]
    apart = int((home < 0).sum())
    heads = relation[:count] != code_of.get("head", 255)
    order = np.lexsort((heads, home))[apart:]
    columns["relation"] = (relation, relation_known)
    columns["died_on"] = (np.full(len(relation), NEVER, np.int32), None)
    table = Table(
        np.frombuffer(bytes(ids), np.uint8).reshape(-1, 16)[order],
        np.zeros(len(order), np.int32),
        {name: _taken(column, order) for name, column in columns.items() if name in variables},
    )
    return table, np.bincount(home[order], minlength=len(places)).astype(np.int32), apart


def _columns(kinds: list[Variable], texts: Iterable[str], count: int) -> dict:
    columns, setters = _setters(kinds, count)
    for n, text in enumerate(texts):
        for name, value in values_of(text).items():
            put = setters.get(name)
            if put is not None:
                put(n, value)
    every = np.arange(count)
    return {name: _taken(column, every) for name, column in columns.items()}


def _setters(kinds: list[Variable], count: int) -> tuple[dict, dict]:
    columns = {one.slug: blank(one, count) for one in kinds}
    return columns, {one.slug: _setter(columns[one.slug], number_of(one)) for one in kinds}


def _setter(
    column: tuple[np.ndarray, np.ndarray], number: Callable[[Any], Any]
) -> Callable[[int, Any], None]:
    values, known = memoryview(column[0]), memoryview(column[1])

    def put(n: int, value: Any) -> None:
        try:
            values[n] = number(value)
        except KeyError:  # a choice that the pack no longer has: not known
            return
        known[n] = True

    return put


def _taken(column: tuple[np.ndarray, np.ndarray | None], order: np.ndarray) -> tuple:
    values, known = column
    known = None if known is None else known[order]
    if known is not None and known.all():
        known = None
    return values[order], known


def _ids(ids: Iterable[Any]) -> np.ndarray:
    return np.frombuffer(b"".join(one.bytes for one in ids), np.uint8).reshape(-1, 16)
