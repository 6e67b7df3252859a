"""`yiwang files`: the store of attachments."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandParser

from yiwang.kernel.records import attachments, files
from yiwang.kernel.records.models import Attachment


class Command(BaseCommand):
    help = (
        "Checks that every attachment's file is there and unchanged; removes files that no attachment names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        sweep = actions.add_parser("sweep", help="Remove files that no attachment names")
        sweep.add_argument("--hours", type=float, default=24, help="Leave files younger than this alone")
        sweep.add_argument("--dry-run", action="store_true", help="Only say what would be removed")
        actions.add_parser("check", help="Read every file and compare it with its SHA-256")
        for one in actions.choices.values():
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        if action == "sweep":
            gone = files.sweep(
                attachments.digests_with_row, older_than_s=options["hours"] * 3600, dry_run=options["dry_run"]
            )
            verb = "would be removed" if options["dry_run"] else "removed"
            self._print(
                options, {"removed": gone, "dry_run": options["dry_run"]}, f"{len(gone)} files {verb}"
            )
            return
        faults = attachments.faults()
        checked = Attachment.objects.count()
        lines = [f"{f['fault']}: {f['name']} of {f['matter'] or '-'} ({f['file']})" for f in faults]
        lines.append(f"{checked} attachments checked, {len(faults)} files missing or changed")
        self._print(options, {"checked": checked, "faults": faults}, "\n".join(lines))
        if faults:
            raise SystemExit(1)

    def _print(self, options: dict, result: dict, text: str) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else text)
