"""The parts of a joint application (联办事项): each begins by itself when what it waits for is granted.

Everything here is done inside the transaction of the action that caused it: after a crash either both are there or
neither. The joint matter is locked first, so that two decisions at one moment never begin a part twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

import orjson
from uuid_utils.compat import uuid7

from yiwang.domains.services import applying, bundles, uploads
from yiwang.domains.services.joint import GRANTED, REFUSED, RUNNING, STOPPED, WAITING, WITHDRAWN
from yiwang.domains.services.models import Application, Joint, JointPart
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions, engine, papers, receipts, store
from yiwang.kernel.matters.case import Case, Draft, EventRow
from yiwang.kernel.matters.engine import Desk
from yiwang.kernel.matters.forms import Answer
from yiwang.kernel.matters.models import Matter, Pause, Task
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.packs.services import Service
from yiwang.kernel.registers.calendars import current_calendar

TOGETHER, HAND_OVER = "together", "hand_over"  # steps of the joint matter that end by themselves
READY = {TOGETHER: "decided", HAND_OVER: "delivered"}  # the variables that say that a step may end
LOST = (REFUSED, STOPPED, WITHDRAWN)
CHECK = "after_check"  # the step of a part that the whole does not wait for


def id_of(whole: UUID, service: str) -> UUID:
    """The id of the matter of a part: begun again, it is the same one."""
    return uuid5(whole, f"part {service}")


def begin(own: Joint, now: datetime) -> None:
    """Begins every part that waits for nothing any more, and stops those that wait in vain."""
    parts = {part.service: part for part in own.parts.all()}
    moved = True
    while moved:  # what is stopped may stop others
        moved = False
        for part in parts.values():
            before = [parts[slug].state for slug in part.after if slug in parts]
            if part.state != WAITING:
                continue
            if any(state in LOST for state in before):
                part.state, moved = STOPPED, True
                part.save(update_fields=["state"])
            elif all(state == GRANTED for state in before):
                part.state, moved = RUNNING, True
                part.matter = _open(own, part, now)
                part.save(update_fields=["state", "matter"])


def _open(own: Joint, part: JointPart, now: datetime) -> Matter:
    """The matter of a part, accepted already: the window has accepted the whole."""
    rules = rulebook(own.matter.pack_id)
    service = rules.services[part.service]
    key = id_of(own.pk, part.service)
    there = Matter.objects.filter(pk=key).first()
    if there is not None:
        return there
    matter = actions.open(
        actor=SYSTEM,
        kind=applying.KIND,
        id=key,
        title=service.name,
        source=own.channel,
        unit=service.unit,
        now=now,
        rules=rules,
        data=applying.opening_data(service, part.way) | {"joint": str(own.pk)},
        part_of=own.pk,
    )
    states = states_of(own, rules, service, part.way)
    Application(
        matter=matter,
        district=own.district,
        service=service.slug,
        form=part.form,
        channel=own.channel,
        way=part.way,
        answers=orjson.dumps(_answers(own, rules, part.form), option=orjson.OPT_SORT_KEYS).decode(),
        materials=states,
        consent=own.consent,
        digest=own.digest,
        secret_hash=receipts.secret_hash(key, receipts.secret_for(key)),
        received_at=own.received_at,
        filled={path: how for path, how in own.filled.items() if _asks(rules, part.form, path)},
    ).save(force_insert=True)
    uploads.copy(own.pk, matter.pk, states, now)
    task = Task.objects.get(matter=matter, state="open")
    outcome = "conditional" if papers.LATER in states.values() else "accept"
    actions.complete(
        actor=SYSTEM,
        task=task.pk,
        outcome="commitment" if part.way == applying.COMMITMENT else outcome,
        data={f"material_{slug}": state for slug, state in states.items()},
        now=now,
    )
    return matter


def _answers(own: Joint, rules: Rulebook, form: str) -> Mapping:
    """Of the one form what this service asks."""
    asked = rules.forms.get(form)
    names = {one.name for one in asked.form.fields} if asked else set()
    return {name: value for name, value in orjson.loads(own.answers).items() if name in names}


def _asks(rules: Rulebook, form: str, path: str) -> bool:
    asked = rules.forms.get(form)
    return asked is not None and path.partition(".")[0] in {one.name for one in asked.form.fields}


def states_of(own: Joint, rules: Rulebook, service: Service, way: str) -> dict[str, str]:
    """The materials of one service as the window found them for the whole."""
    plan = bundles.plan_of(rules, rules.bundles[own.bundle], {part.service for part in own.parts.all()})
    made = bundles.made_before(plan.items)[service.slug]
    found: dict[str, str] = {}
    for needed in service.materials:
        slug = needed.material.slug
        state = papers.MADE if needed.material.licence in made else own.materials.get(slug, "")
        if way == applying.COMMITMENT and slug in service.instead:
            state = papers.COMMITTED
        if state == papers.MADE and needed.material.licence not in made:
            state = papers.LOOKUP  # issued on the way for another service only
        if state == papers.LATER and needed.need != "deferrable":
            state = papers.MISSING  # asked for here only in some cases
        found[slug] = state or papers.MISSING
    return found


def heard(draft: Draft, event: EventRow) -> None:
    """Hears of every action: one on a part moves the whole on."""
    case = draft.case
    whole = case.data.get("joint") if case.kind == applying.KIND else None
    if not whole or event.action == "open":
        return
    if event.action in ("hold", "resume"):
        _clock(draft, event, UUID(whole))
    elif case.state != "open" or "granted" in case.data:
        _moved(case, UUID(whole), event.at)


def _clock(draft: Draft, event: EventRow, whole: UUID) -> None:
    """What lawfully stops the clock of a part stops that of the whole, once however many parts stand."""
    case = store.lock(matter=whole)
    stands = any(pause.end is None for pause in case.pauses.values())
    if event.action == "hold":
        if not stands and case.state == "open":
            actions.hold(
                actor=SYSTEM,
                matter=whole,
                reason=str(draft.record.get("reason", "")),
                note=f"{draft.case.number} {draft.case.title}",
                now=event.at,
            )
        return
    others = Pause.objects.filter(matter__joint_part__joint=whole, end=None).exclude(matter=draft.case.id)
    if stands and not others.exists():
        actions.resume(actor=SYSTEM, matter=whole, now=event.at)


def _moved(case: Case, whole: UUID, now: datetime) -> None:
    parent = store.lock(matter=whole)
    own = Joint.objects.select_related("matter").get(pk=whole)
    part = own.parts.filter(matter=case.id).first()
    if part is None:
        return
    state = _state(case)
    if part.state != state:
        part.state = state
        part.save(update_fields=["state"])
    if parent.state != "open":
        own.parts.filter(state=WAITING).update(state=STOPPED)
        return
    begin(own, now)
    settle(own, now)


def _state(case: Case) -> str:
    if case.data.get("withdrawn"):
        return WITHDRAWN
    if case.state == "open" or "granted" in case.data:
        granted = case.data.get("granted")
        return RUNNING if granted is None else GRANTED if granted and case.state != "void" else REFUSED
    return REFUSED  # given up, void, or closed without a decision


def settle(own: Joint, now: datetime) -> None:
    """Ends the steps of the joint matter whose parts are done: all decided, then all handed over. What is checked
    after a commitment goes on by itself."""
    parts = list(own.parts.all())
    states = {part.state for part in parts}
    if states & {WAITING, RUNNING}:
        return
    _end(own, TOGETHER, "done", now)
    at_work = Task.objects.filter(matter__joint_part__joint=own, state="open").exclude(node=CHECK)
    if not at_work.exists():
        _end(own, HAND_OVER, "delivered", now)


def _end(own: Joint, node: str, outcome: str, now: datetime) -> None:
    """Ends a step that is open, whoever has taken it."""
    case = store.lock(matter=own.pk)
    task = next((one for one in case.open_tasks if one.node == node), None)
    if task is None:
        return
    draft = Draft(case, uuid7)
    desk = Desk(rulebook(case.pack), current_calendar(), SYSTEM, now, uuid7)
    draft.set(data={**case.data, READY[node]: True})
    engine.complete(draft, desk, task, Answer(outcome, "", {}))
    store.save(draft, draft.finish("complete", SYSTEM.label, SYSTEM.name, now))
