"""Reading a snapshot: Arrow tables, or columns in the shape that `core.policy` works on.

snapshot = latest()
Population.of_columns(facts, snapshot.columns("household"), snapshot.columns("person"), snapshot.household_of)
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from yiwang.kernel.access.pseudonyms import behind
from yiwang.kernel.errors import NotFound
from yiwang.kernel.lake.columns import Column, People, Table, of_arrow, ordered
from yiwang.kernel.lake.writing import folder
from yiwang.kernel.packs.rulebook import Variable

FILES = {"household": "households.parquet", "person": "persons.parquet"}
OWN = ("id", "area", "household", "members")  # columns that are no variables


class Snapshot:
    """One dated snapshot. It stays the same snapshot when its date is written anew meanwhile."""

    def __init__(self, path: Path, variables: Mapping[str, Variable]):
        self.folder = path.resolve(strict=True)
        self.variables = variables
        self.about: dict[str, Any] = json.loads((self.folder / "snapshot.json").read_text(encoding="utf-8"))

    @property
    def date(self) -> dt.date:
        return dt.date.fromisoformat(self.about["date"])

    @property
    def households_count(self) -> int:
        return self.about["households"]

    @property
    def persons_count(self) -> int:
        return self.about["persons"]

    def file(self, entity: str) -> Path:
        """The Parquet file of `person` or `household`, for engines that read it themselves."""
        return self.folder / FILES[entity]

    def names(self, entity: str) -> list[str]:
        """The variables that the file has."""
        return [name for name in pq.read_schema(self.file(entity)).names if name not in OWN]

    def table(self, entity: str, names: Collection[str] | None = None) -> pa.Table:
        """The file's columns, or those named; unknown is null, a date is YYYYMMDD, a choice its word."""
        words = [one.slug for one in ordered(self.variables, entity) if one.type == "choice"]
        return pq.read_table(
            self.file(entity),
            columns=None if names is None else list(names),
            read_dictionary=["area", *words],
        )

    def columns(self, entity: str, names: Collection[str] | None = None) -> dict[str, Column]:
        """Name -> (values, which are known; None: all). Names that the snapshot does not have are left out."""
        there = set(self.names(entity))
        wanted = [
            one
            for one in ordered(self.variables, entity)
            if one.slug in there and (names is None or one.slug in names)
        ]
        table = self.table(entity, [one.slug for one in wanted])
        return {one.slug: of_arrow(one, table[one.slug]) for one in wanted}

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many members each household has."""
        return np.asarray(self.table("household", ["members"])["members"])

    @cached_property
    def household_of(self) -> np.ndarray:
        """For each person the place of the household; members stand together."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)

    def areas(self, entity: str) -> tuple[list[str], np.ndarray]:
        """(codes of communities, for each row which of them)."""
        column = self.table(entity, ["area"])["area"].unify_dictionaries()
        if column.num_chunks == 0:
            return [], np.zeros(0, np.int32)
        whole = pa.concat_arrays(column.chunks)
        return whole.dictionary.to_pylist(), np.asarray(whole.indices).astype(np.int32)

    def ids(self, entity: str, rows: Collection[int] | np.ndarray | None = None) -> list[UUID]:
        """The register's ids behind the pseudonyms of these rows, or of all."""
        found = self.id_bytes(entity)
        if rows is not None:
            found = found[np.asarray(rows, np.int64)]
        return [UUID(bytes=one.tobytes()) for one in behind(found)] if len(found) else []

    def id_bytes(self, entity: str) -> np.ndarray:
        """The pseudonyms, n × 16."""
        column = self.table(entity, ["id"])["id"]
        parts = [
            np.frombuffer(c.buffers()[1], np.uint8).reshape(-1, 16)[c.offset : c.offset + len(c)]
            for c in column.chunks
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 16), np.uint8)

    def people(self) -> People:
        """All of it, as it was written."""
        tables = {}
        for entity in ("household", "person"):
            hidden = self.id_bytes(entity)
            ids = behind(hidden) if len(hidden) else hidden
            codes, areas = self.areas(entity)
            tables[entity] = (codes, Table(ids, areas, self.columns(entity)))
        return People(tables["household"][0], tables["household"][1], tables["person"][1], self.sizes)


def dates() -> list[dt.date]:
    """The days of which there is a snapshot, oldest first."""
    found = []
    for link in folder().iterdir():
        if link.name[0] != "." and link.is_dir():
            found.append(dt.date.fromisoformat(link.name))
    return sorted(found)


def snapshot(on: dt.date, variables: Mapping[str, Variable] | None = None) -> Snapshot:
    """The snapshot of that day. Raises NotFound `no_snapshot`."""
    if variables is None:
        from yiwang.kernel.packs import rulebook

        variables = rulebook.current().variables
    for _attempt in range(2):  # it may be written anew between the look and the reading
        try:
            return Snapshot(folder() / on.isoformat(), variables)
        except FileNotFoundError:
            continue
    raise NotFound(
        _("There is no snapshot of %(day)s in the lake. Run: yiwang lake refresh") % {"day": on},
        code="no_snapshot",
    )


def latest(variables: Mapping[str, Variable] | None = None) -> Snapshot:
    """The newest snapshot. Raises NotFound `no_snapshot`."""
    there = dates()
    if not there:
        raise NotFound(_("The lake is empty. Run: yiwang lake refresh"), code="no_snapshot")
    return snapshot(there[-1], variables)
