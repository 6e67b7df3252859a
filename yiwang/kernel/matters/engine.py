"""What each action does to a case: decided in memory, with no database, for one matter or a million.

Permission is checked by `actions`; here stand the rules of the process, the clock and the counters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core import process as bpmn
from yiwang.core import worktime
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import clock, forms, services
from yiwang.kernel.matters.case import Case, CasePause, CaseTask, CaseTimer, Draft
from yiwang.kernel.packs.rulebook import Rulebook

VERIFICATION = "verification"  # the time between "done" and "not good enough", not charged to the handler


@dataclass(frozen=True, slots=True)
class Desk:
    """What an action works with: the case's own rulebook, the calendar, who acts, when, and where ids come from."""

    rulebook: Rulebook
    calendar: worktime.Calendar
    actor: Any
    now: datetime
    new_id: Callable[[], UUID]


def whole_second(now: datetime) -> datetime:
    """Legal moments are whole seconds; without a time zone they are none."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    return now.replace(microsecond=0) if now.microsecond else now


def begin(draft: Draft, desk: Desk) -> None:
    """Opens the case: the process starts and its first tasks exist."""
    case = draft.case
    process = desk.rulebook.process(case.kind)
    # Written down although the case holds them already: the chain must rebuild a matter from nothing.
    for name in (
        "state source standard class_code condition area unit lat lon system priority opened_at data".split()
    ):
        draft.changed[name] = getattr(case, name)
    _advance(draft, desk, process, bpmn.start(process, case.data))


def part_of(case: Case, part: Mapping[str, Any], pack: int, number: str, now: datetime) -> Case:
    """A new case at the place of another, with its own title, text and class."""
    return Case(
        id=part.get("id") or uuid7(),
        number=number,
        district=case.district,
        kind=case.kind,
        pack=pack,
        source=case.source,
        title=part["title"],
        description=part.get("description", ""),
        standard=part.get("standard", ""),
        class_code=part.get("class_code", ""),
        area=case.area,
        address=case.address,
        lat=case.lat,
        lon=case.lon,
        system=case.system,
        opened_at=now,
    )


def complete(
    draft: Draft, desk: Desk, task: CaseTask, answer: forms.Answer
) -> tuple[forms.Form, forms.Prepared]:
    """Finishes a task with its outcome; gives the form and what it prepared, for `Form.after`."""
    case = draft.case
    process = desk.rulebook.process(case.kind)
    node = process.nodes[task.node]
    if answer.outcome not in node.outcomes:
        raise Invalid(
            _("%(outcome)s is not a possible result of this step. Possible: %(allowed)s.")
            % {"outcome": repr(answer.outcome), "allowed": ", ".join(node.outcomes)},
            where="outcome",
        )
    form = forms.form(node.form)
    prepared = form.prepare(case, task, answer, desk.rulebook, desk.now)
    if prepared.data:
        draft.set(data={**case.data, **prepared.data})
    draft.set(**prepared.changes)
    draft.record.update(prepared.record)
    draft.record.update(task=str(task.id), node=task.node, outcome=answer.outcome)
    if answer.evidence:
        draft.record["evidence"] = [dict(item) for item in answer.evidence]
    if answer.note:
        draft.record["note"] = answer.note
    if answer.outcome == "not_ours":
        draft.set(returns=case.returns + 1)
    step = bpmn.step(process, _state(case), bpmn.Complete(task.token, answer.outcome), case.data)
    _finish_task(draft, desk, task, answer.outcome)
    for topic, payload in prepared.notices:
        draft.notify(topic, **payload)
    _advance(draft, desk, process, step, ended_as=prepared.state, outcome=answer.outcome)
    return form, prepared


def send_back(draft: Draft, desk: Desk, task: CaseTask, to_node: str | None, note: str) -> None:
    """Puts an open task back to an earlier step (回退). No step named: the one before it."""
    case = draft.case
    process = desk.rulebook.process(case.kind)
    allowed = back_targets(case, process, task)
    if not allowed:
        raise Invalid(_("There is no earlier step to send this back to."), where="to")
    target = to_node or allowed[0]
    if target not in allowed:
        raise Invalid(
            _("It cannot go back to %(to)s from here. Possible: %(allowed)s.")
            % {"to": repr(target), "allowed": ", ".join(allowed)},
            where="to",
            code=bpmn.may_send_back(process, task.node, target) or "not_done_before",
        )
    step = bpmn.step(process, _state(case), bpmn.SendBack(task.token, target), case.data)
    draft.set(returns=case.returns + 1)
    draft.record.update(task=str(task.id), node=task.node, to=target, note=note)
    _advance(draft, desk, process, step)


def reopen(draft: Draft, desk: Desk, note: str) -> None:
    """Begins a closed case again where it was handled, with the one who handled it."""
    case = draft.case
    process = desk.rulebook.process(case.kind)
    last = case.last_done("handle")
    if last is None:
        raise Invalid(_("This matter was closed without having been handled; report it anew."))
    step = bpmn.step(process, bpmn.State((), _state(case).next), bpmn.Reenter(last.node), case.data)
    draft.set(
        state="open", closed_at=None, outcome="", reopenings=case.reopenings + 1, unit=last.unit or case.unit
    )
    draft.record.update(note=note)
    _advance(draft, desk, process, step, fresh_clock=True)
    for task in draft.opened:
        draft.set_task(task, assignee=last.done_by, claimed_at=desk.now if last.done_by else None)


def fire_timer(draft: Draft, desk: Desk, timer: CaseTimer) -> None:
    case = draft.case
    process = desk.rulebook.process(case.kind)
    step = bpmn.step(process, _state(case), bpmn.TimerFired(timer.token), case.data)
    draft.cancel_timers((timer.token,))
    draft.record.update(node=timer.node)
    _advance(draft, desk, process, step)


def end(draft: Draft, desk: Desk, state: str, outcome: str = "") -> None:
    """Ends the case where it stands: void, withdrawn, merged, or closed by hand."""
    process = desk.rulebook.process(draft.case.kind)
    step = bpmn.step(process, _state(draft.case), bpmn.Cancel(), draft.case.data)
    _advance(draft, desk, process, step, ended_as=state, outcome=outcome)


def claim(draft: Draft, desk: Desk, task: CaseTask) -> None:
    draft.set_task(task, assignee=desk.actor.id, claimed_at=desk.now)
    draft.record.update(task=str(task.id), node=task.node)


def remind(draft: Draft, desk: Desk, note: str) -> None:
    draft.set(priority=draft.case.priority + 1)
    draft.record.update(note=note)
    for task in draft.case.open_tasks:
        draft.notify("reminded", task=str(task.id), unit=task.unit, post=task.post, note=note)


def merge_into(draft: Draft, desk: Desk, main: Case, note: str) -> None:
    """Ends the case as a part of `main`, whose own event is written with `take_in`."""
    end(draft, desk, "merged", "merged")
    draft.set(merged_into=main.id)
    draft.links.append((draft.case.id, main.id, "merged_into"))
    draft.record.update(into=str(main.id), note=note)
    draft.notify("merged", into=main.number)


def take_in(draft: Draft, numbers: list[str], note: str) -> None:
    draft.record.update(merged=numbers, note=note)


def withdraw(draft: Draft, desk: Desk, note: str) -> None:
    if any(task.link == "handle" for task in draft.case.tasks.values()):
        raise Conflict(_("It is being handled already and can no longer be withdrawn."), code="handled")
    draft.record.update(note=bool(note))
    end(draft, desk, "withdrawn")


def void(draft: Draft, desk: Desk, note: str) -> None:
    draft.record.update(note=note)
    draft.notify("void")
    end(draft, desk, "void")


def close(draft: Draft, desk: Desk, note: str) -> None:
    """Ends the case by hand, without the rest of the process."""
    draft.record.update(note=note)
    draft.notify("closed")
    end(draft, desk, "closed", "by_hand")


def rate(draft: Draft, score: int, solved: bool | None) -> None:
    old = draft.case.rating
    draft.set(rating=score if old is None else min(old, score))
    draft.record.update(score=score, solved=solved)


def hold(draft: Draft, desk: Desk, reason: str, note: str, task: CaseTask | None) -> None:
    """Stops the clock of one task or of all (挂起)."""
    may_hold(draft.case, desk.rulebook, reason, task)
    draft.pause(
        CasePause(
            id=desk.new_id(), reason=reason, start=desk.now, task_id=task.id if task else None, note=note
        )
    )
    draft.record.update(reason=reason, note=note)
    clock.set_all_due(draft, desk.calendar)


def may_hold(case: Case, rules: Rulebook, reason: str, task: CaseTask | None) -> None:
    """Raises Invalid when the clock cannot be stopped for this reason here, Conflict when it stands already."""
    if reason not in rules.reasons:
        known = ", ".join(rules.reasons)
        raise Invalid(
            _("There is no hold reason %(reason)s. The closed list: %(known)s.")
            % {"reason": repr(reason), "known": known},
            where="reason",
        )
    process = rules.process(case.kind)
    targets = [task] if task else case.open_tasks
    allowed = {name for t in targets for name in process.nodes[t.node].pauses}
    if reason not in allowed and "*" not in allowed:
        raise Invalid(
            _("The clock of this step cannot be stopped for this reason. Allowed here: %(allowed)s.")
            % {"allowed": ", ".join(sorted(allowed)) or _("none")},
            where="reason",
        )
    if any(p.end is None and (task is None or p.covers(task)) for p in case.pauses.values()):
        raise Conflict(_("The clock already stands."))


def resume(draft: Draft, desk: Desk, note: str) -> None:
    """Lets every standing clock run again."""
    standing = [p for p in draft.case.pauses.values() if p.end is None]
    if not standing:
        raise Conflict(_("No clock stands; there is nothing to resume."))
    for pause in standing:
        draft.set_pause(pause, end=desk.now)
    draft.record.update(note=note, reasons=[p.reason for p in standing])
    clock.set_all_due(draft, desk.calendar)


def reassign(draft: Draft, desk: Desk, task: CaseTask, unit: str | None, user: int | None, note: str) -> None:
    """Gives a task to another unit or person. Its clock runs on: the resident's wait does not start again."""
    if unit and unit != task.unit:
        draft.set_task(task, unit=unit, assignee=None, claimed_at=None)
        if task.link == "handle":
            draft.set(unit=unit, data={**draft.case.data, "unit": unit})
    if user:
        draft.set_task(task, assignee=user, claimed_at=desk.now)
    draft.record.update(task=str(task.id), note=note, **({"unit": unit} if unit else {}))


