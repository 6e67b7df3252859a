"""What the author of a process file is told, in which line, and what to do instead."""

from __future__ import annotations

import pytest

from tests.core.process.drawing import Drawing
from tests.core.process.sketches import after_task, found, line_of, straight, two_branches
from yiwang.core.process import Problem, ProcessError, check, read


def test_a_good_file_has_no_problem() -> None:
    assert found(straight().xml()) == []
    assert found(straight().xml(), "warning") == []


@pytest.mark.parametrize(
    ("element", "instead"),
    [
        ('<scriptTask id="x"/>', "service task with yiwang:action"),
        ('<task id="x"/>', "user task"),
        ('<manualTask id="x"/>', "user task"),
        ('<subProcess id="x"/>', "Draw its steps into this process"),
        ('<callActivity id="x"/>', "linked matter"),
        ('<sendTask id="x"/>', "service task"),
        ('<receiveTask id="x"/>', "user task"),
        ('<businessRuleTask id="x"/>', "service task"),
        ('<eventBasedGateway id="x"/>', "boundary timer"),
        ('<complexGateway id="x"/>', "inclusive"),
        ('<intermediateThrowEvent id="x"/>', "service task"),
        ('<dataObject id="x"/>', "case's own data"),
        ('<startEvent id="x"><messageEventDefinition/></startEvent>', "user task or a service task"),
        ('<endEvent id="x"><errorEventDefinition/></endEvent>', "outcomes"),
        ('<intermediateCatchEvent id="x"><signalEventDefinition/></intermediateCatchEvent>', "user task"),
        ('<conversation id="x"/>', "Use user tasks, service tasks, gateways"),
    ],
)
def test_an_element_outside_the_subset_is_refused_with_its_line_and_what_to_use(
    element: str, instead: str
) -> None:
    xml = straight(element).xml()
    problem = next(p for p in check(xml, "test.bpmn") if p.code == "refused")
    assert (problem.file, problem.line, problem.element) == ("test.bpmn", line_of(xml, 'id="x"'), "x")
    assert instead in problem.advice
    assert str(problem).startswith(f"test.bpmn:{problem.line}: error: ")


@pytest.mark.parametrize(
    "loop",
    [
        "<standardLoopCharacteristics/>",
        '<multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>u</loopDataInputRef></multiInstanceLoopCharacteristics>',
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>",
        "<multiInstanceLoopCharacteristics><loopDataInputRef>u</loopDataInputRef><completionCondition>a</completionCondition></multiInstanceLoopCharacteristics>",
    ],
)
def test_only_parallel_parts_over_a_list_that_must_all_complete_are_taken(loop: str) -> None:
    xml = straight().xml().replace(b"</userTask>", f"{loop}</userTask>".encode())
    assert found(xml) == [("refused", "handle")]


def test_a_consultation_must_name_its_list() -> None:
    xml = straight().xml().replace(b"</userTask>", b"<multiInstanceLoopCharacteristics/></userTask>")
    assert found(xml) == [("no_items", "handle")]


def test_a_message_between_two_pools_is_refused() -> None:
    xml = straight().xml()
    pools = b'<collaboration id="c"><messageFlow id="m" sourceRef="a" targetRef="b"/></collaboration></definitions>'
    assert found(xml.replace(b"</definitions>", pools)) == [("refused", "m")]


def test_all_problems_are_reported_at_once_by_line() -> None:
    d = straight('<scriptTask id="x"/>', '<userTask id="y" name="y"/>')
    problems = check(d.xml())
    assert [p.line for p in problems] == sorted(p.line for p in problems)
    with pytest.raises(ProcessError) as error:
        read(d.xml(), "test.bpmn")
    assert {p.code for p in error.value.problems} == {"refused", "missing"}
    assert all(p.severity == "error" for p in error.value.problems)


# Attributes


def test_a_user_task_needs_a_post_and_outcomes() -> None:
    xml = straight('<userTask id="y" name="y"/>').xml()
    missing = [p.params["attribute"] for p in check(xml) if p.code == "missing"]
    assert missing == ["post", "outcomes"]


