"""The columns of the lake: the pack's variables as arrays of numbers, and as Arrow.

An array is what `core.policy` works on: fen and whole numbers, booleans, dates as YYYYMMDD (99991231: known not to have
happened), choices as codes in the order of the variable's words; beside it which of them are known, None for all.
In Parquet an unknown value is null, a choice is its word, a date is the same whole number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from yiwang.core.policy.arrow import read_column
from yiwang.kernel.packs.rulebook import Variable

NEVER = 99991231
NEVER_WORD = "never"
Column = tuple[np.ndarray, np.ndarray | None]  # values, which are known

_DTYPES = {"money": np.int64, "int": np.int32, "date": np.int32, "bool": np.bool_}


@dataclass(slots=True)
class Table:
    """One entity: `ids` are n × 16 bytes of the register's own ids, `areas` indexes into the population's areas."""

    ids: np.ndarray
    areas: np.ndarray
    columns: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(slots=True)
class People:
    """A population as columns. Members of a household stand together, in the order of the households.

    `sizes`: how many members each household has. `area_codes`: what `areas` of both tables index into.
    """

    area_codes: list[str]
    households: Table
    persons: Table
    sizes: np.ndarray

    @property
    def household_of(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)


def dtype_of(variable: Variable) -> type:
    if variable.type == "choice":
        return np.uint8
    return _DTYPES[variable.type]


def blank(variable: Variable, count: int) -> tuple[np.ndarray, np.ndarray]:
    """A column of which nothing is known yet."""
    return np.zeros(count, dtype_of(variable)), np.zeros(count, bool)


def number_of(variable: Variable) -> Callable[[Any], Any]:
    """What turns a fact's value into the number of its column."""
    if variable.type == "choice":
        return {word: n for n, word in enumerate(variable.choices)}.__getitem__
    if variable.type == "date":
        return date_number
    return _same


def value_of(variable: Variable, number: Any) -> bool | int | str:
    """The fact's value that a number of its column stands for."""
    if variable.type == "choice":
        return list(variable.choices)[int(number)]
    if variable.type == "date":
        return date_text(int(number))
    return bool(number) if variable.type == "bool" else int(number)


def date_number(text: str) -> int:
    """`2026-09-01` -> 20260901, `never` -> 99991231."""
    return NEVER if text == NEVER_WORD else int(text[:4] + text[5:7] + text[8:10])


def date_text(number: int) -> str:
    return (
        NEVER_WORD
        if number == NEVER
        else f"{number // 10000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"
    )


def _same(value: Any) -> Any:
    return value


# Arrow


def arrow_of(variable: Variable, column: Column) -> pa.Array:
    """A column as Parquet keeps it: null where unknown."""
    values, known = column
    unknown = None if known is None else ~known
    if variable.type == "choice":
        indices = pa.array(values.astype(np.int8), mask=unknown)
        return pa.DictionaryArray.from_arrays(indices, pa.array(list(variable.choices), pa.string()))
    return pa.array(values, mask=unknown)


def of_arrow(variable: Variable, array: pa.ChunkedArray) -> Column:
    """What `arrow_of` was given; a word of a choice that the pack no longer has is unknown."""
    values, known = read_column(variable, array)
    return values.astype(dtype_of(variable), copy=False), known


def ordered(variables: Mapping[str, Variable], entity: str) -> list[Variable]:
    """The variables of one entity, in the pack's order."""
    return [one for one in variables.values() if one.entity == entity]