# Inside


def _state(case: Case) -> bpmn.State:

    return bpmn.State.load(orjson.loads(case.tokens)) if case.tokens else bpmn.State()


def _advance(
    draft: Draft,
    desk: Desk,
    process: bpmn.Process,
    step: bpmn.Step,
    *,
    ended_as: str = "",
    outcome: str = "",
    fresh_clock: bool = False,
) -> None:
    """Turns one step of the process into tasks, timers, services and, at the end, the matter's end."""

    queue = [step]
    while queue:
        step = queue.pop(0)
        _drop_tasks(draft, desk, step.closed)
        draft.cancel_timers(step.timers_cancelled)
        for opened in step.opened:
            _open_task(draft, desk, process, opened, fresh_clock)
        for timer in step.timers_set:
            limit = worktime.Limit.parse(_value(timer.duration, draft.case.data))
            fire_at = worktime.due(desk.calendar, desk.now, limit).moment
            draft.set_timer(CaseTimer(timer.token, timer.node, fire_at))
        for call in step.services:
            result = services.service(call.action)(draft, desk)
            queue.append(
                bpmn.step(process, step.state, bpmn.ServiceDone(call.token, result), draft.case.data)
            )
            break  # the state has moved on: the step that follows carries the other calls
    draft.set(tokens=orjson.dumps(step.state.dump()).decode())
    if step.ended:
        state = ended_as or ("void" if step.end == "void" else "closed")
        draft.set(state=state, closed_at=desk.now, outcome=outcome or state)
        for pause in draft.case.pauses.values():
            if pause.end is None:
                draft.set_pause(pause, end=desk.now)


