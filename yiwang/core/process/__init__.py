"""Processes: a BPMN 2.0 subset (流程), its checker and its pure step function."""

from yiwang.core.process.attributes import NEVER
from yiwang.core.process.conditions import Condition
from yiwang.core.process.english import in_english
from yiwang.core.process.errors import ConditionError, StepError
from yiwang.core.process.layout import lay_out
from yiwang.core.process.model import LINKS, Flow, Gateway, Node, Process, ServiceTask, Timer, UserTask
from yiwang.core.process.names import YIWANG as NAMESPACE
from yiwang.core.process.problems import Problem, ProcessError
from yiwang.core.process.reading import check, read
from yiwang.core.process.state import (
    Cancel,
    ClosedTask,
    Complete,
    Event,
    OpenTask,
    Reenter,
    SendBack,
    ServiceCall,
    ServiceDone,
    State,
    Step,
    TimerFired,
    TimerSet,
    Token,
)
from yiwang.core.process.stepping import may_send_back, send_back_targets, start, step

__all__ = [
    "LINKS", "NAMESPACE", "NEVER",
    "Cancel", "ClosedTask", "Complete", "Condition", "ConditionError", "Event", "Flow", "Gateway", "Node",
    "OpenTask", "Problem", "Process", "ProcessError", "Reenter", "SendBack", "ServiceCall", "ServiceDone", "ServiceTask",
    "State", "Step", "StepError", "Timer", "TimerFired", "TimerSet", "Token", "UserTask",
    "check", "in_english", "lay_out", "may_send_back", "read", "send_back_targets", "start", "step",
]  # fmt: skip
