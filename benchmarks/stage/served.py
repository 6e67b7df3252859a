"""A Yiwang in a folder of its own, served as `yiwang serve` serves it, by processes that end with the caller."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEY = "demo"
_PREPARE = """
import django
django.setup()
from django.utils import timezone
from yiwang.kernel.access import tokens
from yiwang.project import preparing
preparing.migrate()
preparing.load_pack()
tokens.add_key(name="stage", channel="open311", now=timezone.now(), secret="%s")
"""


def environment(home: Path, database: str = "", **more: str) -> dict[str, str]:
    """The environment in which commands work on this folder and database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YIWANG_", "PORT"))}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {
        "YIWANG_HOME": str(home),
        "YIWANG_DATABASE": database,
        "YIWANG_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "yiwang.project.settings",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def prepare(home: Path, database: str = "") -> None:
    """Tables, Dadong's pack and the key `demo`, nothing else."""
    code = _PREPARE % KEY
    subprocess.run([sys.executable, "-c", code], env=environment(home, database), check=True, cwd=ROOT)


def migrate(home: Path) -> None:
    """Brings a district that another version made up to date."""
    line = [sys.executable, "-m", "yiwang.project.cli", "migrate", "-v", "0"]
    subprocess.run(line, env=environment(home), cwd=ROOT, check=True)


def command(home: Path, *words: str, database: str = "") -> subprocess.CompletedProcess[str]:
    """Runs `yiwang WORDS` on the folder; gives what it printed and how it ended."""
    line = [sys.executable, "-m", "yiwang.project.cli", *words]
    return subprocess.run(line, env=environment(home, database), cwd=ROOT, capture_output=True, text=True)


def count_queries(home: Path, database: str = "", **asked: Any) -> dict:
    """Statements of one request in a warm process (see `counting`)."""
    return count_each(home, [asked], database)[0]


def count_each(home: Path, asked: list[dict], database: str = "") -> list[dict]:
    """Statements of each of these requests, asked one after another in one process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stage.counting"],
        env=environment(home, database),
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own that writes safely. Raises Absent with the reason."""
    try:
        from tests import postgres as own

        server, folder = own.start(own.SAFE)
    except (SystemExit, ImportError) as reason:
        raise Absent(str(reason)) from None
    try:
        yield f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
    finally:
        own.stop(server, folder)


class Absent(Exception):
    """PostgreSQL cannot be started here; the text says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


SERVE = ("yiwang.project.cli", "serve")


class Server:
    """A server subprocess in a process group of its own."""

    def __init__(
        self, home: Path, database: str = "", *options: str, program: tuple[str, ...] = SERVE, **more: str
    ) -> None:
        self.port = free_port()
        self.log = (home / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *program, *options],
            env=environment(home, database, PORT=str(self.port), **more),
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._wait(60.0)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Processor time that the server's processes have used so far; NaN where the system does not tell."""
        used, found = 0.0, False
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.process.pid:  # its process group
                    used, found = used + int(fields[11]) + int(fields[12]), True
        return used / os.sysconf("SC_CLK_TCK") if found else float("nan")

    def stop(self) -> None:
        """As an operator does; killed when that takes too long."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self.log.close()

    def kill(self) -> None:
        """SIGKILL for every process of it at once, as when the power goes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _wait(self, most: float) -> None:
        end = time.monotonic() + most
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.kill()
        said = Path(self.log.name).read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the server did not come up. It said:\n{said}")


@contextlib.contextmanager
def served(home: Path, database: str = "", *options: str, **more: Any) -> Iterator[Server]:
    server = Server(home, database, *options, **more)
    try:
        yield server
    finally:
        server.stop()
