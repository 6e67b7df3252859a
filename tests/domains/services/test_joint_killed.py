"""The power goes while an application for a bundle moves on: nothing is half there, and done again nothing is doubled."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

from benchmarks.stage import served

COUNTS = """SELECT (SELECT count(*) FROM matters_matter), (SELECT count(*) FROM services_application),
    (SELECT count(*) FROM services_jointpart WHERE state = 'running'),
    (SELECT count(*) FROM services_jointpart WHERE state = 'granted'),
    (SELECT count(*) FROM matters_task WHERE state = 'open')"""


def run(home, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "tests.domains.services.dying", *words]
    return subprocess.run(line, env=served.environment(home), cwd=served.ROOT, capture_output=True, text=True)


def counts(home) -> tuple:
    database = sqlite3.connect(home / "yiwang.sqlite3")
    try:
        return database.execute(COUNTS).fetchone()
    finally:
        database.close()


STEPS = {
    "send": ((0, 0, 0, 0, 0), (1, 0, 0, 0, 1)),
    "accept": ((1, 0, 0, 0, 1), (3, 2, 2, 0, 3)),  # two services begin
    "decide": ((3, 2, 2, 0, 3), (5, 4, 3, 1, 5)),  # one is granted, and two more begin
}


def test_killed_while_it_moves_on_it_has_moved_or_not_at_all(tmp_path):
    served.prepare(tmp_path)
    for step, (before, after) in STEPS.items():
        for statement in ("2", "9"):
            died = run(tmp_path, step, statement)
            if step == "decide" and statement == "2":  # the review, which goes before, is done already
                before = counts(tmp_path)
            assert died.returncode == -9, (step, statement, died.stdout, died.stderr)
            assert counts(tmp_path) == before, (step, statement)
        whole = run(tmp_path, step)
        assert whole.returncode == 0, whole.stderr
        assert counts(tmp_path) == after, step
        assert int(whole.stdout.split()[-1]) > 9, step
    assert run(tmp_path, "send").returncode == 0 and counts(tmp_path) == STEPS["decide"][1]
