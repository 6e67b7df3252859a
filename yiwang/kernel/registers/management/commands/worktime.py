"""`yiwang worktime`: due dates with their explanation, and the import of a year's holiday notice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.worktime import (
    SHANGHAI,
    Calendar,
    Due,
    Hold,
    Limit,
    WorktimeError,
    due,
    parse_moment,
    strip,
)
from yiwang.core.worktime.cases import BadCell, Case, CasesError, read_cases
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Problem
from yiwang.kernel.registers import calendars
from yiwang.kernel.registers.pack_calendar import pack_calendar
from yiwang.kernel.worktime_words import told


class Command(BaseCommand):
    help = "Says when something is due and why; imports a year's holiday notice."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        asked = actions.add_parser("due", help="When something is due, and why, day by day")
        asked.add_argument(
            "--from", dest="start", metavar="MOMENT", help="Start, for example 2026-09-24T16:30"
        )
        asked.add_argument("--limit", help="5wd, 4wh, 24h, 7d or 2eh")
        asked.add_argument(
            "--hold",
            action="append",
            default=[],
            metavar="FROM/TO",
            help="A hold; may be repeated; FROM/ while it lasts",
        )
        asked.add_argument("--extension", help="Added to the limit, in its unit")
        asked.add_argument(
            "--file",
            type=Path,
            help="Many cases: CSV with the columns from, limit, holds (FROM/TO;FROM/TO), extension",
        )
        notice = actions.add_parser("import-notice", help="Import the holiday notice of a year")
        notice.add_argument("path", type=Path, metavar="FILE", help="JSON or YAML")
        for one in (asked, notice):
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        if action == "import-notice":
            self._import_notice(options["path"], options["json"])
            return
        try:
            cases = read_cases(options["file"]) if options["file"] else (_case(options),)
            if options["file"] and (options["start"] or options["limit"] or options["hold"]):
                raise CommandError(_("Give either --file, or --from and --limit."))
            found = list(_answers(self._calendar(), cases, options["file"]))
        except CasesError as wrong:
            refused = _("No case was taken: %(count)d cells are wrong.") % {"count": len(wrong.cells)}
            raise CommandError("\n".join([*map(str, wrong.cells), refused])) from None
        except WorktimeError as wrong:
            raise CommandError(told(wrong)) from None
        if options["json"]:
            self._write_json(found)
        elif options["file"]:
            for case, answer in zip(cases, found, strict=True):
                self.stdout.write(_line(case, answer))
        else:
            self.stdout.write(strip(found[0], labels()))

    def _calendar(self) -> Calendar:
        """The calendar in force; that of the packs where the database or its calendar is not made yet."""
        try:
            return calendars.current_calendar()
        except Problem as missing:
            if missing.code not in ("no_pack", "no_calendar"):
                raise
        except DatabaseError:
            pass
        self.stderr.write(
            _("No calendar is loaded yet: counting with the notices and office hours of the packs.")
        )
        return pack_calendar()

    def _write_json(self, found: list[Due]) -> None:
        """A list, one object a line, so that a large file needs no second copy in memory."""
        self.stdout.write("[", ending="")
        for number, answer in enumerate(found):
            self.stdout.write("\n" if number == 0 else ",\n", ending="")
            self.stdout.write(json.dumps(answer.as_dict(), ensure_ascii=False), ending="")
        self.stdout.write("\n]")

    def _import_notice(self, path: Path, as_json: bool) -> None:
        row = calendars.import_notice(path, SYSTEM, timezone.now())
        notice = calendars.notice_of(row.body)
        counts = {
            "year": notice.year,
            "days_off": sum(day.off for day in notice.days),
            "makeup_days": sum(not day.off for day in notice.days),
        }
        if as_json:
            self.stdout.write(json.dumps(counts))
            return
        self.stdout.write(
            _("Imported the notice for %(year)d: %(days_off)d days off, %(makeup_days)d make-up workdays.")
            % counts
        )


def labels() -> dict[str, str]:
    """What the strip says, in the reader's language."""
    return {
        "due": _("Due"),
        "held": _("On hold"),
        "remaining": _("remaining"),
        "provisional": _("provisional: the holiday notice of a year is not published"),
        "weekdays": _("Mon Tue Wed Thu Fri Sat Sun"),
        "from": _("from"),
        "first_day": _("start, not counted"),
        "working": _("working day"),
        "makeup": _("make-up workday"),
        "natural": _("day"),
        "last_day": _("due"),
        "moved": _("moved here from a day off"),
        "weekend": _("weekend"),
        "holiday": _("holiday"),
        "hold": _("on hold"),
        "closed": _("office shut"),
    }


def _case(options: dict) -> Case:
    if not options["start"] or not options["limit"]:
        raise CommandError(_("Give --from and --limit, or --file."))
    return Case(
        0,
        parse_moment(options["start"], "--from"),
        Limit.parse(options["limit"]),
        tuple(Hold.parse(text) for text in options["hold"]),
        Limit.parse(options["extension"]) if options["extension"] else None,
    )


def _answers(calendar: Calendar, cases: Iterable[Case], file: Path | None) -> Iterator[Due]:
    """Every case's due date, or CasesError with every case that has none."""
    wrong = []
    for case in cases:
        try:
            yield due(calendar, case.start, case.limit, case.holds, case.extension)
        except WorktimeError as error:
            if file is None:
                raise
            wrong.append(BadCell(str(file), case.row, "from", told(error)))
    if wrong:
        raise CasesError(tuple(wrong))


def _line(case: Case, answer: Due) -> str:
    start = case.start.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if answer.moment is None:
        return _("row %(row)d: %(limit)s from %(start)s: on hold") % {
            "row": case.row, "limit": answer.total, "start": start
        }  # fmt: skip
    return _("row %(row)d: %(limit)s from %(start)s: due %(due)s") % {
        "row": case.row,
        "limit": answer.total,
        "start": start,
        "due": answer.moment.strftime("%Y-%m-%d %H:%M"),
    }
