"""`yiwang simulate`: a year of a process and of reforms of it, before anything is changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.process import Process, ProcessError, read
from yiwang.core.process.simulation import SimulationError
from yiwang.kernel.errors import Problem
from yiwang.kernel.pace import assumptions, materials, queries
from yiwang.kernel.pace.rehearsing import MOST_VARIANTS, rehearse
from yiwang.kernel.pace.told import told as sentence
from yiwang.kernel.packs.rulebook import current, has_tables
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.registers.pack_calendar import pack_calendar


class Command(BaseCommand):
    help = "Simulates a year of cases of a process, today and with reforms."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "process", metavar="PROCESS", help="a kind of matters of the pack in force, or a .bpmn file"
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help="today's values; may be repeated"
        )
        parser.add_argument(
            "--variant",
            action="append",
            default=[],
            metavar="NAME: SET; SET",
            help="a reform; may be repeated",
        )
        parser.add_argument("--file", type=Path, help="YAML with `settings` and `variants`")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day of the period")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day of the period")
        parser.add_argument(
            "--replications", type=int, default=10, help="how many years are played; 10 when not given"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same result")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._simulate(options)
        except SimulationError as wrong:
            raise CommandError(sentence(wrong)) from None

    def _simulate(self, options: dict) -> None:
        settings, variants = _given(options)
        process, counted, posts, asked, now = *_process(options["process"]), timezone.now()
        pace = queries.pace(counted, 90, now) if counted else None
        assumed = assumptions.assume(process, _calendar(), now, pace, posts, asked)
        dates = None
        if options["first"] or options["last"]:
            if not (options["first"] and options["last"]):
                raise CommandError(_("Give both --from and --to, or neither."))
            dates = options["first"], options["last"]
        report = rehearse(
            assumed,
            settings,
            variants,
            seed=options["seed"],
            replications=options["replications"],
            dates=dates,
        )
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        for line in told(report):
            self.stdout.write(line)


def _given(options: dict) -> tuple[list[str], dict[str, list[str]]]:
    """(settings of today, settings of each variant) of file and options."""
    settings: list[str] = []
    variants: dict[str, list[str]] = {}
    if options["file"]:
        try:
            body = yaml.safe_load(options["file"].read_text(encoding="utf-8")) or {}
            settings += [str(one) for one in body.get("settings") or ()]
            variants |= {
                str(name): [str(one) for one in own] for name, own in (body.get("variants") or {}).items()
            }
        except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
            raise CommandError(
                _(
                    "%(file)s cannot be read (%(why)s): give YAML with a list `settings` and, below `variants`, a list for each name."
                )
                % {"file": options["file"], "why": error}
            ) from None
    settings += options["set"]
    for text in options["variant"]:
        name, colon, own = text.partition(":")
        if not colon or not name.strip():
            raise CommandError(
                _("A variant is written NAME: SETTING; SETTING, not “%(text)s”.") % {"text": text}
            )
        variants[name.strip()] = [one.strip() for one in own.split(";") if one.strip()]
    if len(variants) > MOST_VARIANTS:
        raise CommandError(_("At most %(n)d variants are compared at once.") % {"n": MOST_VARIANTS})
    return settings, variants


def _process(given: str) -> tuple[Process, str, dict[str, int], dict[str, str]]:
    """(the process, the kind whose pace is counted or empty, posts by kind, the materials asked for)."""
    if given.endswith(".bpmn"):
        try:
            return read(Path(given).read_bytes()), "", {}, {}
        except (OSError, ProcessError) as error:
            raise CommandError(str(error)) from None
    if not has_tables():
        raise CommandError(
            _("There is no database yet. Run: yiwang start --prepare-only, or give a .bpmn file.")
        )
    rules = current()
    return rules.process(given), given, assumptions.posts_by_kind(), materials.of_kind(rules, given)


def _calendar():
    try:
        return current_calendar() if has_tables() else pack_calendar()
    except Problem as missing:
        if missing.code not in ("no_pack", "no_calendar"):
            raise
        return pack_calendar()


def told(report: dict[str, Any]) -> list[str]:
    """The report in lines."""
    lines = [
        _("%(process)s: %(cases)d cases from %(first)s to %(last)s, %(n)d years played, seed %(seed)d")
        % {**report, "n": report["replications"]}
    ]
    assumed = sum(one["origin"] == "assumed" for one in report["supposed"])
    lines.append(
        _("%(assumed)d of %(all)d values are assumed and not counted; --json lists them.")
        % {"assumed": assumed, "all": len(report["supposed"])}
    )
    for outcome in report["outcomes"]:
        lines += [
            "",
            (outcome["name"] or _("as it is"))
            + (f"  ({'; '.join(outcome['settings'])})" if outcome["settings"] else ""),
        ]
        for name, found in outcome["whole"].items():
            lines.append(f"  {name:<14}{_value(found)}")
        lines.append("  " + _("bottleneck: %(post)s") % {"post": outcome["bottleneck"] or _("none")})
        for name, post in outcome["posts"].items():
            if "load" in post:
                lines.append(f"  {name:<24}" + _("people %(n)s, load %(load)s, waiting %(wait)s hours a case") % {
                    "n": post["people"], "load": _value(post["load"]), "wait": _value(post["wait"]),
                })  # fmt: skip
    return lines


def _value(found: dict[str, Any]) -> str:
    if found["value"] is None:
        return _("beyond the calendar")
    text = f"{found['value']:.3f}"
    if found["low"] is not None:
        text += f" ({found['low']:.3f} – {found['high']:.3f})"
    change = found.get("change")
    if change and change["value"] is not None:
        text += f"  Δ {change['value']:+.3f}"
        if change["low"] is not None:
            text += f" ({change['low']:+.3f} – {change['high']:+.3f})"
    return text
