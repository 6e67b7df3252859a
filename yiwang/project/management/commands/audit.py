"""`yiwang audit verify`: re-computes every event chain, and the columns from the events."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.kernel.matters import audit
from yiwang.kernel.matters.models import Matter


class Command(BaseCommand):
    help = "Check that no event was changed, removed or added, and that matters say what their events say."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser("verify", help=self.help, description=self.help)
        verify.add_argument("--number", help="only the matter of this number")
        verify.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Matter.objects.all()
        if options["number"]:
            rows = rows.filter(number=options["number"])
            if not rows.exists():
                raise CommandError(_("There is no matter %(number)s.") % {"number": options["number"]})
        checked, faults = 0, []
        with tqdm(
            total=rows.count(),
            unit="件",
            desc="audit",
            file=self.stderr,
            disable=options["json"],
            leave=False,
        ) as bar:
            for _number, found in audit.verify(rows):
                checked += 1
                faults += found
                bar.update()
        if options["json"]:
            self.stdout.write(
                json.dumps({"checked": checked, "faults": [asdict(f) for f in faults]}, ensure_ascii=False)
            )
        else:
            for fault in faults:
                self.stdout.write(f"{fault.number} #{fault.seq}: {fault.what}")
            self.stdout.write(
                _("Matters checked: %(checked)d, faults: %(faults)d.")
                % {"checked": checked, "faults": len(faults)}
            )
        if faults:
            raise SystemExit(1)
