"""The incident process of packs/national, told as cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.core.process import (
    LINKS,
    Complete,
    Process,
    SendBack,
    Step,
    check,
    read,
    send_back_targets,
    start,
    step,
)

FILE = Path(__file__).parents[3] / "packs/national/processes/incident.bpmn"


@pytest.fixture(scope="module")
def incident() -> Process:
    return read(FILE.read_bytes(), FILE.name)


def follow(process: Process, story: str) -> Step:
    """`story`: task=outcome, separated by spaces; each task must be the open one."""
    now = start(process, {})
    for part in story.split():
        task, outcome = part.split("=")
        (token,) = now.state.tokens
        assert token.node == task
        now = step(process, now.state, Complete(token.id, outcome), {})
    return now


def test_the_file_is_without_fault_and_fully_drawn() -> None:
    assert [str(problem) for problem in check(FILE.read_bytes(), FILE.name)] == []


@pytest.mark.parametrize(
    ("story", "end"),
    [
        ("file=file dispatch=dispatch handle=done feedback=confirm verify=pass close=close", "closed"),
        ("file=void", "void"),
        ("file=verify precheck=false", "void"),
        ("file=verify precheck=true file=file dispatch=return file=void", "void"),
        (
            "file=file dispatch=dispatch handle=not_ours dispatch=dispatch handle=done feedback=redo handle=done "
            "feedback=confirm verify=fail handle=done feedback=confirm verify=pass close=rework handle=done "
            "feedback=confirm verify=pass close=close",
            "closed",
        ),
    ],
)
def test_each_way_through_ends_where_it_should(incident: Process, story: str, end: str) -> None:
    now = follow(incident, story)
    assert now.ended
    assert now.end == end


def test_every_link_of_the_standard_after_collection_has_its_task(incident: Process) -> None:
    assert [link for link, tasks in incident.links.items() if tasks] == list(LINKS[1:])


def test_handling_takes_unit_and_limit_from_the_filing_condition_and_may_be_paused(incident: Process) -> None:
    handle = incident.nodes["handle"]
    assert (handle.post, handle.unit, handle.limit, handle.pauses) == ("handler", "$unit", "$limit", ("*",))


def test_filing_and_checking_are_not_done_by_the_posts_that_dispatch_and_handle(incident: Process) -> None:
    """Supervision and command are two separate bodies."""
    supervision = {task.post for task in incident.tasks if task.link in ("file", "verify")}
    command = {task.post for task in incident.tasks if task.link in ("dispatch", "handle", "feedback")}
    assert supervision.isdisjoint(command)


def test_a_dispatcher_may_take_a_case_back_from_any_later_link(incident: Process) -> None:
    for task in ("handle", "feedback", "verify", "close"):
        assert "dispatch" in [target.id for target in send_back_targets(incident, task)]
    now = follow(incident, "file=file dispatch=dispatch handle=done feedback=confirm")
    back = step(incident, now.state, SendBack(now.state.tokens[0].id, "handle"), {})
    assert [task.node for task in back.opened] == ["handle"]


def test_every_task_has_its_name_in_chinese_and_english(incident: Process) -> None:
    for task in incident.tasks:
        assert not task.name.isascii()
        assert task.name_en.isascii() and task.name_en
        assert all(not label.isascii() for label in task.outcomes.values())
