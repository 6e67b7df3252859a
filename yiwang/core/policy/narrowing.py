"""Some households of a batch, and where they and their members stand in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiwang.core.policy.columns import HOUSEHOLD, PERSON, Choice, Column, Number, Truth
from yiwang.core.policy.layout import Layout


@dataclass(frozen=True, slots=True)
class Places:
    """The layout of the chosen households, and the place of each of their rows in the whole, by entity."""

    layout: Layout
    of: dict[str, np.ndarray]


def placed(whole: Layout, households: np.ndarray) -> Places:
    """The chosen households (rising places) with their members, in the order of a layout of their own."""
    sizes = np.zeros(len(households), np.int64)
    persons = []
    for start, count in whole.slots:
        members = households[: np.searchsorted(households, count)]
        sizes[: len(members)] += 1
        persons.append(start + members)
    beyond = households[: np.searchsorted(households, len(whole.tail_sizes))]
    for n, household in enumerate(beyond.tolist()):
        size = int(whole.tail_sizes[household])
        sizes[n] += size
        persons.append(whole.tail + int(whole.tail_starts[household]) + np.arange(size))
    places = np.concatenate(persons) if persons else np.zeros(0, np.int64)
    return Places(Layout(sizes), {HOUSEHOLD: households, PERSON: places})


def taken(column: Column, places: Places) -> Column:
    """The column of the chosen households only."""
    rows = places.of[column.entity]
    if type(column) is Truth:
        return Truth(column.state[rows], column.entity, column.name)
    if type(column) is Choice:
        return Choice(column.codes[rows], column.choices, column.entity, column.name)
    unknown = None if column.unknown is None else column.unknown[rows]
    return Number(column.values[rows], unknown, column.entity, column.name)
