"""Every page of the address table with a million matters: queries, time at the server, bytes.

The pages are those of `tests/pages`, so none is left out; one client that keeps its connection asks for each page
again and again. The first answer of a server that has just started is told apart (cold). Compared to the page that
shows least, the sign-in form: what a page costs beyond the frame.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.stage import clients, large, served

NAME = "pages"
REQUESTS, WARM_UP = 30, 3
GOAL = {"p95_ms": 80, "wall_cold_ms": 1000}
WALL = "/wall"
SETTLED = (
    20  # seconds: the worker of a new server does its first round, and catches up with what was just made
)
# One of everything that a page can show is brought into the large district, and who looks at it is signed in.
_FIND = """
import importlib
import json
import pkgutil
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
import tests.pages
from tests.pages import district
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project import preparing
day = timezone.localdate()
while day.weekday() != 0 or not current_calendar().day(day).working:  # a Monday, as in the tests
    day -= timedelta(days=1)
made = district.make(f"{day}T10:00")  # the service hall is open then
preparing.analyze()  # as every night
found = []
for module in pkgutil.iter_modules(tests.pages.__path__):
    listed = getattr(importlib.import_module(f"tests.pages.{module.name}"), "PAGES", {})
    for name, pages in listed.items():
        for page in pages if isinstance(pages, list) else [pages]:
            session = made.session(page.who)
            found.append({"page": name, "who": page.who, "address": page.of(made), "status": page.status, "session": session})
print(json.dumps({"pages": found, "leader": made.session("duty-leader")}))
"""


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    rows, asked = [], []
    with large.home() as home:
        made = large.district(home, large.SCALE * scale, report)
        found = _found(home)
        with served.served(home) as server:
            time.sleep(SETTLED)
            for page in found["pages"]:
                headers = {"Cookie": f"sessionid={page['session']}", "Accept-Encoding": "gzip"}
                row = {name: page[name] for name in ("page", "who", "address")}
                rows.append(row | _measure(server, page["address"], headers, page["status"]))
                asked.append(
                    {"method": "GET", "path": page["address"], "headers": headers, "bodies": ["", "", ""]}
                )
                report(told(rows[-1]))
        for row, counted in zip(rows, served.count_each(home, asked), strict=True):
            row["queries"] = counted["queries"]
        most = max(rows, key=lambda row: row["queries"])
        report(f"most queries: {most['queries']} by {most['address']}")
        with served.served(home) as server:
            cold = _cold(server, found["leader"])
    slow = [
        row["address"]
        for row in rows
        if row["p95_ms"] >= GOAL["p95_ms"] and not row["address"].startswith(WALL)
    ]
    met = not slow and cold < GOAL["wall_cold_ms"]
    report(f"the wall of a server that has just started: {cold} ms")
    report(f"every page under 80 ms p95, the wall under 1 s from cold: {'yes' if met else 'no'} {slow or ''}")
    return {
        "rows": rows,
        "wall_cold_ms": cold,
        "district": made,
        "goal": GOAL,
        "met": met,
        "equal": all(not row["others"] for row in rows),
    }


def _found(home: Path) -> dict:
    """Pages and sessions of this district; made once, for its people cannot move in twice."""
    kept = home / "pages.json"
    if not kept.exists():
        kept.write_text(json.dumps(large.run(home, _FIND)))
    return json.loads(kept.read_text())


def told(row: dict) -> str:
    return (
        f"{row['address'][:44]:<45}{row['who'][:22]:<23}p50 {row['p50_ms']:>7} ms   p95 {row['p95_ms']:>7} ms   "
        f"first {row['first_ms']:>7} ms   {row['bytes']:>7} bytes, {row['gzipped']:>6} gzipped"
    )


def _measure(server: served.Server, address: str, headers: dict, wanted: int) -> dict:
    line = clients.Line(server.port, headers)
    began = time.perf_counter()
    status, body = line.ask("GET", address)
    first = time.perf_counter() - began
    for _time in range(WARM_UP):
        line.ask("GET", address)

    def asks(_number: int) -> Iterator[clients.Ask]:
        for _time in range(REQUESTS):
            yield lambda line: line.ask("GET", address)

    # 202: a table so large that the worker counts it; the page says so.
    tally = clients.together([line], asks, wanted=(wanted, 202))
    return tally.row() | {
        "status": status,
        "first_ms": round(1000 * first, 1),
        "bytes": len(body),
        "gzipped": len(gzip.compress(body)),
    }


def _cold(server: served.Server, session: str) -> float:
    """Milliseconds of the wall's first page from a server that has answered nothing yet."""
    line = clients.Line(server.port, {"Cookie": f"sessionid={session}"})
    began = time.perf_counter()
    status, _body = line.ask("GET", WALL)
    if status != 200:
        raise RuntimeError(f"the wall answers {status}")
    return round(1000 * (time.perf_counter() - began), 1)
