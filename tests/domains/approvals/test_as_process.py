"""A class of projects as one process: every permit once, after what it waits for, and the simulator plays it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from yiwang.core.process import Complete, read, start, step
from yiwang.domains.approvals import as_process
from yiwang.kernel.packs.rulebook import current


@pytest.mark.parametrize(
    "project_class", ["social-house", "government-house", "industrial", "municipal-line", "simple"]
)
def test_every_permit_of_a_class_is_there_once_and_comes_after_what_it_waits_for(dadong, project_class):
    rules = current()
    process = read(as_process.bpmn(rules, project_class))
    wanted = {
        one.slug.replace("-", "_")
        for stage in rules.approvals.classes[project_class].stages
        for one in rules.approvals.of_stage(stage, project_class)
    }
    assert {task.id for task in process.tasks} == wanted
    # played through: whenever a permit opens, all that must be granted before it are done
    done: list[str] = []
    first = start(process, {})
    state, waiting = first.state, list(first.opened)
    while waiting:
        task = waiting.pop(0)
        permit = rules.approvals.permits[task.node.replace("_", "-")]
        ahead = [one.replace("-", "_") for one in permit.after if one.replace("-", "_") in wanted]
        assert set(ahead) <= set(done), permit.slug
        found = step(process, state, Complete(task.token, "done"), {})
        state, done = found.state, [*done, task.node]
        waiting += found.opened
    assert set(done) == wanted and found.ended


def test_what_a_regional_assessment_takes_away_is_not_in_it(dadong):
    whole = as_process.bpmn(current(), "industrial").decode()
    less = as_process.bpmn(current(), "industrial", frozenset({"soil-plan"})).decode()
    assert 'id="soil_plan"' in whole and 'id="soil_plan"' not in less


def test_the_command_writes_it_and_the_simulator_says_what_another_reviewer_brings(dadong, tmp_path):
    file = tmp_path / "social.bpmn"
    call_command("projects", "process", "social-house", "--to", str(file))
    out = StringIO()
    call_command(
        "simulate", str(file), "--set", "cases=60", "--set", "limit=40wd",
        "--variant", "faster: delay.scheme_review=*0.5", "--replications", "2", stdout=out,
    )  # fmt: skip
    assert "faster" in out.getvalue()
    with pytest.raises(CommandError) as refused:
        call_command("projects", "process", "nothing")
    assert "social-house" in str(refused.value)
