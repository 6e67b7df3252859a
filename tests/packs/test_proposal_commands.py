"""`yiwang pack propose|proposals|approve|reject`: rules changed from the command line, by two named people."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests import people
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.packs import rulebook
from yiwang.kernel.packs.models import RuleChange

DAY = date(2027, 2, 1)


@pytest.fixture(autouse=True)
def two(dadong):
    people.user("aid-county", name="何经办", username="he")
    people.user("aid-leader", name="李局长", username="li")
    yield
    rulebook.reset_caches()


def run(*args: str) -> list[dict]:
    out = io.StringIO()
    call_command("pack", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def propose(*args: str, by: str = "he") -> list[dict]:
    return run("propose", *args, "--by", by, "--reason", "年度调整")


STANDARD = ("--set", "guarantee.standard.urban=88000", "--from", "2027-01-01")


def standard() -> dict:
    return dict(rulebook.current().policy.parameters["guarantee.standard"].at(DAY).value)


def test_one_proposes_a_kind_of_a_value_another_approves_and_it_is_in_force():
    before = standard()
    (made,) = propose(*STANDARD, "--source", "示例号文件", "--status", "local")
    assert made["value"] == {**before, "urban": 88_000}
    assert (made["state"], made["by"]) == ("open", "he")
    assert standard() == before
    assert [one["id"] for one in run("proposals")] == [made["id"]]
    (done,) = run("approve", str(made["id"]), "--by", "li")
    assert (done["state"], done["decided_by"]) == ("approved", "li")
    assert standard() == {**before, "urban": 88_000}
    assert run("proposals") == []
    assert [one["id"] for one in run("proposals", "--all")] == [made["id"]]


def test_nobody_approves_or_rejects_the_own_proposal_under_whatever_name_of_the_command():
    (made,) = propose(*STANDARD, by="li")
    with pytest.raises(Denied):
        run("approve", str(made["id"]), "--by", "li")
    with pytest.raises(Denied):
        run("reject", str(made["id"]), "--by", "li", "--note", "不合适")
    assert RuleChange.objects.get().state == "open"


def test_who_has_no_such_post_does_neither_and_nobody_is_no_name():
    people.user("dispatcher", username="zhao")
    with pytest.raises(Denied):
        propose(*STANDARD, by="zhao")
    with pytest.raises(NotFound):
        propose(*STANDARD, by="nobody")
    (made,) = propose(*STANDARD)
    with pytest.raises(Denied):
        run("approve", str(made["id"]), "--by", "he")


def test_a_refusal_is_kept_with_its_reason():
    (made,) = propose(*STANDARD)
    (done,) = run("reject", str(made["id"]), "--by", "li", "--note", "依据不足")
    assert (done["state"], done["note"]) == ("refused", "依据不足")
    with pytest.raises(Conflict):
        run("approve", str(made["id"]), "--by", "li")


def test_several_parameters_are_several_proposals_or_none():
    made = propose(
        "--set",
        "guarantee.exit_months=5",
        "--set",
        "guarantee.standard.urban=88000",
        "--set",
        "guarantee.standard.rural=70000",
        "--from",
        "2027-01-01",
    )
    assert [one["key"] for one in made] == ["guarantee.exit_months", "guarantee.standard"]
    assert made[1]["value"] == {"urban": 88_000, "rural": 70_000}
    with pytest.raises(Invalid):
        propose(
            "--set",
            "guarantee.exit_months=4",
            "--set",
            "guarantee.standard.urban=much",
            "--from",
            "2028-01-01",
        )
    assert RuleChange.objects.count() == 2


def test_a_file_of_parameters_proposes_what_is_new_in_it(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(
        "source: 示例号文件\nstatus: local\nparameters:\n"
        "  - slug: guarantee.standard\n    values:\n"
        "      - {from: 2026-07-01, value: {urban: 80000, rural: 64000}}\n"
        "      - {from: 2027-01-01, value: {urban: 88000, rural: 70000}}\n",
        encoding="utf-8",
    )
    (made,) = propose(str(file))
    assert (made["from"], made["source"], made["status"]) == ("2027-01-01", "示例号文件", "local")
    run("approve", str(made["id"]), "--by", "li")
    with pytest.raises(Invalid, match="ours.yaml"):
        propose(str(file))


def test_a_file_of_programmes_proposes_its_text(tmp_path):
    text = rulebook.current().programme_texts["relief"]
    file = tmp_path / "relief.py"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid):  # nothing new
        propose(str(file))
    file.write_text(text.replace("急难社会救助", "急难型社会救助"), encoding="utf-8")
    (made,) = propose(str(file))
    assert (made["what"], made["key"]) == ("programme", "relief")
    file.write_text(text + "\nimport os\n", encoding="utf-8")
    with pytest.raises(Invalid):
        propose(str(file))


@pytest.mark.parametrize(
    ("name", "text"), [("ours.yaml", "parameters: 3"), ("ours.yaml", "a: [1"), ("ours.txt", "x")]
)
def test_a_file_that_is_none_is_told(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid):
        propose(str(file))
    with pytest.raises(Invalid):
        propose(str(tmp_path / "missing.yaml"))


def test_neither_or_both_of_file_and_set_is_refused():
    for given in ((), ("x.yaml", *STANDARD), ("--set", "guarantee.exit_months=5")):
        with pytest.raises(CommandError):
            propose(*given)
    assert settings.PACK
