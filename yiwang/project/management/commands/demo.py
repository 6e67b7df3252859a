"""`yiwang demo`: fills an empty database with the demonstration district."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from yiwang.project.demo import make

HOUR_OF_TODAY = dt.time(10, 30)


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration district: accounts and sixty days of matters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=float, default=1.0, help="1 makes about 3,500 matters, 300 a million"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same district")
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            help="the day on which the demonstration stands, at 10:30 (default: this moment)",
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["scale"] <= 1000:
            raise CommandError(_("--scale is more than 0 and at most 1000."))
        made = create_with_bar(
            moment_of(options["today"]), options["scale"], options["seed"], self.stderr, quiet=options["json"]
        )
        if options["json"]:
            self.stdout.write(json.dumps(made.as_dict(), ensure_ascii=False))
            return
        self.stdout.write(
            _("Matters since %(since)s: %(matters)d; users: %(users)d; %(seconds).1f s.") % made.as_dict()
        )
        self.stdout.write(account_lines())


def moment_of(today: dt.date | None) -> dt.datetime:
    if today is None:
        return timezone.now()
    return dt.datetime.combine(today, HOUR_OF_TODAY, tzinfo=timezone.get_default_timezone())


def create_with_bar(until: dt.datetime, scale: float, seed: int, stream: Any, quiet: bool) -> make.Made:
    total = make.problems(scale)
    with tqdm(
        total=total, desc="演示数据 demonstration", unit="件", file=stream, disable=quiet, leave=False
    ) as bar:
        return make.create(until=until, scale=scale, seed=seed, progress=bar.update)


def account_lines() -> str:
    """The demonstration's accounts, in Chinese and English."""
    from yiwang.project.demo import accounts

    lines = [f"演示账号 Demonstration accounts (密码 password: {accounts.PASSWORD})"]
    widest = max(len(name) for name, _chinese, _english in accounts.SHOWN)
    lines += [f"  {name:<{widest}}  {chinese}  {english}" for name, chinese, english in accounts.SHOWN]
    lines.append(f"  Open311 密钥 key: {accounts.KEY}")
    return "\n".join(lines)