@pytest.mark.parametrize("limit", ["5wd", "4wh", "24h", "7d", "2eh", "0wd", "$limit"])
def test_a_limit_may_be_any_worktime_limit_or_the_case_s(limit: str) -> None:
    d = Drawing()
    d.start()
    d.task("handle", limit=limit)
    d.end()
    d.path("start", "handle", "end")
    assert read(d.xml()).nodes["handle"].limit == limit


@pytest.mark.parametrize("limit", ["5", "wd", "5 days", "1.5d", "-1d", "P5D", "$", "$1", "5wd 4h"])
def test_a_limit_that_no_calendar_understands_is_refused(limit: str) -> None:
    d = Drawing()
    d.start()
    d.task("handle", limit=limit)
    d.end()
    d.path("start", "handle", "end")
    problem = next(p for p in check(d.xml()) if p.code == "bad_limit")
    assert problem.params["text"] == limit
    assert "5wd" in problem.advice


@pytest.mark.parametrize(("extend", "good"), [("10wd", True), ("none", True), ("0", False), ("$more", False)])
def test_how_much_a_limit_may_be_lengthened_is_a_limit_or_none(extend: str, good: bool) -> None:
    d = Drawing()
    d.start()
    d.task("handle", limit="5wd", extend=extend)
    d.end()
    d.path("start", "handle", "end")
    assert ("bad_extend" in {problem.code for problem in check(d.xml())}) is not good
    if good:
        assert read(d.xml()).nodes["handle"].extend == extend


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"link": "chase"}, "bad_link"),
        ({"unit": "$$unit"}, "bad_reference"),
        ({"unit": "a b"}, "bad_reference"),
        ({"pauses": "weather,,hearing"}, "bad_list"),
        ({"pauses": "weather,weather"}, "bad_list"),
        ({"limits": "5wd"}, "unknown_attribute"),
    ],
)
def test_a_slip_in_an_attribute_is_found(attributes: dict, code: str) -> None:
    d = Drawing()
    d.start()
    d.task("handle", **attributes)
    d.end()
    d.path("start", "handle", "end")
    assert found(d.xml()) == [(code, "handle")]


@pytest.mark.parametrize("outcomes", ["a b", "yes,yes:是", ":是", "yes,,no"])
def test_outcomes_are_plain_values_each_once(outcomes: str) -> None:
    assert ("bad_list", "handle") in found(straight(outcomes=outcomes).xml())


def test_outcomes_keep_their_labels_and_order() -> None:
    d = after_task("yes:同意,no:不同意,back")
    d.flow("which", "left", "outcome == 'yes'")
    d.flow("which", "right", default=True)
    assert list(read(d.xml()).nodes["ask"].outcomes.items()) == [
        ("yes", "同意"),
        ("no", "不同意"),
        ("back", "back"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("P5D", "5d"),
        ("PT4H", "4h"),
        ("P1DT12H", "36h"),
        ("P2W", "14d"),
        ("5wd", "5wd"),
        ("$notice", "$notice"),
    ],
)
def test_a_timer_s_duration_becomes_a_limit(written: str, meant: str) -> None:
    d = Drawing()
    d.start()
    d.timer("wait", written)
    d.end()
    d.path("start", "wait", "end")
    assert read(d.xml()).nodes["wait"].duration == meant


@pytest.mark.parametrize("written", ["PT30M", "P1M", "P1Y", "P", "PT", "2026-10-01", "R3/P1D", "soon"])
def test_a_duration_that_is_not_whole_hours_or_days_is_refused(written: str) -> None:
    d = Drawing()
    d.start()
    d.timer("wait", written)
    d.end()
    d.path("start", "wait", "end")
    assert found(d.xml()) == [("bad_duration", "wait")]


