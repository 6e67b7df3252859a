"""`yiwang process`: finds a process in an event log."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from yiwang.core.process.simulation import SimulationError
from yiwang.core.process.simulation.logs import Log, fit
from yiwang.kernel.pace.told import told as sentence


class Command(BaseCommand):
    help = "Finds a process in an event log."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        found = actions.add_parser("fit", help="Finds a process in an event log and compares it with the log")
        found.add_argument("log", type=Path, metavar="FILE", help="CSV, also .gz")
        found.add_argument("--case", default="case:concept:name", help="the column of the case")
        found.add_argument("--activity", default="concept:name", help="the column of the activity")
        found.add_argument("--time", default="time:timestamp", help="the column of the moment, ISO 8601")
        found.add_argument(
            "--share", type=float, default=0.7, help="part of the cases that is fitted; the rest is compared"
        )
        found.add_argument("--seed", type=int, default=1, help="the same seed gives the same result")
        found.add_argument("--write", type=Path, help="write the process found as BPMN to this file")
        found.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._fit(options)
        except SimulationError as wrong:
            raise CommandError(sentence(wrong)) from None

    def _fit(self, options: dict) -> None:
        from yiwang.kernel.pace.trying import tried

        if not 0 < options["share"] < 1:
            raise CommandError(_("--share lies between 0 and 1."))
        log = Log.of_rows(_rows(options))
        if len(log.traces) < 10:
            raise CommandError(
                _("The log has %(n)d cases; give one with at least ten.") % {"n": len(log.traces)}
            )
        first, _rest = log.split(options["share"])
        if options["write"]:
            options["write"].write_bytes(fit(first.frequent()).xml)
        found = tried(log, options["share"], options["seed"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for name in ("median", "p90"):
            self.stdout.write(
                _(
                    "%(name)s in days: fitted cases %(fitted).1f, later cases %(later).1f, simulated %(simulated).1f"
                )
                % {"name": name, **{key: found[key][name] for key in ("fitted", "later", "simulated")}}
            )


def _rows(options: dict):
    path: Path = options["log"]
    opener = gzip.open if path.suffix == ".gz" else open
    columns = options["case"], options["activity"], options["time"]
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                if row.get("lifecycle:transition", "complete") not in ("complete", "COMPLETE"):
                    continue
                yield _row(row, columns, number)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": error}) from None


def _row(row: dict, columns: tuple[str, str, str], number: int) -> tuple[str, str, int]:
    missing = [column for column in columns if not row.get(column)]
    if missing:
        raise CommandError(
            _("Row %(row)d has nothing in the column %(column)s; the file has: %(known)s.")
            % {"row": number, "column": missing[0], "known": ", ".join(key for key in row if key)}
        )
    case, activity, moment = (row[column] for column in columns)
    try:
        return case, activity, int(datetime.fromisoformat(moment).timestamp())
    except ValueError:
        raise CommandError(
            _("Row %(row)d: “%(text)s” is no moment; write such as 2026-09-24T16:30.")
            % {"row": number, "text": moment}
        ) from None
