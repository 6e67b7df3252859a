"""`yiwang archive`: writes the package of a closed matter, verifies one, with or without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.records.archive import package, writing
from yiwang.kernel.records.management.commands.licences import trusted_keys


class Command(BaseCommand):
    help = "Writes the signed package of a closed matter, and verifies such packages without the database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        write = parts.add_parser("write", help="Write the package of a closed matter")
        write.add_argument("number", metavar="NUMBER", help="the matter's number")
        write.add_argument("--to", type=Path, help="the file; NUMBER.zip in this folder when not given")
        verify = parts.add_parser("verify", help="Whether a package is as it was signed, file by file")
        verify.add_argument("file", type=Path, metavar="FILE", help="the package")
        verify.add_argument(
            "--keys", type=Path, help="JSON of trusted public keys, as `licences keys --json` prints it"
        )
        for one in (write, verify):
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        self._write(options) if action == "write" else self._verify(options)

    def _write(self, options: dict) -> None:
        data = writing.write(options["number"], timezone.now())
        path: Path = options["to"] or Path(f"{options['number']}.zip")
        try:
            path.write_bytes(data)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s") % {"file": path, "why": error}
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(path), "size": len(data)}))
        else:
            self.stdout.write(_("%(file)s: %(size)d bytes.") % {"file": path, "size": len(data)})

    def _verify(self, options: dict) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s") % {"file": options["file"], "why": error}
            ) from None
        keys = trusted_keys(options["keys"])
        found = package.verify(data, keys)
        if options["json"]:
            result = {
                "good": found.good, "faults": [{"code": one.code, "file": one.file} for one in found.faults],
                "key": found.key, "keys_known": keys is not None, "metadata": found.metadata,
            }  # fmt: skip
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
        else:
            for line in told(found, keys is not None):
                self.stdout.write(line)
        if not found.good:
            raise SystemExit(1)


def told(found: package.Verified, keys_known: bool) -> list[str]:
    words = {
        "no_package": _("This is no archive package."),
        "changed": _("changed"),
        "missing": _("missing"),
        "added": _("was not in the package when it was signed"),
        "between": _("Something between the files of the package was changed."),
        "bad_signature": _("The signature does not hold."),
        "unknown_key": _("It was signed with a key that is not known here."),
        "chain": _("the events do not follow one another"),
    }
    lines = [f"{one.file}: {words[one.code]}" if one.file else words[one.code] for one in found.faults]
    if found.good:
        lines.append(_("The package is as it was signed."))
    if found.metadata:
        lines.append(
            _("Matter %(number)s, closed %(closed)s.")
            % {"number": found.metadata.get("number", ""), "closed": found.metadata.get("closed_at", "")}
        )
    if not keys_known:
        lines.append(_("There is no list of trusted keys here: give one with --keys to know who signed it."))
    return lines
