"""Programmes over Arrow: what a snapshot's tables hold, and what a cluster hands over batch by batch.

An unknown value is null; a choice is its word, a date a whole number YYYYMMDD or a date, money whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yiwang.core.policy.columns import HOUSEHOLD, NO, UNKNOWN
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.evaluation import Answers, evaluate
from yiwang.core.policy.facts import Facts
from yiwang.core.policy.population import Population
from yiwang.core.policy.rules import Rules

#: One row for each answer that is yes or undetermined; `person` is null where the household is answered.
SCHEMA = pa.schema(
    [
        ("household", pa.string()),
        ("person", pa.string()),
        ("programme", pa.string()),
        ("answer", pa.string()),
        ("fen", pa.int64()),
    ]
)


class Readable(Protocol):
    """What is to be known of a fact, or of a variable of a pack, to read its column."""

    @property
    def slug(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def choices(self) -> Mapping[str, Any]: ...


def read_column(fact: Readable, array: pa.ChunkedArray | pa.Array) -> tuple[np.ndarray, np.ndarray | None]:
    """(values, which are known; None: all) of a column of Arrow. Raises PolicyError for what is no such fact."""
    array = _whole(array)
    known = None if array.null_count == 0 else np.asarray(array.is_valid())
    try:
        if fact.type == "choice":
            codes = _codes(array, pa.array(list(fact.choices), pa.string()))
            known = None if codes.null_count == 0 else np.asarray(codes.is_valid())
            return np.asarray(codes.fill_null(0)).astype(np.uint8), known
        if fact.type == "date" and pa.types.is_temporal(array.type):
            parts = (pc.year(array), pc.month(array), pc.day(array))
            year, month, day = (np.asarray(part.fill_null(1)).astype(np.int32) for part in parts)
            return year * 10000 + month * 100 + day, known
        filled = array if known is None else array.fill_null(False if fact.type == "bool" else 0)
        return np.asarray(filled.cast(pa.bool_() if fact.type == "bool" else pa.int64())), known
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        expected = getattr(fact, "expected", fact.type)
        raise PolicyError("bad_value", name=fact.slug, value=array.type, expected=expected) from None


def _whole(array: pa.ChunkedArray | pa.Array) -> pa.Array:
    if not isinstance(array, pa.ChunkedArray):
        return array
    if pa.types.is_dictionary(array.type):
        array = array.unify_dictionaries()
    return array.combine_chunks()


def _codes(array: pa.Array, words: pa.Array) -> pa.Array:
    """The place of each word among `words`, null for another one; of a dictionary each word is looked up once."""
    if pa.types.is_dictionary(array.type):
        return pc.take(pc.index_in(array.dictionary, value_set=words), array.indices)
    return pc.index_in(array, value_set=words)


def read_columns(facts: Facts, entity: str, table: pa.Table) -> Mapping[str, Any]:
    """The facts of an entity that a table has."""
    names = [name for name in facts.entities[entity] if name in table.column_names]
    return {name: read_column(facts[name], table[name]) for name in names}


def answer_batches(
    rules: Rules, day: date, batches: Iterable[pa.RecordBatch], programmes: Iterable[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Answers of a stream of members, each row with the facts of its household too; for `mapInArrow` of Spark.

    The rows have `household` and `person` (null for a household without members) and stand household by household; a
    household may be spread over two batches, but not over two streams. Gives batches of `SCHEMA`.
    """
    slugs = None if programmes is None else list(programmes)
    held: pa.Table | None = None
    for batch in batches:
        table = pa.Table.from_batches([batch])
        if held is not None:
            table = pa.concat_tables([held, table]).unify_dictionaries()
        if not len(table):
            continue
        edge = _last_household(table)
        held = table.slice(edge)
        if edge:
            yield from _answered(rules, day, table.slice(0, edge), slugs)
    if held is not None and len(held):
        yield from _answered(rules, day, held, slugs)


def _last_household(table: pa.Table) -> int:
    """Where the rows of the last household begin."""
    ids = table["household"].combine_chunks()
    other = np.flatnonzero(np.asarray(pc.not_equal(ids, ids[len(ids) - 1])))
    return int(other[-1]) + 1 if len(other) else 0


def _answered(rules: Rules, day: date, table: pa.Table, slugs: list[str] | None) -> Iterator[pa.RecordBatch]:
    ids = table["household"].combine_chunks()
    begins = np.ones(len(ids), bool)
    begins[1:] = np.asarray(pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)))
    first = np.flatnonzero(begins)
    there = np.asarray(table["person"].is_valid())
    members = table.filter(pa.array(there))
    population = Population.of_columns(
        rules.facts,
        read_columns(rules.facts, HOUSEHOLD, table.take(pa.array(first))),
        read_columns(rules.facts, "person", members),
        (np.cumsum(begins) - 1)[there],
        len(first),
    )
    answers = evaluate(rules, population, day, slugs)
    names = {HOUSEHOLD: (ids.take(pa.array(first)), None)}
    names["person"] = (members["household"].combine_chunks(), members["person"].combine_chunks())
    yield from _rows(answers, names)


def _rows(
    answers: Answers, names: Mapping[str, tuple[pa.Array, pa.Array | None]]
) -> Iterator[pa.RecordBatch]:
    for slug, answer in answers.items():
        rows = np.flatnonzero(answer.state != NO)
        if not len(rows):
            continue
        households, persons = names[answer.entity]
        place = pa.array(rows)
        words = np.where(answer.state[rows] == UNKNOWN, "undetermined", "yes")
        own = pa.nulls(len(rows), pa.string()) if persons is None else persons.take(place).cast(pa.string())
        yield pa.RecordBatch.from_arrays(
            [
                households.take(place).cast(pa.string()),
                own,
                pa.array([slug] * len(rows), pa.string()),
                pa.array(words, pa.string()),
                pa.array(answer.amount[rows], mask=~answer.amount_known[rows]),
            ],
            schema=SCHEMA,
        )
