"""What the author of a pack is told when a file can't be read, and how layers come together."""

import pytest

from tests.kernel.packs.sample import BASE, STANDARD, TOWN, write, write_packs
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.reader import read_pack


def told(pack) -> list[str]:
    return [str(finding) for finding in pack.findings]


def only(pack):
    assert len(pack.findings) == 1, told(pack)
    return pack.findings[0]


def test_a_sound_pack_of_two_layers_reads_without_findings(tmp_path):
    pack = read_pack(write_packs(tmp_path))
    assert told(pack) == []
    assert [layer.name for layer in pack.layers] == ["base", "town"]
    assert pack.district == "210104"
    assert len(pack.section("classes")) == 5


def test_a_pack_is_found_by_its_name(tmp_path):
    write_packs(tmp_path)
    assert read_pack("town").name == "town"


def test_a_wrong_name_is_answered_with_the_pack_that_was_meant(tmp_path):
    write_packs(tmp_path)
    with pytest.raises(NotFound, match="Did you mean town"):
        read_pack("towm")


def test_the_district_changes_one_field_of_the_law_and_keeps_the_rest(tmp_path):
    local = {"conditions/local.yaml": "conditions:\n  - {slug: lamp-out, limit: 1wd}\n"}
    pack = read_pack(write_packs(tmp_path, town=local))
    condition = pack.section("conditions")["lamp-out"]
    assert condition["limit"] == "1wd"
    assert condition["text"] == "路灯不亮"
    assert condition.where("limit") == ("town/conditions/local.yaml", 2)
    assert condition.where("text").file == "base/conditions/all.yaml"


def test_the_district_removes_an_entry_of_the_law(tmp_path):
    local = {"conditions/local.yaml": "conditions:\n  - {slug: lamp-out, remove: true}\n"}
    assert "lamp-out" not in read_pack(write_packs(tmp_path, town=local)).section("conditions")


def test_removing_what_is_not_there_is_told_with_the_nearest_name(tmp_path):
    local = {"conditions/local.yaml": "conditions:\n  - {slug: lamp-uot, remove: true}\n"}
    finding = only(read_pack(write_packs(tmp_path, town=local)))
    assert "Did you mean lamp-out?" in str(finding)


def test_an_unknown_key_is_refused_with_its_line_and_the_key_that_was_meant(tmp_path):
    wrong = {"reasons.yaml": "reasons:\n  - slug: weather\n    name: 恶劣天气\n    baisis: 地方规则\n"}
    finding = only(read_pack(write_packs(tmp_path, base=wrong)))
    assert (finding.file, finding.line, finding.severity) == ("base/reasons.yaml", 4, "error")
    assert "baisis" in finding.message
    assert finding.advice == "Did you mean basis?"


def test_an_unknown_key_inside_a_grant_is_refused_with_its_line(tmp_path):
    text = "post_kinds:\n  - slug: acceptor\n    name: 受理员\n    grants:\n      - actions: [see]\n        scpoe: [district]\n"
    findings = read_pack(write_packs(tmp_path, base={"posts.yaml": text})).findings
    assert [(f.line, f.advice) for f in findings] == [(6, "Did you mean scope?")]


def test_an_unknown_key_at_the_head_of_a_file_is_refused(tmp_path):
    wrong = {"kinds.yaml": "satus: local\nkinds: []\n"}
    finding = only(read_pack(write_packs(tmp_path, base=wrong)))
    assert (finding.line, finding.advice) == (1, "Did you mean status?")


def test_a_code_without_quotation_marks_is_told_to_need_them(tmp_path):
    wrong = {"units.yaml": "units:\n  - {code: bureau, name: 局, kind: department, area: 210104}\n"}
    finding = only(read_pack(write_packs(tmp_path, town=wrong)))
    assert "area must be text" in finding.message
    assert "quotation marks" in finding.advice


def test_every_wrong_entry_is_told_not_only_the_first(tmp_path):
    wrong = {"reasons.yaml": "reasons:\n  - {slug: weather}\n  - {name: 无}\n  - {slug: UPPER, name: 大}\n"}
    lines = [finding.line for finding in read_pack(write_packs(tmp_path, base=wrong)).findings]
    assert sorted(lines) == [2, 3, 4]


def test_an_entry_that_stands_twice_is_told_with_both_places(tmp_path):
    wrong = {"reasons.yaml": "reasons:\n  - {slug: weather, name: 甲}\n  - {slug: weather, name: 乙}\n"}
    finding = only(read_pack(write_packs(tmp_path, base=wrong)))
    assert finding.line == 3
    assert "base/reasons.yaml:2" in finding.message


