"""A list as an Excel file, as it is filtered. Names and phones of reporters are never in it."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from yiwang.core.codes.masks import mask_id, mask_phone
from yiwang.faces.workbench import naming, saved, shaping
from yiwang.faces.workbench.models import Exported
from yiwang.kernel.access.policy import matters_filter
from yiwang.kernel.errors import Denied
from yiwang.kernel.matters import queries
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.pages import Page
from yiwang.kernel.ui import clock, moments, words
from yiwang.kernel.ui.door import staff_only

MOST = 20_000
AT_A_TIME = 500
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
logger = logging.getLogger("yiwang.exports")

# What a spreadsheet would take for a formula when the cell is edited or the file becomes CSV.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONG_DIGITS = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|1[3-9][0-9]{9})(?![0-9])")

Column = tuple[str, int, Callable[[dict], Any]]  # heading, width in characters, value of a row


@require_safe
@staff_only
def work(request: HttpRequest) -> FileResponse:
    """The open tasks that the page shows."""
    actor, now = request.actor, clock.now()
    shape = shaping.shape_of(request.GET, saved.of(actor))
    given = {name: getattr(shape.filters, name) for name in shape.filters}
    allowed = _allowed(actor)

    def pages() -> Iterator[list[dict]]:
        return _pages(
            lambda after: queries.queue(
                actor, now=now, order=shape.order, after=after, limit=AT_A_TIME, **given
            ),
            allowed,
        )

    return _answer(request, "work", _("My work"), _work_columns(), pages(), shape, now)


@require_safe
@staff_only
def matters(request: HttpRequest) -> FileResponse:
    """The matters that the page shows."""
    actor, now = request.actor, clock.now()
    shape = shaping.Shape(shaping.read(request.GET))
    allowed = _allowed(actor)

    def pages() -> Iterator[list[dict]]:
        return _pages(
            lambda after: queries.matters(
                actor, filters=shape.filters, now=now, after=after, limit=AT_A_TIME
            ),
            allowed,
        )

    return _answer(request, "matters", _("All matters"), _matter_columns(), pages(), shape, now)


def _allowed(actor: Any) -> Callable[[list[str]], set[str]]:
    """Which of these numbers the person may take away. Raises Denied when there can be none."""
    if "export" not in actor.reach:
        raise Denied(_("Your posts do not allow this."), reason="not_granted", action="export")
    if set(actor.reach["export"]) >= set(actor.reach.get("see", ())):
        return lambda numbers: set(numbers)
    may = matters_filter(actor, "export")
    return lambda numbers: set(
        Matter.objects.filter(may, number__in=numbers).values_list("number", flat=True)
    )


def _pages(page: Callable[[str], Page], allowed: Callable[[list[str]], set[str]]) -> Iterator[list[dict]]:
    after = ""
    while True:
        found = page(after)
        may = allowed([row["number"] for row in found.rows])
        yield [row for row in found.rows if row["number"] in may]
        after = found.next
        if not after:
            return


def _answer(
    request: HttpRequest,
    what: str,
    title: str,
    columns: list[Column],
    pages: Iterator[list[dict]],
    shape: shaping.Shape,
    now: datetime,
) -> FileResponse:
    book = Workbook(write_only=True)
    rows, more = _rows_sheet(book, title, columns, pages)
    _about_sheet(book, request, title, shape, now, rows, more)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    Exported.objects.create(
        at=now, user_id=request.actor.id, what=what, filters=shape.filters.as_dict(), rows=rows
    )
    logger.info("export %s rows=%d user=%s filters=%s", what, rows, request.actor.id, shape.filters.as_dict())
    name = f"{title}-{moments.local(now):%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)


def _rows_sheet(
    book: Workbook, title: str, columns: list[Column], pages: Iterable[list[dict]]
) -> tuple[int, bool]:
    """Writes the rows; gives how many, and whether some were left out."""
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, (_heading, width, _value) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, heading, bold=True) for heading, _width, _value in columns])
    written = 0
    for page in pages:
        for row in page:
            if written == MOST:
                sheet.append([_cell(sheet, _capped())])
                return written, True
            sheet.append([_cell(sheet, value(row)) for _heading, _width, value in columns])
            written += 1
    return written, False


def _about_sheet(
    book: Workbook,
    request: HttpRequest,
    title: str,
    shape: shaping.Shape,
    now: datetime,
    rows: int,
    more: bool,
) -> None:
    sheet = book.create_sheet(_("About this file"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 60
    facts: list[tuple[str, Any]] = [
        (_("List"), title),
        (_("Exported at"), now),
        (_("Exported by"), request.actor.name),
        (_("Rows"), rows),
    ]
    facts += [(label, value) for label, value, _without in shaping.said(shape.filters)] or [
        (_("Filters"), _("none"))
    ]
    facts.append(
        (_("Order"), shaping.order_name(shape.order) if title == _("My work") else _("Newest first"))
    )
    if more:
        facts.append((_("Note"), _capped()))
    facts.append(
        (_("Personal data"), _("Names and phones of reporters are not in this file; it was logged."))
    )
    for label, value in facts:
        sheet.append([_cell(sheet, label, bold=True), _cell(sheet, value)])


def _capped() -> str:
    return _(
        "Only the first %(most)d rows are in this file. Narrow the list with filters to export the rest."
    ) % {"most": MOST}


def _cell(sheet: Any, value: Any, bold: bool = False) -> WriteOnlyCell:
    """A cell that is what it looks like: a moment is a date of Shanghai, a text never a formula."""
    text = isinstance(value, str)
    if text:
        value = ILLEGAL_CHARACTERS_RE.sub("", _LONG_DIGITS.sub(_masked, value))[:32_000]
    moment = isinstance(value, datetime)
    cell = WriteOnlyCell(sheet, moments.local(value).replace(tzinfo=None) if moment else value)
    if moment:
        cell.number_format = "yyyy-mm-dd hh:mm"
    if text:
        cell.data_type = "s"
        if value.startswith(_FORMULA):
            cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


def _masked(found: re.Match) -> str:
    """Phones and ID numbers that somebody wrote into a title or an address."""
    text = found[0]
    return mask_phone(text) if len(text) == 11 else mask_id(text)


def _english(row: dict, name: str) -> str:
    return (not moments.chinese() and row.get(f"{name}_en")) or row.get(name) or ""


def _work_columns() -> list[Column]:
    return [
        (_("Number"), 19, lambda row: row["number"]),
        (_("Title"), 48, lambda row: row["title"]),
        (_("Step"), 12, lambda row: _english(row, "task_name")),
        (_("Due"), 17, lambda row: row["due_at"]),
        (_("Clock paused"), 10, lambda row: _("Yes") if row["held"] else _("No")),
        (_("Limit"), 14, lambda row: moments.limit_text(row["limit"])),
        (_("Class"), 22, lambda row: _english(row, "class_name")),
        (_("Area"), 22, lambda row: naming.area(row["area_id"])),
        (_("Address"), 34, lambda row: row["address"]),
        (_("Unit"), 24, lambda row: _english(row, "unit_name")),
        (_("Taken by"), 12, lambda row: row["assignee_name"] or ""),
        (_("Channel"), 14, lambda row: naming.channel(row["source"])),
        (_("Received"), 17, lambda row: row["matter_opened_at"]),
        (_("Step begun"), 17, lambda row: row["opened_at"]),
        (_("Reworks"), 9, lambda row: row["reworks"]),
        (_("Reminders"), 9, lambda row: row["priority"]),
    ]


def _matter_columns() -> list[Column]:
    return [
        (_("Number"), 19, lambda row: row["number"]),
        (_("Title"), 48, lambda row: row["title"]),
        (_("State"), 10, lambda row: words.state_name(row["state"])),
        (_("Step"), 12, lambda row: shaping.link_name(row["link"])),
        (_("Class"), 22, lambda row: _english(row, "class_name")),
        (_("Area"), 22, lambda row: naming.area(row["area_id"])),
        (_("Address"), 34, lambda row: row["address"]),
        (_("Unit"), 24, lambda row: _english(row, "unit_name")),
        (_("Channel"), 14, lambda row: naming.channel(row["source"])),
        (_("Received"), 17, lambda row: row["opened_at"]),
        (_("Filed"), 17, lambda row: row["filed_at"]),
        (_("Due"), 17, lambda row: row["due_at"]),
        (_("Closed"), 17, lambda row: row["closed_at"]),
        (_("Reworks"), 9, lambda row: row["reworks"]),
        (_("Reopened"), 9, lambda row: row["reopenings"]),
        (_("Rating"), 8, lambda row: row["rating"]),
    ]
