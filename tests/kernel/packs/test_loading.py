"""A pack put in force: its rulebook, its registers, and what changes when it changes."""

import datetime as dt

import pytest

from tests.kernel.packs.sample import STANDARD, TOWN, write, write_packs
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.diff import diff
from yiwang.kernel.packs.loader import load
from yiwang.kernel.packs.models import PackVersion
from yiwang.kernel.registers.models import Area, Component, Duty, HolidayNotice, Post, Road, RoadChief, Unit

NOW = dt.datetime(2026, 9, 24, 8, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def test_the_rules_in_force_are_those_of_the_loaded_pack(tmp_path):
    load(write_packs(tmp_path), NOW)
    rules = rulebook.current()
    assert (rules.name, rules.version, rules.district) == ("town", "1", "210104")
    assert rules.class_def(STANDARD, "01037").name == "路灯异常"
    assert rules.class_def(STANDARD, "01001").kind == "component"
    assert rules.class_def(STANDARD, "99999") is None
    assert [c.slug for c in rules.conditions_of(STANDARD, "06010")] == ["rubbish"]
    assert rules.crosswalk("GB/T 30428.2-2013", "matter", "0110") == (STANDARD, "matter", "06010")
    assert rules.crosswalk("GB/T 30428.2-2013", "matter", "0111") is None
    assert rules.default_standard == STANDARD
    assert {task.id for task in rules.process("incident").tasks} == {"file", "handle"}
    assert rules.process("incident") is rules.process("incident")
    assert rules.process_xml("incident").startswith("<?xml")
    handler, acceptor = rules.post_kinds["handler"].grants[0], rules.post_kinds["acceptor"].grants[0]
    assert handler.kinds is None and acceptor.kinds == {"incident"}
    assert rules.settings["duplicate_radius_m"] == 80
    assert rules.settings["max_extensions"] == 1  # the pack is silent


def test_nothing_in_the_rules_can_be_changed_by_who_reads_them(tmp_path):
    load(write_packs(tmp_path), NOW)
    rules = rulebook.current()
    with pytest.raises(TypeError):
        rules.settings["max_extensions"] = 9
    with pytest.raises(AttributeError):
        rules.conditions["rubbish"].limit = "9wd"


def test_without_a_pack_one_is_told_what_to_run():
    with pytest.raises(Problem, match="yiwang pack load") as told:
        rulebook.current()
    assert told.value.code == "no_pack"


def test_a_kind_of_matters_that_the_pack_lacks_is_refused_by_name(tmp_path):
    load(write_packs(tmp_path), NOW)
    with pytest.raises(NotFound, match="approval"):
        rulebook.current().process("approval")


def test_the_rules_are_read_without_a_query_while_they_are_fresh(tmp_path, django_assert_num_queries):
    load(write_packs(tmp_path), NOW)
    rulebook.current()
    with django_assert_num_queries(0):
        rulebook.current().process("incident")


def test_loading_the_same_text_again_changes_nothing(tmp_path, django_assert_max_num_queries):
    town = write_packs(tmp_path)
    first = load(town, NOW)
    with django_assert_max_num_queries(2):  # which text is in force, and which changes were approved on it
        again = load(town, LATER)
    assert (first.created, again.created) == (True, False)
    assert again.version == first.version and again.changes == ()
    assert PackVersion.objects.get().loaded_at == NOW


def test_the_registers_hold_what_the_pack_says(tmp_path):
    load(write_packs(tmp_path), NOW)
    assert Area.objects.get(code="210104002001").parent_id == "210104002"
    assert Area.objects.get(code="210104").geometry["type"] == "Polygon"
    assert Unit.objects.get(code="lamps").parent_id == "bureau"
    assert Post.objects.get(code="west-crew").area_id == "210104002"
    assert Duty.objects.count() == 4
    road = Road.objects.get()
    assert (road.area_id, len(road.stretches)) == ("210104002", 2)
    assert RoadChief.objects.get().post_id == "west-crew"
    assert Component.objects.get(code="21010401037000002").state == "破损"
    assert HolidayNotice.objects.get().year == 2026


def test_what_the_pack_no_longer_has_becomes_inactive_and_comes_back_when_it_returns(tmp_path):
    town = write_packs(tmp_path)
    load(town, NOW)
    kept = "".join(
        line for line in TOWN["duties.yaml"].splitlines(keepends=True) if "rubbish-west" not in line
    )
    write(town, {"duties.yaml": kept})
    load(town, LATER)
    assert Duty.objects.filter(active=False).values_list("code", flat=True).get() == "rubbish-west"
    write(town, {"duties.yaml": TOWN["duties.yaml"]})
    back = load(town, LATER)
    assert not Duty.objects.filter(active=False).exists()
    assert PackVersion.objects.count() == 2  # the first text is in force again, not a third version
    assert back.version.loaded_at == LATER


def test_a_matter_keeps_the_rules_it_was_opened_under(tmp_path):
    town = write_packs(tmp_path)
    old = load(town, NOW).version
    write(town, {"conditions/local.yaml": "conditions:\n  - {slug: lamp-out, limit: 1wd}\n"})
    new = load(town, LATER).version
    assert rulebook.rulebook(old.pk).conditions["lamp-out"].limit == "2wd"
    assert rulebook.current().id == new.pk
    assert rulebook.current().conditions["lamp-out"].limit == "1wd"
    assert list(PackVersion.objects.filter(current=True)) == [new]


def test_a_pack_with_an_error_is_refused_whole_with_every_place(tmp_path):
    town = write_packs(tmp_path)
    before = load(town, NOW).version
    wrong = {
        "settings.yaml": "settings:\n  max_extensions: {value: -1}\n",
        "chiefs.yaml": "chiefs:\n  - {road: x, level: 9, post: y}\n",
    }
    write(town, wrong)
    with pytest.raises(Invalid) as refused:
        load(town, LATER)
    assert {error["where"] for error in refused.value.errors} == {
        "town/settings.yaml:2",
        "town/chiefs.yaml:2",
    }
    assert PackVersion.objects.get() == before


def test_a_notice_imported_by_hand_is_not_overwritten_by_an_older_pack(tmp_path):
    town = write_packs(tmp_path)
    load(town, NOW)
    body = {"year": 2026, "days_off": [{"name": "国庆节", "from": "2026-10-01", "to": "2026-10-08"}]}
    HolidayNotice.objects.filter(year=2026).update(body=body)
    write(town, {"settings.yaml": "settings:\n  max_extensions: {value: 2}\n"})
    load(town, LATER)
    assert HolidayNotice.objects.get().body == body


def test_a_notice_corrected_in_the_pack_takes_effect(tmp_path):
    town = write_packs(tmp_path)
    load(town, NOW)
    text = "year: 2026\ndays_off:\n  - {name: 国庆节, from: 2026-10-01, to: 2026-10-08}\n"
    write(tmp_path / "base", {"calendar/2026.yaml": text})
    load(town, LATER)
    assert HolidayNotice.objects.get().body["days_off"][0]["to"] == "2026-10-08"


def test_progress_is_told_while_a_pack_loads(tmp_path):
    told = []
    load(write_packs(tmp_path), NOW, lambda *step: told.append(step))
    assert ("Component", 0, 2) in told


def test_the_difference_names_entry_field_old_and_new_value_and_line(tmp_path):
    town = write_packs(tmp_path)
    load(town, NOW)
    write(
        town,
        {
            "conditions/local.yaml": "conditions:\n  - {slug: lamp-out, limit: 1wd}\n  - {slug: rubbish, remove: true}\n",
            "reasons.yaml": "reasons:\n  - {slug: court, name: 司法程序}\n",
        },
    )
    changes = {(c.section, c.key): c for c in diff("current", town)}
    assert set(changes) == {("conditions", "lamp-out"), ("conditions", "rubbish"), ("reasons", "court")}
    lamp = changes["conditions", "lamp-out"]
    assert lamp.fields["limit"] == ("2wd", "1wd")
    assert str(lamp) == "~ conditions lamp-out  (town/conditions/local.yaml:2)\n    limit: 2wd → 1wd"
    assert changes["conditions", "rubbish"].what == "removed"
    assert changes["reasons", "court"].what == "added"


def test_a_folder_is_compared_with_the_registers_component_by_component(tmp_path):
    town = write_packs(tmp_path)
    load(town, NOW)
    rows = TOWN["places/components.csv"].replace("000001,", "000003,", 1).replace("破损", "完好")
    write(town, {"places/components.csv": rows})
    changes = {(c.section, c.key[-1]): c for c in diff("current", town)}
    assert {key: c.what for key, c in changes.items()} == {
        ("components", "1"): "removed",
        ("components", "2"): "changed",
        ("components", "3"): "added",
    }
    assert changes["components", "2"].fields == {"state": ("破损", "完好")}
    assert changes["components", "2"].where == ("town/places/components.csv", 3)


def test_two_loaded_versions_can_be_compared(tmp_path):
    town = write_packs(tmp_path)
    old = load(town, NOW).version
    write(town, {"pack.yaml": TOWN["pack.yaml"].replace('version: "1"', 'version: "1-b"')})
    write(town, {"places/components.csv": TOWN["places/components.csv"].rsplit("\n", 2)[0] + "\n"})
    new = load(town, LATER).version
    changes = {(c.section, c.key): c for c in diff(old.digest[:10], str(new.pk))}
    assert changes["pack", "town"].fields["version"] == ("1", "1-b")
    assert changes["components", "*"].fields["count"] == (2, 1)
    assert diff("1-b", "current") == []


def test_comparing_with_what_is_neither_folder_nor_version_is_refused(tmp_path):
    with pytest.raises(NotFound):
        diff("nothing", write_packs(tmp_path))
