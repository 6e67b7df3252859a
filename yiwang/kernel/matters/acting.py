"""What every action does around its own change: one transaction, the row locked, the right checked, one event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.kernel.access.policy import Subject, require
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.matters import engine, store
from yiwang.kernel.matters.case import Case, CaseTask, Draft
from yiwang.kernel.matters.engine import Desk, whole_second
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.matters.offline import Offline
from yiwang.kernel.matters.refusals import done_by, must_be_open
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.registers.calendars import current_calendar


def open_case(
    case: Case,
    rules: Rulebook,
    actor: Any,
    now: datetime,
    offline: Offline | None = None,
    part_of: UUID | None = None,
) -> Matter:
    draft = Draft(case, uuid7)
    if part_of is not None:
        draft.links.append((case.id, part_of, "part_of"))
    draft.record.update(offline.record() if offline else {})
    engine.begin(draft, Desk(rules, current_calendar(), actor, now, uuid7))
    try:
        return store.insert(draft, draft.finish("open", actor.label, actor.name, now))
    except IntegrityError:
        raise Conflict(_("A matter with this id exists already."), code="id_taken", where="id") from None


def on_task(
    action: str,
    actor: Any,
    task: UUID,
    now: datetime,
    change: Callable[[Draft, Desk, CaseTask], None],
    after: Callable[[Case, Desk], None] | None = None,
    by_grant: bool = False,
    offline: Offline | None = None,
) -> Matter:
    now = whole_second(now)
    with store.one_transaction():
        case = store.lock(task=task)
        own = case.tasks[task]
        post = None if by_grant else own.post
        require(actor, action, subject(case, own.unit if not by_grant else case.unit, post, own.assignee))
        if not own.is_open:
            raise Conflict(done_by(own), code="task_done")
        draft, desk = draft_of(case, actor, now)
        draft.record.update(offline.record() if offline else {})
        change(draft, desk, own)
        store.save(draft, draft.finish(action, actor.label, actor.name, now))
        if after:
            after(case, desk)
        return store.matter_row(case)


def on_matter(
    action: str,
    actor: Any,
    matter: UUID | str,
    now: datetime,
    change: Callable[[Draft, Desk], None],
    states: tuple[str, ...] = ("open",),
) -> Matter:
    now = whole_second(now)
    with store.one_transaction():
        case = locked(matter)
        require_on(actor, action, case)
        if case.state not in states:
            must_be_open(case)
            raise Conflict(_("This matter is still open."), code="still_open")
        draft, desk = draft_of(case, actor, now)
        change(draft, desk)
        store.save(draft, draft.finish(action, actor.label, actor.name, now))
        return store.matter_row(case)


def locked(matter: UUID | str) -> Case:
    if isinstance(matter, str) and len(matter) == 36:
        try:
            matter = UUID(matter)
        except ValueError:
            raise NotFound(_("There is no such matter.")) from None
    return store.lock(matter=matter)


def draft_of(case: Case, actor: Any, now: datetime) -> tuple[Draft, Desk]:
    return Draft(case, uuid7), Desk(rulebook(case.pack), current_calendar(), actor, now, uuid7)


def subject(case: Case, unit: str | None, post: str | None = None, assignee: int | None = None) -> Subject:
    return Subject(
        kind=case.kind,
        area=case.area,
        unit=unit,
        post=post,
        assignee=assignee,
        matter_id=case.id,
        district=case.district,
    )


def require_on(actor: Any, action: str, case: Case) -> None:
    require(actor, action, subject(case, case.unit))
