"""The queue of fifty out of a million matters, one client over HTTP, as JSON and as a page.

Compared to all open tasks of the post read by plain SQL and sorted here: the same tasks in the same order. No
statement may read a whole table or count it. The district is made by `yiwang demo --scale 300`, which takes a
while; set YIWANG_BENCH_HOME to a folder to keep it there and use it again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from benchmarks.stage import clients, large, served

NAME = "queue"
ROWS = 50
REQUESTS, WARM_UP = 300, 20
GOAL = {"p95_ms": 50, "queries": 6}
WHO = ("acceptor", "dispatcher", "inspector-district", "handler-law-enforcement", "reviewer-law-enforcement")


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    with large.home() as home:
        made = large.district(home, large.SCALE * scale, report)
        officials = large.signed_in(home, WHO)
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
