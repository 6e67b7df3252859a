"""An application that is closed: its package says everything, without the database; a flipped byte is found."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from tests.conftest import at
from tests.domains.services.restaurant import RESTAURANT
from tests.domains.services.test_applications import POSTS, all_there, applied, step
from tests.people import person
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.archive import package, writing
from yiwang.kernel.records.models import ArchivePackage


@pytest.fixture
def closed(dadong, settings, tmp_path):
    settings.ARCHIVE_DIR = tmp_path / "archive"
    got = applied()
    step(got.matter, "accept", "accept", at("2026-09-08T10:00"), **all_there())
    task = Task.objects.get(matter=got.matter, node="review")
    actions.extend(
        actor=person(POSTS["service_decider"]), task=task.pk, limit="2wd", now=at("2026-09-09T10:00"), note="要请专家看厨房"
    )  # fmt: skip
    step(got.matter, "review", "done", at("2026-09-10T10:00"), opinion="agree")
    step(got.matter, "decide", "refuse", at("2026-09-11T10:00"), reason="冷食间面积不足")
    step(got.matter, "tell_no", "delivered", at("2026-09-14T10:00"), way="post")
    return Matter.objects.get(pk=got.matter.pk)


def test_the_package_holds_the_form_the_materials_and_the_decision_with_its_reasons(closed):
    data = writing.write(closed.number, at("2026-11-01T10:00"))
    assert package.verify(data).good
    files = dict(package._files(data))
    content = json.loads(files["content.json"])
    assert content["answers"]["enterprise_name"] == "大东区老味道饭店"
    assert (
        content["materials"]["floor-plan"] == "received"
        and content["accepted_at"] == "2026-09-08T10:00:00+08:00"
    )
    last = content["decisions"][-1]
    assert (last["step"], last["outcome"], last["reason"]) == ("decide", "refuse", "冷食间面积不足")
    assert last["by"] and last["delivered_how"] == "post"
    page = files["index.html"].decode()
    for word in (
        "单位名称",
        "大东区老味道饭店",
        "申请材料",
        "不予",
        "冷食间面积不足",
        "延长",
        "要请专家看厨房",
    ):
        assert word in page, word
    row = ArchivePackage.objects.get(matter=closed)
    assert (row.retention, row.until.year) == ("years-10", 2036)


def test_a_flipped_byte_of_the_content_is_named_and_the_package_outlives_the_rows(closed, tmp_path, capsys):
    path = tmp_path / "one.zip"
    path.write_bytes(writing.write(closed.number, at("2026-11-01T10:00")))
    from yiwang.domains.services.models import Application, Decision

    Decision.objects.filter(matter=closed).delete()
    Application.objects.filter(pk=closed.pk).delete()
    call_command("archive", "verify", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["good"]
    data = path.read_bytes()
    place = data.index("冷食间面积不足".encode())
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    with pytest.raises(SystemExit):
        call_command("archive", "verify", str(path), "--json")
    assert {"code": "changed", "file": "content.json"} in json.loads(capsys.readouterr().out)["faults"]


def test_what_was_promised_stands_in_the_package_and_a_flipped_byte_of_it_is_found(dadong, tmp_path, capsys):
    answers = RESTAURANT | {"floors": "一层", "by_commitment": "yes", "commitment": "yes"}
    got = applied("fire-safety-check", answers, way="commitment")
    states = {
        f"material_{slug}": "received"
        for slug in ("application-form", "commitment-letter", "fire-drawings", "fire-plan")
    }
    step(got.matter, "accept", "commitment", **states, **{"material_business-licence": "lookup"})
    fire = {"decide": "service-decider-fire-rescue", "check": "service-reviewer-fire-rescue"}
    step(got.matter, "decide", "grant", post=fire["decide"])
    step(got.matter, "deliver", "delivered", way="window")
    step(got.matter, "after_check", "kept", at("2026-09-16T10:00"), post=fire["check"])
    data = writing.write(got.number, at("2026-11-01T10:00"))
    promise = current().services["fire-safety-check"].commitment.text
    files = dict(package._files(data))
    assert json.loads(files["content.json"])["commitment"]["text"] == promise
    assert "告知承诺书" in files["index.html"].decode() and promise in files["index.html"].decode()
    path = tmp_path / "fire.zip"
    place = data.index(promise.encode())
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    with pytest.raises(SystemExit):
        call_command("archive", "verify", str(path), "--json")
    assert {"changed"} == {one["code"] for one in json.loads(capsys.readouterr().out)["faults"]}
