"""The power goes while residents report: what was acknowledged is there, and nothing is half made."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from random import Random

import pytest

from benchmarks.stage import clients, served
from benchmarks.stage.reports import report

CLIENTS = 8
KILL_AFTER = 120  # acknowledged reports
LATER = (
    1,
    30,
    333,
    1000,
)  # at other moments; after so many the write-ahead log has begun anew more than once
HEADERS = {"X-Api-Key": served.KEY}


def fire(server: served.Server, seed: int, kill_after: int) -> tuple[dict[str, bytes], set[str]]:
    """Reports from several clients until the server is killed under them; (all that were sent, acknowledged)."""
    sent: dict[str, bytes] = {}
    acknowledged: set[str] = set()
    enough = threading.Event()

    def asks(number: int):
        rng = Random(seed * 100 + number)
        while True:
            key, body = report(rng)
            sent[key] = body
            yield lambda line, body=body: line.ask("POST", "/api/v1/reports", body)

    def answered(status: int, body: bytes) -> None:
        acknowledged.add(json.loads(body)["id"])
        if len(acknowledged) >= kill_after:
            enough.set()

    def kill() -> None:
        enough.wait(60)
        server.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    lines = [clients.Line(server.port, HEADERS) for _number in range(CLIENTS)]
    tally = clients.together(lines, asks, answered=answered)
    killer.join()
    assert set(tally.others) <= {"ConnectionError", "ConnectionResetError", "BrokenPipeError"}, tally.others
    return sent, acknowledged


@pytest.mark.parametrize(
    "kill_after", [KILL_AFTER, *(pytest.param(count, marks=pytest.mark.slow) for count in LATER)]
)
def test_a_server_killed_under_load_loses_no_acknowledged_report_and_leaves_nothing_half_made(
    tmp_path, kill_after
):
    served.prepare(tmp_path)
    sent, acknowledged = fire(served.Server(tmp_path), kill_after, kill_after)
    assert len(acknowledged) >= kill_after

    # Straight after the kill, before anything has run on the folder again.
    database = sqlite3.connect(tmp_path / "yiwang.sqlite3")
    stored = {str(uuid.UUID(key)) for (key,) in database.execute("SELECT id FROM operations_report")}
    assert acknowledged <= stored <= set(sent)
    for table, column in (("operations_report", "matter_id"), ("matters_event", "matter_id")):
        lacking = f"SELECT count(*) FROM matters_matter m WHERE m.id NOT IN (SELECT {column} FROM {table})"
        assert database.execute(lacking).fetchone() == (0,), table
    first = "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS (SELECT 1 FROM matters_task t WHERE t.matter_id = m.id AND t.state = 'open')"
    assert database.execute(first).fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM matters_matter").fetchone() == (len(stored),)
    database.close()

    # The sender asks again for whatever it has no answer to: taken once, whether or not it was stored.
    with served.served(tmp_path) as server:
        line = clients.Line(server.port, HEADERS)
        for key in [*(set(sent) - acknowledged), *list(acknowledged)[:5]]:
            status, body = line.ask("POST", "/api/v1/reports", sent[key])
            assert status == (200 if key in stored else 201), body
        line.close()
    verified = served.command(tmp_path, "audit", "verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout) == {"checked": len(sent), "faults": []}
