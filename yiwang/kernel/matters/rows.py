"""Inserting very many rows: the values that Django would write, without a model instance for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models

Convert = Callable[[Any], Any]
# Written as they are; anything else is asked what it writes, field by field.
_PLAIN = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.BigAutoField,
    models.FloatField,
    models.BooleanField,
)
_AT_A_TIME = 2000
_COPY_FROM = 20  # fewer rows are inserted sooner than a COPY has begun


class Table:
    """A model's table, filled with tuples of the named columns (attribute names, `unit_id`); the others get their
    defaults. Nothing is checked: the caller has."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        self.model = model
        named = {field.attname: field for field in model._meta.concrete_fields}
        given = [named[name] for name in columns]
        rest = [f for f in named.values() if f not in given and not isinstance(f, models.AutoField)]
        self.fields = given + rest
        self.rest = tuple(field.get_default() for field in rest)

    def insert(self, rows: Iterable[Sequence[Any]]) -> int:
        """Writes the rows in the order given; gives how many."""
        converts = [(n, c) for n, f in enumerate(self.fields) if (c := _converter(f, connection.vendor))]
        ready = [self._row(row, converts) for row in rows]
        if not ready:
            return 0
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field in self.fields)
        table = quote(self.model._meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and len(ready) > _COPY_FROM:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in ready:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self.fields))
                for start in range(0, len(ready), _AT_A_TIME):
                    cursor.executemany(
                        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own models
                        ready[start : start + _AT_A_TIME],
                    )
        return len(ready)

    def _row(self, values: Sequence[Any], converts: list[tuple[int, Convert]]) -> list[Any]:
        row = [*values, *self.rest]
        for place, convert in converts:
            value = row[place]
            if value is not None:
                row[place] = convert(value)
        return row


@cache
def table_of(model: type[models.Model]) -> Table:
    """The table with every column, for `insert_instances`."""
    return Table(
        model, [f.attname for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    )


def insert_instances(instances: Sequence[models.Model]) -> None:
    """Inserts new rows of one model, as `save` would, without building the statement anew for each.

    An id that the database gives is not read back.
    """
    if instances:
        table = table_of(type(instances[0]))
        table.insert([[getattr(one, field.attname) for field in table.fields] for one in instances])


@cache
def _converter(field: models.Field, vendor: str) -> Convert | None:
    """What turns a value of this field into what the driver writes; None when it is written as it is."""
    if isinstance(field, models.ForeignKey):
        return _converter(field.target_field, vendor)
    if type(field) in _PLAIN:
        return None
    sqlite = vendor == "sqlite"
    if type(field) is models.UUIDField:
        return _hex if sqlite else None
    if type(field) is models.DateTimeField:
        return _utc_text if sqlite else None
    return lambda value: field.get_db_prep_save(value, connection)


def _hex(value: Any) -> str:
    return value.hex


def _utc_text(value: datetime) -> str:
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ")[:-6]  # without +00:00, as Django writes it
