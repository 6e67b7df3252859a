"""`yiwang notices`: whether what leaves arrives, and today's digests."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.notices import digest, health


class Command(BaseCommand):
    help = "Look whether notices leave (check), or make today's digests now (digest)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="a line for each notifier in use, after a test was sent")
        check.add_argument("--to", default="", help="the e-mail address that gets the test")
        check.add_argument(
            "--quiet", action="store_true", help="send nothing: only what waits and what failed"
        )
        check.add_argument("--json", action="store_true", help="print the result as JSON")
        make = actions.add_parser("digest", help="make today's digests that are not there yet")
        make.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["action"] == "digest":
            made = 0
            while count := digest.make(now):
                made += count
            self._print({"made": made}, options["json"], _("Digests made: %(made)d.") % {"made": made})
            return
        try:
            found = health.check(now, to=options["to"], send=not options["quiet"])
        except ImproperlyConfigured as wrong:
            raise CommandError(str(wrong)) from None
        lines = [one.line() for one in found]
        self._print([one.as_dict() for one in found], options["json"], "\n".join(lines))
        if not all(one.good for one in found):
            raise CommandError(_("Not every notifier works."))

    def _print(self, data: Any, as_json: bool, text: str) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False) if as_json else text)
