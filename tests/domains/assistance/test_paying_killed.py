"""The power goes while the payment list is made: nothing is half there, and the next run lists everything once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.stage import served

AWARDS = 3000
BACK = 2400  # more than one INSERT of payments that are made again


def run(home, *words: str) -> int:
    line = [sys.executable, "-m", "tests.domains.assistance.payroll", *words]
    return subprocess.run(line, env=served.environment(home), cwd=served.ROOT, capture_output=True).returncode


def rows(home, sql: str) -> tuple:
    database = sqlite3.connect(home / "yiwang.sqlite3")
    try:
        return database.execute(sql).fetchone()
    finally:
        database.close()


COUNTS = "SELECT (SELECT count(*) FROM assistance_payment), (SELECT count(*) FROM assistance_paymentbatch)"


@pytest.fixture(scope="module")
def awarded(tmp_path_factory):
    """A folder with awards that nobody has listed yet."""
    home = tmp_path_factory.mktemp("awarded")
    served.prepare(home)
    assert run(home, "awards", str(AWARDS)) == 0
    return home


@pytest.fixture
def home(awarded, tmp_path):
    return shutil.copytree(awarded, tmp_path / "home")


def test_killed_at_any_statement_the_list_loses_nothing_and_doubles_nothing(home):
    for statement in ("1", "2", "3", "4"):  # the batch, then the payments in blocks
        assert run(home, "pay", statement) == -9
        assert rows(home, COUNTS) == (0, 0)
    # Two at once, as when somebody presses twice: one of them lists, the other finds nothing or is told so.
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _n: run(home, "pay"), range(2)))
    assert rows(home, COUNTS) == (AWARDS, 1)
    assert run(home, "pay", "1") == 0  # nothing waits any more, so nothing is written
    whole = "SELECT count(DISTINCT award_id), sum(fen), (SELECT sum(fen) FROM assistance_paymentbatch) FROM assistance_payment"
    expected = sum(50_000 + number for number in range(AWARDS))
    assert rows(home, whole) == (AWARDS, expected, expected)


STATES = """SELECT (SELECT count(*) FROM assistance_payment WHERE repays_id IS NOT NULL),
    (SELECT count(*) FROM assistance_paymentbatch),
    (SELECT count(*) FROM assistance_payment WHERE ready_at IS NOT NULL),
    (SELECT count(*) FROM assistance_paymentchange WHERE what = 'account')"""


def test_what_came_back_is_paid_again_once_wherever_it_is_killed(home):
    assert [run(home, *words) for words in (("pay",), ("back", str(BACK)))] == [0, 0]
    for statement in (2, 3, 5):  # payment and change of the first account; payment of the second one
        before = rows(home, STATES)
        assert run(home, "right", str(statement)) == -9
        _again, _batches, ready, changes = rows(home, STATES)
        assert (
            ready == changes == before[2] + (statement > 3)
        )  # an account is right with its change, or not at all
    assert run(home, "right") == 0
    assert rows(home, STATES) == (0, 1, BACK, BACK)
    for statement in ("1", "2", "3"):  # the batch, then the payments in blocks
        assert run(home, "pay", statement) == -9
        assert rows(home, STATES) == (0, 1, BACK, BACK)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _n: run(home, "pay"), range(2)))
    assert run(home, "pay", "1") == 0  # nothing waits any more
    assert rows(home, STATES) == (BACK, 2, BACK, BACK)
    whole = """SELECT count(*), count(DISTINCT award_id), sum(fen) FROM assistance_payment WHERE state = 'listed'"""
    expected = sum(50_000 + number for number in range(AWARDS))
    assert rows(home, whole) == (AWARDS, AWARDS, expected)
    again = """SELECT sum(one.fen) - (SELECT fen FROM assistance_paymentbatch WHERE number = 2),
        sum(one.fen != first.fen OR one.award_id != first.award_id OR one.month != first.month OR first.state != 'returned')
        FROM assistance_payment one JOIN assistance_payment first ON first.id = one.repays_id"""
    assert rows(home, again) == (0, 0)
