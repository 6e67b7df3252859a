"""A snapshot with some of its households read anew: the rest is taken over as it was."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import numpy as np

from yiwang.kernel.lake.columns import Column, People, Table


def merged(old: People, new: People, instead_of: Collection[UUID]) -> People:
    """`old` without the households of `instead_of`, with those of `new`; in the order of a whole gathering.

    Both have the same variables. A household of `instead_of` that `new` does not have is gone.
    """
    gone = _keys(np.frombuffer(b"".join(one.bytes for one in instead_of), np.uint8).reshape(-1, 16))
    kept = ~np.isin(_keys(old.households.ids), gone)
    codes = sorted({*_codes(old, kept), *new.area_codes})
    ids = np.concatenate([old.households.ids[kept], new.households.ids])
    areas = np.concatenate([_placed(old, codes)[kept], _placed(new, codes)]).astype(np.int32)
    halves = np.ascontiguousarray(ids).view(">u8").reshape(-1, 2)
    order = np.lexsort((halves[:, 1], halves[:, 0], areas))
    sizes = np.concatenate([old.sizes[kept], new.sizes])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    persons_kept = np.repeat(kept, old.sizes)
    persons_order = np.argsort(rank[np.repeat(np.arange(len(sizes)), sizes)], kind="stable")
    households = Table(ids[order], areas[order], _columns(old.households, kept, new.households, order))
    person_ids = np.concatenate([old.persons.ids[persons_kept], new.persons.ids])
    persons = Table(
        person_ids[persons_order],
        np.repeat(areas[order], sizes[order]),
        _columns(old.persons, persons_kept, new.persons, persons_order),
    )
    return People(codes, households, persons, sizes[order].astype(np.int32))


def _keys(ids: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(ids).view("V16").reshape(-1)


def _codes(people: People, kept: np.ndarray) -> set[str]:
    return {people.area_codes[n] for n in np.unique(people.households.areas[kept])}


def _placed(people: People, codes: list[str]) -> np.ndarray:
    """The areas of the households as places in `codes`; -1 for one that nobody is left in."""
    place = {code: n for n, code in enumerate(codes)}
    table = np.array([place.get(code, -1) for code in people.area_codes] or [-1], np.int32)
    return table[people.households.areas] if len(people.households) else np.zeros(0, np.int32)


def _columns(old: Table, kept: np.ndarray, new: Table, order: np.ndarray) -> dict[str, Column]:
    found = {}
    for name, (values, known) in old.columns.items():
        other, other_known = new.columns[name]
        whole = np.concatenate([values[kept], other.astype(values.dtype, copy=False)])[order]
        both = None
        if known is not None or other_known is not None:
            both = np.concatenate([_mask(known, len(values))[kept], _mask(other_known, len(other))])[order]
        found[name] = (whole, None if both is None or both.all() else both)
    return found


def _mask(known: np.ndarray | None, count: int) -> np.ndarray:
    return np.ones(count, bool) if known is None else known