def test_a_timer_at_a_date_or_in_a_cycle_is_refused() -> None:
    d = Drawing()
    d.start()
    d.timer("wait")
    d.end()
    d.path("start", "wait", "end")
    for kind in (b"timeDate", b"timeCycle"):
        assert found(d.xml().replace(b"timeDuration", kind)) == [("refused", "wait")]


def test_a_boundary_timer_sits_on_a_user_task() -> None:
    d = straight()
    d.boundary("late", "end")
    d.flow("late", "end")
    assert found(d.xml()) == [("boundary_host", "late")]


# The graph


def test_a_flow_to_nowhere_is_found() -> None:
    d = straight()
    d.flow("handle", "gone")
    xml = d.xml()
    problem = next(p for p in check(xml) if p.code == "dangling")
    assert problem.line == line_of(xml, 'targetRef="gone"')
    assert "gone" in problem.message


def test_an_id_used_twice_names_both_lines() -> None:
    xml = straight('<userTask id="handle" name="h" yiwang:post="p" yiwang:outcomes="done"/>').xml()
    problem = next(p for p in check(xml) if p.code == "duplicate_id")
    assert problem.params["first"] == line_of(xml, 'id="handle"')
    assert problem.line > problem.params["first"]


def test_a_task_that_nothing_leads_to_is_found() -> None:
    d = straight()
    d.task("forgotten")
    d.flow("forgotten", "end")
    assert found(d.xml()) == [("unreachable", "forgotten")]


def test_a_task_that_leads_nowhere_is_found() -> None:
    d = straight()
    d.gateway("parallel", "split")
    d.task("stray")
    d.flows.clear()
    d.path("start", "split", "handle", "end")
    d.flow("split", "stray")
    assert found(d.xml()) == [("no_way_on", "stray")]


def test_a_circle_without_exit_is_found() -> None:
    d = after_task()
    d.task("more")
    d.flow("which", "left", "outcome == 'yes'")
    d.flow("which", "more", default=True)
    d.task("again")
    d.path("more", "again", "more")
    codes = found(d.xml())
    assert ("never_ends", "more") in codes
    assert ("never_ends", "again") in codes


def test_two_flows_out_of_a_task_need_a_gateway() -> None:
    d = straight()
    d.task("other")
    d.path("handle", "other", "end")
    assert found(d.xml()) == [("many_ways_on", "handle")]


def test_a_circle_of_gateways_would_never_rest() -> None:
    d = after_task()
    d.gateway("exclusive", "round")
    d.flow("which", "left", "outcome == 'yes'")
    d.flow("which", "round", default=True)
    d.flow("round", "right", "a")
    d.flow("round", "which", default=True)
    assert ("circle", "which") in found(d.xml())


@pytest.mark.parametrize(
    ("nodes", "code"),
    [('<startEvent id="second"/>', "many_starts"), ("", "no_start")],
)
def test_a_process_has_one_start(nodes: str, code: str) -> None:
    d = straight(nodes)
    if nodes:
        d.flow("second", "handle")
    else:
        d.nodes.pop(0)
        d.flows.pop(0)
    assert code in [name for name, _ in found(d.xml())]


# Decisions


def test_every_outcome_must_lead_somewhere() -> None:
    d = after_task("yes,no,unsure")
    d.flow("which", "left", "outcome == 'yes'")
    d.flow("which", "right", "outcome == 'no'")
    problem = next(p for p in check(d.xml()) if p.code == "outcome_not_handled")
    assert (problem.params["task"], problem.params["outcome"]) == ("ask", "unsure")


def test_outcomes_that_are_all_handled_need_no_default() -> None:
    d = after_task("yes,no,unsure")
    d.flow("which", "left", "outcome in ['yes', 'unsure']")
    d.flow("which", "right", "outcome == 'no'")
    assert found(d.xml()) == []


def test_an_outcome_that_no_task_has_is_found_in_its_condition() -> None:
    d = after_task()
    own = d.flow("which", "left", "outcome == 'yse'")
    d.flow("which", "right", default=True)
    problem = next(p for p in check(d.xml()) if p.code == "unknown_outcome")
    assert (problem.element, problem.params["outcome"], problem.params["known"]) == (own, "yse", "no, yes")


