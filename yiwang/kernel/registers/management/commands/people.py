"""`yiwang people`: gives out, or erases, what is held about one person, in the name of an official."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.access.actors import Actor, actor_named
from yiwang.kernel.registers.people import held, queries


class Command(BaseCommand):
    help = "What is held about one person: found, given out, erased. Every use is on record for the person."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        text = "print the id of the person whose resident ID number is typed or piped in"
        find = actions.add_parser("find", help=text, description=text)
        text = "write everything that is held about a person into a ZIP file"
        export = actions.add_parser("export", help=text, description=text)
        export.add_argument("person", type=UUID, help="the id that `find` prints")
        export.add_argument("file", type=Path, help="the ZIP file to write")
        text = "erase what may be erased, and name what the law keeps"
        erase = actions.add_parser("erase", help=text, description=text)
        erase.add_argument("person", type=UUID, help="the id that `find` prints")
        for one in (export, erase):
            one.add_argument("--why", required=True, help="what for; the person can read it")
        for one in (find, export, erase):
            one.add_argument("--by", required=True, metavar="USERNAME", help="the official who does it")
            one.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options, actor_named(options["by"], timezone.localdate()))

    def _find(self, options: dict, actor: Actor) -> None:
        # Never an argument: those stand in the shell's history and in the list of processes.
        found = queries.find(actor, id_number=input(_("Resident ID number: ")))
        self.stdout.write(json.dumps({"person": str(found.pk)}) if options["json"] else str(found.pk))

    def _export(self, options: dict, actor: Actor) -> None:
        told = held.give(actor=actor, person=options["person"], purpose=options["why"], now=timezone.now())
        data = held.as_zip(told)
        with open(os.open(options["file"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:
            os.fchmod(out.fileno(), 0o600)  # one that was there already keeps its mode else
            out.write(data)
        told = {"file": str(options["file"]), "bytes": len(data)}
        self.stdout.write(
            json.dumps(told, ensure_ascii=False)
            if options["json"]
            else _("%(file)s: %(bytes)d bytes.") % told
        )

    def _erase(self, options: dict, actor: Actor) -> None:
        done = held.erase(actor=actor, person=options["person"], reason=options["why"], now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done), ensure_ascii=False))
            return
        for name, count in done.erased.items():
            self.stdout.write(_("erased: %(what)s %(count)d") % {"what": name, "count": count})
        for one in done.kept:
            self.stdout.write(
                _("kept: %(what)s %(count)d. %(why)s")
                % {"what": one.what, "count": one.count, "why": one.why}
            )
