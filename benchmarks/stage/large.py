"""The district of a million matters, on which queues and pages are measured, and people signed in to it.

It is made by `yiwang demo --scale 300`, which takes most of an hour; set YIWANG_BENCH_HOME to a folder to keep it
there and use it again. A district that another version made is brought up to date first.
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
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks.stage import served

SCALE = 300
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
    user = User.objects.filter(username=name).first()
    if user is None:
        continue
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "yiwang.kernel.access.signin.PostsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    found[name] = {"token": tokens.issue(user, now=timezone.now())[1], "session": session.session_key}
print(json.dumps(found))
"""


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """The folder of the district: YIWANG_BENCH_HOME, or one that goes away."""
    kept = os.environ.get("YIWANG_BENCH_HOME")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="yiwang-large-") as folder:
        yield Path(folder)


def district(home: Path, scale: float, report: Callable[[str], None]) -> dict:
    """The district of this scale, made unless it lies there already; how large it is and how fast it was made."""
    note = home / "district.json"
    known = json.loads(note.read_text()) if note.exists() else {}
    if known.get("scale") == scale:
        served.migrate(home)
        return known
    if (home / "yiwang.sqlite3").exists():
        raise RuntimeError(f"{home} holds another district; empty the folder first")
    served.prepare(home)
    began = time.perf_counter()
    # Its progress is seen at the terminal; the last line is the result.
    line = [sys.executable, "-m", "yiwang.project.cli", "demo", "--json", "--scale", str(scale)]
    done = subprocess.run(
        line, env=served.environment(home), cwd=served.ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    known = {"scale": scale, "wall_seconds": round(time.perf_counter() - began, 1)} | json.loads(done.stdout)
    with contextlib.closing(sqlite3.connect(home / "yiwang.sqlite3")) as database:
        counted = database.execute("SELECT count(*) FROM matters_task WHERE state = 'open'").fetchone()
    known["open_tasks"] = counted[0]
    known["megabytes"] = round((home / "yiwang.sqlite3").stat().st_size / 1e6)
    note.write_text(json.dumps(known))
    report(
        f"made {known['matters']:,} matters, {known['matters_per_second']} a second, {known['megabytes']} MB"
    )
    return known


def signed_in(home: Path, names: Iterable[str]) -> dict[str, dict]:
    """A token and a session for each of these accounts that the district has."""
    return run(home, _SIGN_IN, json.dumps(list(names)))


def run(home: Path, code: str, *words: str) -> dict:
    """What the code, run on the district, prints as JSON with its last line."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=served.environment(home),
        cwd=served.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
