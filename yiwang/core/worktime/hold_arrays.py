"""Holds of many rows as arrays, handed out in chunks that fit the processor's cache."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from yiwang.core.worktime.errors import HoldError

CHUNK = 1 << 14
NAT = np.iinfo(np.int64).min
FAR = 2**62  # never begins, or never ends

Rows = slice | np.ndarray


@dataclass(frozen=True)
class HoldArrays:
    """Holds of many rows; local times as datetime64.

    Fixed: `begins` and `ends` are (n, k), NaT where a row has fewer than k. Ragged: they are flat, and row i
    has the holds offsets[i] to offsets[i + 1] (n + 1 offsets). A NaT end with a beginning is a hold that
    lasts. Order within a row is free.
    """

    begins: np.ndarray
    ends: np.ndarray
    offsets: np.ndarray | None = None

    def check(self, rows: int) -> None:
        """HoldError unless the shapes fit `rows` rows."""
        begins, ends, offsets = np.asarray(self.begins), np.asarray(self.ends), self.offsets
        for name, array in (("begins", begins), ("ends", ends)):
            if array.dtype.kind != "M":
                raise HoldError("dtype", f"hold {name} are {array.dtype}: give datetime64[s] local times")
        if offsets is None:
            good = begins.shape == ends.shape and begins.ndim == 2 and len(begins) == rows
            shape = f"({rows}, k)"
        else:
            offsets = np.asarray(offsets)
            good = (
                begins.shape == ends.shape
                and begins.ndim == 1
                and offsets.shape == (rows + 1,)
                and offsets[0] == 0
                and offsets[-1] == len(begins)
                and bool(np.all(np.diff(offsets) >= 0))
            )
            shape = f"flat, with {rows + 1} rising offsets from 0 to their length"
        if not good:
            raise HoldError("shape", f"hold begins {begins.shape} and ends {ends.shape} must both be {shape}")


class Spans(NamedTuple):
    """One hold a row: clipped to begin no earlier than the row's start, FAR for none or no end."""

    begin: np.ndarray
    end: np.ndarray
    some_open: bool


def chunks(
    size: int, holds: HoldArrays | None
) -> Iterator[tuple[Rows, np.ndarray | None, np.ndarray | None]]:
    """(rows, begins, ends) until all rows are out; begins and ends are (rows, k) int64 local seconds."""
    if holds is None or holds.offsets is None:
        for low in range(0, size, CHUNK):
            rows = slice(low, min(low + CHUNK, size))
            yield rows, *(_fixed(holds, rows) if holds is not None else (None, None))
        return
    offsets = np.asarray(holds.offsets, np.int64)
    counts = np.diff(offsets)
    order = np.argsort(counts, kind="stable")  # rows of like width together, so that padding stays small
    begins, ends = _int64(holds.begins), _int64(holds.ends)
    low = 0
    while low < size:
        high = min(low + CHUNK, size)
        width = int(counts[order[high - 1]])
        if width > 8:
            high = min(high, low + max(1, CHUNK * 8 // width))
            width = int(counts[order[high - 1]])
        rows = order[low:high]
        yield rows, *(_padded(flat, offsets, counts, rows, width) for flat in (begins, ends))
        low = high


def columns(begins: np.ndarray | None, ends: np.ndarray | None, start: np.ndarray, rows: Rows) -> list[Spans]:
    """The holds of a chunk, the earliest of each row first. HoldError names the row of an impossible one."""
    if begins is None or begins.shape[1] == 0:
        return []
    begins = [np.where(column == NAT, FAR, column) for column in begins.T]
    ends = [np.where(column == NAT, FAR, column) for column in ends.T]
    for begin, end in zip(begins, ends, strict=True):
        if (end < begin).any():
            row = row_number(rows, int(np.argmax(end < begin)))
            raise HoldError(
                "order",
                f"a hold of row {row} ends before it begins, or has an end and no beginning: correct it",
                row=row,
            )
    begins, ends = _sorted(begins, ends)
    return [
        Spans(np.maximum(begin, start), end, bool(((end == FAR) & (begin < FAR)).any()))
        for begin, end in zip(begins, ends, strict=True)
    ]


def row_number(rows: Rows, index: int) -> int:
    """Which of the caller's rows is number `index` of this chunk."""
    return rows.start + index if isinstance(rows, slice) else int(rows[index])


def _fixed(holds: HoldArrays, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    return _int64(holds.begins[rows]), _int64(holds.ends[rows])


def _padded(flat, offsets, counts, rows, width: int) -> np.ndarray:
    place = np.arange(width)
    present = place < counts[rows][:, None]
    padded = np.full((len(rows), width), NAT)
    padded[present] = flat[(offsets[rows][:, None] + place)[present]]
    return padded


def _sorted(begins: list, ends: list) -> tuple[list, list]:
    if all((left <= right).all() for left, right in zip(begins, begins[1:], strict=False)):
        return begins, ends
    if len(begins) == 2:
        swap = begins[0] > begins[1]
        return (
            [np.minimum(*begins), np.maximum(*begins)],
            [np.where(swap, ends[1], ends[0]), np.where(swap, ends[0], ends[1])],
        )
    order = np.argsort(np.array(begins), axis=0, kind="stable")
    return (
        list(np.take_along_axis(np.array(begins), order, axis=0)),
        list(np.take_along_axis(np.array(ends), order, axis=0)),
    )


def _int64(times: np.ndarray) -> np.ndarray:
    return np.asarray(times).astype("datetime64[s]", copy=False).astype(np.int64, copy=False)
