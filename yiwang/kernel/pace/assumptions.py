"""What a simulation supposes of a kind of matters, and where each value comes from.

Counted values are the district's own; what nobody counted is assumed and says so. A reader may set every one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count

from yiwang.core.process import Process, ServiceTask, UserTask
from yiwang.core.process.simulation import Arrivals, Length, Pool, Profile, Scenario, StepPlan
from yiwang.core.process.simulation.lacking import MISSING, Lacking, apart
from yiwang.core.worktime import SHANGHAI, Calendar, Limit
from yiwang.kernel.pace.queries import Counted, Pace
from yiwang.kernel.registers.models import Post

COUNTED, REGISTER, PACK, ASSUMED = "counted", "register", "pack", "assumed"
ENOUGH = 30  # finished steps from which a pace is taken
CASES = 1000  # a year, where nothing was counted
WORK = "triangular 10min 20min 1wh"
BROUGHT = "uniform 1wd 5wd"  # until an applicant brings what was missing
MOST_POSTS = 40
_BOOLEAN = re.compile(r"\b(\w+)\s*(?:==|!=)\s*(?:True|False)")
_UNITS = {"wd": "wd", "wh": "wh", "d": "d", "h": "h", "eh": "h"}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One value: `entry` is the setting that changes it, `origin` counted, register, pack or assumed."""

    entry: str
    value: str
    origin: str


@dataclass(frozen=True)
class Assumed:
    scenario: Scenario
    values: tuple[Assumption, ...]


def assume(
    process: Process,
    calendar: Calendar,
    now: datetime,
    counted: Counted | None = None,
    posts: Mapping[str, int] | None = None,
    materials: Iterable[str] = (),
) -> Assumed:
    """A scenario of the calendar year of `now`, of the pace that was counted and the posts there are.

    `materials`: what applications of the kind are asked for; what nobody counted of them is assumed to be missing alike.
    """
    return _Assuming(process, calendar, now, counted, posts or {}, materials).assumed()


def posts_by_kind() -> dict[str, int]:
    """Kind of post -> how many active posts of it there are. One query."""
    rows = Post.objects.filter(active=True).values_list("kind").annotate(n=Count("pk")).order_by()
    return dict(rows)


