"""A reform in words: settings such as `people.approver=+1` change a scenario.

| setting | meaning |
|---|---|
| `people.POST=4`, `=+1`, `=-1`, `=all` | people of a post (or `unit/post`); `all`: as many as are needed |
| `share.POST=0.5` | the part of their office hours that these people have for the process |
| `work.STEP=uniform 1wh 3wh`, `=*0.8` | work on a step, or all its lengths by a factor |
| `delay.STEP=2wd`, `=*0.5` | waiting in a step that no person shortens |
| `hold.STEP=0.1`, `=0.1 5wd` | chance that the clock is stopped, and for how long |
| `missing.STEP.MATERIAL=0.2` | share of first looks that find the material missing: the application is sent back |
| `missing.STEP.MATERIAL=0.2 5wd` | the same where the step sends nothing back: the clock is stopped so long |
| `without=MATERIAL,MATERIAL` | the materials are no longer asked for |
| `outcome.STEP.VALUE=0.05` | chance of an outcome; the others keep their proportions |
| `drop.STEP=VALUE` | the step is left out, as if it always ended so |
| `parallel=A,B,C` | these steps begin together with A instead of one after the other |
| `limit=40wd`, `limit.STEP=5wd` | the promised limit of the whole or of a step |
| `data.NAME=VALUE` | what conditions read |
| `duration.NAME=5wd` | a timer whose length is `$NAME` |
| `cases=12000` | how many come |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from yiwang.core.process.simulation.errors import SimulationError
from yiwang.core.process.simulation.lacking import MISSING, Lacking, apart
from yiwang.core.process.simulation.lengths import NONE, Length
from yiwang.core.process.simulation.positions import possible
from yiwang.core.process.simulation.scenario import Pool, Profile, Scenario, StepPlan
from yiwang.core.worktime import Limit, LimitError

_WHOLE = re.compile(r"[+-]?\d{1,6}", re.ASCII)
_PART = re.compile(r"\d{0,4}(\.\d{1,6})?", re.ASCII)


def reformed(scenario: Scenario, settings: Iterable[str]) -> Scenario:
    """The scenario after all settings, in their order. SimulationError names the setting that is wrong."""
    for text in settings:
        name, equals, value = text.partition("=")
        kind, _dot, entry = name.strip().partition(".")
        change = _CHANGES.get(kind)
        if change is None or not equals:
            raise SimulationError(
                "setting", text, f"this is no setting; write NAME=VALUE with one of: {', '.join(_CHANGES)}"
            )
        scenario = change(scenario, name.strip(), entry, value.strip())
    scenario.check()
    return scenario


def _people(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    pool = _pool(scenario, name, entry)
    if value == "all":
        return _with_pool(scenario, entry, replace(pool, people=None))
    if not _WHOLE.fullmatch(value):
        raise SimulationError("people", name, f"“{value}” is no number of people: write 4, +1, -1 or all")
    if value[0] in "+-" and pool.people is None:
        raise SimulationError("people", name, f"{entry} has as many people as needed: give a number")
    number = (pool.people if value[0] in "+-" else 0) + int(value)
    return _with_pool(scenario, entry, replace(pool, people=number))


def _share(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    return _with_pool(scenario, entry, replace(_pool(scenario, name, entry), share=_number(name, value)))


def _pool(scenario: Scenario, name: str, entry: str) -> Pool:
    if entry in scenario.pools:
        return scenario.pools[entry]
    raise SimulationError(
        "no_pool", name, f"there is no post {entry}; there are: {', '.join(scenario.pools)}"
    )


def _with_pool(scenario: Scenario, entry: str, pool: Pool) -> Scenario:
    return replace(scenario, pools={**scenario.pools, entry: pool})


def _work(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    step = _step(scenario, name, entry)
    return scenario.with_step(entry, work=_length(name, value, step.work))


def _delay(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    step = _step(scenario, name, entry)
    return scenario.with_step(entry, delay=_length(name, value, step.delay))


def _length(name: str, value: str, now: Length) -> Length:
    return now.scaled(_number(name, value[1:])) if value.startswith("*") else Length.parse(value, name)


def _hold(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    step = _step(scenario, name, entry)
    chance, _space, length = value.partition(" ")
    hold = Length.parse(length, name) if length else step.hold
    if not length and _number(name, chance) and hold == NONE:
        raise SimulationError("hold", name, "say how long too, such as 0.1 5wd")
    return scenario.with_step(entry, hold_chance=_number(name, chance), hold=hold)


def _outcome(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    node, _dot, outcome = entry.rpartition(".")
    step = _step(scenario, name, node)
    known = getattr(scenario.process.nodes[node], "outcomes", {})
    if outcome not in known:
        raise SimulationError("outcome", name, f"{node} has no outcome {outcome}; it has: {', '.join(known)}")
    chance = _chance(name, value)
    if outcome == MISSING and step.lacking is not None:
        raise SimulationError(
            "by_material", name, f"what is missing is said by material, such as missing.{node}.MATERIAL=0.2"
        )
    now = dict(step.outcomes) or {one: 1 / len(known) for one in known}
    total = sum(now.values())
    rest = sum(other for one, other in now.items() if one != outcome)
    left = max(0.0, total - chance)
    if rest == 0 and left > 0:
        raise SimulationError(
            "chances", name, f"{outcome} is the only outcome with a chance: raise another one first"
        )
    changed = {
        one: (chance if one == outcome else other * left / rest if rest else 0.0)
        for one, other in now.items()
    }
    return scenario.with_step(node, outcomes={**changed, outcome: chance})


def _missing(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    node, _dot, material = entry.rpartition(".")
    step = _step(scenario, name, node)
    if not material:
        raise SimulationError("material", name, "name a material: missing.STEP.MATERIAL=0.2")
    share, _space, length = value.partition(" ")
    now = step.lacking or Lacking()
    sends_back = MISSING in getattr(scenario.process.nodes[node], "outcomes", {})
    wait = Length.parse(length, name) if length else now.wait
    if length and sends_back:
        raise SimulationError("sent_back", name, f"{node} sends back what is missing: write the share alone")
    if not sends_back and wait == NONE:
        raise SimulationError("hold", name, "say how long too, such as 0.1 5wd")
    lacking = replace(now.with_share(material, _chance(name, share)), wait=wait)
    outcomes = _complete(scenario, node, step) if sends_back else step.outcomes
    return scenario.with_step(node, lacking=lacking, outcomes=outcomes)


def _complete(scenario: Scenario, node: str, step: StepPlan) -> dict[str, float]:
    """The chances of the outcomes of an application that lacks nothing."""
    known = getattr(scenario.process.nodes[node], "outcomes", {})
    return apart(step.outcomes or dict.fromkeys(known, 1 / len(known)))


def _without(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    gone = [one.strip() for one in value.split(",") if one.strip()]
    if entry or not gone:
        raise SimulationError("material", name, "name materials, such as without=id-card,lease")
    for material in gone:
        having = [
            (node, step) for node, step in scenario.steps.items()
            if step.lacking is not None and material in step.lacking.materials
        ]  # fmt: skip
        if not having:
            known = sorted(
                {one for step in scenario.steps.values() if step.lacking for one in step.lacking.materials}
            )
            raise SimulationError(
                "no_material", f"{name}={material}", f"nothing is known of how often it is missing: say missing.STEP.{material}=0.2; "
                f"known: {', '.join(known[:40]) or '-'}",
            )  # fmt: skip
        for node, step in having:
            scenario = scenario.with_step(
                node, lacking=step.lacking.without(material) if step.lacking else None
            )
    return scenario


def _drop(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    step = _step(scenario, name, entry)
    known = getattr(scenario.process.nodes[entry], "outcomes", {})
    chosen = value or max(
        possible(scenario.process, entry, {entry: step.outcomes} if step.outcomes else {}),
        key=lambda one: step.outcomes.get(one, 0),
    )
    if known and chosen not in known:
        raise SimulationError("outcome", name, f"{entry} has no outcome {chosen}; it has: {', '.join(known)}")
    gone = StepPlan(outcomes={chosen: 1.0})
    early = {node: host for node, host in scenario.early.items() if entry not in (node, host)}
    return replace(scenario, steps={**scenario.steps, entry: gone}, early=early)


def _parallel(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    nodes = [one.strip() for one in value.split(",")]
    if entry or len(nodes) < 2 or len(set(nodes)) < len(nodes):
        raise SimulationError(
            "parallel", name, "name two or more different steps, such as parallel=plan,build"
        )
    for node in nodes:
        _step(scenario, name, node)
    return replace(scenario, early={**scenario.early, **dict.fromkeys(nodes[1:], nodes[0])})


def _limit(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    try:
        limit = Limit.parse(value)
    except LimitError as error:
        raise SimulationError("limit", name, str(error)) from None
    if not entry:
        return replace(scenario, promise=limit)
    _step(scenario, name, entry)
    return scenario.with_step(entry, promise=limit)


def _data(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    known = {"true": True, "false": False}
    given = known.get(value, int(value) if re.fullmatch(r"-?\d{1,9}", value, re.ASCII) else value)
    if entry in {getattr(task, "items", "") for task in scenario.process.tasks} - {""}:
        given = tuple(one.strip() for one in value.split(",") if one.strip())
    profiles = tuple(
        Profile(profile.share, {**profile.data, entry: given}, profile.unit) for profile in scenario.profiles
    )
    return replace(scenario, profiles=profiles)


def _duration(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    return replace(scenario, durations={**scenario.durations, entry: value})


def _cases(scenario: Scenario, name: str, entry: str, value: str) -> Scenario:
    if not _WHOLE.fullmatch(value):
        raise SimulationError("cases", name, f"“{value}” is no number of cases")
    return replace(scenario, arrivals=replace(scenario.arrivals, cases=int(value)))


def _step(scenario: Scenario, name: str, entry: str) -> StepPlan:
    if entry in scenario.steps:
        return scenario.steps[entry]
    raise SimulationError(
        "no_step", name, f"there is no step {entry}; there are: {', '.join(scenario.steps)}"
    )


def _chance(name: str, value: str) -> float:
    chance = _number(name, value)
    if chance > 1:
        raise SimulationError("chance", name, "a chance lies between 0 and 1")
    return chance


def _number(name: str, value: str) -> float:
    if value in ("", ".") or not _PART.fullmatch(value):
        raise SimulationError("number", name, f"“{value}” is no number: write such as 0.5")
    return float(value)


_CHANGES: dict[str, Callable[[Scenario, str, str, str], Scenario]] = {
    "people": _people, "share": _share, "work": _work, "delay": _delay, "hold": _hold, "outcome": _outcome,
    "missing": _missing, "without": _without, "drop": _drop, "parallel": _parallel, "limit": _limit, "data": _data, "duration": _duration, "cases": _cases,
}  # fmt: skip
