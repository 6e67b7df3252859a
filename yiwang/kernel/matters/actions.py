"""What people and machines do to a matter. The only way a matter changes.

Each action takes keyword arguments, checks its own permission, does one transaction, appends one event and
returns the matter. `now` is given, never read. Raised: `Invalid`, `Denied`, `NotFound`, `Conflict`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.core.geo import Point
from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import acting, engine, extending, forms, given, store
from yiwang.kernel.matters.case import Case, CaseTask, Draft
from yiwang.kernel.matters.engine import Desk, whole_second
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.offline import Offline
from yiwang.kernel.matters.refusals import claimed_by, must_be_open
from yiwang.kernel.packs.rulebook import Rulebook, current


def open(
    *,
    actor: Any,
    kind: str,
    id: UUID,
    title: str,
    now: datetime,
    source: str,
    description: str = "",
    standard: str = "",
    class_code: str = "",
    area: str | None = None,
    unit: str | None = None,
    point: Point | None = None,
    address: str = "",
    data: Mapping[str, Any] | None = None,
    priority: int = 0,
    number: str | None = None,
    rules: Rulebook | None = None,
    offline: Offline | None = None,
    part_of: UUID | None = None,
) -> Matter:
    """Opens a matter (立件) under the pack in force; its first tasks exist when this returns.

    `part_of`: the matter that it is a part of; the link is in the chain of the new one.
    """
    rules = rules or current()
    now = whole_second(now)
    require(actor, "open", Subject(kind=kind, area=area, unit=unit, district=rules.district))
    if kind not in rules.kinds:
        raise Invalid(_("There is no kind of matter %(kind)s.") % {"kind": repr(kind)}, where="kind")
    given.fit(title=title, address=address, source=source, standard=standard, class_code=class_code)
    if area:
        given.area(area)
    if unit:
        given.unit(unit)
    place = point.to("CGCS2000") if point else None
    with store.one_transaction():
        case = Case(
            id=id,
            number=number or store.numbers.next(now),
            district=rules.district,
            kind=kind,
            pack=rules.id,
            source=source,
            title=title,
            description=description,
            standard=standard,
            class_code=class_code,
            area=area,
            unit=unit,
            address=address,
            lat=place.lat if place else None,
            lon=place.lon if place else None,
            system="CGCS2000" if place else "",
            priority=priority,
            opened_at=now,
            data=dict(data or {}),
        )
        return acting.open_case(case, rules, actor, now, offline, part_of)


def claim(*, actor: Any, task: UUID, now: datetime, offline: Offline | None = None) -> Matter:
    """Takes a task for oneself (签收); others see whose it is."""

    def change(draft: Draft, desk: Desk, own: CaseTask) -> None:
        if own.assignee and own.assignee != actor.id:
            raise Conflict(claimed_by(own), code="claimed")
        engine.claim(draft, desk, own)

    return acting.on_task("claim", actor, task, now, change, offline=offline)


def complete(
    *,
    actor: Any,
    task: UUID,
    outcome: str,
    now: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    evidence: Sequence[dict] = (),
    offline: Offline | None = None,
) -> Matter:
    """Finishes a task with one of its outcomes; the process says what comes next."""
    given.fit(note=note.strip())
    answer = forms.Answer(outcome, note.strip(), data or {}, tuple(evidence))
    done: list[tuple[forms.Form, forms.Prepared]] = []

    def change(draft: Draft, desk: Desk, own: CaseTask) -> None:
        if own.assignee and own.assignee != actor.id:
            raise Conflict(claimed_by(own), code="claimed")
        done.append(engine.complete(draft, desk, own, answer))

    def after(case: Case, desk: Desk) -> None:
        form, prepared = done[0]
        form.after(case, answer, prepared, actor, desk.now)

    return acting.on_task("complete", actor, task, now, change, after, offline=offline)


def send_back(*, actor: Any, task: UUID, now: datetime, note: str, to: str | None = None) -> Matter:
    """Puts a task back to an earlier step, with the reason (回退)."""
    given.reason(note, _("Say why it goes back."))
    return acting.on_task(
        "send_back", actor, task, now, lambda draft, desk, own: engine.send_back(draft, desk, own, to, note)
    )


def reassign(
    *, actor: Any, task: UUID, now: datetime, note: str, unit: str | None = None, user: int | None = None
) -> Matter:
    """Gives a task to another unit or person; the clock runs on (改派)."""
    given.reason(note, _("Say why it is given to somebody else."))
    if not unit and not user:
        raise Invalid(_("Name the unit or the person who takes it."), where="unit")

    def change(draft: Draft, desk: Desk, own: CaseTask) -> None:
        if unit:
            given.unit(unit)
        if user:
            given.user(user)
        engine.reassign(draft, desk, own, unit, user, note)

    return acting.on_task("reassign", actor, task, now, change, by_grant=True)


def extend(*, actor: Any, task: UUID, limit: str, now: datetime, note: str) -> Matter:
    """Lengthens a task's limit, before it is overdue, with the reason (延期)."""
    given.reason(note, _("Say why more time is needed."))

    def change(draft: Draft, desk: Desk, own: CaseTask) -> None:
        extending.extend(draft, desk, own, limit, note)

    return acting.on_task("extend", actor, task, now, change, by_grant=True)


