"""A table from a file: CSV in the encodings that offices use, Excel, or Parquet; and what is wrong with a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid, NotFound, TooLarge

LARGEST = 200 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_CELL = 20 * 1024 * 1024
_EXCEL, _PARQUET = b"PK\x03\x04", b"PAR1"
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Table:
    """`rows`: (number as a spreadsheet counts it, the header being row 1; the cells as text)."""

    file: str
    header: list[str]
    rows: Sequence[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row of a file."""

    row: int
    column: str
    detail: str
    file: str = ""

    def as_dict(self) -> dict:
        where = f"{self.file}:{self.row}" + (f" {self.column}" if self.column else "")
        return {
            "where": where,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "detail": self.detail,
        }


def read_table(path: Path, most: int = MOST_ROWS) -> Table:
    """The table in a CSV, Excel or Parquet file of at most `most` rows. Raises NotFound, TooLarge or Invalid, naming the file and the place."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise TooLarge(
                _("%(file)s has %(size)d MB; at most %(most)d MB are read. Split it.")
                % {"file": path.name, "size": size >> 20, "most": LARGEST >> 20},
                where=path.name,
            )
        data = path.read_bytes()
    except OSError as wrong:
        raise NotFound(
            _("%(file)s can't be read: %(reason)s.") % {"file": path, "reason": wrong.strerror},
            where=path.name,
        ) from None
    return table_of(path.name, data, most)


def table_of(name: str, data: bytes, most: int = MOST_ROWS) -> Table:
    """As `read_table`, of a file that was sent."""
    read = _excel if data.startswith(_EXCEL) else _parquet if data.startswith(_PARQUET) else _csv
    found = read(name, data, most)
    if not any(found.header):
        raise Invalid(
            _("%(file)s is empty: its first row must name the columns.") % {"file": name},
            where=name,
        )
    return found


def decode(data: bytes, file: str) -> str:
    """UTF-8 (with or without mark), UTF-16 with mark, or GB 18030 (which holds GBK and GB 2312)."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        utf8_stop = wrong.start
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as wrong:
        place = max(utf8_stop, wrong.start)
        raise Invalid(
            _("%(file)s line %(line)d is neither UTF-8 nor GBK text. Save the file as UTF-8.")
            % {"file": file, "line": data.count(b"\n", 0, place) + 1},
            where=f"{file}:{data.count(10, 0, place) + 1}",
            code="bad_encoding",
        ) from None


def _csv(file: str, data: bytes, most: int) -> Table:
    text = decode(data, file)
    csv.field_size_limit(LONGEST_CELL)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    header: list[str] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
            _not_too_many(len(rows), file, most)
    except csv.Error as wrong:
        raise Invalid(
            _("%(file)s line %(line)d is not valid CSV: %(reason)s.")
            % {"file": file, "line": reader.line_num, "reason": wrong},
            where=f"{file}:{reader.line_num}",
            code="bad_csv",
        ) from None
    return Table(file, header, rows)


def _excel(file: str, data: bytes, most: int) -> Table:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(values_only=True)
        header = [_cell(value).strip() for value in next(lines, ())]
        rows: list[tuple[int, list[str]]] = []
        for number, values in enumerate(lines, start=2):
            cells = [_cell(value) for value in values]
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
            _not_too_many(len(rows), file, most)
    except Invalid:
        raise
    except TooLarge:
        raise
    except Exception as wrong:  # the reader meets whatever people send
        raise Invalid(
            _("%(file)s can't be read as an Excel workbook. Save it again as .xlsx or as CSV.")
            % {"file": file},
            where=file,
            code="bad_excel",
        ) from wrong
    return Table(file, header, rows)


def _parquet(file: str, data: bytes, most: int) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        reader = pq.ParquetFile(pa.BufferReader(data))
        _not_too_many(reader.metadata.num_rows, file, most)
        found = reader.read()
        columns = [[_cell(value) for value in column.to_pylist()] for column in found.columns]
    except pa.ArrowException:
        raise Invalid(
            _("%(file)s can't be read as Parquet. Write it again, or save it as CSV.") % {"file": file},
            where=file,
            code="bad_parquet",
        ) from None
    rows = [(n, list(cells)) for n, cells in enumerate(zip(*columns, strict=True), start=2)]
    return Table(file, [name.strip() for name in found.column_names], rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():  # Excel keeps long numbers as floats
        return str(int(value))
    return str(value)


def _not_too_many(rows: int, file: str, most: int) -> None:
    if rows > most:
        raise TooLarge(
            _("%(file)s has more than %(most)d rows. Split it.") % {"file": file, "most": most},
            where=file,
        )
