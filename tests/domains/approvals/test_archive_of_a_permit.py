"""The archive package of a permit: years later it shows what was promised in place of materials."""

from __future__ import annotations

import hashlib
import json

import orjson
import pytest
from django.core.management import call_command

from tests.conftest import at
from tests.domains.approvals.building import accept, decided, item, registered, started, step
from tests.domains.approvals.test_pledging import NOW, PERMIT, TEXT, granted, pack, up_to_construction
from tests.pages.approvals import act
from tests.people import person
from yiwang.domains.approvals.models import Pledge
from yiwang.kernel.matters.models import Event
from yiwang.kernel.records.archive import package, writing

__all__ = ["pack"]
LATER = at("2026-11-25T10:00")


@pytest.fixture
def by_commitment(pack, settings, tmp_path):
    settings.ARCHIVE_DIR = tmp_path / "archive"
    one = granted(up_to_construction(NOW))
    step(one, "deliver", "delivered", NOW, way="online")
    check = Pledge.objects.get().check_matter
    act(check, "check", "kept", at("2026-09-10T10:00"), person("service-reviewer-construction"))
    one.matter.refresh_from_db()
    return one


def test_the_package_shows_what_was_promised_by_whom_and_what_the_check_came_to(by_commitment):
    data = writing.write(by_commitment.matter.number, LATER)
    assert package.verify(data).good
    files = dict(package._files(data))
    told = json.loads(files["content.json"])["commitment"]
    row = Pledge.objects.get()
    assert told["text"] == row.text and told["text"].startswith(TEXT)
    assert (told["signed_by"], told["replaces"], told["result"]) == ("王法人", ["safety-measures"], "kept")
    page = files["index.html"].decode()
    for word in (
        "告知承诺书",
        TEXT,
        "王法人",
        "安全",
        "不需提交，以承诺代替",
        row.check_matter.number,
        "准予",
    ):
        assert word in page, word


def test_the_hash_of_what_was_signed_is_that_in_the_events_of_the_permit(by_commitment):
    files = dict(package._files(writing.write(by_commitment.matter.number, LATER)))
    told = json.loads(files["content.json"])["commitment"]
    whole = [told[name] for name in ("project", "permit", "text", "signed_by", "signed_at")]
    assert hashlib.sha256(orjson.dumps(whole)).hexdigest() == told["sha256"]
    assert told["sha256"] in files["events.json"].decode()
    assert Event.objects.filter(matter=by_commitment.matter, body__contains=told["sha256"]).exists()


def test_a_flipped_byte_of_the_promise_is_found_without_the_database(by_commitment, tmp_path, capsys):
    path = tmp_path / "permit.zip"
    path.write_bytes(writing.write(by_commitment.matter.number, LATER))
    Pledge.objects.all().delete()
    call_command("archive", "verify", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["good"]
    data = path.read_bytes()
    place = data.index(TEXT.encode())
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    with pytest.raises(SystemExit):
        call_command("archive", "verify", str(path), "--json")
    assert {"changed"} == {one["code"] for one in json.loads(capsys.readouterr().out)["faults"]}


def test_the_package_of_the_check_shows_the_promise_too(by_commitment):
    check = Pledge.objects.get().check_matter
    data = writing.write(check.number, LATER)
    assert package.verify(data).good and TEXT in dict(package._files(data))["index.html"].decode()


def test_a_permit_of_the_ordinary_way_has_its_materials_and_decision_and_no_promise(pack):
    project = registered(now=NOW, project_class="simple").project
    started(project, "planning", NOW)
    one = project.items.select_related("matter", "stage__matter").filter(matter__kind="approval").first()
    accept(one, NOW)
    decided(one, NOW, "refuse")
    step(one, "tell_no", "delivered", NOW, way="online")
    files = dict(package._files(writing.write(item(project, one.permit).matter.number, LATER)))
    told = json.loads(files["content.json"])
    assert told["commitment"] is None and told["project"] == project.code
    assert told["decisions"][-1]["reason"] == "理由如下" and set(told["materials"].values()) == {"received"}
    page = files["index.html"].decode()
    assert "告知承诺书" not in page and "理由如下" in page and PERMIT not in page
