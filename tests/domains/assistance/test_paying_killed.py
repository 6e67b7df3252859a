"""The power goes while the payment list is made: nothing is half there, and the next run lists everything once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from benchmarks.stage import served

AWARDS = 3000


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


def test_killed_at_any_statement_the_list_loses_nothing_and_doubles_nothing(tmp_path):
    served.prepare(tmp_path)
    assert run(tmp_path, "awards", str(AWARDS)) == 0
    for statement in ("1", "2", "3", "4"):  # the batch, then the payments in blocks
        assert run(tmp_path, "pay", statement) == -9
        assert rows(tmp_path, COUNTS) == (0, 0)
    # Two at once, as when somebody presses twice: one of them lists, the other finds nothing or is told so.
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _n: run(tmp_path, "pay"), range(2)))
    assert rows(tmp_path, COUNTS) == (AWARDS, 1)
    assert run(tmp_path, "pay", "1") == 0  # nothing waits any more, so nothing is written
    whole = "SELECT count(DISTINCT award_id), sum(fen), (SELECT sum(fen) FROM assistance_paymentbatch) FROM assistance_payment"
    expected = sum(50_000 + number for number in range(AWARDS))
    assert rows(tmp_path, whole) == (AWARDS, expected, expected)
