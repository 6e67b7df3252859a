"""The package of a bundle's application and of a project's permit: complete, kept as long as its class says, true without
the database, and a flipped byte in any part of it is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import at
from tests.domains.approvals import building
from tests.domains.services import family
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records import signing
from yiwang.kernel.records.archive import package, writing
from yiwang.kernel.records.models import ArchivePackage

NOW = at("2026-11-20T10:00")
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def world(dadong, settings, tmp_path):
    from yiwang.kernel.matters import store

    settings.ARCHIVE_DIR, settings.FILES_DIR = tmp_path / "archive", tmp_path / "files"
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def bundle() -> Matter:
    got = family.sent()
    family.window(got)
    for service in (family.FOUR[1], family.FOUR[0], *family.FOUR[2:]):
        family.office(got, service, now=at("2026-09-09T10:00"))
    return Matter.objects.get(pk=got.id)


def permit() -> Matter:
    project = building.registered().project
    building.started(project)
    one = building.item(project, "geological-hazard")
    building.decided(one, at("2026-09-09T10:00"))
    if Matter.objects.get(pk=one.pk).state == "open":
        building.step(one, "deliver", "delivered", at("2026-09-10T10:00"), way="online")
    return Matter.objects.get(pk=one.pk)


CASES = {"bundle": (bundle, "years-10", 2036), "permit": (permit, "years-30", 2056)}


@pytest.fixture(params=list(CASES))
def written(world, request):
    make, keep, year = CASES[request.param]
    matter = make()
    assert matter.state == "closed"
    return request.param, matter, writing.write(matter.number, NOW), keep, year


def flipped(data: bytes, name: str, body: bytes) -> bytes:
    """The package with one bit of the middle of this file changed."""
    place = data.index(body, data.index(name.encode())) + len(body) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_it_holds_what_was_applied_for_and_decided_and_is_kept_for_its_class(written):
    case, matter, data, keep, year = written
    content = json.loads(dict(package._files(data))["content.json"])
    if case == "bundle":
        assert (
            content["answers"]["child_name"] == family.FAMILY["child_name"] and content["case"] == family.CASE
        )
        assert [one["state"] for one in content["parts"]] == ["granted"] * 4
        assert all(one["number"] for one in content["parts"])
    else:
        assert content["project"] and content["outcome"] == "granted" and content["inputs"]
        assert content["decisions"] or content["opinions"]
    row = ArchivePackage.objects.get(matter=matter)
    assert (row.retention, row.until) == (keep, date(year, 12, 31))


def test_a_flipped_byte_in_any_part_of_it_is_found_and_named(written):
    _case, _matter, data, _keep, _year = written
    keys = signing.known_keys()
    assert package.verify(data, keys).good
    files = dict(package._files(data))
    assert set(files) >= {"content.json", "events.json", "metadata.json", "index.html", "process.bpmn"}
    for name, body in files.items():
        found = package.verify(flipped(data, name, body), keys)
        assert not found.good, name
        signed = name in ("manifest.json", "signature.json")
        assert signed or name in {fault.file for fault in found.faults}, (name, found.faults)


def test_it_verifies_where_there_never_was_a_database(written, tmp_path):
    _case, matter, data, _keep, _year = written
    path = tmp_path / f"{matter.number}.zip"
    path.write_bytes(data)
    empty = tmp_path / "elsewhere"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")}
    environment |= {
        "YIWANG_HOME": str(empty),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "yiwang.project.settings",
    }
    line = [sys.executable, "-m", "yiwang.project.cli", "archive", "verify", str(path), "--json"]
    good = subprocess.run(line, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["good"] and json.loads(good.stdout)["metadata"]["number"] == matter.number
    assert not (empty / "yiwang.sqlite3").exists()
    body = dict(package._files(data))["content.json"]
    path.write_bytes(flipped(data, "content.json", body))
    bad = subprocess.run(line, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (
        bad.returncode == 1
        and {"code": "changed", "file": "content.json"} in json.loads(bad.stdout)["faults"]
    )
