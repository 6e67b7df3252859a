"""What happens to a case when people act and time passes."""

from __future__ import annotations

import json
import pickle

import pytest

from tests.core.process.drawing import Drawing
from yiwang.core.process import (
    Cancel,
    Complete,
    ConditionError,
    Process,
    SendBack,
    ServiceDone,
    State,
    Step,
    StepError,
    TimerFired,
    may_send_back,
    read,
    start,
    step,
)


class Case:
    """A running case that finds tokens by the name of their task."""

    def __init__(self, drawing: Drawing, **data: object):
        self.process: Process = read(drawing.xml())
        self.data = data
        self.last: Step = start(self.process, data)

    def token(self, node: str, item: object = None) -> int:
        return next(t.id for t in self.last.state.tokens if t.node == node and t.item == item and not t.flow)

    def complete(self, node: str, outcome: str = "done", item: object = None) -> Case:
        return self.act(Complete(self.token(node, item), outcome))

    def fire(self, node: str) -> Case:
        return self.act(TimerFired(self.token(node)))

    def act(self, event) -> Case:
        self.last = step(self.process, self.last.state, event, self.data)
        return self

    @property
    def open(self) -> list[str]:
        return sorted(t.node for t in self.last.state.tokens if not t.flow)

    @property
    def closed(self) -> list[tuple[str, str]]:
        return [(task.node, task.reason) for task in self.last.closed]


def consultation() -> Drawing:
    """accept, then roads and water in parallel, then decide with a supplement loop back to accept."""
    d = Drawing()
    d.start()
    d.task("accept")
    d.gateway("parallel", "split")
    d.task("roads")
    d.task("water")
    d.gateway("parallel", "join")
    d.task("decide", "issue,supplement")
    d.gateway("exclusive", "which")
    d.end()
    d.path("start", "accept", "split", "roads", "join", "decide", "which")
    d.path("split", "water", "join")
    d.flow("which", "accept", "outcome == 'supplement'")
    d.flow("which", "end", "outcome == 'issue'")
    return d


def watched(interrupting: bool, before: tuple[str, ...] = ()) -> Drawing:
    """A handling task with a timer of five working days that leads to an urging task."""
    d = Drawing()
    d.start()
    for task in before:
        d.task(task)
    d.task("handle")
    d.boundary("late", "handle", interrupting, "5wd")
    d.task("urge")
    d.task("check")
    d.end()
    d.end("urged")
    d.path("start", *before, "handle", "check", "end")
    d.path("late", "urge", "urged")
    return d


def test_parallel_units_are_asked_at_once_and_the_decision_waits_for_both() -> None:
    case = Case(consultation()).complete("accept")
    assert case.open == ["roads", "water"]
    assert case.complete("water").open == ["roads"]
    assert case.complete("roads").open == ["decide"]
    assert case.complete("decide", "issue").last.ended
    assert case.last.end == "end"


def test_a_supplement_brings_the_case_back_and_both_units_are_asked_again() -> None:
    case = Case(consultation()).complete("accept").complete("roads").complete("water")
    assert case.complete("decide", "supplement").open == ["accept"]
    assert case.complete("accept").open == ["roads", "water"]


def test_five_hundred_rounds_of_rework_leave_the_state_as_small_as_the_first() -> None:
    case = Case(consultation())
    sizes = []
    for _ in range(500):
        case.complete("accept").complete("roads")
        sizes.append(len(json.dumps(case.last.state.dump())))
        case.complete("water").complete("decide", "supplement")
    digits = len(str(case.last.state.next)) - 1
    assert sizes[-1] <= sizes[0] + 3 * digits
    assert sizes[-1] < 80


def test_the_order_of_the_first_round_s_branches_does_not_matter_to_the_second_round() -> None:
    """SpiffWorkflow 3.2 opens `decide` in the second round when only water is done."""
    case = (
        Case(consultation())
        .complete("accept")
        .complete("roads")
        .complete("water")
        .complete("decide", "supplement")
    )
    assert case.complete("accept").complete("water").open == ["roads"]
    assert case.complete("roads").open == ["decide"]


