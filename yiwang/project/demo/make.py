"""Makes the demonstration district: accounts, then sixty days of matters through the real engine.

The same seed, scale and moment give the same matters: ids, numbers, times and texts, whatever the number of
processes. (Sealed columns are sealed anew each time, and the hash chain covers the ids of the users, which the
database gives.)
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

import django
from django.db import connection, connections
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.calendars import current_calendar

DAYS = 60
PROBLEMS = 3300  # at scale 1; residents who report the same again come on top
CHUNK = 2000  # problems a transaction
PHOTO_DAYS, PHOTOS_A_DAY = 14, 3
DELIVERED_SECONDS = 120  # notices older than this were sent
MANY = 20_000  # problems from which on several processes are worth their start

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What `create` made."""

    matters: int
    users: int
    seconds: float
    since: dt.date
    until: dt.datetime

    def as_dict(self) -> dict:
        return {
            "matters": self.matters,
            "users": self.users,
            "seconds": round(self.seconds, 2),
            "matters_per_second": round(self.matters / self.seconds, 1) if self.seconds else None,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, the same for every process."""

    until: int
    today: dt.date
    seed: int
    photos: bool
    days: tuple[tuple[dt.date, int], ...]  # how many problems arise on each day

    @property
    def numbers_a_day(self) -> int:
        return -(-2 * max(count for _day, count in self.days) // 100) * 100

    @property
    def total(self) -> int:
        return sum(count for _day, count in self.days)


def create(
    *,
    until: dt.datetime,
    scale: float = 1.0,
    seed: int = 1,
    progress: Progress | None = None,
    photos: bool = True,
    processes: int | None = None,
) -> Made:
    """Fills an empty database with a district that has worked for sixty days until the moment `until`.

    `progress` is called with the number of problems done since the last call; their total is `problems(scale)`.
    Raises Denied in production, Conflict when there are matters already, Problem `no_pack`.
    """
    from yiwang.project.demo import accounts, office

    accounts.refuse_production()
    if Matter.objects.exists():
        raise Conflict(
            _(
                "There are matters in this database already; the demonstration is only made in an empty one. "
                "Set YIWANG_HOME to an empty folder, or remove the old data first."
            ),
            code="not_empty",
        )
    began = time.perf_counter()
    rulebook.current()
    plan = _plan(until.replace(microsecond=0), scale, seed, photos)
    users = accounts.create_accounts(plan.today, Random(f"{seed} people"))
    if processes is None:
        processes = min(os.cpu_count() or 1, 4) if plan.total >= MANY else 1
    progress = progress or (lambda _count: None)
    if processes == 1:
        matters, taken = make_days(plan, plan.days, progress)
    else:
        matters, taken = _in_processes(plan, processes, progress)
    office.keep_numbers(taken)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    since = plan.days[0][0]
    return Made(matters, users, time.perf_counter() - began, since, until)


def problems(scale: float) -> int:
    return max(1, round(PROBLEMS * scale))


def _plan(until: dt.datetime, scale: float, seed: int, photos: bool) -> Plan:
    from yiwang.project.demo.season import Clock, local_midnight

    today = until.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    seconds, clock, rng = int(until.timestamp()), Clock(current_calendar()), Random(f"{seed} days")
    days = [today - dt.timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    shares = [clock.busy(day) * rng.uniform(0.86, 1.16) for day in days]
    shares[-1] *= min(1.0, (seconds - local_midnight(today)) / 72_000)
    sums, total = list(accumulate(shares, initial=0.0)), problems(scale)
    upto = [round(total * value / sums[-1]) for value in sums]
    counts = tuple((day, upto[n + 1] - upto[n]) for n, day in enumerate(days))
    return Plan(seconds, today, seed, photos, counts)


def make_days(plan: Plan, days: Any, progress: Progress) -> tuple[int, dict[str, int]]:
    """Makes and writes these days of the plan; gives how many matters, and the highest number of each day."""
    from yiwang.project.demo.making import Making

    return Making(plan).run(days, progress)


def _in_processes(plan: Plan, processes: int, progress: Progress) -> tuple[int, dict[str, int]]:
    """The days dealt out to processes: they think at the same time and write one after another."""
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    connections.close_all()
    workers = [
        context.Process(target=_worker, args=(plan, plan.days[n::processes], said)) for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    matters, taken, running = 0, {}, processes
    try:
        while running:
            kind, value = said.get()
            if kind == "problems":
                progress(value)
            elif kind == "failed":
                raise RuntimeError(f"a process that makes the demonstration failed:\n{value}")
            else:
                running -= 1
                matters += value[0]
                for day, last in value[1].items():
                    taken[day] = max(last, taken.get(day, 0))
    finally:
        for worker in workers:
            if running:
                worker.terminate()
            worker.join()
    return matters, taken


def _worker(plan: Plan, days: Any, said: Any) -> None:
    import traceback

    django.setup()
    if connection.vendor == "sqlite":  # the others write meanwhile, for as long as it takes
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 600000")
    try:
        result = make_days(plan, days, lambda count: said.put(("problems", count)))
        said.put(("done", result))
    except BaseException:  # noqa: BLE001 - told to the process that waits
        said.put(("failed", traceback.format_exc()))
