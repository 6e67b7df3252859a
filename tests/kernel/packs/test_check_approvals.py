"""What `yiwang pack check` says of the approval of construction projects, with file and line."""

from __future__ import annotations

from datetime import date

import pytest

from tests.kernel.packs.sample import write_packs
from yiwang.kernel.packs.approvals import approvals_of
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.reader import read_pack

STAGES = """\
source: test
approval_stages:
  - {slug: land, name: 用地}
  - {slug: build, name: 施工}
"""
CLASSES = """\
source: test
project_classes:
  - slug: house
    name: 房屋
    stages: [land, build]
"""
PERMITS = """\
source: test
permits:
  - slug: filing
    name: 备案
    stage: land
    sort: filing
    basis: [{law: 条例}]
    statutory: 5wd
    materials: [{material: form, reason: 备案}]
  - slug: build-permit
    name: 施工许可
    stage: build
    basis: [{law: 建筑法}]
    statutory: 20wd
    after: [filing]
    materials: [{material: form, reason: 许可, need: deferrable}]
    deferral: 5wd
    licence: permit
    shows: {project: name}
"""
LICENCES = """\
source: test
licences:
  - {slug: permit, name: 许可证, prefix: XK, holder: organisation, issuer: 局, fields: [{name: project, label: 项目}]}
"""
TOWN_CLASSES = """\
source: test
project_classes:
  - slug: house
    promises:
      - {from: 2020-01-01, total: 20wd, stages: {land: 8wd, build: 12wd}}
      - {from: 2022-01-01, total: 10wd, stages: {land: 4wd, build: 6wd}}
"""
TOWN_STAGES = """\
source: test
approval_stages:
  - {slug: land, lead: bureau}
  - {slug: build, lead: bureau}
"""
TOWN_PERMITS = """\
source: test
permits:
  - {slug: filing, unit: bureau, promised: 2wd}
  - {slug: build-permit, unit: bureau, promised: 5wd}
"""
MATERIALS = "materials:\n  - {slug: form, name: 申请表}\n"


def packs(tmp_path, **changed: str):
    base = {
        "approvals/stages.yaml": STAGES,
        "approvals/classes.yaml": CLASSES,
        "approvals/permits.yaml": changed.get("permits", PERMITS),
        "licences/all.yaml": LICENCES,
        "materials.yaml": MATERIALS,
    }
    town = {
        "approvals/classes.yaml": changed.get("classes", TOWN_CLASSES),
        "approvals/stages.yaml": changed.get("stages", TOWN_STAGES),
        "approvals/permits.yaml": changed.get("town", TOWN_PERMITS),
    }
    if "assessments" in changed:
        town["approvals/assessments.yaml"] = changed["assessments"]
    if "methods" in changed:
        base["approvals/methods.yaml"] = changed["methods"]
    return read_pack(write_packs(tmp_path, base, town))


def told(pack) -> list[str]:
    return [str(one) for one in check(pack) if "approvals/" in one.file]


def test_a_right_pack_has_nothing_to_tell_and_keeps_promises_by_day(tmp_path):
    pack = packs(tmp_path)
    assert told(pack) == []
    found = approvals_of(body_of(pack)["sections"])
    house = found.classes["house"]
    assert [
        house.promise(date(year, 6, 1)) and house.promise(date(year, 6, 1)).total
        for year in (2019, 2020, 2023)
    ] == [
        None,
        "20wd",
        "10wd",
    ]
    assert found.permits["build-permit"].unit == "bureau" and found.permits["build-permit"].after == (
        "filing",
    )


@pytest.mark.parametrize(
    "file, old, new, line, said",
    [
        ("classes", "total: 20wd", "total: 21wd", 5, "21wd"),
        ("classes", "total: 20wd", "total: 20d", 5, "40wd"),
        ("classes", "land: 8wd, build: 12wd", "land: 20wd", 5, "land, build"),
        ("classes", "2022-01-01", "2019-01-01", 6, "in the order"),
        ("classes", "land: 4wd, build: 6wd", "land: 6wd, build: 4wd", 6, "施工许可"),
        ("stages", "{slug: land, lead: bureau}", "{slug: land, lead: nobody}", 3, "nobody"),
        ("stages", "{slug: land, lead: bureau}", "{slug: land}", None, "lead"),
        ("town", "promised: 2wd", "promised: 6wd", 3, "5wd"),
        ("town", "promised: 2wd", "promised: 2d", 3, "40wd"),
        ("town", ", promised: 2wd", "", None, "promised"),
        ("permits", "stage: land", "stage: moon", 5, "moon"),
        ("permits", "after: [filing]", "after: [nothing]", 15, "nothing"),
        (
            "permits",
            "    statutory: 5wd\n",
            "    statutory: 5wd\n    after: [build-permit]\n",
            9,
            "build-permit",
        ),
        ("permits", "    statutory: 5wd\n", "    statutory: 5wd\n    before: land\n", 9, "before"),
        ("permits", "    statutory: 5wd\n", "    statutory: 5wd\n    silence: true\n", 9, "silence counts"),
        ("permits", "    statutory: 5wd\n", "", 3, "no statutory limit"),
        ("permits", "    basis: [{law: 条例}]\n", "", 3, "legal basis"),
        ("permits", "reason: 备案", "standard: 原件", 9, "without a reason"),
        ("permits", "shows: {project: name}", "shows: {project: colour}", 19, "colour"),
        ("permits", "shows: {project: name}", "shows: {}", 18, "the field project"),
        ("permits", "licence: permit", "licence: nothing", 18, "nothing"),
    ],
)
def test_a_slip_is_told_where_it_stands(tmp_path, file, old, new, line, said):
    whole = {"classes": TOWN_CLASSES, "stages": TOWN_STAGES, "town": TOWN_PERMITS, "permits": PERMITS}[file]
    assert old in whole
    found = [one for one in told(packs(tmp_path, **{file: whole.replace(old, new, 1)})) if said in one]
    assert found
    if line is not None:
        assert any(f".yaml:{line}:" in one for one in found), found


def test_an_assessment_names_permits_and_areas_that_there_are(tmp_path):
    text = "assessments:\n  - {slug: north, name: 北片, area: '210104002', removes: [sun], valid_from: 2025-01-01, valid_to: 2024-01-01}\n"
    found = told(packs(tmp_path, assessments=text))
    assert any("sun" in one for one in found) and len(found) == 2


def test_a_method_stands_in_the_order_of_its_days(tmp_path):
    text = "methods:\n  - slug: seven\n    name: 七日\n    steps: [{day: 2, name: 乙}, {day: 1, name: 甲, permits: [moon]}]\n"
    found = told(packs(tmp_path, methods=text))
    assert any("moon" in one for one in found) and any("order of their days" in one for one in found)


def test_permits_that_wait_for_each_other_are_told_as_a_circle(tmp_path):
    text = PERMITS.replace("    statutory: 5wd\n", "    statutory: 5wd\n    after: [filing]\n", 1)
    assert any("a circle" in one for one in told(packs(tmp_path, permits=text)))
