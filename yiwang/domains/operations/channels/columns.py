"""Columns by the names that offices give them, and rows read by such columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from pydantic import Field

from yiwang.core.geo import GeoError, Point
from yiwang.domains.operations.channels.base import FileChannel, Message, Options, RowProblem
from yiwang.kernel.errors import Invalid
from yiwang.kernel.records.table import Table

TIMES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
)
FIELDS = "external_id title text label sent_at contact_name contact_phone address lon lat".split()


class ColumnOptions(Options):
    """`columns`: field -> the column's own name, where it is none of the usual ones."""

    columns: dict[str, str] = Field(default_factory=dict)
    system: str = "WGS84"  # of columns with longitude and latitude


def plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


class ColumnChannel(FileChannel):
    """A file channel whose columns are known by name. `known`: field -> its usual names; `needed`: one of each."""

    options = ColumnOptions
    known: Mapping[str, Sequence[str]] = {}
    needed: Sequence[Sequence[str]] = ()

    def fits(self, header: list[str]) -> int:
        place = self._usual(header)
        if not all(any(name in place for name in group) for group in self.needed):
            return 0
        return len(place)

    def columns(self, header: list[str], options: ColumnOptions) -> dict[str, int]:
        place = self._usual(header)
        named = {plain(name): n for n, name in enumerate(header)}
        for field, name in options.columns.items():
            if field not in FIELDS or plain(name) not in named:
                raise Invalid(
                    _("There is no column %(name)s for %(field)s. Columns: %(columns)s.")
                    % {"name": repr(name), "field": field, "columns": ", ".join(header)},
                    where="columns",
                    code="unknown_columns",
                )
            place[field] = named[plain(name)]
        for group in self.needed:
            if not any(name in place for name in group):
                usual = [name for field in group for name in self.known[field]]
                raise Invalid(
                    _("A column is missing, one of: %(names)s. Columns: %(columns)s.")
                    % {"names": ", ".join(usual), "columns": ", ".join(header)},
                    where="columns",
                    code="missing_column",
                )
        return place

    def _usual(self, header: list[str]) -> dict[str, int]:
        by_name = {plain(name): field for field, names in self.known.items() for name in names}
        place: dict[str, int] = {}
        for n, name in enumerate(header):
            field = by_name.get(plain(name))
            if field is not None:
                place.setdefault(field, n)
        return place

    def read(self, table: Table, options: ColumnOptions) -> Iterator[Message | RowProblem]:
        place = self.columns(table.header, options)
        for row, cells in table.rows:
            if len(cells) > len(table.header) and any(cell.strip() for cell in cells[len(table.header) :]):
                detail = _("The row has %(cells)d cells, the header %(header)d. Is a quotation mark missing?")
                yield RowProblem(
                    row, "", detail % {"cells": len(cells), "header": len(table.header)}, table.file
                )
                continue
            values = {field: cells[n].strip() if n < len(cells) else "" for field, n in place.items()}
            yield self.message(row, values, table, options, place)

    def message(
        self, row: int, values: dict[str, str], table: Table, options: ColumnOptions, place: Mapping[str, int]
    ) -> Message | RowProblem:
        """The row as a message; a channel may override it."""

        def wrong(field: str, detail: str) -> RowProblem:
            return RowProblem(row, table.header[place[field]], detail, table.file)

        values["text"] = values.get("text") or values.get("title", "")
        if not values["text"]:
            column = next(field for group in self.needed for field in group if field in place)
            return wrong(column, _("There is no text."))
        if values.get("sent_at"):
            moment = read_moment(values["sent_at"])
            if moment is None:
                return wrong(
                    "sent_at", _("%(value)s is no date and time.") % {"value": repr(values["sent_at"][:40])}
                )
            values["sent_at"] = moment.isoformat(sep=" ")
        lon, lat = values.pop("lon", ""), values.pop("lat", "")
        point = None
        if lon or lat:
            try:
                point = Point(lon, lat, options.system)
            except GeoError as problem:
                return wrong("lon" if "lon" in place else "lat", str(problem))
        return Message(row=row, point=point, **values)


def read_moment(text: str) -> datetime | None:
    """The local time that a cell says, as offices write it."""
    text = unicodedata.normalize("NFKC", text).strip()
    for form in TIMES:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - local time, kept as text
        except ValueError:
            continue
    return None
