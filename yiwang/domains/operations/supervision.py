"""督办, 延期申请, 挂账: what those above ask of a unit, and what a unit asks of those above.

Each is one event of the matter's chain; the rows beside it are what the lists of supervisors read. A chase is
answered by the unit; more time and putting on the books are asked for by the unit and decided by somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.operations.models import Chase, Request
from yiwang.kernel.access.policy import Subject, decide, require
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import engine, extending, given, store
from yiwang.kernel.matters.attaching import works_it
from yiwang.kernel.matters.case import Case, Draft
from yiwang.kernel.matters.engine import Desk, whole_second
from yiwang.kernel.matters.models import Pause
from yiwang.kernel.matters.refusals import must_be_open
from yiwang.kernel.packs.rulebook import Rulebook, rulebook
from yiwang.kernel.registers.calendars import current_calendar

DECIDES = {"extend": "extend", "hang_up": "hang_up"}  # kind of request -> the grant that decides it
LONGEST_WAIT = timedelta(days=366)


def chase(
    *,
    actor: Any,
    matter: UUID | str,
    note: str,
    reply_by: datetime,
    now: datetime,
    id: UUID | None = None,  # noqa: A002
) -> Chase:
    """Tells whoever has the matter what to do, and by when a reply is expected (督办).

    Sent again with the same `id` it is the same chase. Raises Invalid, Denied, NotFound, Conflict `not_open`.
    """
    given.reason(note, _("Say what is to be done."))
    now, reply_by = whole_second(now), whole_second(reply_by)
    if not now < reply_by <= now + LONGEST_WAIT:
        raise Invalid(_("The reply is expected at a moment after now, within a year."), where="reply_by")
    with store.one_transaction():
        case = store.lock(matter=matter)
        require(actor, "chase", _subject(case))
        known = Chase.objects.filter(pk=id).first() if id else None
        if known is not None:
            return known
        must_be_open(case)
        key = id or uuid7()

        def change(draft: Draft, desk: Desk) -> None:
            draft.set(priority=case.priority + 1)
            draft.record.update(chase=str(key), note=note, reply_by=reply_by)
            for whose in _told(case, desk.rulebook):
                draft.notify("chased", note=note, reply_by=reply_by.isoformat(), **whose)

        _write("chase", actor, case, now, change)
        return Chase.objects.create(
            id=key,
            matter_id=case.id,
            unit_id=_unit(case),
            note=note,
            reply_by=reply_by,
            chased_by_id=actor.id,
            chased_at=now,
        )


def chase_all(
    *, actor: Any, matters: Sequence[str], note: str, reply_by: datetime, now: datetime
) -> list[Chase]:
    """One instruction for several matters: every one is chased, or none. Raises as `chase`."""
    with store.one_transaction():
        store.lock_rows(list(matters))
        return [
            chase(actor=actor, matter=one, note=note, reply_by=reply_by, now=now) for one in sorted(matters)
        ]


def reply(*, actor: Any, chase: UUID, note: str, now: datetime) -> Chase:
    """The reply to a chase (督办回复), by those who have the matter. Once. Raises as `chase`, Conflict `replied`."""
    given.reason(note, _("Say what was done, or when it will be."))
    now = whole_second(now)
    with store.one_transaction():
        found = Chase.objects.filter(pk=chase).first()
        if found is None:
            raise NotFound(_("There is no such chase."), where="chase")
        case = store.lock(matter=found.matter_id)
        row = Chase.objects.select_for_update(of=("self",)).get(pk=chase)
        _require_having(actor, "reply", case)
        must_be_open(case)
        if row.replied_at is not None:
            raise Conflict(_("This chase was replied to already."), code="replied")

        def change(draft: Draft, desk: Desk) -> None:
            draft.record.update(chase=str(row.pk), note=note)
            draft.notify("chase_replied", user=row.chased_by_id, note=note)

        _write("reply", actor, case, now, change)
        row.reply, row.replied_by_id, row.replied_at = note, actor.id, now
        row.save(update_fields=["reply", "replied_by", "replied_at"])
        return row


def ask_extension(*, actor: Any, task: UUID, limit: str, note: str, now: datetime) -> Request:
    """A unit asks for more time for an open task, before it is overdue (延期申请)."""
    given.reason(note, _("Say why more time is needed."))
    now = whole_second(now)
    with store.one_transaction():
        case = store.lock(task=task)
        own = case.tasks[task]
        _require_having(actor, "ask", case)
        must_be_open(case)
        if not own.is_open:
            raise Conflict(_("This task is no longer open."), code="task_done")
        extending.may_extend(case, rulebook(case.pack), own, limit, now)
        row = _request(case, "extend", actor, note, now, task_id=own.id, limit=limit)
        _asked(row, case, actor, now, task=str(own.id), limit=limit)
        return row


def ask_hang_up(*, actor: Any, matter: UUID | str, review_on: date, note: str, now: datetime) -> Request:
    """A unit asks that what cannot be solved in time be put on the books (挂账申请), to be looked at again on a day."""
    given.reason(note, _("Say why it cannot be solved in time; the resident will read it."))
    now = whole_second(now)
    _review_day(review_on, now)
    with store.one_transaction():
        case = store.lock(matter=matter)
        _require_having(actor, "ask", case)
        must_be_open(case)
        reason = hang_up_reason(rulebook(case.pack))
        engine.may_hold(case, rulebook(case.pack), reason, None)
        row = _request(case, "hang_up", actor, note, now, review_on=review_on)
        _asked(row, case, actor, now, review_on=review_on.isoformat())
        return row


def decide_request(*, actor: Any, request: UUID, approve: bool, now: datetime, opinion: str = "") -> Request:
    """Approves or refuses what a unit asked for (审批); somebody other than who asked. A refusal needs its reason.

    Approved, the limit is longer or the clock stands when this returns.
    """
    given.fit(note=opinion.strip())
    opinion, now = opinion.strip(), whole_second(now)
    if not approve:
        given.reason(opinion, _("Say why not."))
    with store.one_transaction():
        found = Request.objects.filter(pk=request).first()
        if found is None:
            raise NotFound(_("There is no such request."), where="request")
        case = store.lock(matter=found.matter_id)
        row = Request.objects.select_for_update(of=("self",)).get(pk=request)
        require(actor, DECIDES[row.kind], _subject(case))
        if row.state != "asked":
            raise Conflict(_("This request is decided already."), code="decided")
        if actor.id == row.asked_by_id:
            raise Denied(_("Another person must decide this."), reason="same_person", action=row.kind)
        if approve:
            must_be_open(case)

        def change(draft: Draft, desk: Desk) -> None:
            if approve:
                _carry_out(draft, desk, row)
            draft.record.update(request=str(row.pk), kind=row.kind, opinion=opinion)
            draft.notify(
                "request_decided", user=row.asked_by_id, kind=row.kind, approved=approve, note=opinion
            )

        action = {"extend": "extend", "hang_up": "hold"}[row.kind] if approve else "refuse"
        _write(action, actor, case, now, change)
        row.state = "approved" if approve else "refused"
        row.decided_by_id, row.decided_at, row.opinion = actor.id, now, opinion
        row.save()
        return row


def keep_hanging(*, actor: Any, request: UUID, review_on: date, note: str, now: datetime) -> Request:
    """What hangs was looked at and hangs on, until it is looked at again (挂账复核)."""
    given.reason(note, _("Say why it still cannot be solved."))
    now = whole_second(now)
    _review_day(review_on, now)
    with store.one_transaction():
        found = Request.objects.filter(pk=request, kind="hang_up", state="approved").first()
        if found is None:
            raise NotFound(_("There is no such request."), where="request")
        case = store.lock(matter=found.matter_id)
        require(actor, "hang_up", _subject(case))
        if not Pause.objects.filter(pk=found.pause_id, end=None).exists():
            raise Conflict(_("It no longer hangs: its clock runs again."), code="not_hanging")
        _write(
            "keep_hanging",
            actor,
            case,
            now,
            lambda draft, desk: draft.record.update(
                request=str(found.pk), note=note, review_on=review_on.isoformat()
            ),
        )
        found.review_on = review_on
        found.save(update_fields=["review_on"])
        return found


def hang_up_reason(rules: Rulebook) -> str:
    """The reason of the pack that needs approval. Raises Invalid when the pack has none."""
    for slug, reason in rules.reasons.items():
        if reason.approval:
            return slug
    raise Invalid(_("The pack has no hold reason that needs approval."), code="no_hang_up")


def may(actor: Any, case: Case) -> dict[str, bool]:
    """What of all this the person may do on the matter as it stands: chase, reply, ask, extend, hang_up."""
    whole, open_now = _subject(case), case.state == "open"
    found = {name: open_now and bool(decide(actor, name, whole)) for name in ("chase", "extend", "hang_up")}
    having = open_now and works_it(actor, case)
    return found | {
        name: open_now and (having or bool(decide(actor, name, whole))) for name in ("reply", "ask")
    }


# Inside


def _write(action: str, actor: Any, case: Case, now: datetime, change: Callable[[Draft, Desk], None]) -> None:
    draft = Draft(case, uuid7)
    change(draft, Desk(rulebook(case.pack), current_calendar(), actor, now, uuid7))
    store.save(draft, draft.finish(action, actor.label, actor.name, now))


def _carry_out(draft: Draft, desk: Desk, row: Request) -> None:
    if row.kind == "extend":
        task = draft.case.tasks[row.task_id]
        if not task.is_open:
            raise Conflict(_("This task is no longer open."), code="task_done")
        extending.extend(draft, desk, task, row.limit, row.note, asked_at=row.asked_at)
        return
    engine.hold(draft, desk, hang_up_reason(desk.rulebook), row.note, None)
    row.pause_id = draft.paused[-1].id


def _request(case: Case, kind: str, actor: Any, note: str, now: datetime, **columns: Any) -> Request:
    if Request.objects.filter(matter=case.id, kind=kind, state="asked").exists():
        raise Conflict(_("This was asked for already and waits for a decision."), code="asked")
    return Request.objects.create(
        id=uuid7(),
        matter_id=case.id,
        kind=kind,
        note=note,
        state="asked",
        asked_by_id=actor.id,
        asked_at=now,
        **columns,
    )


def _asked(row: Request, case: Case, actor: Any, now: datetime, **record: Any) -> None:
    def change(draft: Draft, desk: Desk) -> None:
        draft.record.update(request=str(row.pk), kind=row.kind, note=row.note, **record)
        for post in deciding_posts(desk.rulebook, case.kind, row.kind):
            draft.notify("request_asked", post=post, kind=row.kind, note=row.note)

    _write(f"ask_{row.kind}", actor, case, now, change)


def deciding_posts(rules: Rulebook, kind: str, what: str) -> list[str]:
    """The kinds of post that decide such a request."""
    action = DECIDES[what]
    return [
        slug
        for slug, post in rules.post_kinds.items()
        if any(action in one.actions and (one.kinds is None or kind in one.kinds) for one in post.grants)
    ]


def _told(case: Case, rules: Rulebook) -> list[dict[str, Any]]:
    """Who hears of a chase: whoever has an open task, and of its unit all posts that may reply."""
    told = []
    for task in case.open_tasks:
        posts = [task.post] + [
            slug for slug in _replying(rules, case.kind) if task.unit and slug != task.post
        ]
        told += [{"task": str(task.id), "post": post, "unit": task.unit, "area": task.area} for post in posts]
    return told


def _replying(rules: Rulebook, kind: str) -> list[str]:
    return [
        slug
        for slug, post in rules.post_kinds.items()
        if any(
            "reply" in one.actions and "unit" in one.scope and (one.kinds is None or kind in one.kinds)
            for one in post.grants
        )
    ]


def _unit(case: Case) -> str | None:
    """Whose turn it is: the unit of an open task, none where it waits for a post without unit."""
    return next((task.unit for task in case.open_tasks if task.unit), None)


def _require_having(actor: Any, action: str, case: Case) -> None:
    if not works_it(actor, case):
        require(actor, action, _subject(case))


def _subject(case: Case) -> Subject:
    return Subject(case.kind, case.area, case.unit, matter_id=case.id, district=case.district)


def _review_day(day: date, now: datetime) -> None:
    today = now.astimezone(store.ZONE).date()
    if not today < day <= today + LONGEST_WAIT:
        raise Invalid(_("It is looked at again on a day after today, within a year."), where="review_on")
