"""yiwang pack check|load|diff as an engineer of the district uses it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.packs.sample import TOWN, write, write_packs
from yiwang.kernel.errors import Invalid

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("pack", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_check_prints_every_finding_with_file_and_line_and_fails(tmp_path):
    write_packs(tmp_path, town={"chiefs.yaml": "chiefs:\n  - {road: x, level: 2, post: west-crew}\n"})
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("pack", "check", "town", stdout=out)
    assert stop.value.code == 1
    assert "town/chiefs.yaml:2: " in out.getvalue()


def test_check_of_a_sound_pack_succeeds_and_counts(tmp_path):
    write_packs(tmp_path)
    result = json.loads(run("check", "town", "--json"))
    assert result["errors"] == 0
    assert result["entries"]["duties"] == 4


def test_check_needs_no_database(tmp_path, django_assert_num_queries):
    write_packs(tmp_path)
    with django_assert_num_queries(0):
        run("check", "town")


def test_load_uses_the_configured_pack_and_says_when_nothing_changed(tmp_path, settings):
    write_packs(tmp_path)
    settings.PACK = "town"
    assert json.loads(run("load", "--json"))["created"] is True
    assert json.loads(run("load", "--json"))["created"] is False


def test_load_of_a_wrong_pack_is_refused_with_places(tmp_path):
    write_packs(tmp_path, town={"kinds.yaml": "kinds: 1\n"})
    with pytest.raises(Invalid) as refused:
        run("load", "town")
    assert refused.value.errors[0]["where"] == "town/kinds.yaml:1"


def test_diff_shows_what_loading_would_change(tmp_path):
    town = write_packs(tmp_path)
    run("load", "town")
    write(town, {"settings.yaml": TOWN["settings.yaml"].replace("80", "60")})
    assert "80 → 60" in run("diff", "town")
    (change,) = json.loads(run("diff", "town", "--json"))["changes"]
    assert change["fields"] == {"value": {"old": 80, "new": 60}}
    assert change["where"] == "town/settings.yaml:2"


def test_diff_before_anything_is_loaded_shows_all_as_new(tmp_path):
    write_packs(tmp_path)
    assert "+ duties lamps" in run("diff", "town")


def test_without_tables_one_is_told_to_migrate_first(tmp_path, monkeypatch):
    write_packs(tmp_path)
    monkeypatch.setattr("yiwang.kernel.packs.rulebook.has_tables", lambda: False)
    with pytest.raises(CommandError, match="yiwang migrate"):
        run("load", "town")
    assert "0" in run("check", "town")
