"""What is to be made, and a process that makes a part of it. Nothing here needs Django before `work` has set it up:
a new process reads this first."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django

Progress = Callable[[int], None]
Days = tuple[tuple[dt.date, int], ...]
DELIVERED_SECONDS = 120  # notices older than this were sent


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, the same for every process."""

    until: int
    today: dt.date
    seed: int
    photos: bool
    days: Days  # how many problems arise on each day

    @property
    def numbers_a_day(self) -> int:
        return -(-2 * max(count for _day, count in self.days) // 100) * 100

    @property
    def total(self) -> int:
        return sum(count for _day, count in self.days)


def work(plan: Plan, days: Days, said: Any) -> None:
    """Makes these days of the plan and says how far it is: ("problems", count), ("done", result), ("failed", why)."""
    django.setup()
    from django.db import connection

    from yiwang.project.demo.making import Making

    if connection.vendor == "sqlite":  # the others write meanwhile, for as long as it takes
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 600000")
    try:
        result = Making(plan).run(days, lambda count: said.put(("problems", count)))
        said.put(("done", result))
    except BaseException:  # noqa: BLE001 - told to the process that waits
        said.put(("failed", traceback.format_exc()))
