"""`yiwang population`: makes a believable population of people who do not exist."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.project.management.commands.demo import moment_of
from yiwang.project.population import filling
from yiwang.project.population.making import DEFAULT, FULL

SCALES = {"default": DEFAULT, "full": FULL}


class Command(BaseCommand):
    help = "Fill empty registers of people with a made-up population, and write it to the lake."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        make = actions.add_parser("make", help="make residents in households, with what is known of them")
        make.add_argument(
            "--scale", choices=SCALES, default="default", help="default: 70,000 residents; full: 700,000"
        )
        make.add_argument("--residents", type=int, help="so many residents instead of a scale")
        make.add_argument("--seed", type=int, default=1, help="the same seed makes the same people")
        make.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            help="the day on which they are as they are (default: today)",
        )
        make.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("YIWANG_ENV is production: a made-up population is not written there."))
        residents = options["residents"] or SCALES[options["scale"]]
        if not 1 <= residents <= 5_000_000:
            raise CommandError(_("--residents is between 1 and 5,000,000."))
        filled = fill_with_bar(
            residents, options["seed"], moment_of(options["today"]), self.stderr, quiet=options["json"]
        )
        if options["json"]:
            self.stdout.write(json.dumps(filled.as_dict(), ensure_ascii=False))
            return
        took = filled.seconds
        self.stdout.write(
            _(
                "%(residents)d residents in %(households)d households; made in %(make).1f s, "
                "written to the registers in %(registers).1f s and to the lake in %(lake).1f s."
            )
            % {"residents": filled.residents, "households": filled.households, **took}
        )


def fill_with_bar(residents: int, seed: int, moment: dt.datetime, stream: Any, quiet: bool) -> filling.Filled:
    with tqdm(desc="人口 population", unit="行", file=stream, disable=quiet, leave=False) as bar:
        bar.total = round(residents * 1.42)  # people and households
        return filling.fill(residents=residents, seed=seed, moment=moment, progress=bar.update)
