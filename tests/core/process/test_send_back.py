"""Whatever is sent back as far as it may be, the case stays whole."""

from __future__ import annotations

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.core.process.generated import SWITCHES, processes
from yiwang.core.process import (
    Complete,
    Process,
    SendBack,
    ServiceDone,
    State,
    StepError,
    TimerFired,
    UserTask,
    may_send_back,
    read,
    send_back_targets,
    start,
    step,
)

DATA = {"units": ["roads", "water"]}


def resting(state: State) -> list:
    return [token for token in state.tokens if not token.flow]


def reminded(process: Process, node: str) -> bool:
    """Whether the task is opened by a reminder, which may come again."""
    return any(process.nodes[split].kind == "boundary" for split, _ in process.threads[node] or ())


def ordinary(process: Process, token, choose) -> Complete | TimerFired | ServiceDone:
    node = process.nodes[token.node]
    if isinstance(node, UserTask):
        return Complete(token.id, choose(list(node.outcomes)))
    return ServiceDone(token.id) if node.kind == "service" else TimerFired(token.id)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes(), choices=st.data())
def test_after_any_allowed_send_back_no_task_is_open_twice_and_the_case_can_still_end(xml, choices) -> None:
    note(xml.decode())
    process = read(xml)
    switches = DATA | {name: choices.draw(st.booleans()) for name in SWITCHES}
    now = start(process, switches)

    def choose(values: list):
        return choices.draw(st.sampled_from(values))

    for _ in range(20):
        if now.ended:
            return
        token = choose(resting(now.state))
        is_task = isinstance(process.nodes[token.node], UserTask)
        backward = [task.id for task in send_back_targets(process, token.node)] if is_task else []
        if backward and choices.draw(st.booleans()):
            event = SendBack(token.id, choose(backward))
        else:
            event = ordinary(process, token, choose)
        note(str(event))
        now = step(process, now.state, event, switches)
        once = [(t.node, t.item) for t in resting(now.state) if not reminded(process, t.node)]
        assert len(once) == len(set(once))
    for _ in range(300):
        if now.ended:
            return
        # The last outcome leads out of every loop.
        event = ordinary(process, resting(now.state)[0], lambda values: values[-1])
        now = step(process, now.state, event, switches)
    raise AssertionError("the case does not come to an end")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes())
def test_what_may_not_be_sent_back_is_refused_and_changes_nothing(xml) -> None:
    process = read(xml)
    now = start(process, DATA | dict.fromkeys(SWITCHES, True))
    token = now.state.tokens[0]
    for node in process.tasks:
        refusal = may_send_back(process, token.node, node.id)
        try:
            step(process, now.state, SendBack(token.id, node.id), DATA)
            assert refusal == ""
        except StepError as error:
            assert error.code == refusal
