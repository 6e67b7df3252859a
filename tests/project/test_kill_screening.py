"""The power goes during a screening: what was found is there once, the worker goes on with it, and nothing is doubled."""

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


WORKER = """
import django
django.setup()
import json
from django.utils import timezone
from yiwang.domains.assistance.discovery import screening
from yiwang.domains.assistance.models import Screening
assert screening.go_on(timezone.now()) == 1
row = Screening.objects.order_by("started_at").first()
counts = {"screenings": Screening.objects.count(), "open": Screening.objects.filter(done_at=None).count()}
print(json.dumps({"counts": row.counts, "raised": row.raised, "known": row.known} | counts))
"""


def gone_on(home) -> dict:
    """What the worker does when it starts again."""
    line = [sys.executable, "-c", WORKER]
    done = subprocess.run(
        line, env=served.environment(home), cwd=served.ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


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

    told = gone_on(tmp_path)
    whole = found(tmp_path)
    assert set(some) <= set(whole)
    assert (
        len(whole)
        == len({row[:2] for row in whole})
        == sum(sum(one.values()) for one in told["counts"].values())
    )
    assert told["raised"] + told["known"] == len(whole)
    assert (told["screenings"], told["open"]) == (1, 0)  # the same screening, ended

    again = json.loads(served.command(tmp_path, "assistance", "screen", "--json").stdout)
    assert (again["raised"], again["lapsed"], found(tmp_path)) == (0, 0, whole)
