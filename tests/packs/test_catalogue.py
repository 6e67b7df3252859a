"""The classes of the standards and the way from the older to the newer ones."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml

from tests.data import ROOT

NEW, OLD = "GB/T 47678.5-2026", "GB/T 30428.2-2013"
CATALOGUE = ROOT / "packs/national/catalogue"
CROSSWALK = CATALOGUE / "crosswalk-30428.2-to-47678.5.yaml"


@pytest.fixture
def classes(rows):
    return {(c["standard"], c["kind"], c["code"]): c for c in rows("classes")}


def of(classes, standard, kind):
    return {code: c for (s, k, code), c in classes.items() if (s, k) == (standard, kind)}


def test_the_standard_in_force_has_153_components_by_major(classes):
    majors = Counter(code[:2] for code in of(classes, NEW, "component"))
    assert majors == {"01": 76, "02": 44, "03": 16, "04": 14, "05": 3}


def test_the_standard_in_force_has_250_matters_by_major(classes):
    majors = Counter(code[:2] for code in of(classes, NEW, "matter"))
    of_facilities = {"01": 76, "02": 44, "03": 16, "04": 14, "05": 3}
    assert majors == of_facilities | {"06": 51, "07": 7, "08": 16, "09": 21, "10": 2}
    assert majors.total() == 250


def test_the_numbers_that_the_standard_skips_stay_empty(classes):
    matters = of(classes, NEW, "matter")
    for code in ("01016", "05001", "06031", "07005", "09007"):
        assert code not in matters


def test_every_component_has_its_problem_under_the_same_code(classes):
    matters = of(classes, NEW, "matter")
    for code, component in of(classes, NEW, "component").items():
        assert matters[code]["name"] == component["name"] + "异常"
        assert matters[code]["name_en"] == component["name_en"] + " problem"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("01037", "路灯异常"),
        ("02043", "减速带异常"),
        ("04013", "绿地异常"),
        ("06010", "暴露垃圾"),
        ("07001", "非法小广告"),
        ("08011", "渣土运输车辆未安装密闭装置"),
        ("09012", "占用消防通道"),
        ("10001", "道路积雪、结冰"),
    ],
)
def test_classes_have_the_names_of_the_standard(classes, code, name):
    assert classes[NEW, "matter", code]["name"] == name


def test_every_class_has_an_english_name_and_its_own_major(classes):
    for (_standard, kind, code), entry in classes.items():
        assert re.search("[A-Za-z]{3}", entry["name_en"]), code
        assert not re.search("[一-鿿]", entry["name_en"]), code
        assert entry["major_name"], code
        assert code.startswith(entry["major"]), code
        assert kind in ("component", "matter", "topic")


def test_no_two_classes_of_a_kind_have_the_same_name(classes):
    for language in ("name", "name_en"):
        seen = Counter((s, k, entry[language]) for (s, k, _code), entry in classes.items())
        assert [name for name, n in seen.items() if n > 1] == []


def test_the_hotline_topics_are_the_labels_of_the_messages(classes):
    topics = of(classes, "hotline-topics", "topic")
    assert [t["name"] for t in topics.values()] == [
        *("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
    ]
    assert all(len(t["keywords"]) >= 20 for t in topics.values())


def test_the_older_standard_has_the_classes_that_are_known_by_name(classes):
    assert classes[OLD, "matter", "0110"]["name"] == "暴露垃圾"
    assert classes[OLD, "matter", "0507"]["name"] == "道路积雪、结冰"
    assert classes[OLD, "component", "0137"]["name"] == "路灯"


def test_every_older_class_leads_to_one_class_in_force(classes, rows):
    pairs = {(p["from_kind"], p["from_code"]): p for p in rows("crosswalk")}
    old = {(kind, code) for (standard, kind, code) in classes if standard == OLD}
    assert set(pairs) == old
    for pair in pairs.values():
        assert (NEW, pair["to_kind"], pair["to_code"]) in classes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("component", "0137"), ("component", "01037")),
        (("component", "0507"), ("component", "01070")),  # the waterside moved from 05 to 01
        (("matter", "0113"), ("matter", "06013")),
        (("matter", "0206"), ("matter", "07006")),
        (("matter", "0311"), ("matter", "08011")),
        (("matter", "0409"), ("matter", "09009")),
        (("matter", "0507"), ("matter", "10001")),
        (("matter", "0508"), ("matter", "10002")),
        (("matter", "0503"), ("matter", "01002")),  # a blocked sewer is a problem of the sewer's shaft
    ],
)
def test_an_older_report_finds_its_class_in_force(rows, old, new):
    pairs = {(p["from_kind"], p["from_code"]): (p["to_kind"], p["to_code"]) for p in rows("crosswalk")}
    assert pairs[old] == new


def test_each_pair_says_whether_it_is_confirmed_or_derived():
    lines = [line for line in CROSSWALK.read_text("utf-8").splitlines() if line.startswith("  - [")]
    marks = Counter(line.rpartition("# ")[2] for line in lines)
    assert set(marks) == {"confirmed", "derived"}
    assert sum(marks.values()) == len(yaml.safe_load(CROSSWALK.read_text("utf-8"))["pairs"])


def test_a_confirmed_pair_keeps_its_number_or_is_one_of_the_known_moves():
    moved = {
        *(("component", "0506"), ("component", "0507"), ("component", "0508")),
        *(("matter", "0507"), ("matter", "0508"), ("matter", "0602")),
    }
    majors = {"01": "06", "02": "07", "03": "08", "04": "09"}
    for line in CROSSWALK.read_text("utf-8").splitlines():
        if line.startswith("  - [") and line.endswith("# confirmed"):
            old_kind, old, new_kind, new = yaml.safe_load(line)[0]
            assert old_kind == new_kind
            if (old_kind, old) in moved:
                continue
            major = old[:2] if old_kind == "component" else majors[old[:2]]
            assert new == f"{major}{int(old[2:]):03d}"


def test_nothing_that_nobody_has_compared_with_the_standard_calls_itself_official(classes):
    assert {entry["status"] for entry in classes.values()} == {"illustrative"}
    assert all(entry["source"] for entry in classes.values())
