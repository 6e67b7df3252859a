"""A preview as an Excel file. It holds groups and sums, no household."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from yiwang.domains.assistance import names
from yiwang.domains.assistance.preview import shown
from yiwang.domains.assistance.preview.effects import Effect, Moved
from yiwang.domains.assistance.preview.kept import Kept
from yiwang.kernel.ui import moments

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY = "#,##0.00"


def book(population: Kept, effect: Effect, who: str, now: datetime) -> IO[bytes]:
    """The file, at its beginning."""
    made = Workbook(write_only=True)
    _about(made, population, effect, who, now)
    for title, rows, name in (
        (_("Programmes"), effect.programmes, names.cause),
        (_("Sub-districts"), effect.areas, names.area),
        (_("Kinds of households"), effect.kinds, names.kind),
    ):
        _moved(made, title, rows, name)
    _worst(made, effect)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    made.save(file)
    file.seek(0)
    return file


def _about(made: Workbook, population: Kept, effect: Effect, who: str, now: datetime) -> None:
    base = population.baseline
    sheet = _sheet(made, _("Variant"), (34, 16, 16, 16))
    for label, value in (
        (_("Computed at"), moments.local(now).replace(tzinfo=None)),
        (_("By"), who),
        (_("Law and values of"), base.day),
        (_("Households asked"), len(base.areas.of)),
        (_("Change a year, yuan"), effect.total.change / 100),
        (_("Note"), _("Nothing of this is in force. The values that are tried are examples.")),
    ):
        sheet.append([_bold(sheet, label), value])
    sheet.append([])
    sheet.append([_bold(sheet, one) for one in (_("Parameter"), _("Unit"), _("in force"), _("tried"))])
    for one in shown.told(effect.changes, base.rules, base.day):
        sheet.append([one["name"], one["unit"], one["before"], one["after"]])


def _moved(made: Workbook, title: str, rows: Iterable[Moved], name: Any) -> None:
    heads = (title, _("households today"), _("gained"), _("lost"), _("get more"), _("get less"))
    heads += (_("yuan a year today"), _("yuan a year tried"), _("change"))
    sheet = _sheet(made, title, (34, *(16,) * 8))
    sheet.append([_bold(sheet, head) for head in heads])
    for one in rows:
        counts = [one.before, one.gained, one.lost, one.more, one.less]
        money = [_money(sheet, fen) for fen in (one.fen_before, one.fen_after, one.change)]
        sheet.append([name(one.key), *counts, *money])


def _worst(made: Workbook, effect: Effect) -> None:
    kinds = list(dict.fromkeys(kind for band in effect.worst for kind in band.by_kind))
    sheet = _sheet(made, _("Who is worst hit"), (34, *(16,) * (3 + len(kinds))))
    heads = [_("Loss a year, yuan"), _("households"), _("yuan a year"), _("get nothing any more")]
    sheet.append([_bold(sheet, head) for head in [*heads, *map(names.kind, kinds)]])
    for band in effect.worst:
        upper = f" – {names.yuan(band.up_to)}" if band.up_to else " +"
        sheet.append(
            [f"{names.yuan(band.over)}{upper}", band.count, _money(sheet, band.fen), band.out]
            + [band.by_kind.get(kind, 0) for kind in kinds]
        )


def _sheet(made: Workbook, title: str, widths: Sequence[int]) -> Any:
    sheet = made.create_sheet(title[:31])
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    return sheet


def _bold(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.font = Font(bold=True)
    return cell


def _money(sheet: Any, fen: int) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, fen / 100)
    cell.number_format = MONEY
    return cell
