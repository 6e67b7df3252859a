"""A process that could get stuck, or open a task twice, is not taken."""

from __future__ import annotations

from tests.core.process.drawing import Drawing
from tests.core.process.sketches import after_task, found, two_branches


def test_a_parallel_join_after_a_choice_would_wait_for_ever() -> None:
    for opening in ("exclusive", "inclusive"):
        assert found(two_branches(opening, "parallel").xml()) == [("deadlock", "join")]


def test_parallel_branches_that_meet_without_a_join_would_open_a_task_twice() -> None:
    for opening in ("parallel", "inclusive"):
        assert ("open_twice", "join") in found(two_branches(opening, "exclusive").xml())


def test_a_reminder_that_a_loop_may_repeat_is_doubtful_but_a_missing_join_beside_it_stays_an_error() -> None:
    d = after_task("again,on")
    d.boundary("late", "ask", interrupting=False)
    d.task("urge")
    d.end("urged")
    d.path("late", "urge", "urged")
    d.flow("which", "ask", "outcome == 'again'")
    d.flow("which", "left", default=True)
    d.nodes.remove(next(node for node in d.nodes if 'id="right"' in node))
    d.flows.remove(next(flow for flow in d.flows if 'sourceRef="right"' in flow))
    assert found(d.xml()) == []
    assert found(d.xml(), "warning") == [("open_twice", "urge")]
    unjoined = two_branches("parallel", "exclusive")
    unjoined.boundary("late", "decide", interrupting=False)
    unjoined.task("urge")
    unjoined.end("urged")
    unjoined.path("late", "urge", "urged")
    assert ("open_twice", "join") in found(unjoined.xml())


def test_matching_splits_and_joins_are_sound() -> None:
    for opening, closing in (
        ("parallel", "inclusive"),
        ("exclusive", "inclusive"),
        ("inclusive", "inclusive"),
    ):
        assert found(two_branches(opening, closing).xml()) == []


def test_a_branch_that_loops_back_past_the_split_is_found() -> None:
    d = two_branches("parallel", "parallel")
    d.flows = [
        flow for flow in d.flows if 'sourceRef="roads"' not in flow and 'sourceRef="start"' not in flow
    ]
    d.gateway("exclusive", "again")
    d.gateway("exclusive", "merge")
    d.path("start", "merge", "split")
    d.path("roads", "again")
    d.flow("again", "merge", "redo")
    d.flow("again", "join", default=True)
    assert "open_twice" in [code for code, _ in found(d.xml())]


def test_too_many_parallel_branches_to_prove_is_said_and_not_hidden() -> None:
    d = Drawing()
    d.start()
    d.gateway("parallel", "split")
    d.gateway("parallel", "join")
    d.end()
    d.path("start", "split")
    d.path("join", "end")
    for branch in range(6):
        tasks = [d.task(f"t{branch}_{n}") for n in range(6)]
        d.path("split", *tasks, "join")
    assert found(d.xml()) == []
    assert found(d.xml(), "warning") == [("not_verified", "start")]