def hold(
    *, actor: Any, matter: UUID | str, reason: str, now: datetime, note: str, task: UUID | None = None
) -> Matter:
    """Stops the clock for a reason of the closed list (挂起)."""
    given.reason(note, _("Say why the clock stops; the resident will read it."))

    def change(draft: Draft, desk: Desk) -> None:
        own = draft.case.tasks.get(task) if task else None
        if task and (own is None or not own.is_open):
            raise Conflict(_("This task is no longer open."), code="task_done")
        given.needs_no_approval(desk.rulebook, reason)
        engine.hold(draft, desk, reason, note, own)

    return acting.on_matter("hold", actor, matter, now, change)


def resume(*, actor: Any, matter: UUID | str, now: datetime, note: str = "") -> Matter:
    """Lets the clock run again (恢复计时)."""
    given.fit(note=note)
    return acting.on_matter(
        "resume", actor, matter, now, lambda draft, desk: engine.resume(draft, desk, note)
    )


def remind(*, actor: Any, matter: UUID | str, now: datetime, note: str) -> Matter:
    """Reminds whoever has it (催办)."""
    given.reason(note, _("Say what is to be done."))
    return acting.on_matter(
        "remind", actor, matter, now, lambda draft, desk: engine.remind(draft, desk, note)
    )


def merge(
    *, actor: Any, primary: UUID | str, duplicates: Sequence[UUID | str], now: datetime, note: str = ""
) -> Matter:
    """Joins matters that are about the same thing: the primary goes on, every reporter gets its answer (并案)."""
    if not duplicates:
        raise Invalid(_("Name at least one matter to merge."), where="duplicates")
    given.fit(note=note)
    now = whole_second(now)
    with store.one_transaction():
        store.lock_rows([primary, *duplicates])
        main = acting.locked(primary)
        acting.require_on(actor, "merge", main)
        must_be_open(main)
        merged = []
        for name in duplicates:
            other = acting.locked(name)
            acting.require_on(actor, "merge", other)
            if other.id == main.id:
                raise Invalid(_("A matter cannot be merged into itself."), where="duplicates")
            must_be_open(other)
            draft, desk = acting.draft_of(other, actor, now)
            engine.merge_into(draft, desk, main, note)
            store.save(draft, draft.finish("merge", actor.label, actor.name, now))
            merged.append(other.number)
        draft, desk = acting.draft_of(main, actor, now)
        engine.take_in(draft, merged, note)
        store.save(draft, draft.finish("merge", actor.label, actor.name, now))
        return Matter.objects.get(pk=main.id)


