"""SQL over a snapshot, by DuckDB: the tables `persons` and `households`.

Dates are dates here, with 9999-12-31 for what is known not to have happened; an unknown value is NULL.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid
from yiwang.kernel.lake.columns import ordered
from yiwang.kernel.lake.reading import FILES, Snapshot

THREADS = 2
TABLES = {"person": "persons", "household": "households"}


def connect(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    """A connection in memory that sees the two tables of the snapshot, and no other file."""
    database = duckdb.connect(config={"threads": THREADS})
    for entity in FILES:
        file = snapshot.file(entity)
        dates = {one.slug for one in ordered(snapshot.variables, entity) if one.type == "date"}
        columns = ", ".join(_column(name, name in dates) for name in pq.read_schema(file).names)
        # Names are those of the file and of the pack's variables.
        database.execute(
            f"CREATE VIEW {TABLES[entity]} AS SELECT {columns} FROM read_parquet({_text(str(file))})"  # noqa: S608
        )
    allowed = ", ".join(_text(str(snapshot.file(entity))) for entity in FILES)
    database.execute(f"SET allowed_paths = [{allowed}]")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


def ask(snapshot: Snapshot, query: str) -> pa.Table:
    """The answer to one query. Raises Invalid with DuckDB's words for one that is wrong."""
    with connect(snapshot) as database:
        try:
            found = database.sql(query)
            if found is None:
                raise Invalid(_("Ask with SELECT."), code="bad_query")
            return found.to_arrow_table()
        except duckdb.Error as wrong:
            raise Invalid(
                _("The query cannot be answered: %(problem)s") % {"problem": str(wrong).split("\n")[0]},
                code="bad_query",
            ) from None


def _column(name: str, date: bool) -> str:
    if not date:
        return f'"{name}"'
    return f'make_date("{name}" // 10000, "{name}" // 100 % 100, "{name}" % 100) AS "{name}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