def _open_task(
    draft: Draft, desk: Desk, process: bpmn.Process, opened: bpmn.OpenTask, fresh_clock: bool
) -> None:
    case, node = draft.case, process.nodes[opened.node]
    unit = _value(node.unit, {**case.data, "unit": case.unit, node.item: opened.item}) or None
    task = CaseTask(
        id=desk.new_id(),
        token=opened.token,
        node=node.id,
        link=node.link,
        kind=case.kind,
        post=node.post,
        unit=unit,
        area=case.area,
        state="open",
        limit=_value(node.limit, case.data) or "",
        clock_from=desk.now,
        opened_at=desk.now,
    )
    before = None if fresh_clock else case.last_done(node.link, unit, node.id)
    if before and node.link == "handle" and before.outcome == "done":
        draft.set(reworks=case.reworks + 1)
    if before and node.clock == "continue":
        _continue_clock(draft, desk, task, before)
    draft.open_task(task)
    clock.set_due(draft, task, desk.calendar)


def _continue_clock(draft: Draft, desk: Desk, task: CaseTask, before: CaseTask) -> None:
    """A rework goes on with the first clock; only the time in which others looked at the work is left out."""
    task.clock_from, task.extension = before.clock_from, before.extension
    for pause in [p for p in draft.case.pauses.values() if p.task_id == before.id]:
        draft.pause(
            CasePause(
                id=desk.new_id(), reason=pause.reason, start=pause.start, end=pause.end, task_id=task.id
            )
        )
    draft.pause(
        CasePause(id=desk.new_id(), reason=VERIFICATION, start=before.done_at, end=desk.now, task_id=task.id)
    )


