"""A matter that is closed, its package, and the package after the database is gone."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from tests.conftest import at
from tests.kernel.records.licences.conftest import COMPANY
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.matters import attaching
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.packs.licences import Retention
from yiwang.kernel.records import attachments, signing
from yiwang.kernel.records.archive import package, writing
from yiwang.kernel.records.licences import actions
from yiwang.kernel.records.models import ArchiveDue, ArchivePackage

pytestmark = pytest.mark.django_db
NOW = at("2026-09-30T10:00")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def closed(dadong, monkeypatch, settings, tmp_path):
    """A matter with a document and a licence that was closed, of a kind that is kept for ten years."""
    from uuid import UUID

    from tests.kernel.matters.conftest import Way

    settings.FILES_DIR, settings.ARCHIVE_DIR = tmp_path / "files", tmp_path / "archive"
    ten = Retention("years-10", "定期10年", "Ten years", 10, ("incident",), "", "illustrative")
    monkeypatch.setattr(writing, "retention", lambda kind: ten if kind == "incident" else None)
    way = Way(dadong, limit="5wd")
    way.to_handle("2026-09-24T09:10")
    attaching.attach(
        actor=SYSTEM, matter=way.id, checked=attachments.check(PDF, "申请表.pdf"), stage="document",
        now=at("2026-09-24T09:20"), id=UUID("019a0000-0000-7000-8000-000000000009"),
    )  # fmt: skip
    actions.issue(
        actor=SYSTEM, type="sign-permit", holder="小河沿饺子馆", holder_number=COMPANY,
        fields={"place": "小河沿路12号", "size": "3米×1米"}, now=at("2026-09-24T12:00"), address="https://city.example",
        matter=way.id,
    )  # fmt: skip
    for day, outcome in enumerate(("done", "confirm", "pass", "close"), start=25):
        way.do(outcome, f"2026-09-{day}T10:00", **({"answer": "已经修好"} if outcome == "close" else {}))
    return Matter.objects.get(pk=way.id)


def test_the_package_holds_documents_events_licences_process_and_a_page(closed):
    data = writing.write(closed.number, NOW)
    found = package.verify(data, signing.known_keys())
    assert found.good
    files = dict(package._files(data))
    assert files["documents/001.pdf"] == PDF
    assert files["licences/ZP-2026-000001-v1.pdf"].startswith(b"%PDF-")
    assert len(json.loads(files["events.json"])) == Event.objects.filter(matter=closed).count()
    assert b"<definitions" in files["process.bpmn"] or b"definitions" in files["process.bpmn"]
    page = files["index.html"].decode()
    assert closed.number in page and "documents/001.pdf" in page and "<script" not in page
    assert found.metadata["retention"] == {"class": "years-10", "name": "定期10年", "until": "2036-12-31"}


def test_that_it_was_written_is_on_record(closed):
    data = writing.write(closed.number, NOW)
    row = ArchivePackage.objects.get(matter=closed)
    assert (row.size, row.retention, row.until) == (len(data), "years-10", date(2036, 12, 31))


def test_an_open_or_unknown_matter_is_refused(dadong):
    from tests.kernel.matters.conftest import Way

    way = Way(dadong, limit="5wd")
    way.open("2026-09-24T09:10")
    with pytest.raises(Conflict):
        writing.write(Matter.objects.get(pk=way.id).number, NOW)
    with pytest.raises(NotFound):
        writing.write("20260924-999999-1", NOW)


def test_after_closing_the_package_is_written_once_the_matter_cannot_be_reopened(closed, settings):
    due = ArchiveDue.objects.get(matter=closed)
    assert due.at == closed.closed_at + timedelta(days=30)
    assert writing.write_due(due.at - timedelta(seconds=1)) == 0
    assert writing.write_due(due.at) == 1
    assert writing.write_due(due.at) == 0
    path = settings.ARCHIVE_DIR / "2026" / f"{closed.number}.zip"
    assert package.verify(path.read_bytes()).good


def test_the_command_verifies_a_package_and_names_what_was_changed(closed, tmp_path, capsys):
    path = tmp_path / "one.zip"
    call_command("archive", "write", closed.number, "--to", str(path), "--json")
    capsys.readouterr()
    call_command("archive", "verify", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["good"]
    data = path.read_bytes()
    place = data.index(PDF) + 12
    path.write_bytes(data[:place] + b"X" + data[place + 1 :])
    with pytest.raises(SystemExit):
        call_command("archive", "verify", str(path), "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["faults"] == [{"code": "changed", "file": "documents/001.pdf"}]


def test_a_package_verifies_where_there_is_no_database(closed, tmp_path):
    import os
    import subprocess
    import sys

    keys, path = tmp_path / "keys.json", tmp_path / "one.zip"
    path.write_bytes(writing.write(closed.number, NOW))
    keys.write_text(
        json.dumps({key: signing.encode(public) for key, public in signing.known_keys().items()}), "utf-8"
    )
    home = tmp_path / "empty"
    own = {name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")}
    ran = subprocess.run(
        [sys.executable, "-m", "yiwang.project.cli", "archive", "verify", str(path), "--keys", str(keys), "--json"],
        env=own | {"YIWANG_HOME": str(home), "YIWANG_ENV": "demo"}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["metadata"]["number"] == closed.number
    assert not list(home.glob("*.sqlite3"))
    bare = subprocess.run(
        [sys.executable, "-m", "yiwang.project.cli", "archive", "verify", str(path), "--json"],
        env=own | {"YIWANG_HOME": str(home), "YIWANG_ENV": "demo"}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert bare.returncode == 0 and json.loads(bare.stdout)["keys_known"] is False
