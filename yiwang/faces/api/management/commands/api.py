"""`yiwang api schema`: the OpenAPI document, written or compared with the committed one."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

COMMITTED = "docs/openapi.json"


class Command(BaseCommand):
    help = "Writes docs/openapi.json, or says with --check whether it is the API's."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        schema = actions.add_parser("schema", help="The OpenAPI document")
        schema.add_argument("--check", action="store_true", help="Change nothing; fail when the file differs")
        schema.add_argument("--output", type=Path, help=f"Another file than {COMMITTED}; - prints it")
        schema.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        from yiwang.faces.api import openapi

        path = options["output"] or settings.BASE_DIR / COMMITTED
        text = openapi.text()
        if str(path) == "-":
            self.stdout.write(text, ending="")
            return
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        if options["check"] and there != text:
            raise CommandError(
                _("%(file)s is not the API's document any more. Run: yiwang api schema") % {"file": path}
            )
        if there != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        count = sum(len(operations) for operations in openapi.document()["paths"].values())
        told = {"file": str(path), "operations": count, "changed": there != text}
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(_("%(file)s: %(operations)d operations.") % told)
