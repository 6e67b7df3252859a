"""What applications lack, counted from what windows told, and a reform that no longer asks for a material."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import at
from tests.domains.services.test_applications import all_there, applied, step
from tests.kernel.pace.conftest import count_all
from tests.kernel.pace.test_rehearsing import assumed
from yiwang.kernel.pace import assumptions, queries
from yiwang.kernel.pace.models import StepDay
from yiwang.kernel.pace.rehearsing import rehearse

NOW = at("2026-10-20T09:00")
PLAN, FORM = "floor-plan", "application-form"
pytestmark = pytest.mark.django_db


def looked_at(*lacking: str) -> None:
    """An application that lacks these, is told so, comes back complete and is accepted."""
    got = applied()
    if lacking:
        step(got.matter, "accept", "missing", at("2026-09-08T10:00"), note_missing="请补齐",
             **all_there(**{f"material_{one}": "missing" for one in lacking}))  # fmt: skip
        step(got.matter, "supplement", "complete", at("2026-09-10T10:00"))
    step(got.matter, "accept", "accept", at("2026-09-11T10:00"), **all_there())


@pytest.fixture
def told(dadong, monkeypatch):
    """Five applications: two lack the plan, one of them the form too; the window looks at two once more."""
    for lacking in ((PLAN,), (PLAN, FORM), (), (), ()):
        looked_at(*lacking)
    monkeypatch.setattr(assumptions, "ENOUGH", 3)
    count_all(NOW)
    queries.reset_caches()


def test_what_windows_told_is_counted_with_what_was_missing_together_and_second_looks_apart(told):
    rows = StepDay.objects.filter(kind="service", node="accept")
    found = queries.pace("service", 90, NOW).nodes["accept"]
    assert found.lacking == {frozenset({PLAN}): 1, frozenset({PLAN, FORM}): 1}
    assert (found.done, found.first) == (7, 5) and sum(row.again for row in rows) == 2


def test_a_material_that_was_counted_is_said_to_be_and_one_that_was_never_missing_has_no_share(told):
    made = assumed("service", NOW)
    said = {one.entry: (one.value, one.origin) for one in made.values}
    assert said[f"missing.accept.{PLAN}"] == ("0.4000", "counted")
    assert said[f"missing.accept.{FORM}"] == ("0.2000", "counted")
    assert "outcome.accept.missing" not in said and said["outcome.accept.accept"] == ("1.000", "counted")
    lacking = made.scenario.step("accept").lacking
    assert lacking.chance == pytest.approx(0.4)
    assert lacking.without(PLAN).chance == pytest.approx(0.2)  # who lacked the form too still waits
    assert lacking.without(FORM).chance == pytest.approx(0.4)


def test_where_nobody_counted_it_is_assumed_and_says_so_and_can_be_typed(dadong):
    made = assumed("approval", NOW)
    said = {one.entry: one.origin for one in made.values if one.entry.startswith("missing.")}
    assert len(said) > 5 and set(said.values()) == {"assumed"}
    assert {one.entry: one.value for one in made.values}["delay.supplement"] == "uniform 1wd 5wd"
    report = rehearse(
        made,
        ["cases=300", "missing.accept.safety-measures=0.5"],
        {"less": ["without=safety-measures"]},
        replications=3,
    )
    today, less = report["outcomes"]
    assert (
        next(one for one in report["supposed"] if one["entry"].endswith("safety-measures"))["origin"] == "set"
    )
    change = less["whole"]["span.mean"]["change"]
    assert change["high"] < 0 and change["low"] < change["high"]
    assert (
        less["steps"]["supplement"]["times"]["value"] < today["steps"]["supplement"]["times"]["value"] - 0.4
    )


def test_the_command_compares_with_a_material_no_longer_asked_for(dadong, capsys):
    call_command(
        "simulate", "approval", "--set", "cases=100", "--set", "missing.accept.safety-measures=0.5",
        "--variant", "less: without=safety-measures", "--replications", "2", "--json",
    )  # fmt: skip
    _today, less = json.loads(capsys.readouterr().out)["outcomes"]
    assert less["settings"] == ["without=safety-measures"] and "low" in less["whole"]["days.mean"]["change"]
    with pytest.raises(CommandError) as refused:
        call_command("simulate", "approval", "--variant", "less: without=a-song")
    assert "without=a-song" in str(refused.value)
