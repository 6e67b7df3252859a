"""`yiwang language extract|compile|check`: the texts of the pages in their languages."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand

from yiwang.kernel.ui import catalogues, language_check


class Command(BaseCommand):
    help = "Collect the texts to translate, compile the translations, or check that none is missing."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("what", choices=["extract", "compile", "check"])
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, what: str, **options) -> None:
        result = getattr(self, what)()
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
        else:
            for line in result["lines"]:
                self.stdout.write(line)
        if not result["ok"]:
            raise SystemExit(1)

    def extract(self) -> dict:
        lacking = catalogues.extract()
        lines = [f"{locale}: {count} texts to translate" for locale, count in lacking.items()]
        return {"ok": True, "lacking": lacking, "lines": lines}

    def compile(self) -> dict:
        written = [
            file.relative_to(catalogues.PACKAGE.parent).as_posix() for file in catalogues.compile_all()
        ]
        return {"ok": True, "written": written, "lines": [f"compiled {name}" for name in written]}

    def check(self) -> dict:
        found = language_check.check()
        lines = [str(finding) for finding in found] or ["Every text is translated."]
        return {"ok": not found, "findings": [finding._asdict() for finding in found], "lines": lines}
