"""`yiwang worker`: delivers notices, fires timers, follows the calendar, has the classifier learn."""

from __future__ import annotations

import json
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from yiwang.project import worker


class Command(BaseCommand):
    help = "Run the background worker until it is told to stop (`yiwang serve` runs one by itself)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")
        parser.add_argument("--learn", action="store_true", help="train the classifier if it is due, and end")
        parser.add_argument("--json", action="store_true", help="with --once: print what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["learn"]:
            from yiwang.domains.operations.classify import lessons

            lessons.retrain_if_due(timezone.now())
            return
        own = worker.Worker()
        if options["once"]:
            done = own.tick()
            told = json.dumps(done) if options["json"] else ", ".join(f"{n}: {c}" for n, c in done.items())
            self.stdout.write(told)
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: own.stopping.set())
        own.run()
