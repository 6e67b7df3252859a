"""The quality rules of the service catalogue: each slip is told with its file and line."""

from __future__ import annotations

import pytest

from tests.kernel.packs.sample import write_packs
from yiwang.core import worktime
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.check_services import days_of
from yiwang.kernel.packs.diff import compare
from yiwang.kernel.packs.reader import read_pack

TOPICS = "topics:\n  - {slug: starting, name: 设立变更, audience: enterprise}\n"
MATERIALS = """\
materials:
  - {slug: form, name: 申请表}
  - {slug: licence, name: 营业执照, provider: government, shared: true}
"""
BASE_SERVICE = """\
source: test
services:
  - slug: food
    name: 食品经营许可
    type: permit
    basis: [{law: 食品安全法, article: 第三十五条}]
    audience: [enterprise]
    topics: [starting]
    handling: promised
    statutory: 10wd
    materials:
      - {material: form, reason: 申请}
      - {material: licence, reason: 核对主体, need: deferrable}
    deferral: 5wd
    fees: [{name: 工本费, fen: 500, basis: 某文件}]
    results: [{name: 食品经营许可证, kind: certificate}]
"""
TOWN_SERVICE = """\
source: test
services:
  - slug: food
    unit: bureau
    promised: 5wd
    visits: 0
    online: true
    online_depth: whole
    window: {place: 大厅}
"""


def packs(tmp_path, base: str = BASE_SERVICE, town: str = TOWN_SERVICE):
    return read_pack(
        write_packs(
            tmp_path,
            {"services/all.yaml": base, "topics.yaml": TOPICS, "materials.yaml": MATERIALS},
            {"services/ours.yaml": town},
        )
    )


def errors(pack) -> list:
    return [finding for finding in check(pack) if finding.severity == "error"]


def test_a_sound_catalogue_has_no_errors(tmp_path):
    assert [str(finding) for finding in errors(packs(tmp_path))] == []


@pytest.mark.parametrize(
    "side, old, new, file, line, said",
    [
        ("town", "promised: 5wd", "promised: 11wd", "town/services/ours.yaml", 5, "longer than the 10wd"),
        ("town", "promised: 5wd", "promised: 5 days", "town/services/ours.yaml", 5, "5wd"),
        (
            "town",
            "visits: 0\n    online: true\n    online_depth: whole",
            "visits: 1",
            "town/services/ours.yaml",
            6,
            "without a reason",
        ),
        (
            "town",
            "visits: 0",
            "visits: 0\n    visit_reason: 现场",
            "town/services/ours.yaml",
            7,
            "no visit is asked",
        ),
        (
            "town",
            "online: true\n    online_depth: whole",
            "online: false",
            "town/services/ours.yaml",
            6,
            "neither online nor by mail",
        ),
        ("town", "unit: bureau", "unit: buraeu", "town/services/ours.yaml", 4, "no unit buraeu"),
        ("town", "    window: {place: 大厅}\n", "", "town/services/ours.yaml", 3, "no window"),
        (
            "base",
            "topics: [starting]",
            "topics: [startign]",
            "base/services/all.yaml",
            8,
            "no topic startign",
        ),
        (
            "base",
            "    basis: [{law: 食品安全法, article: 第三十五条}]\n",
            "",
            "base/services/all.yaml",
            5,
            "legal basis",
        ),
        ("base", "    statutory: 10wd\n", "", "town/services/ours.yaml", 3, "no statutory limit"),
        (
            "base",
            "{material: form, reason: 申请}",
            "{material: form}",
            "base/services/all.yaml",
            12,
            "without a reason",
        ),
        ("base", "material: form,", "material: from,", "base/services/all.yaml", 12, "no material from"),
        (
            "base",
            "{material: form, reason: 申请}",
            "{material: licence, reason: x, kind: copy, when: 变更}",
            "base/services/all.yaml",
            12,
            "look up itself",
        ),
        ("base", "    deferral: 5wd\n", "", "base/services/all.yaml", 13, "until when"),
        ("base", ", need: deferrable", "", "base/services/all.yaml", 14, "no meaning"),
        ("base", ", basis: 某文件", "", "base/services/all.yaml", 15, "no basis"),
        (
            "base",
            "kind: certificate}",
            "kind: document}",
            "base/services/all.yaml",
            16,
            "is of the kind certificate",
        ),
        (
            "base",
            "handling: promised",
            "handling: instant",
            "town/services/ours.yaml",
            5,
            "done the same day",
        ),
        ("base", "type: permit", "type: permit\n    task_code: '123'", "base/services/all.yaml", 6, "31"),
        ("base", "type: permit", "type: permission", "base/services/all.yaml", 5, ""),
        ("base", "type: permit", "type: permit\n    matter: nothing", "base/services/all.yaml", 6, "nothing"),
        (
            "base",
            "type: permit",
            "type: permit\n    commitment: {check: 20wd, text: 承诺, instead: [licence, map]}",
            "base/services/all.yaml",
            6,
            "map",
        ),
    ],
)
def test_each_slip_is_told_with_its_file_and_line(tmp_path, side, old, new, file, line, said):
    text = {"base": BASE_SERVICE, "town": TOWN_SERVICE}
    assert old in text[side]
    text[side] = text[side].replace(old, new)
    found = errors(packs(tmp_path, text["base"], text["town"]))
    assert [(one.file, one.line) for one in found] == [(file, line)], [str(one) for one in found]
    assert said in found[0].message


