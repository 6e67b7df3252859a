"""Reports filed over HTTP by eight clients that keep their connection, against three bare inserts through Django.

A filing checks, locates and classifies the report, opens the matter, its first task and its first event, and
keeps the report, in one transaction. Clients, server and database share the machine. Every acknowledged report
must be stored exactly once, and every event chain must verify.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.stage import clients, served
from benchmarks.stage.reports import report as new_report

NAME = "filing"
CLIENTS = 8
REPORTS, WARM_UP = 3000, 160
GOAL = {"per_second": 200, "p95_ms": 100, "queries": 12}
HEADERS = {"X-Api-Key": served.KEY}
PATH = "/api/v1/reports"


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    rows: list[dict] = []
    count = max(CLIENTS, round(REPORTS * scale))
    with tempfile.TemporaryDirectory(prefix="yiwang-filing-") as folder:
        rows += _on("sqlite", Path(folder), "", count, report)
    try:
        with served.postgres() as address, tempfile.TemporaryDirectory(prefix="yiwang-filing-") as folder:
            rows += _on("postgresql", Path(folder), address, count, report)
    except served.Absent as reason:
        rows.append({"database": "postgresql", "skipped": str(reason)})
        report(f"postgresql skipped: {reason}")
    filings = [row for row in rows if row.get("what") == "filing"]
    met = all(
        row["per_second"] >= GOAL["per_second"]
        and row["p95_ms"] < GOAL["p95_ms"]
        and row["queries"] <= GOAL["queries"]
        for row in filings
    )
    report(f"200 a second, p95 under 100 ms, at most 12 queries: {'yes' if met else 'no'}")
    return {"rows": rows, "goal": GOAL, "met": met, "equal": all(row["stored_once"] for row in filings)}


def _on(name: str, home: Path, database: str, count: int, report: Callable[[str], None]) -> list[dict]:
    served.prepare(home, database)
    keys: list[str] = []
    with served.served(home, database) as server:
        _fire(server, WARM_UP, seed=1, keys=keys)
        filing, tally = _measured(server, count, seed=2, keys=keys)
    filing = {"database": name, "what": "filing", **filing}
    filing["queries"] = _queries(home, database)
    filing["stored_once"] = not tally.others and _verified(home, database, keys)
    with served.served(home, database, program=("benchmarks.stage.bare_serve",)) as server:
        _fire(server, WARM_UP, seed=3, keys=[])
        bare, _tally = _measured(server, count, seed=4, keys=[])
    rows = [filing, {"database": name, "what": "three bare inserts", **bare, "queries": 3}]
    for row in rows:
        report(
            f"{name:<11}{row['what']:<20}{row['per_second']:>7} a second   p50 {row['p50_ms']:>6} ms   "
            f"p95 {row['p95_ms']:>6} ms   p99 {row['p99_ms']:>6} ms   "
            f"server's processor {row['cpu_ms']:>5} ms each   queries {row['queries']}"
        )
    return rows


def _measured(server: served.Server, count: int, seed: int, keys: list[str]) -> tuple[dict, clients.Tally]:
    """What the clients saw, and the processor time of the server's own processes for each report.

    Beside other work on the same machine the times of the clock grow; the processor time hardly does.
    """
    before = server.cpu_seconds()
    tally = _fire(server, count, seed, keys)
    spent = server.cpu_seconds() - before
    return tally.row() | {"cpu_ms": round(1000 * spent / max(1, len(tally.seconds)), 2)}, tally


def _fire(server: served.Server, count: int, seed: int, keys: list[str]) -> clients.Tally:
    """`count` reports from all clients; the ids of those that were acknowledged are added to `keys`."""
    left, lock = itertools.count(), threading.Lock()

    def asks(number: int) -> Iterator[clients.Ask]:
        rng = Random(seed * 1000 + number)
        while next(left) < count:
            _key, body = new_report(rng)
            yield lambda line, body=body: line.ask("POST", PATH, body)

    def answered(status: int, body: bytes) -> None:
        with lock:
            keys.append(json.loads(body)["id"])

    lines = [clients.Line(server.port, HEADERS) for _number in range(CLIENTS)]
    return clients.together(lines, asks, wanted=(201,), answered=answered)


def _queries(home: Path, database: str) -> int:
    rng = Random(9)
    bodies = [new_report(rng)[1].decode() for _time in range(3)]
    counted = served.count_queries(home, database, method="POST", path=PATH, headers=HEADERS, bodies=bodies)
    if counted["status"] != 201:
        raise RuntimeError(f"a report was answered with {counted['status']}")
    return counted["queries"]


def _verified(home: Path, database: str, keys: list[str]) -> bool:
    """Each acknowledged report is a matter, once, and all chains hold (three more were filed to count queries)."""
    audit = served.command(home, "audit", "verify", "--json", database=database)
    told = json.loads(audit.stdout)
    return audit.returncode == 0 and told["checked"] == len(set(keys)) + 3 == len(keys) + 3