def _finish_task(draft: Draft, desk: Desk, task: CaseTask, outcome: str) -> None:
    actor = desk.actor
    done_by = actor.id if actor.kind == "user" else None
    draft.set_task(task, state="done", outcome=outcome, done_at=desk.now, done_by=done_by, held=False)
    for pause in draft.case.pauses.values():
        if pause.end is None and pause.task_id == task.id:
            draft.set_pause(pause, end=desk.now)


def _drop_tasks(draft: Draft, desk: Desk, closed: tuple[bpmn.ClosedTask, ...]) -> None:
    tokens = {c.token: c for c in closed if c.reason != "completed"}
    for task in draft.case.open_tasks:
        if task.token in tokens:
            reason = tokens[task.token].reason
            draft.set_task(task, state="dropped", outcome=reason, done_at=desk.now, held=False)


def back_targets(case: Case, process: bpmn.Process, task: CaseTask) -> list[str]:
    """The steps done before to which an open task may go back, the last one done first.

    In a loop every step of the file lies before every other; only what was done in this case is earlier.
    """
    done = sorted((t for t in case.tasks.values() if t.state == "done"), key=lambda t: (t.done_at, t.token))
    nodes = dict.fromkeys(t.node for t in reversed(done) if t.node != task.node)
    return [node for node in nodes if not bpmn.may_send_back(process, task.node, node)]


def _value(text: str, data: Mapping[str, Any]) -> Any:
    """`$name` is looked up in the case's data, anything else is itself."""
    return data.get(text[1:]) if text.startswith("$") else text
