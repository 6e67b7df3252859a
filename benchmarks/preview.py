"""What a changed parameter would do to 700,000 residents, asked over HTTP as a slider of the page asks.

Compared to asking everybody from the files, without what the server keeps: the same sums of money. Each request
changes another value, so that nothing is answered from an earlier one. The goal is under a second.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.stage import clients, large, served

NAME = "preview"
RESIDENTS = 700_000
REQUESTS = 30
GOAL_MS = 1000
# A standard that most programmes look at, one that a few do, one that only its own does.
PARAMETERS = (
    ("guarantee.standard.urban", range(81_000, 96_000, 500)),
    ("topup.aged", range(1, 60, 2)),
    ("disability.nursing", range(9_100, 12_100, 100)),
)

_PEOPLE = """
import json, sys
import django
django.setup()
from django.utils import timezone
from tests.people import user
from yiwang.kernel.lake import writing
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers import queries as registers
from yiwang.project.population.making import make
rules, now = rulebook.current(), timezone.now()
areas = {code: row for code, row in registers.areas().items() if row.level == "community"}
made = make(residents=int(sys.argv[1]), seed=1, moment=now, areas=list(areas),
    places={code: [("大东路", 1, 80)] for code in areas},
    rural=frozenset(code for code, row in areas.items() if row.name.endswith("村")), variables=rules.variables)
writing.write(made.people, rules.variables, timezone.localdate(now))
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
official, store = user("aid-county"), SessionStore()
store[SESSION_KEY] = str(official.pk)
store[BACKEND_SESSION_KEY] = "yiwang.kernel.access.signin.PostsBackend"
store[HASH_SESSION_KEY] = official.get_session_auth_hash()
store.save()
print(json.dumps({"session": store.session_key, "households": len(made.people.households)}))
"""

_PLAIN = """
import json, sys, time
import django
django.setup()
from django.utils.timezone import localdate, now
from yiwang.core.policy import evaluate
from yiwang.domains.assistance.discovery import residents
from yiwang.domains.assistance.preview.effects import TIMES
from yiwang.kernel.packs.rulebook import current
rules, found, began = current().policy, {}, time.perf_counter()
for name, value in json.loads(sys.argv[1]):
    changed = rules.with_values({name: value})
    people = residents.population_of(residents.open_snapshot(), rules)
    answers = evaluate(changed, people, localdate(now()), workers=2)
    found[name] = sum(int(one.amount.sum()) * TIMES[rules.programme(slug).pays] for slug, one in answers.items())
print(json.dumps({"fen": found, "seconds": (time.perf_counter() - began) / len(found)}))
"""


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        home = Path(folder)
        served.prepare(home)
        made = large.run(home, _PEOPLE, f"{int(RESIDENTS * scale)}")
        headers = {"Cookie": f"sessionid={made['session']}"}
        report(f"{int(RESIDENTS * scale):,} residents in {made['households']:,} households")
        rows, told = [], {}
        with served.served(home, "", "--no-worker") as server:
            line = clients.Line(server.port, headers)
            began = time.perf_counter()
            status, _body = line.ask("GET", "/assistance/preview")
            first = time.perf_counter() - began
            if status != 200:
                raise RuntimeError(f"the page was answered with {status}")
            report(f"first page of a server that has just started, which reads the files: {first:.2f} s")
            for name, values in PARAMETERS:
                for what in ("json", "page"):
                    tally, body = _asked(line, name, list(values), what)
                    rows.append({"parameter": name, "what": what} | tally.row())
                    if what == "json":
                        told[name] = json.loads(body)["total"]["fen_after"]
                    shown = rows[-1]
                    report(f"{name:<26}{what:<6} p50 {shown['p50_ms']:>7} ms   p95 {shown['p95_ms']:>7} ms")
            line.close()
        last = [(name, list(values)[-1]) for name, values in PARAMETERS]
        plain = large.run(home, _PLAIN, json.dumps(last))
    equal = plain["fen"] == told
    met = all(row["p95_ms"] < GOAL_MS for row in rows)
    report(f"everybody asked from the files: {plain['seconds']:.2f} s a question")
    report(f"the same sums: {'yes' if equal else 'NO'}; p95 under {GOAL_MS} ms: {'yes' if met else 'no'}")
    return {
        "rows": rows,
        "households": made["households"],
        "first_s": round(first, 2),
        "plain_s": round(plain["seconds"], 2),
        "goal_ms": GOAL_MS,
        "met": met,
        "equal": equal,
    }


def _asked(line: clients.Line, name: str, values: list[int], what: str) -> tuple[clients.Tally, bytes]:
    """So many requests, each with another value; the answer to the last."""
    answer = [b""]

    def asks(_number: int) -> Iterator[clients.Ask]:
        for value in values[:REQUESTS]:
            query = urlencode({"set": f"{name}={value}"} | ({"as": "json"} if what == "json" else {}))
            yield lambda one, query=query: one.ask("GET", f"/assistance/preview/effect?{query}")

    def answered(_status: int, body: bytes) -> None:
        answer[0] = body

    tally = clients.together([line], asks, answered=answered)
    if tally.others:
        raise RuntimeError(f"{name}: {tally.others}")
    return tally, answer[0]
