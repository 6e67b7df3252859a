"""Steps of a case, with the state kept between them, against SpiffWorkflow.

The case: accept, four units in parallel, join, decide, with a supplement loop back to accept, issue.
A web application loads a case's state, does one step and stores it again; both engines do exactly
that here, as JSON text, in turns in the same run, and after every step the same tasks must be open.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from statistics import median

from yiwang.core import process

NAME = "process"
GOAL = 50.0  # times faster than SpiffWorkflow, on the straight case and on every looped one
LOOPS = (0, 1, 5, 20)

UNITS = ("planning", "water", "greening", "fire")
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yiwang="urn:yiwang:bpmn:1"
    targetNamespace="urn:yiwang:bench" id="bench">
  <process id="permit" name="permit" isExecutable="true">
    <startEvent id="start"/>
    <userTask id="accept" name="accept" yiwang:post="clerk" yiwang:outcomes="done"/>
    <parallelGateway id="split"/>
    {"".join(f'<userTask id="{u}" name="{u}" yiwang:post="handler" yiwang:outcomes="done"/>' for u in UNITS)}
    <parallelGateway id="join"/>
    <userTask id="decide" name="decide" yiwang:post="approver" yiwang:outcomes="issue,supplement"/>
    <exclusiveGateway id="which" default="to_issue"/>
    <userTask id="issue" name="issue" yiwang:post="clerk" yiwang:outcomes="done"/>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>
    <sequenceFlow id="f2" sourceRef="accept" targetRef="split"/>
    {"".join(f'<sequenceFlow id="to_{u}" sourceRef="split" targetRef="{u}"/>' for u in UNITS)}
    {"".join(f'<sequenceFlow id="from_{u}" sourceRef="{u}" targetRef="join"/>' for u in UNITS)}
    <sequenceFlow id="f3" sourceRef="join" targetRef="decide"/>
    <sequenceFlow id="f4" sourceRef="decide" targetRef="which"/>
    <sequenceFlow id="again" sourceRef="which" targetRef="accept">
      <conditionExpression>outcome == 'supplement'</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="to_issue" sourceRef="which" targetRef="issue"/>
    <sequenceFlow id="f5" sourceRef="issue" targetRef="end"/>
  </process>
</definitions>
""".encode()


def script(loops: int) -> list[tuple[str, str]]:
    """(task, outcome) of every step of a case with so many supplement loops."""
    one_round = [("accept", "done"), *((unit, "done") for unit in UNITS)]
    return (
        (one_round + [("decide", "supplement")]) * loops
        + one_round
        + [("decide", "issue"), ("issue", "done")]
    )


class Ours:
    """A case of this project's engine, stored as JSON text between steps."""

    name = "yiwang"

    def __init__(self) -> None:
        self.process = process.read(XML)

    def begin(self) -> str:
        return json.dumps(process.start(self.process, {}).state.dump())

    def step(self, stored: str, task: str, outcome: str) -> str:
        state = process.State.load(json.loads(stored))
        token = next(token.id for token in state.tokens if token.node == task)
        return json.dumps(
            process.step(self.process, state, process.Complete(token, outcome), {}).state.dump()
        )

    def open(self, stored: str) -> list[str]:
        return sorted(token.node for token in process.State.load(json.loads(stored)).tokens if not token.flow)


class Spiff:
    """A case of SpiffWorkflow, stored by its own serializer between steps."""

    name = "SpiffWorkflow"

    def __init__(self) -> None:
        from lxml import etree
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState

        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(XML), filename="bench.bpmn")
        self.spec = parser.get_spec("permit")
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.workflow = BpmnWorkflow
        self.ready = TaskState.READY

    def begin(self) -> str:
        workflow = self.workflow(self.spec)
        workflow.do_engine_steps()
        return self.serializer.serialize_json(workflow)

    def step(self, stored: str, task: str, outcome: str) -> str:
        workflow = self.serializer.deserialize_json(stored)
        found = next(t for t in workflow.get_tasks(state=self.ready, manual=True) if t.task_spec.name == task)
        found.data["outcome"] = outcome
        found.run()
        workflow.do_engine_steps()
        return self.serializer.serialize_json(workflow)

    def open(self, stored: str) -> list[str]:
        workflow = self.serializer.deserialize_json(stored)
        return sorted(task.task_spec.name for task in workflow.get_tasks(state=self.ready, manual=True))


def measure(
    engine: Ours | Spiff, steps: list[tuple[str, str]], repeat: int
) -> tuple[float, int, list[list[str]]]:
    """Median milliseconds of CPU a step, the largest stored state in bytes, and what was open after each step."""
    engine.step(engine.begin(), *steps[0])  # first call outside the measurement
    times = []
    for _ in range(repeat):
        stored = engine.begin()
        before = time.process_time()
        for task, outcome in steps:
            stored = engine.step(stored, task, outcome)
        times.append((time.process_time() - before) / len(steps) * 1000)
    stored, size, opened = engine.begin(), 0, []
    for task, outcome in steps:
        stored = engine.step(stored, task, outcome)
        size = max(size, len(stored.encode()))
        opened.append(engine.open(stored))
    return median(times), size, opened


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    """One row for each number of loops; `equal` is False when the engines disagree on an open task."""
    warnings.simplefilter("ignore", DeprecationWarning)
    ours, other = Ours(), Spiff()
    rows, equal = [], True
    report(
        "loops  steps  yiwang ms/step  SpiffWorkflow ms/step  times faster  state bytes: yiwang  SpiffWorkflow"
    )
    for loops in LOOPS:
        steps = script(loops)
        repeat = max(1, round(scale * 60 / len(steps)))
        slow, large, seen_there = measure(other, steps, repeat)
        fast, small, seen_here = measure(ours, steps, repeat * 20)
        equal = equal and seen_here == seen_there
        ratio = slow / fast
        rows.append(
            {
                "loops": loops, "steps": len(steps), "yiwang_ms": round(fast, 4), "spiff_ms": round(slow, 3),
                "ratio": round(ratio, 1), "yiwang_bytes": small, "spiff_bytes": large,
            }
        )  # fmt: skip
        report(
            f"{loops:5d}  {len(steps):5d}  {fast:14.4f}  {slow:21.3f}  {ratio:12.0f}  {small:19d}  {large:13d}"
        )
    met = all(row["ratio"] >= GOAL for row in rows)
    report(
        f"Same tasks open after every step: {'yes' if equal else 'NO'}. At least {GOAL:.0f} times faster: {'yes' if met else 'NO'}."
    )
    return {"name": NAME, "goal": GOAL, "met": met, "equal": equal, "rows": rows}


if __name__ == "__main__":
    run(print)
