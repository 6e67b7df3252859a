"""Where a case stands (tokens), what can happen to it (events), and what a step gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Token(NamedTuple):
    """One position of a case.

    `id` is never used twice in a case. `flow` is the flow by which it came, kept only while it waits
    at a joining gateway. `group` ties the parts of one multi-instance task, and a boundary timer to
    its task: it is the id of the first token of that task. `item` is the item of a multi-instance part.
    `outcome` is that of the last task completed on the way here.
    """

    id: int
    node: str
    flow: str = ""
    group: int = 0
    item: Any = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """All tokens of a case and the next free token id. Its size does not depend on the case's past."""

    tokens: tuple[Token, ...] = ()
    next: int = 1

    def dump(self) -> list:
        """A small JSON-able list: the next id, then one list for each token without its trailing blanks."""
        rows: list = [self.next]
        for token in self.tokens:
            row = list(token)
            while len(row) > 2 and row[-1] in ("", 0, None):
                row.pop()
            rows.append(row)
        return rows

    @classmethod
    def load(cls, rows: Sequence) -> State:
        """The state that `dump` gave. Raises ValueError when `rows` is something else."""
        try:
            return cls(tuple(Token(*row) for row in rows[1:]), int(rows[0]))
        except (TypeError, ValueError, LookupError) as error:
            raise ValueError(f"this is not a dumped process state: {rows!r}") from error

    def token(self, token_id: int) -> Token | None:
        """The token with this id, or None when the case has moved on."""
        for token in self.tokens:
            if token.id == token_id:
                return token
        return None


@dataclass(frozen=True, slots=True)
class Complete:
    """A person completed the user task of `token`. `data` is read, on top of the case's, in this step."""

    token: int
    outcome: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The timer of `token` has come due."""

    token: int


@dataclass(frozen=True, slots=True)
class ServiceDone:
    """The action of the service task of `token` is done; `result` becomes the outcome on this path."""

    token: int
    result: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendBack:
    """The open user task of `token` goes back to the earlier user task `to_node`."""

    token: int
    to_node: str


@dataclass(frozen=True, slots=True)
class Reenter:
    """An ended case begins again at the user task `node`; only when nothing is open."""

    node: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """The case is void: nothing stays open."""


Event = Complete | TimerFired | ServiceDone | SendBack | Reenter | Cancel


class OpenTask(NamedTuple):
    """A user task that a step opened; `item` is set for a part of a multi-instance task."""

    token: int
    node: str
    item: Any = None


class ClosedTask(NamedTuple):
    """A user task that a step closed.

    `reason`: completed, sent_back, interrupted (by a timer), terminated (by an end event), cancelled.
    """

    token: int
    node: str
    outcome: str
    reason: str


class TimerSet(NamedTuple):
    """A timer that now runs. `task` is the token of the task it watches, 0 for an intermediate timer."""

    token: int
    node: str
    duration: str
    task: int = 0


class ServiceCall(NamedTuple):
    """An action that the host must run, and report with ServiceDone."""

    token: int
    node: str
    action: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did.

    `timers_cancelled` are token ids. When `ended`, `end` is the id of the end event reached last
    (empty after Cancel).
    """

    state: State
    opened: tuple[OpenTask, ...] = ()
    closed: tuple[ClosedTask, ...] = ()
    timers_set: tuple[TimerSet, ...] = ()
    timers_cancelled: tuple[int, ...] = ()
    services: tuple[ServiceCall, ...] = ()
    ended: bool = False
    end: str = ""
