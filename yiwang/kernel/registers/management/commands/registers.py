"""`yiwang registers`: files of departments into the register of people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Problem
from yiwang.kernel.registers.people.files import roll, taking
from yiwang.kernel.registers.people.files.mapping import mappings


class Command(BaseCommand):
    help = "Take files of departments into the register of people, by the mappings of the pack."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        text = "take a file: all rows, or none and a report of every bad row"
        take = actions.add_parser("import", help=text, description=text)
        take.add_argument("mapping", help="the name of a file in imports/ of the pack")
        take.add_argument("file", type=Path, help="CSV (UTF-8 or GBK), Excel or Parquet")
        take.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="the day of rows that do not say theirs",
        )
        text = "take a roll of residents: who lives where with whom; new people come into the register"
        rolled = actions.add_parser("roll", help=text, description=text)
        rolled.add_argument("file", type=Path, help="CSV (UTF-8 or GBK), Excel or Parquet")
        for one in (take, rolled):
            one.add_argument(
                "--partial", action="store_true", help="take the good rows and report the bad ones"
            )
            one.add_argument("--dry-run", action="store_true", help="look at everything, write nothing")
        shown = actions.add_parser("mappings", help="the mappings that the pack has")
        for one in (take, rolled, shown):
            one.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _mappings(self, options: dict) -> None:
        found = mappings().values()
        if options["json"]:
            rows = [
                {"mapping": one.slug, "name": one.name, "department": one.department, "status": one.status}
                for one in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for one in found:
            name = (get_language() or "").startswith("en") and one.name_en or one.name
            self.stdout.write(f"{one.slug}\t{name}\t{one.department}")

    def _import(self, options: dict) -> None:
        def take(**more: Any) -> taking.Summary:
            return taking.take_path(options["file"], slug=options["mapping"], as_of=options["as_of"], **more)

        self._tell(
            options,
            self._taken(options, take),
            _(
                "%(rows)d rows: %(taken)d taken, %(refused)d left out; facts: %(changed)d changed, "
                "%(confirmed)d confirmed, %(same)d known already, %(older)d older than what is known."
            ),
        )

    def _roll(self, options: dict) -> None:
        def take(**more: Any) -> roll.Rolled:
            data = taking.read_bytes(options["file"])
            return roll.take_roll(name=options["file"].name, data=data, **more)

        self._tell(
            options,
            self._taken(options, take),
            _(
                "%(rows)d rows: %(people)d people and %(households)d households are new, %(moved)d moved, "
                "%(same)d known already, %(refused)d left out."
            ),
        )

    def _taken(self, options: dict, take: Callable[..., Any]) -> Any:
        with tqdm(
            desc="部门来数 import", unit="行", file=self.stderr, disable=options["json"], leave=False
        ) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                return take(
                    actor=SYSTEM,
                    now=timezone.now(),
                    partial=options["partial"],
                    dry_run=options["dry_run"],
                    progress=show,
                )
            except Problem as problem:
                if not options["json"]:
                    raise
                self.stdout.write(json.dumps(problem.as_dict(), ensure_ascii=False))
                raise SystemExit(1) from None

    def _tell(self, options: dict, done: Any, sentence: str) -> None:
        told = asdict(done)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for problem in done.problems:
            self.stderr.write(f"{problem['where']}: {problem['detail']}")
        self.stdout.write(sentence % told)
