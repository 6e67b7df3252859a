"""`yiwang assistance`: finding people, previewing a change, matching needs and offers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.domains.assistance import money, names, paying, programmes, returning, withholding
from yiwang.domains.assistance.discovery import alerts, screening, sending
from yiwang.domains.assistance.forces import actions as forces
from yiwang.domains.assistance.preview import changes as changing
from yiwang.domains.assistance.preview.effects import Effect
from yiwang.domains.assistance.preview.kept import kept
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.rulebook import current


class Command(BaseCommand):
    help = "Finds households that may qualify, previews a changed parameter, matches needs and offers, lists payments."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        screen = actions.add_parser("screen", help="Ask every household of the lake's newest snapshot")
        screen.add_argument("--dry-run", action="store_true", help="Tell what would be found; write nothing")
        screen.add_argument(
            "--send", action="store_true", help="Give out visits too, as far as there is room"
        )
        follow = actions.add_parser("alerts", help="Apply the alert rules to what changed in the registers")
        preview = actions.add_parser("preview", help="What another value of a parameter would do")
        preview.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="PARAM=VALUE",
            dest="pairs",
            help="A parameter, or one kind of it, with the value as the pack writes it; may be repeated",
        )
        match = actions.add_parser("match", help="Propose matches of open needs and offers")
        pay = actions.add_parser("pay", help="Make the payment list of a month, each award once")
        pay.add_argument("--month", required=True, metavar="YYYY-MM", help="This month or the next one")
        pay.add_argument("--dry-run", action="store_true", help="Tell what would be listed; write nothing")
        returned = actions.add_parser("returned", help="What came back from the bank and is still owed")
        returned.add_argument(
            "--file",
            metavar="CSV",
            help="First take the bank's answer: serial number and reason, a line each",
        )
        out = actions.add_parser("take-out", help="Take a line out of a payment list before the bank pays it")
        back = actions.add_parser("put-back", help="Pay a line that was taken out after all, once")
        out.add_argument(
            "--cause", required=True, choices=list(withholding.CAUSES), help="Why it is taken out"
        )
        for one in (out, back):
            one.add_argument("payment", metavar="SERIAL", help="The serial number of the bank's file")
            one.add_argument("--why", required=True, metavar="TEXT", help="How it is known; kept and sealed")
        for one in (screen, follow, preview, match, pay, returned, out, back):
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        told = getattr(self, f"_{action.replace('-', '_')}")(options)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))

    def _screen(self, options: dict[str, Any]) -> dict[str, Any]:
        now, quiet = timezone.now(), options["json"]
        told = screening.screen(
            actor=SYSTEM,
            now=now,
            residents=screening.everybody(now),
            dry_run=options["dry_run"],
            workers=os.cpu_count() or 1,
        )
        sent = sending.send(now) if options["send"] and not options["dry_run"] else 0
        if not quiet:
            for slug, counts in told.counts.items():
                found = ", ".join(f"{names.says(word)} {count}" for word, count in counts.items() if count)
                self.stdout.write(f"{names.cause(slug)}: {found or _('nothing')}")
            self.stdout.write(
                _(
                    "%(n)d households; %(raised)d findings raised, %(changed)d changed, %(known)d known, %(lapsed)d lapsed."
                )
                % {
                    "n": told.households,
                    "raised": told.raised,
                    "changed": told.changed,
                    "known": told.known,
                    "lapsed": told.lapsed,
                }
            )
            if sent:
                self.stdout.write(_("%(n)d households were given to their community workers.") % {"n": sent})
            self.stdout.write(
                _("Nothing is decided by this: each finding is a household that a person visits.")
            )
        return told.as_dict() | {"sent": sent}

    def _alerts(self, options: dict[str, Any]) -> dict[str, Any]:
        now, read = timezone.now(), 0
        while count := alerts.follow(now):
            read += count
        if not options["json"]:
            self.stdout.write(_("%(n)d changes were read.") % {"n": read})
        return {"read": read}

    def _pay(self, options: dict[str, Any]) -> dict[str, Any]:
        month = money.month(options["month"])
        batch = None
        if options["dry_run"]:
            found = paying.preview(month)
        else:
            batch = paying.make_list(actor=SYSTEM, month=month, now=timezone.now())
            rows = batch.payments.values_list("programme", "area_id", "fen") if batch else ()
            found = paying.totals(month, rows)
        wrong = paying.reconcile(batch) if batch else []
        if not options["json"]:
            for slug, (count, fen) in found.by_programme.items():
                self.stdout.write(f"{programmes.name(slug)}: {count}, {money.yuan(fen)}")
            for code, (count, fen) in found.by_area.items():
                self.stdout.write(f"{names.area(code)}: {count}, {money.yuan(fen)}")
            sentence = (
                _("%(count)d payments, %(amount)s yuan.") if found.count else _("Nothing waits to be paid.")
            )
            self.stdout.write(sentence % {"count": found.count, "amount": money.yuan(found.fen)})
            for line in wrong:
                self.stdout.write(line)
        told = {"month": options["month"], "count": found.count, "fen": found.fen, "totals": found.as_dict()}
        return told | {"batch": str(batch.pk) if batch else None, "wrong": wrong}

    def _returned(self, options: dict[str, Any]) -> dict[str, Any]:
        taken = 0
        if options["file"]:
            try:
                text = Path(options["file"]).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as wrong:
                raise Invalid(
                    _("%(file)s can't be read as UTF-8 text: %(why)s")
                    % {"file": options["file"], "why": wrong},
                    where="file",
                ) from None
            lines = returning.read(text)
            taken = returning.come_back_all(actor=SYSTEM, lines=lines, now=timezone.now())
        owed = returning.owed()
        if not options["json"]:
            for one in owed:
                state = _("with the next list") if one["ready"] else _("waits for the right account")
                self.stdout.write(
                    f"{one['month']} {names.area(one['area'] or '')} {programmes.name(one['programme'])} "
                    f"{money.yuan(one['fen'])} {one['payment']} {one['why']}: {state}"
                )
            sentence = _("%(taken)d came back new; %(count)d payments are still owed, %(amount)s yuan.")
            amount = money.yuan(sum(one["fen"] for one in owed))
            self.stdout.write(sentence % {"taken": taken, "count": len(owed), "amount": amount})
        return {"taken": taken, "owed": owed}

    def _take_out(self, options: dict[str, Any]) -> dict[str, Any]:
        return self._moved(options, withholding.take_out, cause=options["cause"])

    def _put_back(self, options: dict[str, Any]) -> dict[str, Any]:
        return self._moved(options, withholding.put_back)

    def _moved(self, options: dict[str, Any], action: Any, **more: Any) -> dict[str, Any]:
        try:
            key = UUID(options["payment"])
        except ValueError:
            raise Invalid(_("This is no serial number of the file for the bank."), where="payment") from None
        row = action(actor=SYSTEM, payment=key, why=options["why"], now=timezone.now(), **more)
        batch = row.batch
        told = {
            "payment": str(row.pk),
            "state": row.state,
            "batch": str(batch.pk),
            "next_list": bool(row.ready_at),
        }
        if not options["json"]:
            words = {
                "listed": _("It is in the list again."),
                "withheld": _("It is paid with the next list.")
                if row.ready_at
                else _("It is out of the list."),
            }
            self.stdout.write(words.get(row.state, ""))
            sentence = _("The list now: %(count)d payments, %(amount)s yuan.")
            self.stdout.write(sentence % {"count": batch.count, "amount": money.yuan(batch.fen)})
        return told | {"count": batch.count, "fen": batch.fen}

    def _preview(self, options: dict[str, Any]) -> dict[str, Any]:
        if not options["pairs"]:
            raise Invalid(_("Say what to change: --set guarantee.standard.urban=90000"), where="set")
        changes = changing.read(current().policy, options["pairs"])
        found = kept().effect(changes)
        if not options["json"]:
            self._tell(found)
        return found.as_dict()

    def _tell(self, effect: Effect) -> None:
        line = _(
            "%(name)s: %(gained)d gained, %(lost)d lost, %(more)d get more, %(less)d get less, %(change)s yuan a year"
        )
        for rows, name in (
            (effect.programmes, names.cause),
            (effect.areas, names.area),
            (effect.kinds, names.kind),
            ((effect.total,), names.kind),
        ):
            for one in rows:
                values = {"gained": one.gained, "lost": one.lost, "more": one.more, "less": one.less}
                self.stdout.write(
                    line % (values | {"name": name(one.key), "change": f"{one.change / 100:+,.2f}"})
                )
        for band in effect.worst:
            if band.count:
                self.stdout.write(
                    _(
                        "Loss over %(over)s yuan a year: %(n)d households, %(out)d of them get nothing any more"
                    )
                    % {"over": names.yuan(band.over), "n": band.count, "out": band.out}
                )
        self.stdout.write(_("Nothing of this is in force; the values that are tried are examples."))

    def _match(self, options: dict[str, Any]) -> dict[str, Any]:
        rows = forces.propose(actor=SYSTEM, now=timezone.now())
        if not options["json"]:
            self.stdout.write(
                _("%(n)d matches are proposed. Look at each one and decide.") % {"n": len(rows)}
            )
        fields = ("id", "need_id", "offer_id", "quantity", "distance_m")
        return {
            "proposed": [
                {
                    name: str(getattr(row, name)) if name.endswith("id") else getattr(row, name)
                    for name in fields
                }
                for row in rows
            ]
        }