class _Assuming:
    def __init__(self, process, calendar, now, counted, posts, materials):
        self.process: Process = process
        self.calendar: Calendar = calendar
        self.year = now.astimezone(SHANGHAI).year
        self.counted: Counted | None = counted
        self.posts: Mapping[str, int] = posts
        self.materials = sorted(set(materials))
        self.awaits = _awaits(process)
        self.values: list[Assumption] = []

    def say(self, entry: str, value: str, origin: str) -> None:
        self.values.append(Assumption(entry, value, origin))

    def assumed(self) -> Assumed:
        arrivals = self.arrivals()
        pools = {}
        for task in self.process.tasks:
            if task.post not in pools:
                number = min(self.posts.get(task.post, 0), MOST_POSTS * 100)
                pools[task.post] = Pool(number or 1)
                self.say(f"people.{task.post}", str(number or 1), REGISTER if number else ASSUMED)
        steps = {task.id: self.step(task) for task in self.process.tasks}
        steps |= {service.id: self.service(service) for service in self.process.services if service.outcomes}
        scenario = Scenario(
            self.process, steps, pools, arrivals, (self.calendar,), (Profile(1.0, self.data()),),
            durations=self.durations(),
        )  # fmt: skip
        return Assumed(scenario, tuple(self.values))

    def pace(self, node: str) -> Pace | None:
        found = self.counted.nodes.get(node) if self.counted else None
        return found if found is not None and found.done >= ENOUGH else None

    def arrivals(self) -> Arrivals:
        """The year's cases: as many as came to the first task in the days counted, for a whole year."""
        number, origin = CASES, ASSUMED
        first = _first_task(self.process)
        if self.counted and self.counted.days and first and self.pace(first):
            number = max(1, round(self.pace(first).done * 365 / self.counted.days))
            origin = COUNTED
        self.say("cases", str(number), origin)
        return Arrivals(number, date(self.year, 1, 1), date(self.year, 12, 31), warm_up=30)

    def step(self, task: UserTask) -> StepPlan:
        pace = self.pace(task.id)
        work = Length.parse(WORK)
        self.say(f"work.{task.id}", WORK, ASSUMED)
        delay, origin = self.delay(task, pace, work)
        self.say(f"delay.{task.id}", delay.text, origin)
        outcomes, lacking = self.outcomes(task, pace)
        promise = Limit.parse(task.limit) if task.limit and not task.limit.startswith("$") else None
        if promise:
            self.say(f"limit.{task.id}", task.limit, PACK)
        return StepPlan(task.post, work, delay, outcomes=outcomes, promise=promise, lacking=lacking)

    def delay(self, task: UserTask, pace: Pace | None, work: Length) -> tuple[Length, str]:
        """What a step takes beside the work of a person: as counted, else spread over four fifths of its limit."""
        if pace is not None and pace.median_worked is not None:
            median = max(0.0, pace.median_worked - work.mean)
            tenth = max(median, (pace.p90_worked or 0.0) - work.mean)
            if median < 60:
                return Length.parse(f"uniform 0min {tenth / 60:.0f}min"), COUNTED
            return Length.parse(f"lognormal {median / 60:.0f}min {tenth / 60:.0f}min"), COUNTED
        if task.id in self.awaits and not task.limit:
            return Length.parse(BROUGHT), ASSUMED
        if not task.limit or task.limit.startswith("$"):
            return Length.parse("0min"), ASSUMED
        limit = Limit.parse(task.limit)
        unit = _UNITS[limit.unit]
        return Length.parse(f"uniform 0{unit} {limit.amount * 0.8:.1f}{unit}"), ASSUMED

    def outcomes(self, task: UserTask, pace: Pace | None) -> tuple[dict[str, float], Lacking | None]:
        known = [outcome for outcome in task.outcomes if pace and pace.outcomes.get(outcome)]
        ends_by_timer = any(self.process.nodes[timer].interrupting for timer in task.timers)
        if pace is not None and known and not ends_by_timer:
            total = sum(pace.outcomes[outcome] for outcome in known)
            shares = {outcome: pace.outcomes[outcome] / total for outcome in known}
            origin = COUNTED
        else:
            shares, origin = _first_mostly(list(task.outcomes), 0.1 if ends_by_timer else 1.0), ASSUMED
        lacking = self.lacking(task, pace, shares.get(MISSING, 0.0)) if MISSING in task.outcomes else None
        if lacking is not None:
            rest = [outcome for outcome in task.outcomes if outcome != MISSING]
            shares = apart(shares) if set(shares) - {MISSING} else _first_mostly(rest, 1.0)
        for outcome, share in shares.items():
            self.say(f"outcome.{task.id}.{outcome}", f"{share:.3f}", origin)
        return shares, lacking

    def lacking(self, task: UserTask, pace: Pace | None, chance: float) -> Lacking | None:
        """What first looks find missing: as counted; else each material alike, together as often as assumed."""
        told = sum(pace.lacking.values()) if pace is not None else 0
        if pace is not None and (told or not pace.outcomes.get(MISSING)):
            first = max(pace.first, told)
            found = Lacking({names: n / first for names, n in pace.lacking.items()})
            origin = COUNTED
        elif self.materials and chance < 1:
            share = 1 - (1 - chance) ** (1 / len(self.materials))
            found, origin = Lacking(alone=dict.fromkeys(self.materials, share)), ASSUMED
        else:
            return None
        never = [one for one in self.materials if one not in found.materials]
        if origin == COUNTED:
            found = replace(found, alone=dict.fromkeys(never, 0.0))
        for material in found.materials:
            self.say(f"missing.{task.id}.{material}", f"{found.share(material):.4f}", origin)
        return found

    def service(self, service: ServiceTask) -> StepPlan:
        shares = _first_mostly(list(service.outcomes), 1.0)
        for outcome, share in shares.items():
            self.say(f"outcome.{service.id}.{outcome}", f"{share:.3f}", ASSUMED)
        return StepPlan(outcomes=shares)

    def data(self) -> dict:
        """What conditions read: false, the empty text, two units; the lists of units of multi-instance tasks."""
        found: dict = {task.items: ("1", "2") for task in self.process.tasks if task.items}
        texts = " ".join(flow.condition.text for flow in self.process.flows.values() if flow.condition)
        switches = set(_BOOLEAN.findall(texts))
        for name in sorted(self.process.names - set(found)):
            found[name] = False if name in switches or re.search(rf"\b{name}\b(?!\s*[=!<>])", texts) else ""
        for name, value in found.items():
            told = ",".join(value) if isinstance(value, tuple) else str(value).lower()
            self.say(f"data.{name}", told, ASSUMED)
        return found

    def durations(self) -> dict[str, str]:
        names = {getattr(node, "duration", "")[1:] for node in self.process.nodes.values()} - {""}
        found = {
            name: "5wd"
            for name in names
            if any(getattr(node, "duration", "") == f"${name}" for node in self.process.nodes.values())
        }
        for name, value in found.items():
            self.say(f"duration.{name}", value, ASSUMED)
        return found


def _awaits(process: Process) -> set[str]:
    """The tasks to which an application goes when something is missing: there it waits for the applicant."""
    return {
        flow.target
        for flow in process.flows.values()
        if flow.condition and flow.condition.text.replace('"', "'") == f"outcome == '{MISSING}'"
    }


def _first_mostly(outcomes: list[str], total: float) -> dict[str, float]:
    """Nine in ten the first outcome, the others alike."""
    if len(outcomes) < 2:
        return dict.fromkeys(outcomes, total)
    rest = total * 0.1 / (len(outcomes) - 1)
    return {outcome: total * 0.9 if place == 0 else rest for place, outcome in enumerate(outcomes)}


def _first_task(process: Process) -> str:
    """The first user task by the shortest way; empty when there is none."""
    seen, waiting = {process.start}, [process.start]
    for node in waiting:
        if isinstance(process.nodes[node], UserTask):
            return node
        for flow in process.nodes[node].outgoing:
            target = process.flows[flow].target
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return ""
