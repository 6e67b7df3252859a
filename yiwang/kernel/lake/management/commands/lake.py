"""`yiwang lake`: dated snapshots of the registers in columns, and SQL over them."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.kernel.lake import following, reading, refreshing, sql


class Command(BaseCommand):
    help = "Dated snapshots of the registers in columns (Parquet): write them, list them, ask them in SQL."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        refresh = actions.add_parser("refresh", help="write today's snapshot from the registers")
        refresh.add_argument(
            "--keep", type=int, default=refreshing.KEEP, help="how many snapshots stay; older ones go"
        )
        refresh.add_argument(
            "--changed",
            action="store_true",
            help="only when the registers have changed, and only the households that did; what the worker does by night",
        )
        refresh.add_argument("--json", action="store_true", help="print the result as JSON")
        shown = actions.add_parser("list", help="the snapshots that are there")
        shown.add_argument("--json", action="store_true", help="print them as JSON")
        last = actions.add_parser(
            "last", help="when the registers were last looked at for changes, and what was done"
        )
        last.add_argument("--json", action="store_true", help="print it as JSON")
        ask = actions.add_parser("sql", help="ask a snapshot in SQL: tables persons and households")
        ask.add_argument("query")
        ask.add_argument(
            "--date", type=dt.date.fromisoformat, help="the snapshot of that day (default: newest)"
        )
        ask.add_argument("--json", action="store_true", help="print the rows as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _refresh(self, options: dict) -> None:
        if options["keep"] < 1:
            raise CommandError(_("--keep is at least 1."))
        if options["changed"]:
            self._changed(options)
            return
        began = time.perf_counter()
        with tqdm(
            desc="数据湖 lake", unit="人", file=self.stderr, disable=options["json"], leave=False
        ) as bar:
            done = refreshing.refresh(timezone.now(), keep=options["keep"], progress=bar.update)
        told = done.about | {"seconds": round(time.perf_counter() - began, 2), "folder": str(done.folder)}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(
            _("Snapshot of %(date)s: %(persons)d people in %(households)d households; %(seconds).1f s.")
            % told
        )

    def _changed(self, options: dict) -> None:
        look = following.follow(timezone.now(), keep=options["keep"])
        self.stdout.write(json.dumps(asdict(look)) if options["json"] else following.told(look))

    def _list(self, options: dict) -> None:
        told = [reading.snapshot(day).about for day in reading.dates()]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for one in told:
            self.stdout.write(_("%(date)s  %(persons)d people in %(households)d households") % one)

    def _last(self, options: dict) -> None:
        look = following.last()
        if options["json"]:
            self.stdout.write(json.dumps(look and asdict(look)))
            return
        self.stdout.write(following.told(look) if look else _("Nobody has looked for changes yet."))

    def _sql(self, options: dict) -> None:
        where = reading.snapshot(options["date"]) if options["date"] else reading.latest()
        found = sql.ask(where, options["query"])
        if options["json"]:
            self.stdout.write(json.dumps(found.to_pylist(), ensure_ascii=False, default=str))
            return
        self.stdout.write("\t".join(found.column_names))
        for row in zip(*(column.to_pylist() for column in found.columns), strict=True):
            self.stdout.write("\t".join("" if value is None else str(value) for value in row))
