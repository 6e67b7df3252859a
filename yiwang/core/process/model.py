"""The compiled, immutable form of a process file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yiwang.core.process.conditions import Condition

START, END, TERMINATE = "start", "end", "terminate"
USER, SERVICE = "user", "service"
EXCLUSIVE, PARALLEL, INCLUSIVE = "exclusive", "parallel", "inclusive"
TIMER, BOUNDARY = "timer", "boundary"

GATEWAYS = frozenset({EXCLUSIVE, PARALLEL, INCLUSIVE})
# The seven links of digital city management (GB/T 30428, GB/T 47678) that a task can belong to.
LINKS = ("collect", "file", "dispatch", "handle", "feedback", "verify", "close")


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is None where it is always open."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: Condition | None = None
    line: int = 0
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """What every node of a process has. `incoming` and `outgoing` are flow ids in document order."""

    id: str
    kind: str
    name: str = ""
    name_en: str = ""
    lane: str = ""
    line: int = 0
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserTask(Node):
    """A task that a person does.

    `limit` is limit text (`5wd`) or `$name`; `unit` is a unit's code, `$name` or empty; both `$name`
    forms are resolved by the case. `outcomes` maps each allowed outcome to its label, in file order.
    `pauses` are the hold reasons that stop this task's clock; `("*",)` stands for every reason there is.
    `clock` says what happens when the same unit gets the task again: `restart` gives the whole limit anew,
    `continue` goes on with the first clock. `items` names the list variable of a parallel multi-instance
    task, and `item` the name under which one item is known; both are empty for an ordinary task. `timers` are the ids of
    the boundary timers on the task. `extend` is the most that its limit may be lengthened by, once; `none` for never,
    empty where the host says how often and by how much.
    """

    post: str = ""
    unit: str = ""
    limit: str = ""
    form: str = ""
    link: str = ""
    pauses: tuple[str, ...] = ()
    clock: str = "restart"
    outcomes: Mapping[str, str] = field(default_factory=dict)
    items: str = ""
    item: str = ""
    timers: tuple[str, ...] = ()
    extend: str = ""


@dataclass(frozen=True, slots=True)
class ServiceTask(Node):
    """A named action that the host runs. `outcomes` is empty where any result is taken."""

    action: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gateway(Node):
    """An exclusive, parallel or inclusive gateway. `default` is a flow id or empty."""

    default: str = ""


@dataclass(frozen=True, slots=True)
class Timer(Node):
    """An intermediate timer, or a boundary timer on the user task `host`.

    `duration` is limit text (`5wd`, `4h`) or `$name`; the host turns it into a moment.
    """

    duration: str = ""
    host: str = ""
    interrupting: bool = True


@dataclass(frozen=True, slots=True)
class Process:
    """A checked process, ready to step. Immutable; pickles.

    `start` is the id of the start event. `names` are the data names its conditions and multi-instance
    tasks read (`outcome` excepted). `later` (for each node, all that can come after it), `threads` and
    `reach` are derived (see `regions`).
    """

    id: str
    name: str
    name_en: str
    start: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, str]
    names: frozenset[str]
    later: Mapping[str, frozenset[str]]
    threads: Mapping[str, tuple | None]
    reach: Mapping[str, Mapping[str, frozenset[str]]]

    @property
    def tasks(self) -> tuple[UserTask, ...]:
        """The user tasks, in file order."""
        return tuple(node for node in self.nodes.values() if isinstance(node, UserTask))

    @property
    def services(self) -> tuple[ServiceTask, ...]:
        """The service tasks, in file order."""
        return tuple(node for node in self.nodes.values() if isinstance(node, ServiceTask))

    @property
    def links(self) -> Mapping[str, tuple[UserTask, ...]]:
        """The user tasks of each of the seven links of city management, in the standard's order."""
        return {link: tuple(task for task in self.tasks if task.link == link) for link in LINKS}
