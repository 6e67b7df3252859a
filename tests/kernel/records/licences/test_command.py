"""`yiwang licences`: a file verified with and without what is on record here."""

from __future__ import annotations

import base64
import json

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import at
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.records.licences import actions
from yiwang.kernel.records.models import LicenceEvent

pytestmark = pytest.mark.django_db


def said(capsys, *words):
    try:
        call_command("licences", *words, "--json")
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def file(food, tmp_path):
    path = tmp_path / "licence.pdf"
    path.write_bytes(base64.b64decode(food.versions.get().document))
    return path


def test_a_good_file_is_good_and_its_status_is_that_of_today(file, food, capsys):
    code, found = said(capsys, "verify", str(file))
    assert (code, found["good"], found["status"]) == (0, True, "valid")
    actions.revoke(actor=SYSTEM, licence=food.pk, reason="停止经营", now=at("2026-09-25T09:00"))
    assert said(capsys, "verify", str(file))[1]["status"] == "revoked"


def test_a_changed_file_ends_with_one_and_says_what_is_wrong(file, capsys):
    data = bytearray(file.read_bytes())
    data[500] ^= 1
    file.write_bytes(data)
    code, found = said(capsys, "verify", str(file))
    assert code == 1 and "changed" in found["faults"]


def test_a_file_of_another_district_is_told_apart_by_the_list_of_keys(file, tmp_path, capsys):
    keys = tmp_path / "keys.json"
    call_command("licences", "keys", "--json")
    keys.write_text(capsys.readouterr().out, encoding="utf-8")
    assert said(capsys, "verify", str(file), "--keys", str(keys))[0] == 0
    keys.write_text("{}", encoding="utf-8")
    assert said(capsys, "verify", str(file), "--keys", str(keys))[1]["faults"] == ["unknown_key"]
    keys.write_text("[1]", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("licences", "verify", str(file), "--keys", str(keys))


def test_the_audit_finds_a_changed_event(food, card, capsys):
    assert said(capsys, "audit") == (0, {"checked": 2, "faults": []})
    LicenceEvent.objects.filter(licence=food).update(actor_name="x", data={"version": 9})
    code, found = said(capsys, "audit")
    assert code == 1 and len(found["faults"]) == 1
