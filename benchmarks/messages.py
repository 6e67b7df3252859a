"""Ten thousand messages taken from a CSV file by `yiwang reports import`, against one action for each.

The start of the program is the same whatever it takes, so it is measured by itself (a file of one message) and
left out of both rates. Beside other work on the machine the clock tells little; the processor time each message
needs tells which way is cheaper. Taken a second time, the same file must add nothing: every message is stored exactly once.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.stage import served

NAME = "messages"
MESSAGES, SINGLY = 10_000, 500
_TEXTS = (
    "{road}{number}号门前路灯不亮好几天了，晚上走路很危险",
    "{road}{number}号附近人行道上停满了车，盲道全被占了，希望尽快处理",
    "家住{road}{number}号，楼下烧烤店每天半夜油烟呛人，噪音也大，孩子睡不着",
    "{road}{number}号路口的污水井一直往外冒水，臭气熏天，反映多次没人管",
    "{road}{number}号小区供暖不达标，室内只有十五度，供热公司一直推诿",
    "{road}{number}号旁边的工地夜里十一点还在施工，请问有没有许可",
    "{road}{number}号垃圾堆了半个月没人拉，苍蝇乱飞",
    "在{road}{number}号的饭店打工三个月，老板拖欠工资不给",
)
_ROADS = ("大北关街", "小北关街", "望花街", "津桥路", "东站街", "工农路", "和睦路", "榆林大街")
_SINGLY = """
import csv, json, sys, time, uuid
import django
django.setup()
from django.utils import timezone
from yiwang.domains.operations import actions
from yiwang.kernel.access.actors import SYSTEM
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
def take(row):
    actions.report(id=uuid.uuid4(), channel="messages", text=row["text"], external_id="single-" + row["id"],
                   contact_phone=row["phone"], now=timezone.now(), actor=SYSTEM)
for row in rows[:20]:
    take(row)
began, used = time.perf_counter(), time.process_time()
for row in rows[20:]:
    take(row)
seconds, used = time.perf_counter() - began, time.process_time() - used
print(json.dumps({"seconds": seconds, "cpu": used, "rows": len(rows) - 20}))
"""


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    count = max(100, round(MESSAGES * scale))
    with tempfile.TemporaryDirectory(prefix="yiwang-messages-") as folder:
        home, file, few = Path(folder), Path(folder) / "messages.csv", Path(folder) / "few.csv"
        one = Path(folder) / "one.csv"
        served.prepare(home)
        _write(file, count)
        _write(few, min(count, SINGLY))
        _write(one, 1, name="one")
        start, start_cpu = _import(home, one)[1:]
        first, seconds, cpu = _import(home, file)
        again = _import(home, file)[0]
        single = _singly(home, few)
        audit = json.loads(served.command(home, "audit", "verify", "--json").stdout)
    rows = [
        _row("import of a file", count, seconds, start, cpu - start_cpu),
        _row("one action each", single["rows"], single["seconds"], 0.0, single["cpu"]),
    ]
    for row in rows:
        report(
            f"{row['what']:<18}{row['messages']:>7} messages  {row['seconds']:>7} s, of which the program's start "
            f"{row['start']:>5} s  {row['per_second']:>6} a second without it  processor {row['cpu_ms']:>5} ms each"
        )
    bulk, single_row = rows
    faster = round(bulk["per_second"] / single_row["per_second"], 1)
    cheaper = round(single_row["cpu_ms"] / bulk["cpu_ms"], 1)
    report(f"in bulk {faster} times as fast, with {cheaper} times less processor time")
    told = {name: first[name] for name in ("taken", "classified", "located", "to_person")}
    report(f"{told}; taken again: {again['taken']} new, {again['already']} known")
    equal = (
        (first["taken"], again["taken"], again["already"]) == (count, 0, count)
        and audit["faults"] == []
        and audit["checked"] == 1 + count + single["rows"] + 20
    )
    return {"rows": rows, "times_faster": faster, "times_cheaper": cheaper, "summary": told, "equal": equal}


def _write(file: Path, count: int, name: str = "m") -> None:
    rng = Random(1)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text", "phone"])
        for number in range(count):
            text = rng.choice(_TEXTS).format(road=rng.choice(_ROADS), number=rng.randrange(1, 999))
            writer.writerow([f"{name}{number:06d}", text, f"1380013{rng.randrange(10_000):04d}"])


def _row(what: str, messages: int, seconds: float, start: float, cpu: float) -> dict:
    return {
        "what": what,
        "messages": messages,
        "seconds": round(seconds, 2),
        "start": round(start, 2),
        "per_second": round(messages / max(seconds - start, 0.001)),
        "cpu_ms": round(max(1000 * cpu / messages, 0.01), 2),
    }


def _import(home: Path, file: Path) -> tuple[dict, float, float]:
    """What the command tells, its seconds and its processor seconds, start of the program included."""
    began, before = time.perf_counter(), os.times()
    done = served.command(home, "reports", "import", str(file), "--channel", "messages", "--json")
    seconds, after = time.perf_counter() - began, os.times()
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(done.stdout), seconds, cpu


def _singly(home: Path, file: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _SINGLY, str(file)],
        env=served.environment(home),
        cwd=served.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