def split(
    *, actor: Any, matter: UUID | str, parts: Sequence[Mapping[str, Any]], now: datetime
) -> list[Matter]:
    """Opens new matters for what one matter also reports; each part: title, description, standard, class_code."""
    if not parts:
        raise Invalid(_("Name at least one part."), where="parts")
    now = whole_second(now)
    with store.one_transaction():
        case = acting.locked(matter)
        acting.require_on(actor, "split", case)
        must_be_open(case)
        rules = current()
        checked = [given.part(number, part, rules) for number, part in enumerate(parts)]
        new = [
            acting.open_case(
                engine.part_of(case, part, rules.id, store.numbers.next(now), now), rules, actor, now
            )
            for part in checked
        ]
        draft, _desk = acting.draft_of(case, actor, now)
        draft.links += [(row.id, case.id, "split_from") for row in new]
        draft.record.update(parts=[row.number for row in new])
        store.save(draft, draft.finish("split", actor.label, actor.name, now))
        return new


def withdraw(*, actor: Any, matter: UUID | str, now: datetime, note: str = "") -> Matter:
    """The reporter takes it back, as long as nobody has begun to handle it (撤回)."""
    given.fit(note=note)
    return acting.on_matter(
        "withdraw", actor, matter, now, lambda draft, desk: engine.withdraw(draft, desk, note)
    )


def void(*, actor: Any, matter: UUID | str, now: datetime, note: str) -> Matter:
    """Ends a matter that is none: not in the catalogue, not true, not here (作废)."""
    given.reason(note, _("Say why it is void."))
    return acting.on_matter("void", actor, matter, now, lambda draft, desk: engine.void(draft, desk, note))


def close(*, actor: Any, matter: UUID | str, now: datetime, note: str) -> Matter:
    """Closes by hand what was mended without the rest of the process (自行处置)."""
    given.reason(note, _("Say how it was settled."))
    return acting.on_matter("close", actor, matter, now, lambda draft, desk: engine.close(draft, desk, note))


def reopen(*, actor: Any, matter: UUID | str, now: datetime, note: str) -> Matter:
    """Not mended after all: back to the one who handled it (重开)."""
    given.reason(note, _("Say what is still wrong."))
    # What a resident wrote is free text and stays with the report; the chain keeps that it was said.
    kept = note if actor.kind == "user" else ""
    return acting.on_matter(
        "reopen",
        actor,
        matter,
        now,
        lambda draft, desk: engine.reopen(draft, desk, kept),
        states=("closed",),
    )


def rate(
    *, actor: Any, matter: UUID | str, score: int, now: datetime, solved: bool | None = None, note: str = ""
) -> Matter:
    """The reporter's judgement, 1 to 5; of several reporters the matter keeps the lowest (评价)."""
    if score not in (1, 2, 3, 4, 5):
        raise Invalid(_("Give 1 to 5 stars."), where="score")
    given.fit(note=note)

    def change(draft: Draft, desk: Desk) -> None:
        engine.rate(draft, score, solved)

    return acting.on_matter("rate", actor, matter, now, change, states=("closed", "merged"))


def relocate(
    *,
    actor: Any,
    matter: UUID | str,
    now: datetime,
    area: str = "",
    point: Point | None = None,
    address: str | None = None,
) -> Matter:
    """Corrects where it is; open tasks move with it. No area named: the one that holds the point."""

    def change(draft: Draft, desk: Desk) -> None:
        code = given.place(area, point)
        given.fit(address=address or "")
        place = point.to("CGCS2000") if point else None
        if place:
            draft.set(lat=place.lat, lon=place.lon, system="CGCS2000")
        if address is not None:
            draft.set(address=address)
        draft.set(area=code)
        for task in draft.case.open_tasks:
            draft.set_task(task, area=code)
        draft.record.update(area=code)

    return acting.on_matter("relocate", actor, matter, now, change)
