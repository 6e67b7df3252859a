"""The last places of a time, from several processes on one SQLite file: each is given once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys

from benchmarks.stage import served

PROCESSES, TRIES = 4, 12
_BOOK = """
import json, sys, threading
import django
django.setup()
from uuid import uuid4
from datetime import datetime
from django.db import connections
from yiwang.domains.services.hall import bookings
from yiwang.kernel.errors import Conflict
now = datetime.fromisoformat("2026-09-07T09:00+08:00")
at = datetime.fromisoformat("2026-09-08T09:10+08:00")
me, found = int(sys.argv[1]), []
sys.stdin.readline()
def run(part):
    for n in range(part, int(sys.argv[2]), 2):
        try:
            got = bookings.book(id=uuid4(), hall="service-centre", service="food-business-licence", at=at,
                                phone=f"138{me * 100 + n:08d}", now=now)
            found.append(got.booking.seat)
        except Conflict as refused:
            found.append(refused.code)
    connections.close_all()
threads = [threading.Thread(target=run, args=(part,)) for part in range(2)]
[one.start() for one in threads]
[one.join() for one in threads]
print(json.dumps(found))
"""


def test_four_processes_book_the_same_four_places_and_none_is_given_twice(tmp_path):
    served.prepare(tmp_path)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _BOOK, str(number), str(TRIES)], env=served.environment(tmp_path),
            cwd=served.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [json.loads(one.communicate(timeout=120)[0]) for one in running]
    every = [answer for one in said for answer in one]
    assert sorted(str(one) for one in every if isinstance(one, int)) == ["0", "1", "2", "3"]
    assert len(every) == PROCESSES * TRIES and {one for one in every if not isinstance(one, int)} == {"taken"}
    with sqlite3.connect(tmp_path / "yiwang.sqlite3") as database:
        rows = database.execute("SELECT seat, count(*) FROM services_booking GROUP BY seat").fetchall()
    assert rows == [(0, 1), (1, 1), (2, 1), (3, 1)]
