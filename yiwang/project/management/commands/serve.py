"""`yiwang serve`: the server with its worker, until it is told to stop."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from yiwang.project import preparing, serving


class Command(BaseCommand):
    help = "Serve on YIWANG_HOST:PORT (127.0.0.1:8000), with the background worker."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, help="PostgreSQL only (default: one for each core)")
        parser.add_argument("--threads", type=int, help="threads of each process that run requests")
        parser.add_argument("--no-worker", action="store_true", help="without the worker: it runs elsewhere")
        parser.add_argument("--access-log", action="store_true", help="a line for each request")

    def handle(self, *args: Any, **options: Any) -> None:
        preparing.compile_languages()
        how = serving.serving(options["processes"], options["threads"])
        self.stdout.write(f"{how.address}  ({how.processes} × {how.threads})")
        self.stdout.flush()
        serving.serve(how, worker=not options["no_worker"], access_log=options["access_log"])
