"""`yiwang vendor make|verify`: the browser assets that are kept in the repository."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError

from yiwang.kernel.errors import Problem
from yiwang.kernel.ui import vendoring


class Command(BaseCommand):
    help = "Make the vendored browser assets again from their packages, or verify them against the lock file."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("what", choices=["make", "verify"])
        parser.add_argument(
            "--update", action="store_true", help="make: write the lock anew from what was found"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, what: str, update: bool, json: bool, **options) -> None:
        if what == "make":
            try:
                vendoring.make(update=update, report=self.stderr.write)
            except Problem as problem:
                raise CommandError(problem.detail) from None
        wrong = vendoring.verify()
        self.print(wrong, json)
        if wrong:
            raise SystemExit(1)

    def print(self, wrong: list[str], as_json: bool) -> None:
        packages = vendoring.read_lock()["packages"]
        if as_json:
            rows = [{k: p[k] for k in ("name", "version", "licence", "integrity")} for p in packages]
            self.stdout.write(json.dumps({"packages": rows, "problems": wrong}, ensure_ascii=False, indent=2))
            return
        for line in wrong:
            self.stdout.write(line)
        if not wrong:
            files = sum(len(p["files"]) for p in packages)
            self.stdout.write(f"{files} vendored files of {len(packages)} packages are as locked.")
