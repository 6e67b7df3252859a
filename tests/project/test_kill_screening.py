"""The power goes during a screening: what was found is there once, and the next one finds the rest."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time

from benchmarks.stage import served

LINE = [sys.executable, "-m", "yiwang.project.cli", "assistance", "screen", "--json"]


def found(home) -> list[tuple]:
    database = sqlite3.connect(home / "yiwang.sqlite3", timeout=30)
    rows = database.execute(
        "SELECT household, cause, says, fingerprint FROM assistance_finding ORDER BY 1, 2, 3, 4"
    )
    rows = list(rows)
    database.close()
    return rows


def test_a_screening_killed_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path):
    served.prepare(tmp_path)
    made = served.command(tmp_path, "population", "make", "--residents", "9000", "--json")
    assert made.returncode == 0, made.stderr
    cut = subprocess.Popen(LINE, env=served.environment(tmp_path), cwd=served.ROOT, stdout=subprocess.DEVNULL)
    while not found(tmp_path) and cut.poll() is None:
        time.sleep(0.02)
    cut.send_signal(signal.SIGKILL)
    cut.wait()
    some = found(tmp_path)
    assert some, "killed before anything was found"

    told = json.loads(served.command(tmp_path, "assistance", "screen", "--json").stdout)
    whole = found(tmp_path)
    assert set(some) <= set(whole)
    assert (
        len(whole)
        == len({row[:2] for row in whole})
        == sum(map(sum, map(dict.values, told["programmes"].values())))
    )
    assert told["raised"] + told["known"] == len(whole)

    again = json.loads(served.command(tmp_path, "assistance", "screen", "--json").stdout)
    assert (again["raised"], again["lapsed"], found(tmp_path)) == (0, 0, whole)
