"""A short mark of the facts that led to a finding, so that it is raised again only for a new fact. Pure.

Money counts in steps of a hundred yuan: an income that is a few yuan other than last month is no new fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from yiwang.core.policy import PERSON, Number, Truth
from yiwang.core.policy.columns import Choice, Column
from yiwang.core.policy.layout import Layout

MONEY_STEP = 10_000  # fen
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_UNKNOWN = np.uint64(0x5851F42D4C957F2D)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(values: np.ndarray) -> np.ndarray:
    """splitmix64 of each: every bit of a value moves every bit of the result."""
    values = values.astype(np.uint64, copy=True)
    values += _GOLDEN
    values = (values ^ (values >> np.uint64(30))) * _M1
    values = (values ^ (values >> np.uint64(27))) * _M2
    return values ^ (values >> np.uint64(31))


def seed(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little"))


def of_column(name: str, column: Truth | Choice | Number, money: bool) -> np.ndarray:
    """A mark of each value of one column; unknown has its own."""
    if isinstance(column, Truth):
        values = column.state.astype(np.uint64)
    elif isinstance(column, Choice):
        values = column.codes.astype(np.uint64)
    else:
        numbers = column.values.astype(np.int64)
        values = ((numbers + MONEY_STEP // 2) // MONEY_STEP if money else numbers).astype(np.uint64)
        if column.unknown is not None:
            values = np.where(column.unknown, _UNKNOWN, values)
    return mixed(values ^ seed(name))


def of_households(layout: Layout, columns: Iterable[tuple[str, Column, bool]]) -> np.ndarray:
    """The mark of each household of a run, in the run's order: of its own columns and of those of its members.

    The order of columns and of members plays no part; a household without members has a mark too.
    """
    own = np.zeros(layout.households, np.uint64)
    members = np.zeros(layout.persons, np.uint64)
    with np.errstate(over="ignore"):
        for name, column, money in columns:
            side = members if column.entity is PERSON else own
            side += of_column(name, column, money)
        return mixed(own ^ mixed(layout.add(mixed(members), np.uint64)))


def text(mark: int) -> str:
    return f"{int(mark):016x}"
