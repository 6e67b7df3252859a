"""One transaction, on the disk when it returns. On SQLite one wait for the disk serves several reports.

PostgreSQL does this by itself. SQLite with `synchronous=FULL` waits for the disk inside COMMIT, so writers wait
for it one after another. Here a transaction commits without that wait and lets the next writer in; then its
thread flushes the write-ahead log, or finds that somebody else's flush has just done so. SQLite's own rules
keep the file whole in between: with `synchronous=NORMAL` the log is flushed before any of it reaches the
database file. See docs/decisions/0006.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Problem

log = logging.getLogger(__name__)

# On SQLite several writers wait for each other in steps of up to 100 ms; a lock in the process queues them fairly.
_writer = threading.RLock()


class DiskFailed(Problem):
    """The disk did not take what was written, so nothing may be called safe any more."""

    status, code = 503, "disk_failed"


class Flushes:
    """Lets threads share flushes: a flush that began after a thread's commit serves that thread too.

    After a flush has failed the system may have forgotten what it could not write, and a later flush would
    succeed without it: so every later wait fails as well, until the program is started again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._committed = self._flushed = 0
        self._failed = False

    def check(self) -> None:
        """Raises DiskFailed when a flush has failed."""
        if self._failed:
            raise DiskFailed(
                _(
                    "The disk of the server failed, so nothing more is taken. "
                    "The operator must look at it and start anew."
                )
            )

    def committed(self) -> int:
        """The ticket of a commit. The caller holds the writers' lock."""
        self._committed += 1
        return self._committed

    def wait(self, flush: Callable[[], None], ticket: int | None = None) -> None:
        """Returns when the commit of this ticket is on the disk; without one, all that anybody could see so far.

        Raises DiskFailed.
        """
        with self._lock:
            self.check()
            if ticket is not None and self._flushed >= ticket:
                return
            reached = self._committed
            try:
                flush()
            except OSError as error:
                self._failed = True
                log.critical(
                    "the disk failed (%s); nothing more is taken until the server starts again", error
                )
                self.check()
            self._flushed = reached


_flushes = Flushes()


@contextmanager
def one_transaction() -> Iterator[None]:
    """Everything inside is written and on the disk, or nothing is. Joins the transaction that is open already."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block:
        yield
    elif database.vendor != "sqlite":
        with transaction.atomic():
            yield
    else:
        ticket = None
        with _writer:
            _flushes.check()
            log_file = _log_of(database)
            if log_file is None:
                with transaction.atomic():
                    yield
            else:
                with _without_flush(database), transaction.atomic():
                    yield
                ticket = _flushes.committed()
        if ticket is not None:
            _flushes.wait(partial(_flush, log_file), ticket)


def make_sure() -> None:
    """Returns when everything that was read so far is on the disk too: before a stored report is acknowledged again."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor == "sqlite" and not database.in_atomic_block:
        log_file = _log_of(database)
        if log_file is not None:
            _flushes.wait(partial(_flush, log_file))


@contextmanager
def _without_flush(database: Any) -> Iterator[None]:
    """COMMIT does not wait for the disk; every other transaction of the connection still does."""
    raw = database.connection
    raw.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        if database.connection is raw:  # else it was closed, and a new one begins as the settings say
            raw.execute("PRAGMA synchronous=FULL")


def _log_of(database: Any) -> str | None:
    """The path of the write-ahead log; None where there is none, as in memory: there COMMIT is left as it is."""
    database.ensure_connection()
    path = f"{database.settings_dict['NAME']}-wal"
    return path if os.path.exists(path) else None


def _flush(path: str) -> None:
    try:
        file = os.open(path, os.O_RDONLY)
    except (
        FileNotFoundError
    ):  # the last connection has put it into the database file, flushed, and removed it
        return
    try:
        _fdatasync(file)
    finally:
        os.close(file)


_fdatasync = getattr(os, "fdatasync", os.fsync)
