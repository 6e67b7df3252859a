"""From an event log to a scenario: which activity follows which, how often, and after how long.

What a log says is when things were done, not how long somebody worked on them. So the process found has one step an
activity, whose whole time is delay; it tells how long cases take if everything goes on as in the log. To ask about
staff, a step must be given its work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import quoteattr

import numpy as np

from yiwang.core.process.model import Process
from yiwang.core.process.names import YIWANG
from yiwang.core.process.reading import read
from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.simulation.lengths import NATURAL, Length
from yiwang.core.process.simulation.scenario import Arrivals, Scenario, StepPlan
from yiwang.core.worktime import Calendar
from yiwang.core.worktime.moment import DAY, date_of

Trace = Sequence[tuple[str, int]]  # (activity, local seconds at which it was done), in order
BEGIN, STOP = "arrive", "stop"
MOST_STEPS = 240  # a process file has at most 500 nodes: a step and its gateway each


@dataclass(frozen=True)
class Log:
    """Cases in the order in which they began."""

    traces: tuple[Trace, ...]

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str, int]]) -> Log:
        """From (case, activity, local seconds) in any order; events of one moment keep their order."""
        cases: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for case, activity, moment in rows:
            cases[case].append((activity, moment))
        traces = [tuple(sorted(events, key=lambda event: event[1])) for events in cases.values()]
        return cls(tuple(sorted(traces, key=lambda trace: trace[0][1])))

    def split(self, share: float) -> tuple[Log, Log]:
        """The first `share` of the cases by their beginning, and the rest."""
        at = round(len(self.traces) * share)
        return Log(self.traces[:at]), Log(self.traces[at:])

    def frequent(self, most: int = MOST_STEPS - 10) -> Log:
        """Without the events of all but the `most` most frequent activities; the time they took goes to the next one."""
        counts = Counter(activity for trace in self.traces for activity, _moment in trace)
        kept = {activity for activity, _count in counts.most_common(most)}
        traces = [tuple(event for event in trace if event[0] in kept) for trace in self.traces]
        return Log(tuple(trace for trace in traces if trace))

    @property
    def spans(self) -> np.ndarray:
        """Days from the first event to the last, by case."""
        return np.array([(trace[-1][1] - trace[0][1]) / DAY for trace in self.traces])


@dataclass(frozen=True)
class Fitted:
    """The process found, as BPMN too; `names` are the activities by step."""

    process: Process
    xml: bytes
    steps: Mapping[str, StepPlan]
    names: Mapping[str, str]

    def scenario(self, calendar: Calendar, cases: int, first: date, last: date) -> Scenario:
        return Scenario(self.process, self.steps, {}, Arrivals(cases, first, last, always=True), (calendar,))


def fit(log: Log, memory: int = 1) -> Fitted:
    """A process whose steps depend on the last `memory` activities. SimulationError when the log is too small or wild."""
    if not log.traces:
        raise SimulationError("empty", "log", "it has no case")
    follow: dict[tuple, Counter] = defaultdict(Counter)
    lengths: dict[tuple, list[int]] = defaultdict(list)
    for trace in log.traces:
        state: tuple = (BEGIN,)
        lengths[state].append(0)
        for place, (activity, moment) in enumerate(trace):
            after = (*state, activity)[-memory:]
            follow[state][after] += 1
            lengths[after].append(moment - trace[max(0, place - 1)][1])
            state = after
        follow[state][(STOP,)] += 1
    if len(lengths) > MOST_STEPS:
        raise SimulationError(
            "too_many",
            "log",
            f"it makes {len(lengths)} steps; use a smaller memory, or `frequent`, or phases",
        )
    numbers = {state: f"a{number}" for number, state in enumerate(lengths)}
    xml = _drawn(numbers, follow)
    steps = {
        numbers[state]: StepPlan(
            delay=Length.of_values(values, NATURAL),
            outcomes=_chances({numbers.get(after, STOP): count for after, count in follow[state].items()}),
        )
        for state, values in lengths.items()
    }
    return Fitted(read(xml), xml, steps, {own: " → ".join(state) for state, own in numbers.items()})


def period(log: Log) -> tuple[date, date]:
    """The days of the first and the last beginning of a case."""
    begins = [trace[0][1] for trace in log.traces]
    return date_of(min(begins) // DAY), date_of(max(begins) // DAY)


def _chances(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {outcome: count / total for outcome, count in counts.items()}


def _drawn(numbers: Mapping[tuple, str], follow: Mapping[tuple, Counter]) -> bytes:
    parts, flows = (
        ['<startEvent id="begin"/>', '<endEvent id="closed"/>'],
        [("begin", numbers[BEGIN,], "", "")],
    )
    for state, own in numbers.items():
        outcomes = [numbers.get(after, STOP) for after in follow[state]]
        parts.append(
            f'<userTask id="{own}" name={quoteattr(" → ".join(state))} yiwang:post="log" '
            f'yiwang:outcomes="{",".join(outcomes)}"/>'
        )
        if len(outcomes) == 1:
            flows.append((own, outcomes[0], "", ""))
            continue
        parts.append(f'<exclusiveGateway id="after_{own}" default="{own}__{outcomes[-1]}"/>')
        flows.append((own, f"after_{own}", "", ""))
        flows += [(f"after_{own}", one, one if one != outcomes[-1] else "", own) for one in outcomes]
    drawn = []
    for source, target, outcome, own in flows:
        end = "closed" if target == STOP else target
        name = f"{own}__{target}" if own else f"from_{source}"
        inner = f"<conditionExpression>outcome == '{outcome}'</conditionExpression>" if outcome else ""
        drawn.append(
            f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{end}">{inner}</sequenceFlow>'
        )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        f'xmlns:yiwang="{YIWANG}" targetNamespace="urn:yiwang:log" id="log_definitions">\n'
    )
    return (
        head + '<process id="log" name="log" isExecutable="true">\n' + "\n".join(parts + drawn)
        + "\n</process>\n</definitions>\n"
    ).encode()  # fmt: skip
