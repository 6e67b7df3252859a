"""yiwang pack check|load|diff|matrix, and propose|proposals|approve|reject: what is done with a pack and its rules."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.kernel.access.actors import actor_named
from yiwang.kernel.packs import proposals, proposing, rulebook
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.diff import Change, diff
from yiwang.kernel.packs.findings import ERROR, Finding
from yiwang.kernel.packs.loader import load
from yiwang.kernel.packs.models import RuleChange
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

        self._add_proposals(actions)

    def _add_proposals(self, actions: Any) -> None:
        text = "propose another value of a parameter, or another text of a programme; somebody else decides"
        propose = actions.add_parser("propose", help=text, description=text)
        propose.add_argument(
            "file", nargs="?", type=Path, help="a file of programmes (.py) or of parameters (.yaml)"
        )
        propose.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="PARAM=VALUE",
            dest="pairs",
            help="a parameter, or one kind of it, with the value as the pack writes it; may be repeated",
        )
        propose.add_argument(
            "--from", dest="since", metavar="DATE", help="the first day of the values of --set"
        )
        propose.add_argument("--source", default="", help="the document that fixes the values of --set")
        propose.add_argument(
            "--status", choices=("official", "local", "illustrative"), default="illustrative"
        )
        propose.add_argument("--reason", required=True, help="why the rule is to change")
        text = "the proposals that wait for a decision"
        listed = actions.add_parser("proposals", help=text, description=text)
        listed.add_argument("--all", action="store_true", help="those that are decided too")
        text = "put a proposal in force; not by the one who proposed it"
        approve = actions.add_parser("approve", help=text, description=text)
        text = "refuse a proposal; not by the one who proposed it"
        reject = actions.add_parser("reject", help=text, description=text)
        for one in (approve, reject):
            one.add_argument("id", type=int, help="as `pack proposals` shows it")
        approve.add_argument("--note", default="", help="a remark")
        reject.add_argument("--note", required=True, help="why")
        for one in (propose, approve, reject):
            one.add_argument("--by", required=True, metavar="USERNAME", help="the official who does it")
        for one in (propose, listed, approve, reject):
            one.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] in ("propose", "proposals", "approve", "reject"):
            if not rulebook.has_tables():
                raise CommandError(_(rulebook.NO_TABLES))
            getattr(self, f"_{options['action']}")(options)
            return
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

    def _propose(self, options: dict) -> None:
        book, file, pairs = rulebook.current(), options["file"], options["pairs"]
        if bool(file) == bool(pairs) or bool(pairs) != bool(options["since"]):
            raise CommandError(_("Give a file, or --set with --from."))
        wanted = (
            proposing.of_file(book, file)
            if file
            else proposing.of_pairs(
                book.policy, pairs, options["since"], options["source"], options["status"]
            )
        )
        now = timezone.now()
        made = proposals.propose_all(
            actor=actor_named(options["by"], timezone.localdate(now)),
            wanted=wanted,
            reason=options["reason"],
            now=now,
        )
        self._proposals_shown(made, options)

    def _proposals(self, options: dict) -> None:
        rows = RuleChange.objects.select_related("proposed_by", "decided_by").order_by("pk")
        self._proposals_shown(rows if options["all"] else rows.filter(state=RuleChange.State.OPEN), options)

    def _approve(self, options: dict) -> None:
        self._decide(proposals.approve, options)

    def _reject(self, options: dict) -> None:
        self._decide(proposals.refuse, options)

    def _decide(self, action: Callable[..., RuleChange], options: dict) -> None:
        now = timezone.now()
        actor = actor_named(options["by"], timezone.localdate(now))
        change = action(actor=actor, change_id=options["id"], note=options["note"], now=now)
        self._proposals_shown([change], options)

    def _proposals_shown(self, rows: Iterable[RuleChange], options: dict) -> None:
        told = [_told(row) for row in rows]
        if options["json"]:
            self._print(told)
            return
        for one in told:
            self.stdout.write(
                "  ".join(
                    str(one[name])
                    for name in ("id", "state", "key", "from", "value", "by", "reason")
                    if one[name]
                )
            )
        if not told:
            self.stdout.write(_("There is no proposal."))

    def _lines(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.stdout.write(str(finding))

    def _print(self, result: dict) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, default=str))


def _told(change: RuleChange) -> dict[str, Any]:
    """A proposal as it is printed; of a programme its text stays in the rulebook."""
    content = change.content
    return {
        "id": change.pk,
        "state": change.state,
        "what": change.what,
        "key": change.key,
        "from": content.get("from", ""),
        "value": content.get("value", ""),
        "source": content.get("source", ""),
        "status": content.get("status", ""),
        "by": change.proposed_by.username,
        "decided_by": change.decided_by.username if change.decided_by else "",
        "reason": change.reason,
        "note": change.note,
        "version": str(change.version or ""),
    }


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