def test_a_broken_file_is_told_with_its_line_and_the_others_are_still_read(tmp_path):
    wrong = {"kinds.yaml": "kinds:\n  - {slug: incident\n  - x\n", "reasons.yaml": "reasons: 5\n"}
    pack = read_pack(write_packs(tmp_path, base=wrong))
    assert {finding.file for finding in pack.findings} == {"base/kinds.yaml", "base/reasons.yaml"}
    assert pack.section("classes")


@pytest.mark.parametrize(
    "text, reason",
    [
        ("kinds: &a [1]\nother: *a\n", "anchors"),
        ("kinds: []\nkinds: []\n", "twice"),
        ("kinds: !!python/object:os.system {}\n", "tag"),
        ("kinds: !!python/name:os.system\n", "not valid YAML"),
        ("kinds: 2026-02-30\n", "no date"),
        ("kinds: " + "[" * 100 + "]" * 100 + "\n", "nested"),
        ("kinds: " + "[" * 200_000, "nested"),
        ("kinds:\n  " + "- " * 200_000 + "x\n", "nested"),
        ("- a\n- b\n", "keys with values"),
        ("kinds:\n\t- x\n", "not valid YAML"),
    ],
)
def test_yaml_that_is_dangerous_or_careless_is_refused(tmp_path, text, reason):
    finding = only(read_pack(write_packs(tmp_path, base={"kinds.yaml": text})))
    assert reason in finding.message


def test_a_file_in_another_encoding_is_told_to_be_saved_as_utf_8(tmp_path):
    town = write_packs(tmp_path)
    (town / "duties.yaml").write_bytes("duties: []\n# 职责".encode("gbk"))
    finding = only(read_pack(town))
    assert (finding.file, finding.line) == ("town/duties.yaml", 2)
    assert "UTF-8" in finding.message


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    town = write_packs(tmp_path)
    (town / "duties.yaml").write_text("#" * (4 * 1024 * 1024 + 1))
    assert "at most 4 MB" in only(read_pack(town)).message


def test_a_misspelt_file_name_is_warned_of_since_it_would_be_left_out(tmp_path):
    finding = only(read_pack(write_packs(tmp_path, town={"duty.yaml": "duties: []\n"})))
    assert finding.severity == "warning"
    assert finding.advice == "Did you mean duties.yaml?"


def test_a_row_with_a_missing_cell_is_told_with_its_line(tmp_path):
    csv = TOWN["places/components.csv"] + "21010401037000003,01037,路灯\n"
    finding = only(read_pack(write_packs(tmp_path, town={"places/components.csv": csv})))
    assert (finding.file, finding.line) == ("town/places/components.csv", 4)


def test_a_position_that_is_no_number_is_told_with_its_line(tmp_path):
    csv = TOWN["places/components.csv"].replace("41.810000", "north")
    finding = only(read_pack(write_packs(tmp_path, town={"places/components.csv": csv})))
    assert finding.line == 3
    assert "lat must be a number" in finding.message


def test_packs_that_extend_one_another_in_a_circle_are_refused(tmp_path):
    pack = read_pack(write_packs(tmp_path, base={"pack.yaml": BASE["pack.yaml"] + "extends: town\n"}))
    assert any("extends it" in text for text in told(pack))


def test_a_base_that_is_not_there_is_told_with_the_name_that_was_meant(tmp_path):
    pack = read_pack(write_packs(tmp_path, town={"pack.yaml": TOWN["pack.yaml"].replace("base", "bsae")}))
    first = pack.findings[0]
    assert (first.file, first.line, first.advice) == ("town/pack.yaml", 4, "Did you mean base?")


def test_a_pack_file_with_a_wrong_version_is_told(tmp_path):
    write(tmp_path / "town", {"pack.yaml": "name: town\nversion: 1\ntitle: 镇\n"})
    finding = only(read_pack("town"))
    assert (finding.file, finding.line) == ("town/pack.yaml", 2)
    assert "quotation marks" in finding.advice


def test_an_area_may_be_written_with_or_without_the_zeros_behind(tmp_path):
    pack = read_pack(write_packs(tmp_path))
    assert pack.section("areas")["210104002"]["parent"] == "210104"
    assert pack.section("duties")["rubbish-west"]["area"] == "210104002"
    assert pack.section("outlines").keys() == pack.section("areas").keys()


def test_the_head_of_a_file_speaks_for_its_entries(tmp_path):
    pack = read_pack(write_packs(tmp_path))
    assert pack.section("conditions")["rubbish"]["standard"] == STANDARD
    assert pack.section("areas")["210104"]["status"] == "official"
    assert pack.section("components")["21010401037000001"]["status"] == "synthetic"