def test_calendar_and_working_days_are_compared_only_where_one_is_always_longer():
    def longer(promised: str, statutory: str) -> bool:
        (working, days), (working_too, most) = (
            days_of(worktime.Limit.parse(t)) for t in (promised, statutory)
        )
        return working == working_too and days > most

    assert longer("9wh", "1wd") and not longer("8wh", "1wd")
    assert longer("25h", "1d") and not longer("15d", "20wd")


@pytest.mark.parametrize("promised, severity", [("30wd", "error"), ("5wd", "warning"), ("0wd", "")])
def test_a_promise_in_working_days_under_a_law_in_calendar_days(tmp_path, promised, severity):
    pack = packs(
        tmp_path,
        BASE_SERVICE.replace("statutory: 10wd", "statutory: 20d"),
        TOWN_SERVICE.replace("promised: 5wd", f"promised: {promised}"),
    )
    found = [one.severity for one in check(pack) if one.file == "town/services/ours.yaml"]
    assert found == ([severity] if severity else [])


def test_the_difference_of_two_packs_names_the_service_and_its_line(tmp_path):
    old = body_of(packs(tmp_path / "a"))
    pack = packs(tmp_path / "b", town=TOWN_SERVICE.replace("promised: 5wd", "promised: 3wd"))
    change = next(one for one in compare(old, body_of(pack), pack) if one.section == "services")
    assert change.fields == {"promised": ("5wd", "3wd")}
    assert str(change.where) == "town/services/ours.yaml:5"


FORM = """\
title: 申请表
source: test
include: [person]
schema:
  type: object
  required: [reason]
  properties:
    reason: {type: string, title: 事由, maxLength: 100}
    again: {type: boolean, title: 再次, x-when: "name == 'x'"}
"""
PERSON = """\
title: 申请人
source: test
schema:
  type: object
  required: [name]
  properties:
    name: {type: string, title: 姓名}
"""


def form_errors(tmp_path, form: str = FORM, person: str = PERSON) -> list[tuple]:
    files = {"forms/ours.yaml": form, "forms/person.yaml": person}
    found = errors(read_pack(write_packs(tmp_path, files)))
    return [(one.file.rpartition("/")[2], one.line, one.message) for one in found]


def test_a_form_with_what_it_includes_is_one_form(tmp_path):
    from yiwang.kernel.packs.forms import forms_of

    files = {"forms/ours.yaml": FORM, "forms/person.yaml": PERSON}
    pack = read_pack(write_packs(tmp_path, files))
    assert errors(pack) == []
    made = forms_of(body_of(pack)["sections"])
    assert [field.name for field in made["ours"].form.fields] == ["name", "reason", "again"]


@pytest.mark.parametrize(
    "old, new, line, said",
    [
        ("type: string, title: 事由", "type: text, title: 事由", 8, "types and formats"),
        ("title: 事由, ", "", 8, "title"),
        ("name == 'x'", "nmae == 'x'", 9, "nmae"),
        ("name == 'x'", "name = 'x'", 9, "cannot be read"),
        ("[person]", "[persona]", 3, "no form persona"),
        ("[person]", "[ours]", 3, "includes itself"),
        ("required: [reason]", "required: [raeson]", 6, "not there"),
        ("    reason:", "    name: {type: integer, title: x}\n    reason:", 8, "asked twice"),
    ],
)
def test_each_slip_of_a_form_is_told_at_its_line(tmp_path, old, new, line, said):
    assert old in FORM
    found = form_errors(tmp_path, FORM.replace(old, new))
    assert [(one[0], one[1]) for one in found] == [("ours.yaml", line)], found
    assert said in found[0][2]


def test_every_sentence_of_core_about_a_form_is_known_to_the_translation():
    import re

    from tests.data import ROOT
    from yiwang.kernel.packs.form_words import SENTENCES

    texts = "".join(
        (ROOT / f"yiwang/core/forms/{name}.py").read_text("utf-8") for name in ("expression", "schema")
    )
    assert set(re.findall(r'N_\(\s*"([^"]*)"', texts)) == set(SENTENCES)
