"""yiwang pack check|load|diff|matrix: what a district's engineers do with a pack."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.diff import Change, diff
from yiwang.kernel.packs.findings import ERROR, Finding
from yiwang.kernel.packs.loader import load
from yiwang.kernel.packs.reader import read_pack


def _account() -> str:
    """The account of the machine under which the command runs; empty where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


class Command(BaseCommand):
    help = "Check a pack, load it, or show what it would change."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        named = {"nargs": "?", "help": "folder or name of a pack; default: YIWANG_PACK"}
        text = "print who may do what by kind of post, as the page docs/access-matrix.md"
        matrix = actions.add_parser("matrix", help=text, description=text)
        matrix.add_argument("pack", **named)
        for name, text in (
            ("check", "read the pack and name everything that is wrong, with file and line"),
            ("load", "check the pack and put it in force; loading it again changes nothing"),
            ("diff", "what loading the pack would change, or what differs between two packs or versions"),
        ):
            action = actions.add_parser(name, help=text, description=text)
            action.add_argument("pack", **named)
            if name == "diff":
                action.add_argument(
                    "other",
                    nargs="?",
                    help="compare with this instead of the version in force: the first is the old side then; "
                    "each may be a folder, a name, or a loaded version (number, version, start of its digest)",
                )
            action.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        pack = options["pack"] or settings.PACK
        if options["action"] not in ("check", "matrix") and not rulebook.has_tables():
            raise CommandError(_(rulebook.NO_TABLES))
        getattr(self, f"_{options['action']}")(pack, options)

    def _matrix(self, name: str, options: dict) -> None:
        from yiwang.kernel.access import matrix

        pack = read_pack(name)
        self.stdout.write(matrix.text(rulebook.Rulebook(body_of(pack), id=0, digest="")), ending="")

    def _check(self, name: str, options: dict) -> None:
        with Bar(self.stderr, options["json"]) as bar:
            pack = read_pack(name, bar)
            findings = check(pack, bar)
        errors = [finding for finding in findings if finding.severity == ERROR]
        if options["json"]:
            self._print(
                {
                    "pack": pack.name,
                    "version": pack.version,
                    "errors": len(errors),
                    "warnings": len(findings) - len(errors),
                    "findings": [finding.as_dict() for finding in findings],
                    "entries": {section: len(entries) for section, entries in pack.sections.items()},
                }
            )
        else:
            self._lines(findings)
            count = sum(map(len, pack.sections.values()))
            self.stdout.write(
                _("%(pack)s %(version)s. Entries: %(entries)d, errors: %(errors)d, warnings: %(warnings)d.")
                % {
                    "pack": pack.name,
                    "version": pack.version,
                    "entries": count,
                    "errors": len(errors),
                    "warnings": len(findings) - len(errors),
                }
            )
        if errors:
            raise SystemExit(1)

    def _load(self, name: str, options: dict) -> None:
        with Bar(self.stderr, options["json"]) as bar:
            result = load(name, timezone.now(), bar, by=_account())
        version = result.version
        if options["json"]:
            self._print(
                {
                    "pack": version.name,
                    "version": version.version,
                    "id": version.pk,
                    "digest": version.digest,
                    "created": result.created,
                    "changes": [change.as_dict() for change in result.changes],
                    "warnings": [finding.as_dict() for finding in result.warnings],
                }
            )
            return
        self._lines(result.warnings)
        if not result.created:
            self.stdout.write(_("%(version)s is in force already; nothing changed.") % {"version": version})
            return
        text = _("%(version)s is in force. Changes: %(count)d.")
        self.stdout.write(text % {"version": version, "count": len(result.changes)})

    def _diff(self, name: str, options: dict) -> None:
        old, new = (name, options["other"]) if options["other"] else ("current", name)
        changes = diff(old, new)
        if options["json"]:
            self._print({"changes": [change.as_dict() for change in changes]})
            return
        self._changes(changes)

    def _changes(self, changes: list[Change]) -> None:
        for change in changes:
            self.stdout.write(str(change))
        self.stdout.write(
            _("Changes: %(count)d.") % {"count": len(changes)} if changes else _("There is no difference.")
        )

    def _lines(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.stdout.write(str(finding))

    def _print(self, result: dict) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, default=str))


class Bar:
    """A progress bar that shows itself when the work takes longer than two seconds."""

    def __init__(self, stream: Any, silent: bool):
        self._silent = silent or not stream.isatty()
        self._stream = stream
        self._began = time.monotonic()
        self._bar: tqdm | None = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_reason: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._silent or time.monotonic() - self._began < 2:
            return
        if self._bar is None:
            self._bar = tqdm(file=self._stream, leave=False, unit="")
        if self._bar.total != total:
            self._bar.reset(total or None)
        self._bar.set_description(what, refresh=False)
        self._bar.n = done
        self._bar.refresh()
