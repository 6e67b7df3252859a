"""Writing a snapshot: all of it is there under its date, or nothing of it.

The files are written into a folder of their own; a link with the date as its name is then put in place of the one
before, in one step. A run that is killed leaves a folder that the next one removes.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from yiwang.kernel.access.pseudonyms import pseudonyms
from yiwang.kernel.lake.columns import People, Table, arrow_of, ordered
from yiwang.kernel.packs.rulebook import Variable

HOUSEHOLDS_A_GROUP = 16_384
COMPRESSION = "zstd"
Progress = Callable[[int], None]  # households written since the last call


def folder() -> Path:
    """Where the snapshots lie, for the owner alone."""
    found = Path(settings.HOME) / "lake"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def write(
    people: People,
    variables: Mapping[str, Variable],
    on: dt.date,
    about: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    keep: int | None = None,
) -> Path:
    """Writes the snapshot of a day and gives its folder; that day's earlier one is replaced.

    `about` goes into `snapshot.json` beside the counts. `keep`: older snapshots beyond so many are removed.
    """
    with _alone() as root:
        _sweep(root)
        made = root / f".{on.isoformat()}-{uuid4().hex}"
        made.mkdir(mode=0o700)
        households, persons = _groups(people)
        for name, entity, table, edges in (
            ("households.parquet", "household", people.households, households),
            ("persons.parquet", "person", people.persons, persons),
        ):
            _file(made / name, people, table, entity, ordered(variables, entity), edges, progress)
        told = {"date": on.isoformat(), "households": len(people.households), "persons": len(people.persons)}
        _text(made / "snapshot.json", json.dumps(told | dict(about or {}), ensure_ascii=False, indent=1))
        _sync(made)
        _point(root, on.isoformat(), made)
        if keep is not None:
            _forget(root, keep)
        _sweep(root)
    return root / on.isoformat()


def forget(keep: int) -> list[str]:
    """Removes the oldest snapshots beyond `keep`; gives their dates."""
    with _alone() as root:
        gone = _forget(root, keep)
        _sweep(root)
    return gone


def _forget(root: Path, keep: int) -> list[str]:
    dates = sorted(link.name for link in root.iterdir() if link.is_symlink() and link.name[0] != ".")
    gone = dates[: max(0, len(dates) - keep)]
    for date in gone:
        (root / date).unlink()
    return gone


@contextmanager
def _alone() -> Iterator[Path]:
    """One writer at a time; the lock ends with the process that holds it."""
    root = folder()
    with open(os.open(root / ".lock", os.O_CREAT | os.O_RDWR, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield root


def _sweep(root: Path) -> None:
    """Removes folders that no date points at: of runs that were killed, and of snapshots that were replaced."""
    links = [link for link in root.iterdir() if link.is_symlink()]
    for link in links:
        if link.name[0] == ".":
            link.unlink()
    used = {os.readlink(link) for link in links if link.name[0] != "."}
    for left in root.iterdir():
        if left.is_dir() and not left.is_symlink() and left.name not in used:
            shutil.rmtree(left, ignore_errors=True)


def _groups(people: People) -> tuple[list[int], list[int]]:
    """Edges of the row groups in both files: the same households, so that none spans two groups."""
    count = len(people.sizes)
    households = [*range(0, count, HOUSEHOLDS_A_GROUP), count]
    ends = np.concatenate(([0], np.cumsum(people.sizes)))
    return households, [int(ends[edge]) for edge in households]


def _file(
    path: Path,
    people: People,
    table: Table,
    entity: str,
    variables: list[Variable],
    edges: list[int],
    progress: Progress | None,
) -> None:
    whole = _arrow(people, table, entity, variables)
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
        with pq.ParquetWriter(file, whole.schema, compression=COMPRESSION, write_statistics=False) as writer:
            for start, end in zip(edges, edges[1:], strict=False):
                if end > start or len(table) == 0:
                    writer.write_table(whole.slice(start, end - start), row_group_size=max(end - start, 1))
                if progress and entity == "household":
                    progress(end - start)
        file.flush()
        os.fsync(file.fileno())


def _arrow(people: People, table: Table, entity: str, variables: list[Variable]) -> pa.Table:
    hidden = np.ascontiguousarray(pseudonyms(table.ids)) if len(table) else np.zeros((0, 16), np.uint8)
    ids = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(table), [None, pa.py_buffer(hidden.tobytes())]
    )
    areas = pa.DictionaryArray.from_arrays(
        pa.array(table.areas.astype(np.int32)), pa.array(people.area_codes, pa.string())
    )
    columns: dict[str, pa.Array] = {"id": ids, "area": areas}
    if entity == "household":
        columns["household"] = pa.array(np.arange(len(table), dtype=np.int32))
        columns["members"] = pa.array(people.sizes.astype(np.int32))
    else:
        columns["household"] = pa.array(people.household_of)
    for variable in variables:
        if variable.slug in table.columns:
            columns[variable.slug] = arrow_of(variable, table.columns[variable.slug])
    return pa.table(columns)


def _text(path: Path, text: str) -> None:
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _point(root: Path, date: str, made: Path) -> None:
    new = root / f".{uuid4().hex}.link"
    new.symlink_to(made.name, target_is_directory=True)
    os.replace(new, root / date)
    _sync(root)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
