"""Serving with granian: on SQLite one process with several threads, on PostgreSQL a process for each core."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing.util import Finalize

from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid, Problem
from yiwang.project import environment

logger = logging.getLogger(__name__)

THREADS = 8  # that run requests; on SQLite they write one after another and read side by side
# Set for the serving processes by `serve`: who supervises them, and whether the worker is a thread of theirs.
IN_SERVER = "YIWANG_WORKER_IN_SERVER"
HEAD_START = 3.0  # seconds in which the first pages have the processor to themselves
_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve: the address, and how many processes and threads."""

    host: str
    port: int
    processes: int
    threads: int
    in_server: bool  # the worker is a thread of the one serving process

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - only shown
        return f"http://{host}:{self.port}"


def serving(processes: int | None = None, threads: int | None = None) -> Serving:
    """From the environment: PORT (8000), YIWANG_HOST (127.0.0.1). Raises Invalid for a port that is none."""
    text = environment.text("PORT", "8000")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise Invalid(
            _("PORT is %(port)s; set it to a number from 1 to 65535.") % {"port": repr(text)}, where="PORT"
        )
    sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if sqlite and processes not in (None, 1):
        raise Invalid(
            _("SQLite is written by one process; set YIWANG_DATABASE to PostgreSQL for several."),
            where="processes",
        )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Serving(
        host=environment.text("YIWANG_HOST", "127.0.0.1"),
        port=int(text),
        processes=1 if sqlite else processes or cores,
        threads=threads or (THREADS if sqlite else THREADS // 2),
        in_server=sqlite,
    )


def check_free(how: Serving) -> None:
    """Raises Problem `port_taken` when somebody else listens there already."""
    family = socket.AF_INET6 if ":" in how.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((how.host, how.port))
        except OSError as error:
            raise Problem(
                _(
                    "%(address)s cannot be listened on (%(reason)s). "
                    "Set PORT to another number, or end what uses it."
                )
                % {"address": f"{how.host}:{how.port}", "reason": error.strerror},
                code="port_taken",
                status=503,
            ) from None


def serve(how: Serving, *, worker: bool = True, access_log: bool = False) -> None:
    """Serves until SIGTERM or SIGINT; then lets requests and the worker's job finish."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    check_free(how)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    get_resolver().url_patterns  # noqa: B018 - imported once, before the serving processes fork
    connections.close_all()
    os.environ[IN_SERVER] = f"{os.getpid()} {'worker' if worker and how.in_server else ''}"
    beside = _start_worker() if worker and not how.in_server else None
    server = Granian(
        target="yiwang.project.wsgi:application",
        address=how.host,
        port=how.port,
        interface=Interfaces.WSGI,
        workers=how.processes,
        blocking_threads=how.threads,
        blocking_threads_idle_timeout=600,  # a thread keeps its database connection
        log_level=LogLevels.error,
        log_access=access_log,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        websockets=False,
    )
    try:
        server.serve()
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait(30)


def _start_worker() -> subprocess.Popen:
    command = [sys.executable, "-m", "yiwang.project.cli", "worker"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def in_serving_process() -> None:
    """Called where the application is made: ends with the process that supervises it, warms up, starts the worker."""
    supervisor, _blank, own_worker = os.environ.get(IN_SERVER, "").partition(" ")
    if supervisor != str(os.getppid()):
        return
    die_with_parent()
    warm()
    if own_worker:
        from yiwang.project.worker import Worker

        worker = Worker()
        worker.start(after=HEAD_START)
        Finalize(None, worker.stop, exitpriority=10)  # a process of granian's ends without atexit


def warm() -> None:
    """Builds what the first page or report would else wait for: rules, calendar, outlines, the words of the classes, the
    pages that are looked at most.

    Before the process answers anything: beside the first page it would take the processor from it.
    """
    from yiwang.domains.operations import classify
    from yiwang.kernel.registers import calendars, queries

    try:
        calendars.current_calendar()
        queries.area_tree()
        queries.resolve_address("1号")
        classify.suggest("路灯不亮")
        for page in ("portal/report.html", "workbench/work.html", "workbench/matter.html", "wall/wall.html"):
            get_template(page)  # with all that it includes
    except (Problem, DatabaseError) as reason:  # nothing is loaded yet; /healthz says so
        logger.info("Not warmed up: %s", reason)
    connections.close_all()


def die_with_parent() -> None:
    """Linux: this process gets SIGTERM when its parent is gone, even killed, so that the port is free again."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PDEATHSIG, signal.SIGTERM)
