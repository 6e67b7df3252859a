"""`yiwang search`: makes the search index anew, or for one matter whose text was erased by hand."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.kernel.matters import search
from yiwang.kernel.matters.models import Matter


class Command(BaseCommand):
    help = "Makes the search index anew: of all matters, or of those whose text was changed by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        whole = actions.add_parser("rebuild", help="Index every matter anew", description=self.help)
        some = actions.add_parser("refresh", help="Index these matters anew", description=self.help)
        some.add_argument("numbers", nargs="+", metavar="NUMBER", help="number of a matter")
        for one in (whole, some):
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        count = self._rebuild(options) if options["action"] == "rebuild" else self._refresh(options)
        seconds = round(time.perf_counter() - began, 1)
        if options["json"]:
            self.stdout.write(json.dumps({"indexed": count, "seconds": seconds}))
        else:
            self.stdout.write(
                _("Matters indexed: %(count)d, in %(seconds)s s.") % {"count": count, "seconds": seconds}
            )

    def _rebuild(self, options: dict) -> int:
        with tqdm(
            total=Matter.objects.count(),
            unit="件",
            desc="search",
            file=self.stderr,
            disable=options["json"],
            leave=False,
        ) as bar:
            return search.rebuild(bar.update)

    def _refresh(self, options: dict) -> int:
        unknown = [number for number in options["numbers"] if not search.refresh(number)]
        if unknown:
            raise CommandError(_("There is no matter %(number)s.") % {"number": ", ".join(unknown)})
        return len(options["numbers"])
