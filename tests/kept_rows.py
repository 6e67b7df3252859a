"""The rows of a loaded pack, put back where a test has emptied the tables: faster than loading the pack again."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction

_rows: list[tuple[str, list[str], list[tuple]]] = []


def keep() -> None:
    """Remembers every row of Yiwang's own tables as they are now."""
    _rows.clear()
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            if found := cursor.fetchall():
                _rows.append((table, [column[0] for column in cursor.description], found))


def put_back() -> bool:
    """Writes the rows into the empty tables; False where nothing was kept or they are not empty."""
    with connection.cursor() as cursor:
        for table, _columns, _found in _rows:
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone():
                return False
        with connection.constraint_checks_disabled(), transaction.atomic():
            for table, columns, found in _rows:
                names = ", ".join(f'"{name}"' for name in columns)
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', found)
    return bool(_rows)


def _tables() -> list[str]:
    own = [model for model in apps.get_models() if model.__module__.startswith("yiwang.")]
    return [model._meta.db_table for model in own if model._meta.managed]
