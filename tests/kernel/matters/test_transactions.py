"""Many commits share one wait for the disk; nobody is told "taken" before the disk has it."""

from __future__ import annotations

import os
import threading

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from yiwang.kernel.matters import transactions
from yiwang.kernel.matters.transactions import DiskFailed, Flushes, make_sure, one_transaction
from yiwang.project import environment

SYNCHRONOUS = {"normal": (1,), "full": (2,)}


class Disk:
    """What was committed, and how much of it a power cut would leave."""

    def __init__(self) -> None:
        self.committed = self.safe = self.flushes = 0

    def flush(self) -> None:
        reached = self.committed
        self.flushes += 1
        self.safe = max(self.safe, reached)


def test_whoever_waits_meanwhile_shares_the_next_flush():
    flushes, disk = Flushes(), Disk()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(20)
        disk.flush()

    first = threading.Thread(target=flushes.wait, args=(slow, flushes.committed()))
    first.start()
    assert begun.wait(20)
    tickets = [flushes.committed() for _report in range(5)]
    others = [threading.Thread(target=flushes.wait, args=(disk.flush, ticket)) for ticket in tickets]
    for thread in others:
        thread.start()
    go_on.set()
    for thread in (first, *others):
        thread.join(20)
    assert disk.flushes == 2


def test_a_flush_that_began_before_the_commit_is_not_taken_for_its_own():
    flushes, disk = Flushes(), Disk()
    early = flushes.committed()

    def during() -> None:
        disk.flush()
        flushes.committed()  # somebody commits while the disk is at work

    flushes.wait(during, early)
    flushes.wait(disk.flush, early + 1)
    assert disk.flushes == 2


def test_of_many_at_once_nobody_goes_on_before_the_disk_has_it():
    flushes, disk, writer = Flushes(), Disk(), threading.Lock()
    lost: list[int] = []

    def report() -> None:
        for _report in range(200):
            with writer:
                disk.committed += 1
                mine, ticket = disk.committed, flushes.committed()
            flushes.wait(disk.flush, ticket)
            if disk.safe < mine:
                lost.append(mine)

    threads = [threading.Thread(target=report) for _client in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not lost
    assert disk.committed == disk.safe == 1600


def test_after_the_disk_failed_once_nothing_more_is_called_safe():
    flushes = Flushes()

    def broken() -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(DiskFailed):
        flushes.wait(broken, flushes.committed())
    with pytest.raises(DiskFailed):
        flushes.wait(lambda: None, flushes.committed())


# On a real file


@pytest.fixture
def file(tmp_path, monkeypatch, django_db_blocker):
    """A database file as a district has it, in place of the tests' own for this thread."""
    monkeypatch.delenv("YIWANG_DATABASE", raising=False)
    monkeypatch.setattr(transactions, "_flushes", Flushes())
    own = connections["default"]
    given = {**own.settings_dict, **environment.database("YIWANG_DATABASE", tmp_path / "own.sqlite3")}
    with django_db_blocker.unblock():
        wrapper = DatabaseWrapper(given, "default")
        connections["default"] = wrapper
        try:
            with wrapper.cursor() as cursor:
                cursor.execute("CREATE TABLE taken (id INTEGER)")
            yield wrapper
        finally:
            connections["default"] = own
            wrapper.close()


@pytest.fixture
def flushed(file, monkeypatch):
    """For every flush, how many rows had been committed when it began."""
    seen: list[int] = []
    real = transactions._fdatasync

    def watched(descriptor: int) -> None:
        assert os.fstat(descriptor).st_ino == os.stat(f"{file.settings_dict['NAME']}-wal").st_ino
        seen.append(rows(file))
        real(descriptor)

    monkeypatch.setattr(transactions, "_fdatasync", watched)
    return seen


def take(database: DatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO taken VALUES (1)")


def rows(database: DatabaseWrapper) -> int:
    with database.cursor() as cursor:
        return cursor.execute("SELECT count(*) FROM taken").fetchone()[0]


def waits(database: DatabaseWrapper) -> tuple[int]:
    return database.connection.execute("PRAGMA synchronous").fetchone()


def test_what_an_action_wrote_is_flushed_after_its_commit_and_before_it_returns(file, flushed):
    with one_transaction():
        take(file)
        assert flushed == []
    assert flushed == [1]


def test_only_the_commit_of_an_action_leaves_the_wait_to_the_flush(file):
    with one_transaction():
        assert waits(file) == SYNCHRONOUS["normal"]
    assert waits(file) == SYNCHRONOUS["full"]


def test_a_refused_action_writes_nothing_and_the_next_commit_waits_as_ever(file, flushed):
    with pytest.raises(ZeroDivisionError), one_transaction():
        take(file)
        raise ZeroDivisionError
    assert flushed == []
    assert rows(file) == 0
    assert waits(file) == SYNCHRONOUS["full"]


def test_an_action_inside_another_is_flushed_with_it(file, flushed):
    with one_transaction():
        with one_transaction():
            take(file)
        take(file)
    assert flushed == [2]


def test_what_is_acknowledged_again_is_flushed_first(file, flushed):
    take(file)
    make_sure()
    assert flushed == [1]


def test_a_report_that_the_disk_did_not_take_is_refused_and_so_is_the_next(file, monkeypatch):
    def broken(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(transactions, "_fdatasync", broken)
        with pytest.raises(DiskFailed), one_transaction():
            take(file)
    with pytest.raises(DiskFailed), one_transaction():
        take(file)
    with pytest.raises(DiskFailed):
        make_sure()
    assert rows(file) == 1
