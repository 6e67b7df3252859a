"""Cases for many due dates from a CSV file: columns from, limit, holds and, if wanted, extension."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yiwang.core.worktime.errors import WorktimeError
from yiwang.core.worktime.hold import Hold
from yiwang.core.worktime.limit import Limit
from yiwang.core.worktime.moment import parse_moment

COLUMNS = ("from", "limit", "holds", "extension")
REQUIRED = COLUMNS[:2]


@dataclass(frozen=True, slots=True)
class Case:
    """One row: `row` is its line number in the file, the heading being 1."""

    row: int
    start: datetime
    limit: Limit
    holds: tuple[Hold, ...] = ()
    extension: Limit | None = None


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong in one cell; `column` is "" when it is the row, and `row` 0 when it is the file."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = [
            self.file,
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
        ]
        return f"{', '.join(part for part in where if part)}: {self.reason}"


class CasesError(WorktimeError):
    """A file with bad rows: `cells` has every one of them, and no row was taken."""

    def __init__(self, cells: tuple[BadCell, ...]):
        super().__init__("cases", "\n".join(str(cell) for cell in cells), count=len(cells))
        self.cells = cells


def parse_cases(text: str, file: str = "cases.csv") -> tuple[Case, ...]:
    """All cases of `text`, or CasesError with every bad cell. Times without offset are Shanghai's; holds are
    FROM/TO separated by semicolons. Empty lines are skipped."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = [name.strip().lower() for name in next(reader, [])]
    problems = _header_problems(header, file)
    if problems:
        raise CasesError(tuple(problems))
    cases: list[Case] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(header, cells, reader.line_num, file, cases, problems)
    except csv.Error as error:
        problems.append(BadCell(file, reader.line_num, "", f"not CSV: {error}"))
    if problems:
        raise CasesError(tuple(problems))
    return tuple(cases)


def read_cases(path: Path) -> tuple[Case, ...]:
    """`parse_cases` of a UTF-8 file; CasesError too when it cannot be read."""
    try:
        return parse_cases(Path(path).read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8: save the file as CSV UTF-8"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    raise CasesError((BadCell(str(path), 0, "", reason),))


def _header_problems(header: list[str], file: str) -> list[BadCell]:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [BadCell(file, 1, name, "column is missing") for name in missing]
    problems += [BadCell(file, 1, name, f"unknown column: use {', '.join(COLUMNS)}") for name in unknown]
    problems += [BadCell(file, 1, name, "column appears twice") for name in twice]
    return problems


def _take(header: list[str], cells: list[str], row: int, file: str, cases: list, problems: list) -> None:
    if len(cells) != len(header):
        problems.append(BadCell(file, row, "", f"has {len(cells)} cells, the heading has {len(header)}"))
        return
    named = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    found, before = {}, len(problems)
    parsers = {
        "from": lambda text: parse_moment(text, "from"),
        "limit": Limit.parse,
        "holds": lambda text: tuple(Hold.parse(part) for part in text.split(";") if part.strip()),
        "extension": lambda text: Limit.parse(text) if text else None,
    }
    for column, text in named.items():
        try:
            found[column] = parsers[column](text)
        except WorktimeError as error:
            problems.append(BadCell(file, row, column, str(error)))
    if len(problems) == before:
        try:
            found["limit"].extended(found.get("extension"))
        except WorktimeError as error:
            problems.append(BadCell(file, row, "extension", str(error)))
            return
        cases.append(Case(row, found["from"], found["limit"], found.get("holds", ()), found.get("extension")))