def test_a_join_in_the_second_round_waits_for_the_branches_of_its_own_round() -> None:
    """SpiffWorkflow 3.2 opens `brief` here as soon as one of roads and water is done again."""
    d = Drawing()
    d.start()
    d.gateway("exclusive", "again")
    for gateway in ("split", "first", "all"):
        d.gateway("parallel", gateway)
    for task in ("roads", "water", "brief", "fire"):
        d.task(task)
    d.task("decide", "on,back")
    d.gateway("exclusive", "which")
    d.end()
    d.path("start", "again", "split", "roads", "first", "brief", "all", "decide", "which")
    d.path("split", "water", "first")
    d.path("split", "fire", "all")
    d.flow("which", "again", "outcome == 'back'")
    d.flow("which", "end", "outcome == 'on'")
    case = (
        Case(d)
        .complete("water")
        .complete("fire")
        .complete("roads")
        .complete("brief")
        .complete("decide", "back")
    )
    assert case.complete("roads").open == ["fire", "water"]
    assert case.complete("water").open == ["brief", "fire"]


def test_each_consulted_unit_gets_its_own_task_and_all_must_answer() -> None:
    d = Drawing()
    d.start()
    d.task("consult", items="units")
    d.task("decide")
    d.end()
    d.path("start", "consult", "decide", "end")
    case = Case(d, units=["roads", "water", "fire"])
    assert [task.item for task in case.last.opened] == ["roads", "water", "fire"]
    case.complete("consult", item="water").complete("consult", item="roads")
    assert case.open == ["consult"]
    assert case.complete("consult", item="fire").open == ["decide"]


def test_nobody_to_consult_means_the_case_goes_straight_on() -> None:
    d = Drawing()
    d.start()
    d.task("consult", items="units")
    d.task("decide")
    d.end()
    d.path("start", "consult", "decide", "end")
    assert Case(d, units=[]).open == ["decide"]


@pytest.mark.parametrize("units", [None, "roads", [["roads"]], {"roads": 1}])
def test_a_consultation_without_a_proper_list_is_refused_by_name(units: object) -> None:
    d = Drawing()
    d.start()
    d.task("consult", items="units")
    d.end()
    d.path("start", "consult", "end")
    with pytest.raises(StepError, match="consult needs a list of items in units") as error:
        Case(d, units=units)
    assert (error.value.code, error.value.params["name"]) == ("no_list", "units")


def test_an_interrupting_timer_takes_the_task_away() -> None:
    case = Case(watched(True))
    assert [(timer.node, timer.duration) for timer in case.last.timers_set] == [("late", "5wd")]
    case.fire("late")
    assert case.closed == [("handle", "interrupted")]
    assert case.open == ["urge"]


def test_a_reminder_leaves_the_task_open_and_comes_once() -> None:
    case = Case(watched(False)).fire("late")
    assert case.closed == []
    assert case.open == ["handle", "urge"]
    assert case.complete("handle").open == ["check", "urge"]


def test_work_done_in_time_cancels_its_timer() -> None:
    case = Case(watched(True))
    timer = case.token("late")
    case.complete("handle")
    assert case.last.timers_cancelled == (timer,)
    with pytest.raises(StepError, match="completed or cancelled meanwhile"):
        case.act(TimerFired(timer))


def test_a_deadline_on_a_consultation_closes_every_part_that_has_not_answered() -> None:
    d = Drawing()
    d.start()
    d.task("consult", items="units")
    d.boundary("late", "consult")
    d.task("decide")
    d.end()
    d.path("start", "consult", "decide", "end")
    d.flow("late", "decide")
    case = Case(d, units=["roads", "water", "fire"]).complete("consult", item="water").fire("late")
    assert case.closed == [("consult", "interrupted")] * 2
    assert case.open == ["decide"]


def test_an_intermediate_timer_holds_the_case_until_it_fires() -> None:
    d = Drawing()
    d.start()
    d.task("publish")
    d.timer("notice", "P7D")
    d.task("decide")
    d.end()
    d.path("start", "publish", "notice", "decide", "end")
    case = Case(d).complete("publish")
    assert [(timer.duration, timer.task) for timer in case.last.timers_set] == [("7d", 0)]
    assert case.fire("notice").open == ["decide"]


