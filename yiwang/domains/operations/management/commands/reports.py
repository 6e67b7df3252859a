"""yiwang reports import|train|evaluate: files of messages, the classifier, the rates."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.domains.operations import evaluation, importing
from yiwang.domains.operations.channels import registry
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid, Problem


class Command(BaseCommand):
    help = "Takes files of messages, trains the classifier, and computes the evaluation rates."
    requires_system_checks: list[str] = []  # they would load every page and the API

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        text = "take the messages of a CSV or Excel file: all rows, or none and a report of every bad row"
        take = actions.add_parser("import", help=text, description=text)
        take.add_argument("file", type=Path, help="CSV (UTF-8 or GBK) or Excel")
        names = ", ".join(one.slug for one in registry.file_channels())
        take.add_argument("--channel", help=f"one of: {names}; default: by the columns")
        take.add_argument("--partial", action="store_true", help="take the good rows and report the bad ones")
        take.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=NAME",
            help="a column with an unusual name",
        )
        text = "learn the classifier anew from all confirmed classes"
        train = actions.add_parser("train", help=text, description=text)
        text = "the evaluation rates with their numerators and denominators"
        rates = actions.add_parser("evaluate", help=text, description=text)
        rates.add_argument("--by", choices=evaluation.OBJECTS, default="area", help="what is evaluated")
        rates.add_argument(
            "--from", dest="since", required=True, metavar="DATE", help="first day, as 2026-09-01"
        )
        rates.add_argument("--to", dest="until", required=True, metavar="DATE", help="last day, included")
        for one in (take, train, rates):
            one.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _import(self, options: dict) -> None:
        columns = dict(pair.split("=", 1) for pair in options["column"] if "=" in pair)
        with Bar(self.stderr) as bar:
            try:
                summary = importing.import_file(
                    options["file"],
                    channel=options["channel"],
                    partial=options["partial"],
                    options={"columns": columns} if columns else None,
                    actor=SYSTEM,
                    now=timezone.now(),
                    progress=bar.show,
                )
            except Problem as problem:
                if not options["json"]:
                    raise
                self._print(problem.as_dict())
                raise SystemExit(1) from None
        if options["json"]:
            self._print(summary.as_dict())
            return
        for problem in summary.problems:
            self.stderr.write(
                _("row %(row)d %(column)s: %(detail)s")
                % {name: problem[name] for name in ("row", "column", "detail")}
            )
        for name, value in (
            (_("rows"), summary.rows),
            (_("taken"), summary.taken),
            (_("taken before"), summary.already),
            (_("left out"), summary.refused),
            (_("classified"), summary.classified),
            (_("of these by the sender"), summary.labelled),
            (_("located"), summary.located),
            (_("sent to a person"), summary.to_person),
        ):
            self.stdout.write(f"{name}: {value}")

    def _train(self, options: dict) -> None:
        # Here, since they bring scikit-learn along, which takes longer to load than a thousand messages to take.
        from yiwang.domains.operations.classify import lessons
        from yiwang.domains.operations.classify.training import FEWEST_LESSONS

        made = lessons.retrain(timezone.now())
        if options["json"]:
            self._print(made)
            return
        if not made:
            self.stdout.write(
                _("Nothing to learn yet: at least %(least)d confirmed classes of two kinds are needed.")
                % {"least": FEWEST_LESSONS}
            )
        for standard, entry in made.items():
            self.stdout.write(
                _("%(standard)s: %(lessons)d lessons, %(classes)d classes, %(file)s")
                % {"standard": standard, **entry}
            )

    def _evaluate(self, options: dict) -> None:
        period = evaluation.Period(_day(options["since"], "--from"), _day(options["until"], "--to"))
        table = evaluation.evaluate(options["by"], period, timezone.now())
        if options["json"]:
            self._print(table.as_dict())
            return
        for row in table.rows:
            self.stdout.write(f"{row.name}")
            for rate in row.rates:
                self.stdout.write(
                    f"  {rate.measure.name}  {rate.text}  ({rate.numerator}/{rate.denominator})"
                )

    def _print(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, default=str))


class Bar:
    """A progress bar on standard error, for work that takes a while."""

    def __init__(self, err: Any) -> None:
        self._bar: tqdm | None = None
        self._what = ""

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *args: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, what: str, done: int, total: int) -> None:
        if what != self._what:
            self.__exit__()
            self._what = what
            self._bar = tqdm(total=total, desc=what, unit="", delay=0.5, mininterval=0.2)
        self._bar.update(done - self._bar.n)


def _day(text: str, where: str) -> Any:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a local day
    except ValueError:
        raise Invalid(
            _("%(where)s must be a date such as 2026-09-01.") % {"where": where}, where=where
        ) from None
