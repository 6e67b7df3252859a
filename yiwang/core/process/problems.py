"""What the checker can say about a process file: one code, one message, one piece of advice each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# code: (what is wrong, what to do). Blanks are filled from Problem.params.
CATALOGUE: dict[str, tuple[str, str]] = {
    "too_large": ("The file is larger than %(limit)s bytes.", "Remove what is not part of the process."),
    "too_many_nodes": ("The process has more than %(limit)s nodes.", "Split it into several processes."),
    "encoding": ("The file is not UTF-8.", "Save it as UTF-8."),
    "doctype": ("The file has a document type declaration.", "Remove the <!DOCTYPE …> part; entities are not read."),
    "not_xml": ("The file is not well-formed XML: %(reason)s.", "Repair it, or save it again from a BPMN modeller."),
    "not_bpmn": ("The root element is %(tag)s, not BPMN 2.0 definitions.", "Use a BPMN 2.0 file."),
    "no_process": ("The file has no process.", "Add one <process>."),
    "many_processes": ("The file has a second process, %(id)s.", "Keep one process in a file; make a file for each."),
    "refused": ("%(element)s is not supported.", "%(advice)s"),
    "no_id": ("%(element)s has no id.", "Give it an id."),
    "bad_id": ("The id %(id)s has characters other than letters, digits, - _ and .", "Choose a plain id."),
    "duplicate_id": ("The id %(id)s is used twice; first in line %(first)s.", "Give each element its own id."),
    "no_name": ("%(id)s has no name.", "Give it a name; people see it."),
    "no_end_of_flow": ("The sequence flow %(id)s has no %(side)s.", "Connect it to a node, or delete it."),
    "dangling": ("The %(side)s of sequence flow %(id)s, %(node)s, does not exist.", "Connect it to a node, or delete it."),
    "into_start": ("A sequence flow leads into the start event %(id)s.", "Lead it to the first task instead."),
    "into_boundary": ("A sequence flow leads into the boundary timer %(id)s.", "Lead it to a task or gateway."),
    "no_start": ("The process has no start event.", "Add a start event."),
    "many_starts": ("The process has a second start event, %(id)s.", "Keep one; use an exclusive gateway after it."),
    "no_end": ("The process has no end event.", "Add an end event."),
    "out_of_end": ("A sequence flow leaves the end event %(id)s.", "Delete it, or make this a task."),
    "no_way_on": ("Nothing follows %(id)s.", "Draw a sequence flow from it, to an end event at least."),
    "many_ways_on": (
        "Several sequence flows leave %(id)s.",
        "Put a gateway after it: parallel for all of them, exclusive for one of them.",
    ),
    "unreachable": ("%(id)s can never be reached.", "Connect it to the rest of the process, or delete it."),
    "never_ends": ("From %(id)s no end event can be reached.", "Draw a way from it to an end event."),
    "circle": ("Gateways lead in a circle without a task: %(nodes)s.", "Put a task or a timer into the circle."),
    "useless_condition": (
        "The sequence flow %(id)s has a condition, but leaves %(node)s, which decides nothing.",
        "Remove the condition, or put an exclusive or inclusive gateway before it.",
    ),
    "condition_on_default": ("The default flow %(id)s has a condition.", "Remove the condition."),
    "condition_missing": (
        "The sequence flow %(id)s leaves gateway %(node)s without a condition and is not its default.",
        "Give it a condition, or make it the default flow.",
    ),
    "bad_default": ("The default flow %(flow)s of %(id)s does not leave it.", "Choose one of its own flows."),
    "bad_condition": ("The condition %(text)s on %(id)s is not valid: %(reason)s.", "Compare names with values, joined by and, or, not."),
    "no_default": (
        "The conditions after gateway %(id)s may all be false, and it has no default flow.",
        "Make one of its flows the default flow.",
    ),
    "outcome_not_handled": (
        "When %(task)s ends with %(outcome)s, no flow after gateway %(id)s is open.",
        "Add a flow for this outcome, or a default flow.",
    ),
    "unknown_outcome": (
        "The condition on %(id)s asks for the outcome %(outcome)s, which no task before it has (they have: %(known)s).",
        "Correct the condition, or add the outcome to the task.",
    ),
    "outcome_before_task": (
        "The conditions after gateway %(id)s ask for an outcome, but no task comes before it.",
        "Use the data of the case, or put a task before the gateway.",
    ),
    "outcome_of_branches": (
        "The conditions after %(id)s ask for the outcome of whichever branch came last.",
        "Put a task after the join that decides, or use the data of the case.",
    ),
    "outcome_unused": (
        "The outcomes of %(id)s all lead to the same place: no gateway after it asks for the outcome.",
        "Use one outcome, or put an exclusive gateway after the task.",
    ),
    "flow_never_taken": ("The sequence flow %(id)s is never taken.", "Correct its condition, or delete it."),
    "missing": ("%(element)s %(id)s has no yiwang:%(attribute)s.", "%(advice)s"),
    "bad_limit": (
        "%(text)s is not a time limit (yiwang:limit of %(id)s).",
        "Write a number with wd, wh, h, d or eh, such as 5wd, or $name for a limit that the case gives.",
    ),
    "bad_extend": (
        "%(text)s is not how much a limit may be lengthened (yiwang:extend of %(id)s).",
        "Write a number with wd, wh, h, d or eh, such as 10wd, or none for a limit that is fixed.",
    ),
    "bad_reference": ("%(text)s is not a plain value or $name (yiwang:%(attribute)s of %(id)s).", "Use letters, digits, - and _; $ only in front."),
    "bad_list": ("The list yiwang:%(attribute)s of %(id)s has %(what)s.", "Separate the values by single commas, each once."),
    "bad_clock": ("%(text)s is not a way for the clock to go on (yiwang:clock of %(id)s).", "Use one of %(known)s."),
    "bad_link": ("%(text)s is not a link of city management (yiwang:link of %(id)s).", "Use one of %(known)s."),
    "unknown_attribute": ("yiwang:%(attribute)s is not known on %(element)s %(id)s.", "Use one of %(known)s."),
    "bad_duration": (
        "%(text)s is not a duration that this timer can use (%(id)s).",
        "Write a time limit such as 5wd or 4h, an ISO 8601 duration in whole hours or days such as P5D or PT4H, or $name.",
    ),
    "no_duration": ("The timer %(id)s has no timeDuration.", "Give it a duration, such as 5wd."),
    "no_trigger": ("%(element)s %(id)s has no timer.", "Add a timerEventDefinition."),
    "boundary_host": ("The boundary timer %(id)s is not attached to a user task.", "Attach it to a user task."),
    "no_items": ("The multi-instance task %(id)s names no list.", "Add <loopDataInputRef> with the name of the list variable."),
    "bad_name": ("%(text)s cannot be the name of a value (%(id)s).", "Use a name of letters, digits and _, not outcome."),
    "deadlock": (
        "The process can come to a stop at the join %(id)s: it waits for a branch that never comes.",
        "Let every branch of the opening gateway reach the join, or join with the same kind of gateway as opened it.",
    ),
    "open_twice": (
        "%(id)s can be open twice at the same time: parallel branches meet there without a join, or a loop opens it again.",
        "Join the branches by a gateway of the same kind as opened them, before this place and before the loop goes back.",
    ),
    "not_verified": (
        "The process has too many combinations of parallel branches (more than %(states)s) to prove that it always ends.",
        "Simplify it, or test it with cases.",
    ),
    "no_shape": ("%(id)s has no shape in the diagram.", "Open the file in a BPMN modeller and place it, or lay it out anew."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the checker. `severity` is error or warning; `element` is the id it is about."""

    code: str
    file: str = ""
    line: int = 0
    element: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    severity: str = "error"

    @property
    def message(self) -> str:
        """What is wrong, in plain English."""
        return CATALOGUE[self.code][0] % self.params

    @property
    def advice(self) -> str:
        """What to do about it."""
        return CATALOGUE[self.code][1] % self.params

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message} {self.advice}"


class ProcessError(Exception):
    """A process file that cannot be used. `problems` holds every error found, by line."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self):
        return ProcessError, (self.problems,)


class Findings:
    """Collects the problems of one file."""

    def __init__(self, file: str):
        self.file = file
        self.problems: list[Problem] = []

    def add(
        self, code: str, line: int = 0, element: str = "", /, severity: str = "error", **params: object
    ) -> None:
        params.setdefault("id", element)
        self.problems.append(Problem(code, self.file, line, element, params, severity))

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def sorted(self) -> list[Problem]:
        return sorted(self.problems, key=lambda problem: (problem.line, problem.element, problem.code))
