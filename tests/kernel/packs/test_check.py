"""What only the whole pack can show: names that point at nothing, work that nobody can do."""

import pytest

from tests.kernel.packs.sample import BASE, PROCESS, STANDARD, TOWN, write_packs
from yiwang.kernel.access.policy import GRANTED_ACTIONS
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.entries import ACTIONS
from yiwang.kernel.packs.reader import read_pack


def findings(tmp_path, base=None, town=None, severity="error"):
    pack = read_pack(write_packs(tmp_path, base, town))
    return [finding for finding in check(pack) if finding.severity == severity]


def only(tmp_path, base=None, town=None, severity="error"):
    found = findings(tmp_path, base, town, severity)
    assert len(found) == 1, [str(f) for f in found]
    return found[0]


def changed(files: dict, name: str, old: str, new: str) -> dict:
    assert old in files[name]
    return {name: files[name].replace(old, new)}


def test_a_sound_pack_has_no_errors(tmp_path):
    assert findings(tmp_path) == []


def test_a_condition_for_a_class_that_does_not_exist_is_told_with_the_class_that_was_meant(tmp_path):
    found = only(tmp_path, changed(BASE, "conditions/all.yaml", 'class: "06010"', 'class: "06011"'))
    assert (found.file, found.line) == ("base/conditions/all.yaml", 4)
    assert "06011" in found.message
    assert found.advice == "Did you mean 06010?"


def test_a_time_limit_that_is_none_is_told_with_what_to_write(tmp_path):
    found = only(tmp_path, changed(BASE, "conditions/all.yaml", "limit: 4wh", "limit: 4 hours"))
    assert found.line == 4
    assert "5wd" in found.message


def test_a_class_code_with_too_few_digits_is_refused(tmp_path):
    found = findings(tmp_path, changed(BASE, "catalogue/current.yaml", '"01001"', '"0101"'))
    assert any("5 digits" in finding.message for finding in found)


def test_a_class_under_a_wrong_major_is_refused(tmp_path):
    text = changed(
        BASE, "catalogue/current.yaml", 'name: 暴露垃圾, major: "06"', 'name: 暴露垃圾, major: "07"'
    )
    assert "belongs to 06" in only(tmp_path, text).message


def test_a_crosswalk_to_a_class_that_does_not_exist_is_refused(tmp_path):
    found = only(tmp_path, changed(BASE, "catalogue/crosswalk-older.yaml", '"06010"', '"06090"'))
    assert (found.file, found.line) == ("base/catalogue/crosswalk-older.yaml", 4)


def test_a_kind_without_its_process_file_is_refused(tmp_path):
    found = findings(tmp_path, changed(BASE, "kinds.yaml", "process: incident", "process: incidnet"))
    assert any(f.file == "base/kinds.yaml" and f.advice == "Did you mean incident?" for f in found)


def test_errors_of_a_process_file_are_told_with_its_line(tmp_path):
    found = findings(
        tmp_path, {"processes/incident.bpmn": PROCESS.replace('targetRef="end"', 'targetRef="nowhere"')}
    )
    assert all(finding.file == "base/processes/incident.bpmn" for finding in found)
    assert any("nowhere" in finding.message and finding.line > 10 for finding in found)


def test_a_task_for_a_kind_of_post_that_no_pack_has_is_refused(tmp_path):
    found = only(tmp_path, {"processes/incident.bpmn": PROCESS.replace('post="handler"', 'post="handlar"')})
    assert found.advice == "Did you mean handler?"


def test_a_task_held_for_a_reason_outside_the_closed_list_is_refused(tmp_path):
    found = only(tmp_path, {"processes/incident.bpmn": PROCESS.replace('"weather"', '"wheather"')})
    assert found.advice == "Did you mean weather?"


def test_a_task_that_nobody_holds_a_post_for_is_refused(tmp_path):
    text = 'posts:\n  - {code: crew, kind: handler, name: 班组, unit: bureau, area: "210104"}\n'
    found = findings(
        tmp_path, town={"posts_held.yaml": text, "chiefs.yaml": "chiefs: []\n", "duties.yaml": "duties: []\n"}
    )
    assert any("nobody can do the task file" in finding.message for finding in found)


def test_a_unit_with_a_duty_but_without_a_handler_is_refused(tmp_path):
    found = only(
        tmp_path,
        town=changed(
            TOWN, "posts_held.yaml", "kind: handler, name: 西街道班组", "kind: acceptor, name: 西街道受理"
        ),
    )
    assert "西街道办" in found.message
    assert found.file == "town/duties.yaml"


def test_a_handler_of_the_unit_above_can_do_the_work_of_the_unit_below(tmp_path):
    # "lamps" has a duty and no post of its own; its bureau has the crew.
    assert findings(tmp_path) == []


def test_communities_without_anybody_to_file_are_warned_of(tmp_path):
    town = changed(
        TOWN,
        "posts_held.yaml",
        'unit: bureau, area: "210104"}\n          - {code: crew',
        'unit: bureau, area: "210104003"}\n          - {code: crew',
    )
    found = findings(tmp_path, town=town, severity="warning")
    assert any("2 areas" in finding.message and "西南社区" in finding.message for finding in found)


