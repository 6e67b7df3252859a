"""The mappings of departments' files: every column says a variable that there is, in a way that fits its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.packs.findings import Finding, error, nearest
from yiwang.kernel.packs.packtext import Entry, PackText

NOT_BY_FILE = frozenset({"relation"})


def check(pack: PackText) -> Iterator[Finding]:
    variables = pack.section("variables")
    for entry in pack.section("imports").values():
        seen: set[str] = set()
        for n, column in enumerate(entry["columns"]):
            name = column["variable"]
            where = entry.where("columns", n, "variable")
            if name in seen:
                yield error(where, _("%(name)s is filled by two columns") % {"name": name})
            seen.add(name)
            variable = variables.get(name)
            if variable is None:
                yield error(
                    where, _("there is no variable %(name)s") % {"name": name}, nearest(name, variables)
                )
            elif variable["entity"] != entry["entity"]:
                yield error(
                    where,
                    _("%(name)s belongs to a %(entity)s, the file is about a %(other)s")
                    % {"name": name, "entity": variable["entity"], "other": entry["entity"]},
                )
            elif name in NOT_BY_FILE:
                yield error(where, _("%(name)s is not taken from files") % {"name": name})
            else:
                yield from _column(entry, n, column, variable)


def _column(entry: Entry, n: int, column: Mapping[str, Any], variable: Entry) -> Iterator[Finding]:
    kind, values = variable["type"], column["values"]
    if (column["unit"] is None) is (kind == "money"):
        message = (
            _("a column of money says its unit")
            if kind == "money"
            else _("only a column of money has a unit")
        )
        yield error(entry.where("columns", n), message, _("Give unit: yuan, ten_thousand_yuan or fen."))
    if column["months"] != 1 and kind != "money":
        yield error(entry.where("columns", n, "months"), _("only money is spread over months"))
    if column["never"] and not variable["never"]:
        yield error(entry.where("columns", n, "never"), _("this variable cannot be known not to have come"))
    if column["format"] and kind != "date":
        yield error(entry.where("columns", n, "format"), _("only a column of dates has a format"))
    if kind == "bool" and not values:
        yield error(
            entry.where("columns", n),
            _("a column of yes and no says its words"),
            _("Give values: {是: true, 否: false}."),
        )
    for word, value in values.items():
        fits = {
            "bool": isinstance(value, bool),
            "choice": isinstance(value, str) and value in variable["choices"],
            "int": isinstance(value, int) and not isinstance(value, bool),
        }.get(kind, False)
        if not fits:
            yield error(
                entry.where("columns", n, "values", word),
                _("%(value)s is no value of %(name)s") % {"value": value, "name": variable["slug"]},
                nearest(str(value), variable["choices"] or ()),
            )
