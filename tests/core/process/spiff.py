"""SpiffWorkflow as a second opinion: it runs the same file, and shows what is open in the same words."""

from __future__ import annotations

from collections import Counter

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.core.process.unrolled import base, unroll

LONG_AGO = "2000-01-01T00:00:00+00:00"


class Engine(PythonScriptEngine):
    """Conditions read the data of the whole case, and `outcome` from their own branch."""

    def __init__(self, data: dict):
        super().__init__()
        self.data = data

    def evaluate(self, task, expression, external_context=None):
        if expression.startswith('"P'):
            return expression.strip('"')
        return eval(expression, {}, {**self.data, "outcome": task.data.get("outcome", "")})


class Spiff:
    """One running case. `data` is shared with the caller and may change between steps."""

    def __init__(self, xml: bytes, data: dict):
        # It has no service task of its own to run; a user task stands for one.
        parser = BpmnParser()
        written_out, self.last_round = unroll(xml)
        text = written_out.replace(b"<serviceTask", b"<userTask").replace(b"</serviceTask", b"</userTask")
        parser.add_bpmn_xml(etree.fromstring(text), filename="test.bpmn")
        self.data = data
        self.workflow = BpmnWorkflow(parser.get_spec("test"), script_engine=Engine(data))
        self.workflow.data.update(units=data["units"])
        for task in self.workflow.get_tasks():
            task.data["units"] = data["units"]
        self.settle()

    def settle(self) -> None:
        self.workflow.do_engine_steps()
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()

    def open(self) -> Counter:
        """(node, item) of every user task, and (node, None) of every timer and service that is waited for."""
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        rows = [(self.node(task), self.item(task)) for task in tasks]
        return Counter(rows + [(self.node(task), None) for task in self.timers()])

    def node(self, task) -> str:
        return base(task.task_spec.name.removesuffix(" [child]"))

    def may_repeat(self, node: str) -> bool:
        """Whether the loop that this open task ends has another round left."""
        names = {task.task_spec.name for task in self.workflow.get_tasks(state=TaskState.READY, manual=True)}
        return not any(name in self.last_round and base(name) == node for name in names)

    def item(self, task) -> object:
        return task.data.get(f"{self.node(task)}_item") if "[child]" in task.task_spec.name else None

    def timers(self) -> list:
        return [
            task
            for task in self.workflow.get_tasks(state=TaskState.WAITING)
            if isinstance(getattr(task.task_spec, "event_definition", None), TimerEventDefinition)
        ]

    def complete(self, node: str, item: object, outcome: str) -> None:
        for task in self.workflow.get_tasks(state=TaskState.READY, manual=True):
            if self.node(task) == node and self.item(task) == item:
                # Left in place, it would stop the task from opening again in a loop.
                task.data.pop(f"{node}_item", None)
                task.data["outcome"] = outcome
                task.run()
                break
        else:
            raise LookupError(f"{node} {item} is not open in SpiffWorkflow")
        self.settle()

    def fire(self, node: str) -> None:
        timer = next(task for task in self.timers() if self.node(task) == node)
        timer.internal_data["event_value"] = LONG_AGO
        timer.data["outcome"] = ""
        self.settle()

    @property
    def ended(self) -> bool:
        return self.workflow.is_completed()