@pytest.mark.parametrize(
    "file, old, new, name",
    [
        ("units.yaml", "parent: bureau", "parent: buraeu", "buraeu"),
        ("units.yaml", 'area: "210104002"', 'area: "210104009"', "210104009"),
        ("posts_held.yaml", "kind: acceptor", "kind: acceptr", "acceptr"),
        ("posts_held.yaml", "unit: west-office", "unit: west-offce", "west-offce"),
        ("duties.yaml", "unit: lamps", "unit: lamp", "lamp"),
        ("duties.yaml", 'area: "210104002000"', 'area: "210104008000"', "210104008"),
        ("chiefs.yaml", "210104R0001", "210104R0002", "210104R0002"),
        ("chiefs.yaml", "post: west-crew", "post: east-crew", "east-crew"),
        ("places/aliases.yaml", "210104003000", "210104004000", "210104004"),
    ],
)
def test_a_name_that_points_at_nothing_is_told_with_its_line(tmp_path, file, old, new, name):
    found = findings(tmp_path, town=changed(TOWN, file, old, new))
    told = [finding for finding in found if finding.file == f"town/{file}" and f" {name}" in finding.message]
    assert told and told[0].line > 1


def test_units_above_one_another_in_a_circle_are_refused(tmp_path):
    town = changed(
        TOWN,
        "units.yaml",
        "name: 城市管理局, kind: department",
        "name: 城市管理局, parent: lamps, kind: department",
    )
    assert any("circle" in finding.message for finding in findings(tmp_path, town=town))


def test_two_units_responsible_for_the_same_class_in_the_same_area_are_refused(tmp_path):
    town = {
        "duties.yaml": TOWN["duties.yaml"]
        + '  - {code: again, class_prefix: "06", area: "210104", unit: lamps}\n'
    }
    found = only(tmp_path, town=town)
    assert found.line == 7 and "town/duties.yaml:5" in found.message


def test_a_duty_for_a_class_that_does_not_exist_is_refused(tmp_path):
    found = only(
        tmp_path, town=changed(TOWN, "duties.yaml", 'class_prefix: "01037"', 'class_prefix: "01038"')
    )
    assert found.advice == "Did you mean 01037?"


def test_classes_that_are_nobodys_duty_are_warned_of_by_name(tmp_path):
    town = {
        "duties.yaml": f'standard: {STANDARD}\nduties:\n  - {{code: u, class_prefix: "01", area: "210104", unit: bureau}}\n'
    }
    found = [f for f in findings(tmp_path, town=town, severity="warning") if "no duty covers" in f.message]
    assert len(found) == 1
    assert "06010 暴露垃圾" in found[0].message


@pytest.mark.parametrize(
    "text, reason",
    [
        ("duplicate_radius_m: {value: 0}", "between"),
        ("duplicate_radius_m: {value: near}", "must be a number"),
        ("duplicate_radius_m: {value: 80, unit: km}", "not in km"),
        ("max_extensions: {value: 1.5}", "whole number"),
        ("languages: {value: zh}", "list of words"),
        ("duplicate_radius: {value: 80}", "Did you mean duplicate_radius_m?"),
    ],
)
def test_a_setting_with_a_wrong_value_is_refused(tmp_path, text, reason):
    found = only(tmp_path, town={"settings.yaml": f"settings:\n  {text}\n"})
    assert reason in str(found) and found.line == 2


def test_a_grant_of_an_unknown_action_or_without_a_scope_is_refused(tmp_path):
    base = changed(
        BASE,
        "posts.yaml",
        "actions: [see, open], kinds: [incident], scope: [district]",
        "actions: [se], kinds: [incidents]",
    )
    messages = " ".join(str(finding) for finding in findings(tmp_path, base))
    assert "no action se" in messages
    assert "no kind of matters incidents" in messages
    assert "grants nothing" in messages


def test_the_actions_a_pack_can_grant_are_those_that_access_decides_on():
    assert set(ACTIONS) == set(GRANTED_ACTIONS)


def test_a_holiday_notice_that_contradicts_itself_is_refused_at_its_line(tmp_path):
    found = only(tmp_path, changed(BASE, "calendar/2026.yaml", "date: 2026-10-10", "date: 2026-10-03"))
    assert (found.file, found.line) == ("base/calendar/2026.yaml", 6)


def test_office_hours_that_leave_days_out_are_refused(tmp_path):
    found = only(tmp_path, town=changed(TOWN, "calendar.yaml", "to: 12-31", "to: 11-30"))
    assert found.file == "town/calendar.yaml" and "12-01" in found.message


def test_an_area_whose_code_does_not_begin_with_its_parents_is_refused(tmp_path):
    town = changed(
        TOWN,
        "places/areas.yaml",
        '"210104002001", level: community, name: 西南社区, parent: "210104002000"',
        '"210104002001", level: community, name: 西南社区, parent: "210104003000"',
    )
    assert "can't be the parent" in only(tmp_path, town=town).message


def test_an_outline_that_crosses_itself_is_refused_at_its_line(tmp_path):
    corner, moved = "123.44,\n       41.8\n", "123.40,\n       41.83\n"
    town = changed(TOWN, "places/areas.geojson", corner, moved)
    found = findings(tmp_path, town=town)
    assert found and all(f.file == "town/places/areas.geojson" and f.line > 1 for f in found)


def test_a_component_in_another_community_than_it_says_is_warned_of(tmp_path):
    town = changed(TOWN, "places/components.csv", "123.430000", "123.405000")
    found = [f for f in findings(tmp_path, town=town, severity="warning") if "said to stand" in f.message]
    assert [finding.line for finding in found] == [3]


def test_a_component_whose_code_names_another_class_is_refused(tmp_path):
    town = changed(TOWN, "places/components.csv", "21010401037000002,01037", "21010401037000002,01001")
    assert only(tmp_path, town=town).line == 3


def test_what_claims_to_be_official_must_name_its_source(tmp_path):
    town = changed(TOWN, "places/areas.yaml", "source: test\n", "")
    assert any("official" in f.message for f in findings(tmp_path, town=town, severity="warning"))
