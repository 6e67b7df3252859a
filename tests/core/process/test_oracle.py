"""Two engines, one process file: after every step the same tasks are open."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.core.process.generated import SWITCHES, processes
from tests.core.process.spiff import Spiff
from yiwang.core.process import (
    Complete,
    Process,
    ServiceDone,
    State,
    TimerFired,
    UserTask,
    check,
    read,
    start,
    step,
)

UNITS = ["roads", "water"]


def open_here(process: Process, state: State) -> Counter:
    return Counter((token.node, token.item) for token in state.tokens if not token.flow)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes(), choices=st.data())
def test_the_same_tasks_are_open_in_spiffworkflow_after_every_step(
    xml: bytes, choices: st.DataObject
) -> None:
    note(xml.decode())
    process = read(xml)
    data = {name: choices.draw(st.booleans()) for name in SWITCHES} | {"units": UNITS}
    other = Spiff(xml, data)
    now = start(process, data)
    for _ in range(25):
        assert open_here(process, now.state) == other.open()
        assert now.ended == other.ended
        if now.ended:
            return
        token = choices.draw(st.sampled_from([token for token in now.state.tokens if not token.flow]))
        data.update({name: choices.draw(st.booleans()) for name in SWITCHES})
        node = process.nodes[token.node]
        if isinstance(node, UserTask):
            outcomes = [o for o in node.outcomes if o != "again" or other.may_repeat(node.id)]
            outcome = choices.draw(st.sampled_from(outcomes))
            event = Complete(token.id, outcome)
            other.complete(node.id, token.item, outcome)
        elif node.kind == "service":
            event = ServiceDone(token.id)
            other.complete(node.id, None, "")
        else:
            event = TimerFired(token.id)
            other.fire(node.id)
        note(f"{event} {data}")
        now = step(process, now.state, event, data)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=processes())
def test_no_generated_process_is_refused(xml: bytes) -> None:
    note(xml.decode())
    assert [str(problem) for problem in check(xml) if problem.severity == "error"] == []
