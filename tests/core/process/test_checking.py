"""What the author of a process file is told, in which line, and what to do instead."""

from __future__ import annotations

import pytest

from tests.core.process.drawing import HEAD, Drawing
from yiwang.core.process import Problem, ProcessError, check, read


def found(xml: bytes, severity: str = "error") -> list[tuple[str, str]]:
    """(code, element) of every problem, without the warnings that hand-written files have no drawing."""
    return [
        (p.code, p.element)
        for p in check(xml, "test.bpmn")
        if p.severity == severity and p.code != "no_shape"
    ]


def line_of(xml: bytes, text: str) -> int:
    return next(n for n, line in enumerate(xml.decode().splitlines(), 1) if text in line)


def simple(*nodes: str, outcomes: str = "done") -> Drawing:
    """start, task, end; with more nodes put in as raw XML."""
    d = Drawing()
    d.start()
    d.task("handle", outcomes)
    d.end()
    d.nodes.extend(nodes)
    return d


def straight(*nodes: str, outcomes: str = "done") -> Drawing:
    d = simple(*nodes, outcomes=outcomes)
    d.path("start", "handle", "end")
    return d


def after_task(outcomes: str = "yes,no") -> Drawing:
    """start, task, exclusive gateway with two tasks to lead to, end."""
    d = Drawing()
    d.start()
    d.task("ask", outcomes)
    d.gateway("exclusive", "which")
    d.task("left")
    d.task("right")
    d.end()
    d.path("start", "ask", "which")
    d.path("left", "end")
    d.path("right", "end")
    return d


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


# Soundness


def two_branches(opening: str, closing: str) -> Drawing:
    d = Drawing()
    d.start()
    d.gateway(opening, "split")
    d.task("roads")
    d.task("water")
    d.gateway(closing, "join")
    d.task("decide")
    d.end()
    d.path("start", "split")
    d.flow("split", "roads", "" if opening == "parallel" else "digs")
    d.flow("split", "water", default=opening != "parallel")
    d.path("roads", "join", "decide", "end")
    d.path("water", "join")
    return d


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


# Untrusted files


def test_nested_entities_are_refused_before_they_are_expanded() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = (
        f'<?xml version="1.0"?><!-- x -->\n<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>\n<lolz>&l11;</lolz>'
    )
    assert [(p.code, p.line) for p in check(xml.encode())] == [("doctype", 2)]


def test_a_file_on_the_server_is_not_read_through_an_entity(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("key")
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>\n'
    xml = straight().xml().replace(b"<definitions", doctype.encode() + b"<definitions", 1)
    assert [p.code for p in check(xml)] == ["doctype"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gbk"])
def test_another_encoding_cannot_hide_a_document_type(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY x "网">]><d>&x;</d>'
    assert check(xml.encode(encoding))[0].code in ("encoding", "not_xml")
    assert check(xml.encode())[0].code == "encoding"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "not_xml"),
        (b"<definitions", "not_xml"),
        (b"<html/>", "not_bpmn"),
        (HEAD.encode() + b"</definitions>", "no_process"),
        (b" " * 1_000_001, "too_large"),
    ],
)
def test_what_is_not_a_process_file_is_told_so(xml: bytes, code: str) -> None:
    assert [p.code for p in check(xml)] == [code]


def test_a_gateway_with_very_many_ways_is_checked_in_moderate_time_and_memory() -> None:
    d = Drawing()
    d.start()
    d.gateway("inclusive", "split")
    d.gateway("inclusive", "join")
    d.end()
    d.path("start", "split")
    d.path("join", "end")
    for nth in range(40):
        d.task(f"t{nth}")
        d.flow("split", f"t{nth}", f"a{nth}" if nth else "", default=nth == 0)
        d.flow(f"t{nth}", "join")
    assert found(d.xml(), "warning") == [("not_verified", "start")]


def test_a_process_with_too_many_nodes_is_refused() -> None:
    d = Drawing()
    d.start()
    d.end()
    d.path("start", *[d.task(f"t{nth}") for nth in range(500)], "end")
    assert [code for code, _ in found(d.xml())] == ["too_many_nodes"]


def test_a_second_process_in_the_file_is_refused() -> None:
    xml = straight().xml().replace(b"</definitions>", b'<process id="two"/></definitions>')
    assert found(xml) == [("many_processes", "two")]


def test_deep_nesting_does_not_bring_the_reader_down() -> None:
    deep = b"<extensionElements>" * 300 + b"</extensionElements>" * 300
    assert [p.severity for p in check(HEAD.encode() + deep + b"</definitions>")]


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
