"""Pages of services, approvals, halls and licences with 100,000 applications: queries, time at the server, bytes.

One client that keeps its connection asks for each page again and again. The goal is that of `yiwang bench pages`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks import pages
from benchmarks.stage import large, served

NAME = "services"
COUNT = 100_000
_FIND = """
import json, sys
import django
django.setup()
from django.contrib.sessions.backends.db import SessionStore
from yiwang.faces.portal import own
from yiwang.kernel.access.sealed import seal
from yiwang.kernel.matters import receipts
from yiwang.kernel.matters.models import Matter
made = json.loads(sys.argv[1])
session = SessionStore()
followed = [made[name] for name in ("open", "closed", "check", "joint")]
found = {n: receipts.secret_for(Matter.objects.get(number=n).pk) for n in followed if n}
session[own.KEY] = {number: seal(secret, own.PLACE) for number, secret in found.items()}
session.save()
print(json.dumps({"session": session.session_key}))
"""


def listed(made: dict) -> list[tuple[str, str]]:
    """(post or '', address)."""
    number, hall = made["open"], "service-centre"
    return [
        ("", "/services"), ("", "/services?q=我想开个小饭店"), ("", "/services/food-business-licence"),
        ("", "/services/food-business-licence/apply"), ("", "/services/once/restaurant"),
        ("", f"/follow/{number}"), ("", f"/follow/{made['closed']}"), ("", "/appointments"),
        ("", f"/appointments/at/{hall}?service=food-business-licence"), ("", f"/screen/{hall}"),
        ("", f"/screen/{hall}/now"), ("window-clerk", "/work"), ("window-clerk", "/work?whose=seen"),
        ("window-clerk", f"/matters/{number}"), ("window-clerk", "/matters"), ("window-clerk", "/matters?q=食品"),
        ("service-reviewer-market-regulation", "/work"), ("service-decider-market-regulation", "/work"),
        ("window-clerk", "/hall"), ("window-clerk", f"/hall/{hall}/desk/1"), ("window-clerk", f"/hall/{hall}/figures"),
        ("hall-guide", f"/hall/{hall}/tickets"), ("hall-guide", f"/hall/tickets/{made['waiting']}"),
        ("licence-officer", "/licences"), ("licence-officer", "/licences?number=91350100M000100Y43"),
        ("licence-officer", "/licences?status=valid&type=food-licence"),
        ("licence-officer", f"/licences/{made['licence']}"), ("", "/services/once"), ("", f"/follow/{made['joint']}"),
        ("", f"/follow/{made['check']}"), ("window-clerk", f"/matters/{made['closed']}"),
        ("window-clerk", f"/matters/{made['joint']}"), ("service-reviewer-fire-rescue", "/work"),
        ("service-reviewer-fire-rescue", f"/matters/{made['check']}"), ("window-clerk", "/matters?kind=service&state=open"),
        ("service-decider-market-regulation", "/matters?kind=service_followup"),
        ("service-decider-market-regulation", f"/matters/{made['followup']}"),
        ("project-guide", "/projects"), ("project-guide", "/projects?q=综合体"),
        ("project-guide", f"/projects/{made['project']}"), ("project-guide", f"/projects/{made['project']}/plan"),
        ("project-guide", f"/projects/{made['project']}/land"),
        ("window-clerk", f"/projects/{made['project']}/stages/construction"),
        ("window-clerk", f"/matters/{made['permit']}"), ("stage-lead-natural-resources", "/work"),
        ("stage-lead-natural-resources", "/meetings"), ("stage-lead-natural-resources", "/meetings/new"),
        ("stage-lead-natural-resources", f"/meetings/{made['meeting']}"),
    ]  # fmt: skip


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    rows, asked = [], []
    with large.home() as home:
        made = _district(home, int(COUNT * scale), report)
        session = large.run(home, _FIND, json.dumps(made))["session"]
        wanted = listed(made)
        people = large.signed_in(home, sorted({who for who, _address in wanted if who}))
        with served.served(home) as server:
            time.sleep(pages.SETTLED)
            for who, address in wanted:
                key = people[who]["session"] if who else session
                headers = {"Cookie": f"sessionid={key}", "Accept-Encoding": "gzip"}
                measured = pages._measure(server, address, headers, 200)
                rows.append({"page": address, "who": who, "address": address} | measured)
                asked.append({"method": "GET", "path": address, "headers": headers, "bodies": ["", "", ""]})
                report(pages.told(rows[-1]))
        for row, counted in zip(rows, served.count_each(home, asked), strict=True):
            row["queries"] = counted["queries"]
    most = max(rows, key=lambda row: row["queries"])
    report(f"most queries: {most['queries']} by {most['address']}")
    slow = [row["address"] for row in rows if row["p95_ms"] >= pages.GOAL["p95_ms"]]
    report(f"every page under {pages.GOAL['p95_ms']} ms p95: {'no' if slow else 'yes'} {slow or ''}")
    return {
        "rows": rows,
        "district": made,
        "goal": {"p95_ms": pages.GOAL["p95_ms"]},
        "met": not slow,
        "equal": all(not row["others"] for row in rows),
    }


def _district(home, count: int, report: Callable[[str], None]) -> dict:
    note = home / "applications.json"
    if note.exists() and (known := json.loads(note.read_text()))["applications"] == count:
        served.migrate(home)
        return known
    if (home / "yiwang.sqlite3").exists():
        raise RuntimeError(f"{home} holds another district; empty the folder first")
    served.prepare(home)
    line = [sys.executable, "-m", "benchmarks.stage.applications", str(count)]
    done = subprocess.run(
        line, env=served.environment(home) | {"PYTHONUNBUFFERED": "1"}, cwd=served.ROOT, stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    known = json.loads(done.stdout.splitlines()[-1])
    known["megabytes"] = round(os.path.getsize(home / "yiwang.sqlite3") / 1e6)
    note.write_text(json.dumps(known))
    report(f"made {count:,} applications, {known['per_second']} a second, {known['megabytes']} MB")
    return known
