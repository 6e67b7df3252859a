"""The households of a layout in blocks that fit the processor's cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yiwang.core.policy.layout import Layout

MOST_HOUSEHOLDS, MOST_PERSONS = 512, 2048  # of a block; one household alone may have more persons


class Blocks(NamedTuple):
    """`blocks`: first household, how many, how many of them with members, first run, end of the runs. `runs`: persons
    that stand in a row with households that do: first person, place of the first household in the block, how many,
    place of the first person in the block. `persons`, `households`: the most of a block."""

    blocks: np.ndarray
    runs: np.ndarray
    persons: int
    households: int

    def persons_in(self, blocks: np.ndarray) -> int:
        """How many persons some of the blocks have."""
        return sum(int(self.runs[first:end, 2].sum()) for first, end in blocks[:, 3:].tolist())


def blocks_of(layout: Layout) -> Blocks:
    sizes = layout.sizes()
    ends = np.cumsum(sizes)
    with_members = layout.slots[0][1] if layout.slots else 0
    blocks: list[tuple[int, ...]] = []
    runs: list[tuple[int, ...]] = []
    most_persons = most_homes = first = 0
    while first < layout.households:
        before = int(ends[first - 1]) if first else 0
        last = int(np.searchsorted(ends, before + MOST_PERSONS, side="right"))
        last = min(max(last, first + 1), first + MOST_HOUSEHOLDS, layout.households)
        begin = len(runs)
        persons = _runs(layout, first, last, runs)
        occupied = min(max(with_members - first, 0), last - first)
        blocks.append((first, last - first, occupied, begin, len(runs)))
        most_persons, most_homes = max(most_persons, persons), max(most_homes, last - first)
        first = last
    return Blocks(
        np.array(blocks, np.int64).reshape(-1, 5),
        np.array(runs, np.int64).reshape(-1, 4),
        most_persons,
        most_homes,
    )


def _runs(layout: Layout, first: int, last: int, runs: list[tuple[int, ...]]) -> int:
    """Adds the runs of the households from first to before last; gives how many persons they have."""
    place = 0
    for start, count in layout.slots:
        n = min(count, last) - first
        if n <= 0:
            break
        runs.append((start + first, 0, n, place))
        place += n
    for home in range(first, min(last, len(layout.tail_sizes))):
        start = layout.tail + int(layout.tail_starts[home])
        for k in range(int(layout.tail_sizes[home])):
            runs.append((start + k, home - first, 1, place))
            place += 1
    return place