def test_an_action_is_handed_out_and_its_result_decides() -> None:
    d = Drawing()
    d.start()
    d.service("look", "look_up_register", "found,unknown")
    d.gateway("exclusive", "which")
    d.task("visit")
    d.end()
    d.path("start", "look", "which")
    d.flow("which", "visit", "outcome == 'unknown'")
    d.flow("which", "end", default=True)
    d.flow("visit", "end")
    case = Case(d)
    assert [(call.node, call.action) for call in case.last.services] == [("look", "look_up_register")]
    with pytest.raises(StepError, match="found, unknown"):
        case.act(ServiceDone(case.token("look"), "perhaps"))
    assert case.act(ServiceDone(case.token("look"), "unknown")).open == ["visit"]


def test_a_terminate_end_closes_every_branch() -> None:
    d = Drawing()
    d.start()
    d.gateway("parallel", "split")
    d.task("inspect")
    d.task("ask", "go,stop")
    d.gateway("exclusive", "which")
    d.end("stopped", terminate=True)
    d.end()
    d.path("start", "split", "inspect", "end")
    d.path("split", "ask", "which")
    d.flow("which", "stopped", "outcome == 'stop'")
    d.flow("which", "end", default=True)
    case = Case(d).complete("ask", "stop")
    assert case.last.ended
    assert case.last.end == "stopped"
    assert case.closed == [("ask", "completed"), ("inspect", "terminated")]


def inclusive() -> Drawing:
    d = Drawing()
    d.start()
    d.gateway("inclusive", "who")
    for task in ("roads", "water", "nobody", "sum_up"):
        d.task(task)
    d.gateway("inclusive", "join")
    d.end()
    d.path("start", "who")
    d.flow("who", "roads", "digs_road")
    d.flow("who", "water", "cuts_water")
    d.flow("who", "nobody", default=True)
    for task in ("roads", "water", "nobody"):
        d.flow(task, "join")
    d.path("join", "sum_up", "end")
    return d


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ({"digs_road": True, "cuts_water": True}, ["roads", "water"]),
        ({"digs_road": True, "cuts_water": False}, ["roads"]),
        ({"digs_road": False, "cuts_water": False}, ["nobody"]),
    ],
)
def test_an_inclusive_gateway_asks_exactly_those_concerned_and_waits_for_exactly_them(data, asked) -> None:
    case = Case(inclusive(), **data)
    assert case.open == asked
    for task in asked:
        assert "sum_up" not in case.open
        case.complete(task)
    assert case.open == ["sum_up"]


def test_an_inclusive_join_waits_for_a_branch_that_parts_and_merges_again() -> None:
    """SpiffWorkflow 3.2 opens `sum_up` here while `approve` is still open."""
    d = Drawing()
    d.start()
    d.gateway("parallel", "split")
    for task in ("roads", "water", "small_work", "large_work", "approve", "report", "sum_up"):
        d.task(task)
    d.gateway("exclusive", "how")
    d.gateway("exclusive", "merge")
    d.gateway("inclusive", "join")
    d.end()
    d.path("start", "split", "roads", "join", "sum_up", "end")
    d.path("split", "water", "how")
    d.flow("how", "small_work", "small")
    d.flow("how", "large_work", default=True)
    d.path("small_work", "merge", "report", "join")
    d.path("large_work", "approve", "merge")
    case = Case(d, small=False).complete("roads").complete("water").complete("large_work")
    assert case.open == ["approve"]
    assert case.complete("approve").complete("report").open == ["sum_up"]


def test_an_inclusive_join_stops_waiting_when_the_last_other_branch_turns_away() -> None:
    d = Drawing()
    d.start()
    d.gateway("parallel", "split")
    d.task("roads")
    d.task("water", "yes,no")
    d.gateway("exclusive", "concerned")
    d.gateway("inclusive", "join")
    d.task("sum_up")
    d.end()
    d.end("not_concerned")
    d.path("start", "split", "roads", "join", "sum_up", "end")
    d.path("split", "water", "concerned")
    d.flow("concerned", "join", "outcome == 'yes'")
    d.flow("concerned", "not_concerned", default=True)
    case = Case(d).complete("roads")
    assert case.open == ["water"]
    assert case.complete("water", "no").open == ["sum_up"]


def test_an_open_task_goes_back_to_an_earlier_one_and_its_timer_is_dropped() -> None:
    d = watched(True, before=("file",))
    case = Case(d).complete("file")
    timer = case.token("late")
    case.act(SendBack(case.token("handle"), "file"))
    assert case.open == ["file"]
    assert case.closed == [("handle", "sent_back")]
    assert case.last.timers_cancelled == (timer,)


