"""Every page of the address table with a million matters: queries, time at the server, bytes.

The pages are those of `tests/pages`, so none is left out; one client that keeps its connection asks for each page
again and again. The first answer of a server that has just started is told apart (cold). Compared to the page that
shows least, the sign-in form: what a page costs beyond the frame.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import tests.pages
from benchmarks.stage import clients, large, served
from tests.pages import Page

NAME = "pages"
REQUESTS, WARM_UP = 30, 3
GOAL = {"p95_ms": 80, "wall_cold_ms": 1000}
WALL = "/wall"
_FIND = """
import json
import django
django.setup()
from django.contrib.sessions.backends.db import SessionStore
from yiwang.kernel.matters import receipts
from yiwang.domains.operations.models import Report
from yiwang.faces.portal import own
from yiwang.kernel.access.sealed import seal
from yiwang.kernel.matters.models import Matter, Task
report = Report.objects.filter(channel="portal", matter__state="closed").select_related("matter").order_by("-received_at")[0]
number, secret = report.matter.number, receipts.secret_for(report.pk)
session = SessionStore()
session[own.KEY] = {number: seal(secret, own.PLACE)}
session.save()
at = {"closed": number}
for step in ("file", "dispatch", "handle", "feedback", "verify", "close"):
    tasks = Task.objects.filter(state="open", node=step, kind="incident", matter__merged_into=None)
    task = tasks.select_related("matter").order_by("due_at").first()
    at[step] = task.matter.number if task else number
print(json.dumps({"number": number, "secret": secret, "report": str(report.pk), "at": at, "session": session.session_key}))
"""


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    rows, asked, left_out = [], [], []
    with large.home() as home:
        made = large.district(home, large.SCALE * scale, report)
        found = large.run(home, _FIND)
        known = SimpleNamespace(**found)
        people = large.signed_in(home, sorted({page.who for _name, page in _pages() if page.who}))
        with served.served(home) as server:
            for name, page in _pages():
                try:
                    address = page.of(known)
                except (AttributeError, KeyError) as missing:
                    left_out.append(f"{name}: the district has no {missing}")
                    continue
                if page.who and page.who not in people:
                    left_out.append(f"{name}: the district has no account {page.who}")
                    continue
                session = people[page.who]["session"] if page.who else found["session"]
                headers = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
                row = {"page": name, "who": page.who, "address": address}
                rows.append(row | _measure(server, address, headers, page.status))
                asked.append({"method": "GET", "path": address, "headers": headers, "bodies": ["", "", ""]})
                report(told(rows[-1]))
        for row, counted in zip(rows, served.count_each(home, asked), strict=True):
            row["queries"] = counted["queries"]
        most = max(rows, key=lambda row: row["queries"])
        report(f"most queries: {most['queries']} by {most['address']}")
        with served.served(home) as server:
            cold = _cold(server, people["duty-leader"]["session"]) if "duty-leader" in people else None
    slow = [
        row["address"]
        for row in rows
        if row["p95_ms"] >= GOAL["p95_ms"] and not row["address"].startswith(WALL)
    ]
    met = not slow and not left_out and (cold is None or cold < GOAL["wall_cold_ms"])
    for line in left_out:
        report(f"left out: {line}")
    report(f"the wall of a server that has just started: {cold} ms")
    report(f"every page under 80 ms p95, the wall under 1 s from cold: {'yes' if met else 'no'} {slow or ''}")
    return {
        "rows": rows,
        "left_out": left_out,
        "wall_cold_ms": cold,
        "district": made,
        "goal": GOAL,
        "met": met,
        "equal": all(not row["others"] for row in rows),
    }


def told(row: dict) -> str:
    return (
        f"{row['address'][:44]:<45}{row['who'][:22]:<23}p50 {row['p50_ms']:>7} ms   p95 {row['p95_ms']:>7} ms   "
        f"first {row['first_ms']:>7} ms   {row['bytes']:>7} bytes, {row['gzipped']:>6} gzipped"
    )


def _pages() -> list[tuple[str, Page]]:
    found = []
    for module in pkgutil.iter_modules(tests.pages.__path__):
        listed = getattr(importlib.import_module(f"tests.pages.{module.name}"), "PAGES", {})
        for name, pages in listed.items():
            found += [(name, page) for page in (pages if isinstance(pages, list) else [pages])]
    return found


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


def _cold(server: served.Server, session: str) -> float | None:
    """Milliseconds of the wall's first page from a server that has answered nothing yet; None without a wall."""
    line = clients.Line(server.port, {"Cookie": f"sessionid={session}"})
    began = time.perf_counter()
    status, _body = line.ask("GET", WALL)
    return round(1000 * (time.perf_counter() - began), 1) if status == 200 else None
