"""Inserting very many rows: the values that Django would write, without a model instance for each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

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
        self._plans: dict[str, _Plan] = {}

    def insert(self, rows: Iterable[Sequence[Any]]) -> int:
        """Writes the rows in the order given; gives how many."""
        database = connections[DEFAULT_DB_ALIAS]
        plan = self._plan(database.vendor)
        ready = [self._row(row, plan.converts) for row in rows]
        if not ready:
            return 0
        with database.cursor() as cursor:
            if len(ready) == 1:
                cursor.execute(plan.insert, ready[0])
            elif database.vendor == "postgresql" and len(ready) > _COPY_FROM:
                with cursor.copy(plan.copy) as copy:
                    for row in ready:
                        copy.write_row(row)
            else:
                for start in range(0, len(ready), _AT_A_TIME):
                    cursor.executemany(plan.insert, ready[start : start + _AT_A_TIME])
        return len(ready)

    def has(self, key: Any) -> bool:
        """Whether there is a row with this primary key: `filter(pk=key).exists()`, its statement made once."""
        database = connections[DEFAULT_DB_ALIAS]
        plan = self._plan(database.vendor)
        convert = _converter(self.model._meta.pk, database.vendor)
        with database.cursor() as cursor:
            cursor.execute(plan.has, [convert(key) if convert else key])
            return cursor.fetchone() is not None

    def _row(self, values: Sequence[Any], converts: Sequence[tuple[int, Convert]]) -> list[Any]:
        row = [*values, *self.rest]
        for place, convert in converts:
            value = row[place]
            if value is not None:
                row[place] = convert(value)
        return row

    def _plan(self, vendor: str) -> _Plan:
        plan = self._plans.get(vendor)
        if plan is None:
            plan = self._plans[vendor] = _Plan.of(self, vendor)
        return plan


@dataclass(frozen=True, slots=True)
class _Plan:
    """A table's statements on one sort of database, and the places of values that must be converted."""

    insert: str
    copy: str
    has: str
    converts: tuple[tuple[int, Convert], ...]

    @classmethod
    def of(cls, table: Table, vendor: str) -> _Plan:
        quote = connection.ops.quote_name
        into, pk = quote(table.model._meta.db_table), quote(table.model._meta.pk.column)
        names = ", ".join(quote(field.column) for field in table.fields)
        marks = ", ".join(["%s"] * len(table.fields))
        converts = ((n, _converter(field, vendor)) for n, field in enumerate(table.fields))
        # The names are those of our own models.
        return cls(
            insert=f"INSERT INTO {into} ({names}) VALUES ({marks})",  # noqa: S608
            copy=f"COPY {into} ({names}) FROM STDIN",
            has=f"SELECT 1 FROM {into} WHERE {pk} = %s LIMIT 1",  # noqa: S608
            converts=tuple((n, convert) for n, convert in converts if convert),
        )


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
        model = type(instances[0])
        table_of(model).insert(map(_values_of(model), instances))


@cache
def _values_of(model: type[models.Model]) -> Callable[[models.Model], tuple[Any, ...]]:
    """All values of an instance, in the order of `table_of(model)`."""
    return attrgetter(*[field.attname for field in table_of(model).fields])


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
    if sqlite and type(field) is models.JSONField and field.encoder is None:
        return json.dumps
    return lambda value: field.get_db_prep_save(value, connection)


def _hex(value: Any) -> str:
    return value.hex


def _utc_text(value: datetime) -> str:
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ")[:-6]  # without +00:00, as Django writes it
