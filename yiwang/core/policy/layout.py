"""Where the members of households stand in a column of persons, and the sums over them.

Households are ordered by size, the largest first; persons by their place in the household: the first members of all,
then the second members of those that have one, and so on. A sum over members is then an addition of whole slices. The
members beyond the eighth stand behind, household by household.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

SLOTS = 8


class Layout:
    """`slots` are (start, how many households have such a member); `tail` are the members beyond."""

    __slots__ = ("_made", "households", "persons", "slots", "tail", "tail_sizes", "tail_starts", "widest")

    def __init__(self, sizes: np.ndarray):
        """`sizes`: members of each household, falling."""
        self.households = len(sizes)
        self.widest = int(sizes[0]) if len(sizes) else 0
        self.slots: list[tuple[int, int]] = []
        start = 0
        for slot in range(min(self.widest, SLOTS)):
            count = int(np.searchsorted(-sizes, -slot, side="left"))
            self.slots.append((start, count))
            start += count
        self.tail = start
        self.tail_sizes = sizes[: int(np.searchsorted(-sizes, -SLOTS, side="left"))] - SLOTS
        self.tail_starts = np.cumsum(self.tail_sizes) - self.tail_sizes
        self.persons = start + int(self.tail_sizes.sum())
        self._made: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[Layout], Any]) -> Any:
        """What is made of this layout, made once."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = make(self)
        return found

    def sizes(self) -> np.ndarray:
        """Members of each household."""
        sizes = np.zeros(self.households, np.int64)
        for _start, count in self.slots:
            sizes[:count] += 1
        sizes[: len(self.tail_sizes)] += self.tail_sizes
        return sizes

    def place(self) -> np.ndarray:
        """For persons in household order (all of the first, all of the second …): which of them stands where."""
        sizes = self.sizes()
        return self.places(np.cumsum(sizes) - sizes)

    def places(self, first: np.ndarray) -> np.ndarray:
        """The same for persons of whom each household's stand together; `first`: where those of each begin."""
        parts = [first[:count] + slot for slot, (_start, count) in enumerate(self.slots)]
        parts += [first[n] + SLOTS + np.arange(size) for n, size in enumerate(self.tail_sizes)]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def add(self, values: np.ndarray, dtype: type = np.int64) -> np.ndarray:
        """The sum of each household's members; zero for one without."""
        return self._reduce(np.add, values, 0, dtype)

    def most(self, values: np.ndarray, empty: int) -> np.ndarray:
        """The largest of each household's members."""
        return self._reduce(np.maximum, values, empty, values.dtype)

    def least(self, values: np.ndarray, empty: int) -> np.ndarray:
        """The smallest of each household's members."""
        return self._reduce(np.minimum, values, empty, values.dtype)

    def _reduce(self, operation: np.ufunc, values: np.ndarray, empty: int, dtype: type) -> np.ndarray:
        first = self.slots[0][1] if self.slots else 0
        if first == self.households:
            found = values[:first].astype(dtype)
        else:  # some households have no members
            found = np.full(self.households, empty, dtype)
            found[:first] = values[:first]
        for start, count in self.slots[1:]:
            operation(found[:count], values[start : start + count], out=found[:count])
        if len(self.tail_sizes):
            rest = operation.reduceat(values[self.tail :], self.tail_starts, dtype=dtype)
            operation(found[: len(rest)], rest, out=found[: len(rest)])
        return found

    def spread(self, values: np.ndarray) -> np.ndarray:
        """The household's value for each of its members."""
        parts = [values[:count] for _start, count in self.slots]
        if len(self.tail_sizes):
            parts.append(np.repeat(values[: len(self.tail_sizes)], self.tail_sizes))
        if not parts:
            return values[:0]
        return np.concatenate(parts) if len(parts) > 1 else parts[0]
