"""What the commands of this floor tell, and how they end."""

from __future__ import annotations

import json
import os
import socket
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import at
from tests.people import person
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Event, Matter, Outbox
from yiwang.kernel.ui import catalogues
from yiwang.project import serving, worker


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def matter(dadong) -> Matter:
    from uuid_utils.compat import uuid7

    return actions.open(
        actor=person("duty-leader"),
        kind="incident",
        id=uuid7(),
        title="井盖没了",
        source="portal",
        now=at("2026-09-24T16:30"),
    )


def test_audit_ends_well_when_every_chain_holds(matter):
    assert json.loads(run("audit", "verify", "--json")) == {"checked": 1, "faults": []}


def test_audit_names_the_matter_whose_event_was_changed(matter):
    Event.objects.filter(matter=matter).update(actor_name="somebody else")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", "--number", matter.number, stdout=out, stderr=StringIO())
    assert ended.value.code == 1
    assert matter.number in out.getvalue()


def test_audit_of_a_number_that_is_not_there_says_so(dadong):
    with pytest.raises(CommandError, match="20260101-000001-0"):
        run("audit", "verify", "--number", "20260101-000001-0")


def test_bench_lists_what_there_is_and_refuses_what_is_not():
    known = json.loads(run("bench", "--json"))
    assert {"filing", "queue", "messages"} <= set(known) and all(known.values())
    with pytest.raises(CommandError, match="nothing-such"):
        run("bench", "nothing-such")


def test_bench_ends_with_1_when_what_is_compared_is_not_equal(monkeypatch, tmp_path):
    from types import SimpleNamespace

    from yiwang.project.management.commands import bench

    wrong = SimpleNamespace(NAME="wrong", __doc__="Two things.", run=lambda *_: {"rows": [], "equal": False})
    monkeypatch.setattr(bench, "names", lambda: ["wrong"])
    monkeypatch.setattr(bench, "load", lambda name: wrong)
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    with pytest.raises(SystemExit) as ended:
        run("bench", "wrong", "--keep")
    assert ended.value.code == 1
    kept = json.loads((tmp_path / "results" / "wrong.json").read_text())
    assert kept["equal"] is False and kept["machine"]["python"]
    assert "NOT EQUAL" in (tmp_path / "results" / "wrong.txt").read_text()


def test_the_worker_delivers_what_waits_and_says_so(matter, settings, tmp_path):
    settings.HOME = tmp_path
    actions.void(actor=person("supervisor"), matter=matter.pk, now=at("2026-09-24T17:00"), note="x")
    assert not worker.alive()
    done = json.loads(run("worker", "--once", "--json"))
    assert done["notices"] == 1 and worker.alive()
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


def test_the_worker_removes_sessions_that_have_ended_and_no_other(dadong, settings, tmp_path):
    settings.HOME = tmp_path
    kept, ended = SessionStore(), SessionStore()
    for session, seconds in ((kept, 3600), (ended, -3600)):
        session.set_expiry(seconds)
        session.create()
    assert json.loads(run("worker", "--once", "--json"))["sessions"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == [kept.session_key]


@pytest.fixture
def served(monkeypatch):
    """How often the server was started."""
    times = []
    monkeypatch.setattr(serving, "serve", lambda how, **_options: times.append(how))
    return times


@pytest.fixture
def po(settings, monkeypatch, tmp_path) -> Path:
    """A translation that was never compiled."""
    file = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text('msgid ""\nmsgstr ""\n\nmsgid "Home"\nmsgstr "首页"\n')
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setattr(catalogues, "TRANSLATIONS", {"zh_Hans": file})
    return file


def test_serve_compiles_translations_that_are_newer_than_what_was_compiled(served, po):
    run("serve")
    mo = po.with_suffix(".mo")
    assert "首页".encode() in mo.read_bytes()
    os.utime(po, (1, 1))
    mo.write_bytes(b"as it was")
    run("serve")
    assert mo.read_bytes() == b"as it was" and len(served) == 2


def test_serve_says_what_to_do_where_it_may_not_write_translations(served, po, monkeypatch):
    def refused(*_given):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(catalogues, "replace", refused)
    with pytest.raises(Problem, match="yiwang language compile"):
        run("serve")
    assert not served


def test_a_failing_job_does_not_end_the_worker(dadong, settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    own = worker.Worker()

    def broken() -> int:
        raise ValueError("the other system is away")

    own.jobs = [worker.Job("broken", 1.0, broken), worker.Job("well", 1.0, lambda: 3)]
    assert own.tick() == {"well": 3}


def test_the_planner_learns_how_values_are_spread(dadong):
    """A district runs for years; an index that nobody counted is taken or left by guess."""
    own = worker.Worker()
    next(job for job in own.jobs if job.name == "statistics").run()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'registers_area'")
        else:
            cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'registers_area'")
        assert cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)  # the worker closes its connections when it ends
def test_a_long_job_beside_the_others_keeps_none_of_them_waiting(dadong, settings, tmp_path):
    settings.HOME = tmp_path
    own, others_ran = worker.Worker(), threading.Event()

    def long() -> int:
        assert others_ran.wait(20)
        own.stopping.set()
        return 1

    def short() -> int:
        others_ran.set()
        return 1

    own.jobs = [worker.Job("long", 1.0, long, beside=True), worker.Job("short", 1.0, short)]
    own.run()
    assert own.stopping.is_set()


def test_a_port_that_is_none_or_taken_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(Invalid, match="PORT"):
        serving.serving()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(Problem, match="PORT"):
            serving.check_free(serving.serving())


def test_start_is_for_demonstrations_only(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="yiwang serve"):
        run("start")