def test_conditions_on_the_case_s_data_need_a_default_flow() -> None:
    d = after_task("done")
    d.flow("which", "left", "area > 100")
    d.flow("which", "right", "area <= 100")
    assert found(d.xml()) == [("no_default", "which")]


def test_a_flow_without_condition_that_is_not_the_default_is_found() -> None:
    d = after_task()
    d.flow("which", "left", "outcome == 'yes'")
    own = d.flow("which", "right")
    assert found(d.xml()) == [("condition_missing", own)]


def test_an_outcome_before_any_task_cannot_be_asked() -> None:
    d = after_task()
    d.flows.clear()
    d.path("start", "which")
    d.path("left", "end")
    d.path("right", "ask", "end")
    d.flow("which", "left", "outcome == 'yes'")
    d.flow("which", "right", default=True)
    assert ("outcome_before_task", "which") in found(d.xml())


def test_after_a_timer_cut_a_task_off_there_is_no_outcome() -> None:
    d = after_task()
    d.boundary("late", "ask")
    d.flow("late", "which")
    d.flow("which", "left", "outcome == 'yes'")
    d.flow("which", "right", "outcome == 'no'")
    problem = next(p for p in check(d.xml()) if p.severity == "error")
    assert (problem.code, problem.params["task"]) == ("outcome_not_handled", "late")


def test_asking_for_the_outcome_of_parallel_branches_is_doubtful() -> None:
    d = Drawing()
    d.start()
    d.gateway("parallel", "split")
    d.task("roads", "yes,no")
    d.task("water", "yes,no")
    d.gateway("parallel", "join")
    d.gateway("exclusive", "which")
    d.task("issue")
    d.end()
    d.path("start", "split", "roads", "join", "which")
    d.path("split", "water", "join")
    d.flow("which", "issue", "outcome == 'yes'")
    d.flow("which", "end", default=True)
    d.flow("issue", "end")
    assert found(d.xml()) == []
    assert ("outcome_of_branches", "which") in found(d.xml(), "warning")


def test_a_choice_that_changes_nothing_is_doubtful() -> None:
    assert found(straight(outcomes="yes,no").xml(), "warning") == [("outcome_unused", "handle")]


def test_a_flow_that_no_outcome_takes_is_doubtful() -> None:
    d = after_task()
    d.flow("which", "left", "outcome in ['yes', 'no']")
    own = d.flow("which", "right", "outcome == 'no'")
    assert found(d.xml(), "warning") == [("flow_never_taken", own)]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("__import__('os')", "calling a function"),
        ("case.area > 5", "attribute"),
        ("rows[0] == 1", "item"),
        ("area * 2 > 5", "arithmetic"),
        ("${outcome == 'yes'}", "without ${ }"),
        ("a && b", "and, or"),
        ("outcome = 'yes'", "cannot be read"),
        ("'yes'", "not a question"),
        ("a is None", "=="),
        ("a " + "and a " * 120, "characters"),
        (" or ".join("abcdefghijklmnopqrstuvwxyz" * 3), "parts"),
    ],
)
def test_a_condition_outside_the_language_says_why(condition: str, says: str) -> None:
    d = after_task()
    d.flow("which", "left", condition)
    d.flow("which", "right", default=True)
    xml = d.xml()
    problem = next(p for p in check(xml) if p.code == "bad_condition")
    assert says in problem.message
    assert problem.line == line_of(xml, "<conditionExpression>")


def test_every_message_and_advice_can_be_said() -> None:
    """No blank of the catalogue stays without a value in the problems that these files bring up."""
    files = [
        straight('<scriptTask id="x"/>').xml(),
        two_branches("exclusive", "parallel").xml(),
        after_task().xml(),
    ]
    for xml in files:
        for problem in check(xml):
            assert isinstance(problem, Problem)
            assert "%(" not in problem.message + problem.advice
