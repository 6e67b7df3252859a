"""`yiwang licences`: verifies a licence file, shows the public keys, checks the records of licences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.records import signing
from yiwang.kernel.records.licences import actions, chain, document
from yiwang.kernel.records.models import Licence, LicenceVersion


class Command(BaseCommand):
    help = "Verifies a licence file; shows the public keys; checks what is on record."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="action", required=True)
        verify = parts.add_parser(
            "verify", help="Whether a file is as it was signed, and the licence still valid"
        )
        verify.add_argument("file", type=Path, metavar="FILE", help="the signed PDF")
        verify.add_argument(
            "--keys", type=Path, help="JSON of trusted public keys, as `keys --json` prints it"
        )
        keys = parts.add_parser("keys", help="The public keys that were ever in use")
        audit = parts.add_parser("audit", help="Re-computes the events of every licence, and every kept file")
        for one in (verify, keys, audit):
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        {"verify": self._verify, "keys": self._keys, "audit": self._audit}[action](options)

    def _verify(self, options: dict) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s") % {"file": options["file"], "why": error}
            ) from None
        keys = trusted_keys(options["keys"])
        found = document.verify(data, keys)
        result: dict[str, Any] = {
            "good": found.good, "faults": list(found.faults), "key": found.key, "keys_known": keys is not None,
            "statement": dict(found.statement) if found.statement else None, "status": _status(found.statement),
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
        else:
            for line in told(result):
                self.stdout.write(line)
        if not found.good:
            raise SystemExit(1)

    def _keys(self, options: dict) -> None:
        found = {key: signing.encode(public) for key, public in signing.known_keys().items()}
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=1))
            return
        own = signing.own_public()[1]
        for key, public in found.items():
            self.stdout.write(f"{key}  {public}" + ("  " + _("in use") if key == own else ""))

    def _audit(self, options: dict) -> None:
        faults, checked, keys = [], 0, signing.known_keys()
        for licence in Licence.objects.order_by("pk").iterator(chunk_size=200):
            checked += 1
            faults += list(chain.faults(licence))
        for version in (
            LicenceVersion.objects.select_related("licence").order_by("pk").iterator(chunk_size=50)
        ):
            faults += [
                f"{version.licence.number}: version {version.version}: {fault}"
                for fault in _file_faults(version, keys)
            ]
        if options["json"]:
            self.stdout.write(
                json.dumps({"checked": checked, "faults": faults}, ensure_ascii=False, indent=1)
            )
        else:
            for fault in faults:
                self.stdout.write(fault)
            self.stdout.write(
                _("%(n)d licences checked, %(faults)d faults.") % {"n": checked, "faults": len(faults)}
            )
        if faults:
            raise SystemExit(1)


def _file_faults(version: LicenceVersion, keys: Mapping[str, bytes]) -> list[str]:
    import base64
    import hashlib

    data = base64.b64decode(version.document)
    found = list(document.verify(data, keys).faults)
    return found if hashlib.sha256(data).hexdigest() == version.sha256 else [*found, "changed"]


def trusted_keys(file: Path | None) -> Mapping[str, bytes] | None:
    """The keys of the file; without one those of the database; None where there is no database."""
    if file is not None:
        try:
            return {
                key: signing.decode(public) for key, public in json.loads(file.read_text("utf-8")).items()
            }
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise CommandError(
                _("%(file)s has no public keys (%(why)s): give what `yiwang licences keys --json` prints.")
                % {"file": file, "why": error}
            ) from None
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return None  # to ask would make an empty one
    try:
        return signing.known_keys()
    except DatabaseError:
        return None


def _status(statement: Mapping[str, Any] | None) -> str | None:
    """The licence's status here and now; None where there is no database or no such licence."""
    if not statement:
        return None
    try:
        found = Licence.objects.filter(number=str(statement.get("number", ""))[:40]).first()
    except DatabaseError:
        return None
    if found is None:
        return None
    if found.version != statement.get("version"):
        return "superseded"
    return actions.status_of(found, timezone.now())


def fault_words() -> dict[str, str]:
    return {
        "not_a_licence": _("This is no licence file."),
        "changed": _("The file was changed after it was signed."),
        "bad_signature": _("The signature does not hold."),
        "unknown_key": _("It was signed with a key that is not known here."),
    }


def told(result: Mapping[str, Any]) -> list[str]:
    lines = [fault_words()[fault] for fault in result["faults"]]
    if result["good"]:
        lines.append(_("The file is as it was signed."))
    statement = result["statement"]
    if statement:
        lines.append(
            _("Licence %(number)s, version %(version)s, issued %(issued)s, valid to %(to)s.")
            % {**statement, "to": statement["to"] or _("without end")}
        )
    if not result["keys_known"]:
        lines.append(_("There is no list of trusted keys here: give one with --keys to know who signed it."))
    if result["status"] == "superseded":
        lines.append(_("A newer version of this licence was issued."))
    elif result["status"]:
        lines.append(_("On record here: %(status)s.") % {"status": actions.status_word(result["status"])})
    return lines
