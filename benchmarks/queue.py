"""The queue of fifty out of a million matters, one client over HTTP, as JSON and as a page.

Compared to all open tasks of the post read by plain SQL and sorted here: the same tasks in the same order. No
statement may read a whole table or count it. The district is made by `yiwang demo --scale 300`, which takes a
while; set YIWANG_BENCH_HOME to a folder to keep it there and use it again.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from benchmarks.stage import clients, served

NAME = "queue"
DEMO_SCALE, ROWS = 300, 50
REQUESTS, WARM_UP = 300, 20
GOAL = {"p95_ms": 50, "queries": 6}
WHO = ("acceptor", "dispatcher", "inspector-district", "handler-law-enforcement", "reviewer-law-enforcement")
_SIGN_IN = """
import json, sys
import django
django.setup()
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from yiwang.kernel.access import tokens
from yiwang.kernel.access.models import User
found = {}
for name in json.loads(sys.argv[1]):
    user = User.objects.get(username=name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "yiwang.kernel.access.signin.PostsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    found[name] = {"token": tokens.issue(user, now=timezone.now())[1], "session": session.session_key}
print(json.dumps(found))
"""


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    with _home() as home:
        made = _district(home, DEMO_SCALE * scale, report)
        officials = _signed_in(home)
        rows, plans = [], {}
        with served.served(home) as server:
            for name in WHO:
                for what, path, headers in _ways(officials[name]):
                    row, plan = _measure(server, home, name, what, path, headers)
                    rows.append(row)
                    plans |= plan
                    report(
                        f"{name:<26}{what:<6} p50 {row['p50_ms']:>6} ms   p95 {row['p95_ms']:>6} ms   "
                        f"queries {row['queries']}   rows {row['rows']}"
                    )
            equal = all(_same_order(server, home, name, officials[name]["token"]) for name in WHO)
        scans = sorted({line for plan in plans.values() for line in plan if _reads_all(line)})
    met = (
        all(row["p95_ms"] < GOAL["p95_ms"] and row["queries"] <= GOAL["queries"] for row in rows)
        and not scans
    )
    report(
        f"{made['matters']:,} matters, {made['open_tasks']:,} open tasks; statements that read a whole table: {scans or 'none'}"
    )
    report(f"p95 under 50 ms, at most 6 queries, no whole table: {'yes' if met else 'no'}")
    return {
        "rows": rows,
        "district": made,
        "scans": scans,
        "goal": GOAL,
        "met": met,
        "equal": equal and not scans,
    }


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    kept = os.environ.get("YIWANG_BENCH_HOME")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="yiwang-queue-") as folder:
        yield Path(folder)


def _district(home: Path, scale: float, report: Callable[[str], None]) -> dict:
    """The district of this scale, made unless it lies there already; how fast it was made."""
    note = home / "district.json"
    known = json.loads(note.read_text()) if note.exists() else {}
    if known.get("scale") != scale:
        if (home / "yiwang.sqlite3").exists():
            raise RuntimeError(f"{home} holds another district; empty the folder first")
        served.prepare(home)
        began = time.perf_counter()
        # Its progress is seen at the terminal; the last line is the result.
        line = [sys.executable, "-m", "yiwang.project.cli", "demo", "--json", "--scale", str(scale)]
        done = subprocess.run(
            line, env=served.environment(home), cwd=served.ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        known = {"scale": scale, "wall_seconds": round(time.perf_counter() - began, 1)} | json.loads(
            done.stdout
        )
        with contextlib.closing(sqlite3.connect(home / "yiwang.sqlite3")) as database:
            counted = database.execute("SELECT count(*) FROM matters_task WHERE state = 'open'").fetchone()
        known["open_tasks"] = counted[0]
        known["megabytes"] = round((home / "yiwang.sqlite3").stat().st_size / 1e6)
        note.write_text(json.dumps(known))
        report(
            f"made {known['matters']:,} matters, {known['matters_per_second']} a second, {known['megabytes']} MB"
        )
    return known


def _signed_in(home: Path) -> dict[str, dict]:
    done = subprocess.run(
        [sys.executable, "-c", _SIGN_IN, json.dumps(WHO)],
        env=served.environment(home),
        cwd=served.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _ways(official: dict) -> tuple[tuple[str, str, dict], ...]:
    return (
        ("API", f"/api/v1/queue?limit={ROWS}", {"Authorization": f"Bearer {official['token']}"}),
        ("page", "/work", {"Cookie": f"sessionid={official['session']}"}),
    )


def _measure(
    server: served.Server, home: Path, name: str, what: str, path: str, headers: dict
) -> tuple[dict, dict]:
    def asks(_number: int) -> Iterator[clients.Ask]:
        for _time in range(REQUESTS):
            yield lambda line: line.ask("GET", path)

    line = clients.Line(server.port, headers)
    for _time in range(WARM_UP):
        status, body = line.ask("GET", path)
    if status != 200:
        raise RuntimeError(f"{path} was answered with {status} for {name}")
    shown = len(json.loads(body)["items"]) if what == "API" else body.count(b"yw-queue-title")
    tally = clients.together([line], asks, wanted=(200,))
    counted = served.count_queries(
        home, method="GET", path=path, headers=headers, bodies=["", "", ""], plans=True
    )
    row = {"who": name, "what": what, **tally.row(), "queries": counted["queries"], "rows": shown}
    return row, counted["plans"]


def _reads_all(line: str) -> bool:
    """A step of SQLite's plan that goes through a whole table of matters, tasks, events or reports."""
    large = ("matters_", "operations_report")
    return line.startswith("SCAN") and any(name in line for name in large) and "USING" not in line


def _same_order(server: served.Server, home: Path, name: str, token: str) -> bool:
    """The first page against every open task of the person's posts, read and sorted here."""
    line = clients.Line(server.port, {"Authorization": f"Bearer {token}"})
    given = [row["task"] for row in json.loads(line.ask("GET", f"/api/v1/queue?limit={ROWS}")[1])["items"]]
    line.close()
    sql = """
        SELECT t.id, t.due_at, t.area_id, t.unit_id, p.area_id, p.unit_id FROM matters_task t
        JOIN registers_post p ON p.code = ? AND p.kind = t.post WHERE t.state = 'open'"""
    units = "SELECT code, parent_id FROM registers_unit"
    with contextlib.closing(sqlite3.connect(home / "yiwang.sqlite3")) as database:
        above = dict(database.execute(units).fetchall())
        found = database.execute(sql, (name,)).fetchall()

    def under(unit: str | None, top: str) -> bool:
        while unit is not None and unit != top:
            unit = above.get(unit)
        return unit == top

    mine = [
        (due is None, due or "", str(UUID(key)))
        for key, due, area, unit, post_area, post_unit in found
        if (area or post_area).startswith(post_area) and (unit is None or under(unit, post_unit))
    ]
    return given == [key for _none, _due, key in sorted(mine)[:ROWS]]
