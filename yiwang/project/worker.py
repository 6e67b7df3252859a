"""What runs beside the requests: notices, timers, due dates that follow the calendar, lessons, ended sessions, and the
jobs that other parts register (`yiwang.kernel.jobs`).

On SQLite it is a thread of the server, so that its writes queue with those of the requests in the one process
that writes; on PostgreSQL it is a process of its own (`yiwang worker`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection
from django.db.models import Max
from django.utils import timezone

from yiwang.kernel import jobs
from yiwang.kernel.errors import Problem
from yiwang.kernel.matters import outbox, store, timers
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project import preparing
from yiwang.project.serving import die_with_parent

log = structlog.get_logger(__name__)
TICK = 1.0  # seconds
DAY = 86_400.0  # seconds
STOP_WAIT = 5.0  # seconds that a job beside the others gets to finish; what it had not written is done again
BEAT_LATE = 60.0  # without a beat for so long, the worker is not running


@dataclass
class Job:
    """`run` gives how much it did; when there is more to do, it is asked again at the next tick."""

    name: str
    every: float  # seconds
    run: Callable[[], int]
    at_once: int = 0  # what a run does at most; so much done means that there may be more
    next: float = 0.0
    beside: bool = False  # in a thread of its own

    @classmethod
    def of(cls, job: jobs.Job) -> Job:
        """A job that another part has registered."""
        return cls(
            job.name,
            job.every,
            lambda: job.run(timezone.now()),
            job.at_once,
            time.monotonic() + job.first if job.first else 0.0,
            job.beside,
        )


class Worker:
    """Runs the jobs one after another until `stop`."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None
        self._calendar = _kept_calendar()
        self._lesson = 0
        self._learning: subprocess.Popen | None = None
        self.jobs = [
            Job("notices", 2.0, self._deliver, at_once=50),
            Job("timers", 5.0, self._fire, at_once=50),
            Job("calendar", 30.0, self._recompute),
            Job("lessons", 600.0, self._learn, next=time.monotonic() + 45.0),
            Job("sessions", DAY, self._clear_sessions),
            Job("statistics", DAY, self._analyze, next=time.monotonic() + _until(3)),
            *(Job.of(one) for one in jobs.registered()),
        ]

    def run(self) -> None:
        """Works until `stop`; an error of one job is logged, and the job is tried again later."""
        own = [[job] for job in self.jobs if job.beside]
        beside = [threading.Thread(target=self._run, args=(jobs_,), daemon=True) for jobs_ in own]
        for thread in beside:
            thread.start()
        self._run([job for job in self.jobs if not job.beside], beat=True)
        if self._learning is not None and self._learning.poll() is None:
            self._learning.terminate()
            self._learning.wait(10)
        for thread in beside:
            thread.join(STOP_WAIT)

    def _run(self, own: list[Job], beat: bool = False) -> None:
        while not self.stopping.is_set():
            close_old_connections()  # a database that was away is connected to anew
            self._tick(own)
            if beat:
                beat_file().touch()
            self.stopping.wait(TICK)
        connection.close()

    def tick(self) -> dict[str, int]:
        """Runs each job whose time has come, once; gives what they did."""
        done = self._tick(self.jobs)
        beat_file().touch()
        return done

    def _tick(self, own: list[Job]) -> dict[str, int]:
        done = {}
        for job in own:
            if time.monotonic() < job.next or self.stopping.is_set():
                continue
            try:
                done[job.name] = count = job.run()
            except Problem as problem:  # no pack yet: nothing to do until there is one
                log.info("the worker waits", job=job.name, why=problem.code)
                count = 0
            except Exception:
                log.exception("a job of the worker failed", job=job.name)
                count = 0
            again = job.at_once and count >= job.at_once
            job.next = time.monotonic() + (0.0 if again else job.every)
        return done

    def start(self, after: float = 0.0) -> None:
        """Runs in a thread of this process; the jobs begin `after` so many seconds."""

        def work() -> None:
            beat_file().touch()
            self.stopping.wait(after)
            self.run()

        self.thread = threading.Thread(target=work, name="worker", daemon=True)
        self.thread.start()

    def stop(self, wait: float = 10.0) -> None:
        """Lets the job at hand finish."""
        self.stopping.set()
        if self.thread is not None:
            self.thread.join(wait)

    def _deliver(self) -> int:
        return sum(outbox.deliver(timezone.now(), at_most=50))

    def _fire(self) -> int:
        return timers.fire_due(timezone.now(), at_most=50)

    def _recompute(self) -> int:
        """All open due dates, once the calendar is another one."""
        rulebook.current()
        found = current_calendar().fingerprint
        if found == self._calendar:
            return 0
        count = timers.recompute_open(timezone.now())
        _calendar_file().write_text(found)
        self._calendar = found
        return count

    def _learn(self) -> int:
        """Starts the classifier's training in a process of its own: it is heavy, and a request must not wait."""
        from yiwang.domains.operations.models import Lesson

        if self._learning is not None and self._learning.poll() is None:
            return 0
        last = Lesson.objects.aggregate(last=Max("pk"))["last"] or 0
        if last == self._lesson:
            return 0
        self._lesson = last
        command = [sys.executable, "-m", "yiwang.project.cli", "worker", "--learn"]
        self._learning = subprocess.Popen(  # noqa: S603 - our own command
            command, preexec_fn=_beside, stdin=subprocess.DEVNULL
        )
        return 1

    def _analyze(self) -> int:
        preparing.analyze()
        return 1

    def _clear_sessions(self) -> int:
        """Removes sessions that have ended; they let nobody in any more, but their rows stay."""
        with store.one_transaction():  # on SQLite it queues with the other writers of this process
            return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def _until(hour: int) -> float:
    """Seconds until the clock of the office next shows this hour."""
    now = timezone.localtime()
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (then - now).total_seconds() % DAY


def _beside() -> None:
    """The training gives way to the requests, and ends with the worker that started it."""
    os.nice(10)
    die_with_parent()


def beat_file() -> Path:
    return settings.HOME / "worker.beat"


def alive() -> bool:
    """Whether a worker has worked on this data folder within the last minute."""
    try:
        return time.time() - beat_file().stat().st_mtime < BEAT_LATE
    except FileNotFoundError:
        return False


def _calendar_file() -> Path:
    return settings.HOME / "worker.calendar"


def _kept_calendar() -> str:
    try:
        return _calendar_file().read_text().strip()
    except FileNotFoundError:
        return ""
