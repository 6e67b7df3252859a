"""A file that is added to a matter while it is worked (附件). What came with a report is part of its opening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from yiwang.kernel.access.policy import Subject, decide, require
from yiwang.kernel.matters import store
from yiwang.kernel.matters.case import Case, Draft
from yiwang.kernel.matters.engine import whole_second
from yiwang.kernel.matters.refusals import must_be_open
from yiwang.kernel.records import ahead, attachments
from yiwang.kernel.records.attachments import Checked
from yiwang.kernel.records.models import Attachment


def attach(
    *,
    actor: Any,
    matter: UUID | str,
    checked: Checked,
    stage: str,
    now: datetime,
    id: UUID,  # noqa: A002
) -> Attachment:
    """Keeps a checked file with an open matter, and says so in its story.

    The same id with the same bytes again gives what is there, without a second event. Raises as
    `require_attach`, `NotFound`, and as `records.attachments.store`.
    """
    now = whole_second(now)
    with store.one_transaction():
        case = store.lock(matter=matter)
        require_attach(actor, case)
        known = Attachment.objects.filter(pk=id).exists()
        row = attachments.store(checked, matter=case.id, stage=stage, actor=actor, now=now, id=id)
        if not known:
            draft = Draft(case, uuid7)
            note_file(draft, id, stage, checked)
            store.save(draft, draft.finish("attach", actor.label, actor.name, now))
        return row


def adopt(
    *,
    actor: Any,
    matter: UUID | str,
    sent: Sequence[tuple[UUID, str]],
    now: datetime,
) -> list[Attachment]:
    """Gives files that the actor sent ahead to an open matter, each (id, stage) with an event of its own.

    Raises as `require_attach` and `records.ahead.adopt`.
    """
    now = whole_second(now)
    with store.one_transaction():
        case = store.lock(matter=matter)
        require_attach(actor, case)
        rows = []
        for key, stage in sent:
            row = ahead.adopt([key], matter=case.id, stage=stage, actor=actor)[0]
            draft = Draft(case, uuid7)
            _note(draft, row.pk, stage, row.sha256, row.media_type)
            store.save(draft, draft.finish("attach", actor.label, actor.name, now))
            rows.append(row)
        return rows


def take_in(*, actor: Any, matter: UUID, rows: Sequence[Attachment], stage: str, now: datetime) -> None:
    """Gives files that the caller has checked and knows to be the actor's own to an open matter, each with an event.

    For what comes with a form that an applicant sent: inside the transaction. Raises Conflict when it has ended.
    """
    if not rows:
        return
    now = whole_second(now)
    with store.one_transaction():
        case = store.lock(matter=matter)
        must_be_open(case)
        keys = [row.pk for row in rows]
        Attachment.objects.filter(pk__in=keys, matter=None).update(
            matter=matter, stage=stage, added_by=actor.label
        )
        for row in rows:
            draft = Draft(case, uuid7)
            _note(draft, row.pk, stage, row.sha256, row.media_type)
            store.save(draft, draft.finish("attach", actor.label, actor.name, now))


def require_attach(actor: Any, case: Case) -> None:
    """Raises Denied for those who neither work an open task of it nor see and open matters there, and Conflict
    `not_open` when it has ended."""
    if not works_it(actor, case):
        whole = Subject(case.kind, case.area, case.unit, matter_id=case.id, district=case.district)
        require(actor, "see", whole)
        require(actor, "open", whole)
    must_be_open(case)


def note_file(draft: Draft, id: UUID, stage: str, checked: Checked) -> None:  # noqa: A002
    """What the event says of the file: enough to prove later that it is still the same."""
    _note(draft, id, stage, checked.sha256, checked.media_type)


def _note(draft: Draft, id: UUID, stage: str, sha256: str, media_type: str) -> None:  # noqa: A002
    draft.record.update(attachment=str(id), stage=stage, sha256=sha256, media_type=media_type)


def works_it(actor: Any, case: Case) -> bool:
    """Whether an open task of the case is one that this person works."""
    return any(
        decide(
            actor,
            "complete",
            Subject(case.kind, task.area, task.unit, task.post, task.assignee, case.id, case.district),
        )
        for task in case.open_tasks
    )