def test_a_decision_goes_back_over_a_finished_consultation() -> None:
    case = Case(consultation()).complete("accept").complete("roads").complete("water")
    assert case.act(SendBack(case.token("decide"), "accept")).open == ["accept"]


def test_one_branch_of_a_consultation_cannot_go_back_alone() -> None:
    case = Case(consultation()).complete("accept")
    before = case.last.state
    with pytest.raises(StepError, match="a branch that runs in parallel lies between them") as error:
        case.act(SendBack(case.token("roads"), "accept"))
    assert error.value.code == "crosses_parallel"
    assert case.last.state is before
    assert may_send_back(case.process, "roads", "water") == "crosses_parallel"
    assert may_send_back(case.process, "decide", "roads") == "crosses_parallel"


def test_a_task_cannot_go_back_to_one_that_comes_later_nor_to_itself() -> None:
    process = read(watched(True).xml())
    assert may_send_back(process, "handle", "check") == "not_earlier"
    assert may_send_back(process, "handle", "handle") == "not_earlier"
    assert may_send_back(process, "handle", "late") == "no_such_task"


def test_one_part_of_a_consultation_cannot_go_back_while_others_are_asked() -> None:
    d = Drawing()
    d.start()
    d.task("file")
    d.task("consult", items="units")
    d.end()
    d.path("start", "file", "consult", "end")
    case = Case(d, units=["roads", "water"]).complete("file")
    with pytest.raises(StepError) as error:
        case.act(SendBack(case.token("consult", "roads"), "file"))
    assert error.value.code == "part_of_many"


def test_a_void_case_leaves_nothing_open() -> None:
    case = Case(watched(True))
    timer = case.token("late")
    case.act(Cancel())
    assert case.last.ended
    assert case.closed == [("handle", "cancelled")]
    assert case.last.timers_cancelled == (timer,)
    assert case.last.end == ""


def test_completing_a_task_twice_is_refused_and_so_is_an_outcome_that_it_does_not_have() -> None:
    case = Case(consultation())
    token = case.token("accept")
    with pytest.raises(StepError, match="later is not an outcome of accept; it allows: done"):
        case.complete("accept", "later")
    case.complete("accept")
    with pytest.raises(StepError) as error:
        case.act(Complete(token, "done"))
    assert error.value.code == "no_token"


def test_a_condition_that_lacks_a_value_names_the_flow_and_the_value() -> None:
    with pytest.raises(ConditionError) as error:
        Case(inclusive(), digs_road=True)
    assert error.value.params["name"] == "cuts_water"
    assert error.value.params["flow"].startswith("who_water")
    with pytest.raises(ConditionError, match="neither true nor false"):
        Case(inclusive(), digs_road=True, cuts_water="yes")


def test_values_given_with_a_completion_are_read_in_that_step() -> None:
    d = inclusive()
    d.flows[0] = d.flows[0].replace('targetRef="who"', 'targetRef="accept"')
    d.task("accept")
    d.flow("accept", "who")
    case = Case(d)
    case.act(Complete(case.token("accept"), "done", {"digs_road": False, "cuts_water": True}))
    assert case.open == ["water"]


def test_processes_states_and_errors_survive_pickling_and_states_survive_json() -> None:
    case = Case(consultation()).complete("accept").complete("water")
    assert pickle.loads(pickle.dumps(case.process)) == case.process
    state = case.last.state
    assert State.load(json.loads(json.dumps(state.dump()))) == state
    error = pickle.loads(pickle.dumps(ConditionError("missing_name", flow="f", name="n")))
    assert (error.code, error.params, type(error)) == (
        "missing_name",
        {"flow": "f", "name": "n"},
        ConditionError,
    )


@pytest.mark.parametrize("rows", [[], None, ["x"], [1, 2], {"next": 1}])
def test_a_broken_stored_state_is_refused(rows: object) -> None:
    with pytest.raises(ValueError, match="not a dumped process state"):
        State.load(rows)


def test_a_step_leaves_the_given_state_as_it_was() -> None:
    case = Case(consultation())
    before = case.last.state
    dumped = before.dump()
    case.complete("accept")
    assert before.dump() == dumped
