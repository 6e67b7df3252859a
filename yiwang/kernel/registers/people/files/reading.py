"""A department's file as rows that may be taken, and what is wrong with the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.codes import mask_numbers
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.records.table import RowProblem, Table
from yiwang.kernel.registers.people.files.mapping import Column, MappingOf, read_cell, read_date
from yiwang.kernel.registers.people.queries import id_hash


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is readable: whom it is about, by the hash of the number, and what it says."""

    number: int
    key: str
    as_of: dt.date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the file's header what stands; `shown` are the header's own words."""

    key: int
    as_of: int | None
    columns: tuple[tuple[int, Column], ...]
    shown: Sequence[str]


def places(mapping: MappingOf, table: Table, as_of: dt.date | None) -> Places:
    """Finds the mapping's columns in the header. Raises Invalid naming the columns that are missing."""
    header = {name: n for n, name in reversed(list(enumerate(table.header)))}

    def find(names: Sequence[str]) -> int | None:
        return next((header[name] for name in names if name in header), None)

    key, day = find(mapping.key), find(mapping.as_of)
    columns = [(find(column.names), column) for column in mapping.columns]
    found = tuple((place, column) for place, column in columns if place is not None)
    missing = [column.names[0] for place, column in columns if place is None and column.required]
    if key is None:
        missing.insert(0, mapping.key[0])
    if missing or not found:
        missing = missing or [column.names[0] for _place, column in columns]
        raise Invalid(
            _("%(file)s lacks the column %(columns)s. It has: %(there)s.")
            % {
                "file": table.file,
                "columns": ", ".join(missing),
                "there": mask_numbers(", ".join(name for name in table.header if name)[:300]),
            },
            where=f"{table.file}:1",
            code="no_column",
        )
    if day is None and as_of is None:
        raise Invalid(
            _("%(file)s does not say as of which day it is. Give the day (--as-of).") % {"file": table.file},
            where="as_of",
            code="no_as_of",
        )
    return Places(key, day, found, table.header)


def rows(
    mapping: MappingOf, table: Table, as_of: dt.date | None, today: dt.date
) -> tuple[list[Row], list[RowProblem]]:
    """Every row, readable or as a problem with its column. One person, or household's person, stands once."""
    where = places(mapping, table, as_of)
    good: list[Row] = []
    bad: list[RowProblem] = []
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        made = _row(number, cells, where, as_of, today, table.file)
        if isinstance(made, RowProblem):
            bad.append(made)
        elif made.key in seen:
            detail = _("The same person stands in row %(row)d already.") % {"row": seen[made.key]}
            bad.append(RowProblem(number, where.shown[where.key], detail, table.file))
        else:
            seen[made.key] = number
            good.append(made)
    return good, bad


def _row(
    number: int, cells: Sequence[str], where: Places, as_of: dt.date | None, today: dt.date, file: str
) -> Row | RowProblem:
    at = where.key
    try:
        key = id_hash(_cell(cells, at))
        day = as_of
        if where.as_of is not None:
            at = where.as_of
            text = _cell(cells, at).strip()
            if text:
                day = read_date(text)
        if day is None:
            raise Invalid(_("The cell is empty."))
        if day > today:
            raise Invalid(_("%(day)s has not come yet.") % {"day": day})
        values = {}
        for place, column in where.columns:
            at = place
            value = read_cell(column, _cell(cells, place))
            if value is not None:
                values[column.variable.slug] = value
    except Problem as wrong:
        return RowProblem(number, where.shown[at], mask_numbers(wrong.detail), file)
    return Row(number, key, day, values)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
