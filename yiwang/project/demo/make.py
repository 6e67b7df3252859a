"""Makes the demonstration district: accounts, then sixty days of matters through the real engine.

The same seed, scale and moment give the same matters: ids, numbers, times and texts, whatever the number of
processes. (Sealed columns are sealed anew each time, and the hash chain covers the ids of the users, which the
database gives.)
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import queue
import time
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from django.db import connections
from django.db.models import F
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters.models import Matter, Outbox
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project import preparing
from yiwang.project.demo.plan import DELIVERED_SECONDS, Plan, Progress, work

DAYS = 60
PROBLEMS = 3300  # at scale 1; residents who report the same again come on top
MANY = 20_000  # problems from which on several processes are worth their start


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
    from yiwang.project.demo import accounts, approving, assisting, office, supervising
    from yiwang.project.demo.making import Making

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
        matters, taken = Making(plan).run(plan.days, progress)
    else:
        matters, taken = _in_processes(plan, processes, progress)
    office.keep_numbers(taken)
    supervising.play(accounts.staff(plan.today), until.replace(microsecond=0))
    matters += assisting.play(accounts.staff(plan.today), until.replace(microsecond=0), seed)
    matters += approving.play(accounts.staff(plan.today), until.replace(microsecond=0))
    _deliver_old(until)
    preparing.analyze()
    since = plan.days[0][0]
    return Made(matters, users, time.perf_counter() - began, since, until)


def _deliver_old(until: dt.datetime) -> None:
    """What was told long ago has long been delivered."""
    old = Outbox.objects.filter(
        state="waiting", created_at__lt=until - dt.timedelta(seconds=DELIVERED_SECONDS)
    )
    old.update(state="sent", sent_at=F("created_at"), attempts=1)


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


def _in_processes(plan: Plan, processes: int, progress: Progress) -> tuple[int, dict[str, int]]:
    """The days dealt out to processes: they think at the same time and write one after another."""
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    connections.close_all()
    workers = [
        context.Process(target=work, args=(plan, plan.days[n::processes], said)) for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    matters, taken, running = 0, {}, processes
    try:
        while running:
            try:
                kind, value = said.get(timeout=2.0)
            except queue.Empty:
                if any(worker.exitcode for worker in workers):
                    raise RuntimeError("a process that makes the demonstration was ended") from None
                continue
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
