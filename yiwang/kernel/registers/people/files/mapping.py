"""A mapping of the pack, and what it makes of one cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.packs import contents, rulebook
from yiwang.kernel.packs.findings import nearest
from yiwang.kernel.packs.rulebook import Variable
from yiwang.kernel.registers.people.facts import NEVER
from yiwang.kernel.registers.people.variables import checked, variables

FEN = {"fen": 1, "yuan": 100, "ten_thousand_yuan": 1_000_000}
MOST_CELL = 200
_WIDE = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")


@dataclass(frozen=True, slots=True)
class Column:
    """Which column says a variable, under which names, and how its cells are read."""

    names: tuple[str, ...]
    variable: Variable
    unit: str | None
    months: int
    values: Mapping[str, Any]
    never: frozenset[str]
    format: str
    required: bool


@dataclass(frozen=True, slots=True)
class MappingOf:
    """How one sort of file is read. `department` becomes the source of its facts."""

    slug: str
    name: str
    name_en: str
    department: str
    entity: str
    key: tuple[str, ...]
    as_of: tuple[str, ...]
    columns: tuple[Column, ...]
    status: str


def mappings() -> dict[str, MappingOf]:
    """The mappings of the pack in force, by slug."""
    rows = contents.body(rulebook.current().id)["sections"].get("imports", {})
    return {slug: _mapping(row) for slug, row in rows.items()}


def mapping(slug: str) -> MappingOf:
    """Raises NotFound with those that there are."""
    known = mappings()
    if slug not in known:
        raise NotFound(
            _("There is no mapping %(name)s in the pack; there are %(names)s. %(advice)s")
            % {"name": slug[:40], "names": ", ".join(known), "advice": nearest(slug, known)},
            code="no_mapping",
        )
    return known[slug]


def _mapping(row: Mapping[str, Any]) -> MappingOf:
    kinds = variables()
    columns = tuple(
        Column(
            names=(one["column"], *one["aliases"]),
            variable=kinds[one["variable"]],
            unit=one["unit"],
            months=one["months"],
            values=one["values"],
            never=frozenset(one["never"]),
            format=one["format"],
            required=one["required"],
        )
        for one in row["columns"]
    )
    return MappingOf(
        row["slug"],
        row["name"],
        row["name_en"],
        row["department"],
        row["entity"],
        tuple(row["key"]),
        tuple(row["as_of"]),
        columns,
        row["status"],
    )


def read_cell(column: Column, cell: str) -> bool | int | str | None:
    """The value that a cell says; None for an empty one, which says nothing. Raises Invalid."""
    text = cell.strip()
    if not text:
        if column.required:
            raise Invalid(_("The cell is empty."))
        return None
    if text in column.never:
        return NEVER
    if text in column.values:
        return checked(column.variable, column.values[text])
    kind = column.variable.type
    if kind in ("bool", "choice"):
        raise Invalid(
            _("%(word)s is no known word here. Known: %(words)s.")
            % {"word": text[:40], "words": ", ".join(column.values)}
        )
    if kind == "date":
        return checked(column.variable, read_date(text, column.format).isoformat())
    number = _number(text)
    if kind == "money":
        number = number * FEN[column.unit or "fen"] / column.months
        return checked(column.variable, int(number.to_integral_value(rounding="ROUND_HALF_UP")))
    if number != number.to_integral_value():
        number = number.to_integral_value(rounding="ROUND_HALF_UP") if column.variable.unit else number
    if number != number.to_integral_value():
        raise Invalid(_("%(text)s is no whole number.") % {"text": text[:40]})
    return checked(column.variable, int(number))


def _number(text: str) -> Decimal:
    plain = text.translate(_WIDE).replace(",", "").replace(" ", "").removesuffix("元")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or len(plain) > 30:
        raise Invalid(_("%(text)s is no number.") % {"text": text[:40]})
    return number


_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")


def read_date(text: str, pattern: str = "") -> dt.date:
    """A date as offices write it. Raises Invalid."""
    for one in (pattern,) if pattern else _DATES:
        try:
            return dt.datetime.strptime(text[:MOST_CELL], one).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise Invalid(_("%(text)s is no date like 2026-09-01.") % {"text": text[:40]})
