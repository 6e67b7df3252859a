"""`yiwang tallies`: the counts by hour from which the wall's history is summed."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.domains.operations import tallies
from yiwang.domains.operations.models import Tally


class Command(BaseCommand):
    help = "Count matters by hour and area for the wall. The worker keeps the counts right by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, text in (
            (
                "rebuild",
                "Count everything anew, a day at a time; the wall goes on with the old counts meanwhile.",
            ),
            ("follow", "Count what has changed since the last time, as the worker does each minute."),
        ):
            sub = actions.add_parser(name, help=text, description=text)
            sub.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began, now = time.perf_counter(), timezone.now()
        if options["action"] == "rebuild":
            with tqdm(
                unit="天", desc="tallies", file=self.stderr, disable=options["json"], leave=False
            ) as bar:

                def progress(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                counted = tallies.rebuild(now, progress)
        else:
            counted = tallies.follow(now)
        seconds = round(time.perf_counter() - began, 2)
        rows = Tally.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps({"counted": counted, "rows": rows, "seconds": seconds}))
            return
        self.stdout.write(
            _("Counted: %(counted)d hours or days; the tallies have %(rows)d rows; %(seconds)s s.")
            % {"counted": counted, "rows": rows, "seconds": seconds}
        )
