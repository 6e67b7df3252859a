"""超期申诉: a unit appeals against an overdue task, once, after the matter is closed; two people review it.

Granted, the task is exempt from statistics, in kept tables too. That it was overdue stays where it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.domains.operations import rate_changes
from yiwang.domains.operations.models import Appeal
from yiwang.kernel.access.policy import Subject, decide, matters_filter, require
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.matters.actions import whole_second
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.notices import telling
from yiwang.kernel.packs.rulebook import rulebook

STATES = ("asked", "supported", "granted", "refused")
SHORTEST = 4
_LISTED = (
    "id",
    "state",
    "reason",
    "asked_at",
    "opinion",
    "matter__number",
    "matter__title",
    "task_id",
    "task__link",
    "task__unit_id",
    "task__unit__name",
    "task__due_at",
    "task__done_at",
)


def appeal(*, actor: Any, task: UUID, reason: str, now: datetime, id: UUID | None = None) -> Appeal:
    """Asks that an overdue task be exempt. Raises Invalid, Conflict (asked before, not closed), Denied, NotFound."""
    reason = _said(reason, "reason")
    with store.one_transaction():
        row = Task.objects.select_related("matter").filter(pk=task).first()
        if row is None:
            raise NotFound(_("There is no such task."), where="task")
        require(actor, "appeal", _subject(row))
        if row.matter.state != "closed":
            raise Conflict(_("An appeal is possible once the matter is closed."), code="still_open")
        if row.due_at is None or row.done_at is None or row.done_at <= row.due_at:
            raise Invalid(_("This task was done in time; there is nothing to appeal against."), where="task")
        try:
            with transaction.atomic():
                made = Appeal.objects.create(
                    id=id or uuid7(),
                    matter=row.matter,
                    task=row,
                    reason=reason,
                    state="asked",
                    asked_by_id=actor.id,
                    asked_at=whole_second(now),
                )
        except IntegrityError:
            raise Conflict(_("An appeal against this task was made before."), code="appealed") from None
        _tell_reviewers(made, actor, now)
        return made


def review(*, actor: Any, appeal: UUID, support: bool, now: datetime, opinion: str = "") -> Appeal:
    """The first review supports or refuses, the second grants or refuses; two different people, none who asked."""
    with store.one_transaction():
        row = (
            Appeal.objects.select_for_update(of=("self",))
            .select_related("task__matter")
            .filter(pk=appeal)
            .first()
        )
        if row is None:
            raise NotFound(_("There is no such appeal."), where="appeal")
        require(actor, "review_appeal", _subject(row.task))
        if row.state not in ("asked", "supported"):
            raise Conflict(_("This appeal is decided already."), code="decided")
        if actor.id in (row.asked_by_id, row.first_by_id):
            raise Denied(_("Another person must review this."), reason="same_person", action="review_appeal")
        if not support:
            opinion = _said(opinion, "opinion")
        now = whole_second(now)
        if row.state == "asked":
            row.first_by_id, row.first_at = actor.id, now
            row.state = "supported" if support else "refused"
        else:
            row.second_by_id, row.second_at = actor.id, now
            row.state = "granted" if support else "refused"
        if opinion:
            row.opinion = f"{row.opinion}\n{opinion}".strip()[:500]
        row.save()
        if row.state == "granted":
            rate_changes.granted(row.task, now)
        if row.state == "supported":
            _tell_reviewers(row, actor, now)
        else:
            _tell(row, actor, now, user=row.asked_by_id)
        return row


def _tell_reviewers(row: Appeal, actor: Any, now: datetime) -> None:
    """Everybody who may review it, whatever their post."""
    for slug, post in rulebook(row.task.matter.pack_id).post_kinds.items():
        if any("review_appeal" in one.actions for one in post.grants):
            _tell(row, actor, now, post=slug, area=row.task.matter.area_id or "")


def _tell(row: Appeal, actor: Any, now: datetime, **whom: Any) -> None:
    """A notice of the appeal's state, which the asker gets once it is decided."""
    telling.tell(
        "appeal",
        key=f"appeal:{row.pk.hex}:{row.state}:{whom.get('post', '')}",
        now=whole_second(now),
        matter=row.matter_id,
        by=actor.id,
        state=row.state,
        task=str(row.task_id),
        **whom,
    )


def listed(actor: Any, most: int = 100) -> list[dict]:
    """Appeals that this person may review or whose unit may appeal, decided or not, the newest first."""
    reach = [name for name in ("review_appeal", "appeal") if name in actor.reach]
    seen = Q(pk__in=[])
    for name in reach:
        seen |= matters_filter(actor, name, of="matter__")
    rows = Appeal.objects.filter(seen)
    return list(rows.order_by("-asked_at", "-id").values(*_LISTED, asked_by_name=F("asked_by__name"))[:most])


def of_matter(matter: UUID) -> dict[UUID, dict]:
    """The appeals of a matter by task."""
    rows = Appeal.objects.filter(matter=matter).values(*_LISTED, asked_by_name=F("asked_by__name"))
    return {row["task_id"]: row for row in rows}


def possible(actor: Any, matter: Matter, tasks: Iterable[Any], made: Collection[UUID]) -> list[Any]:
    """The overdue tasks of a closed matter against which this person may appeal now."""
    if matter.state != "closed":
        return []
    return [
        task
        for task in tasks
        if task.state == "done"
        and task.due_at
        and task.done_at > task.due_at
        and task.id not in made
        and decide(
            actor,
            "appeal",
            Subject(
                matter.kind,
                matter.area_id,
                task.unit or matter.unit_id,
                matter_id=matter.pk,
                district=matter.district,
            ),
        )
    ]


def waiting(actor: Any, most: int = 100) -> list[dict]:
    """Appeals that wait for a review by this person, the oldest first."""
    seen = matters_filter(actor, "review_appeal", of="matter__")
    rows = Appeal.objects.filter(seen, state__in=("asked", "supported"))
    rows = rows.exclude(asked_by=actor.id).exclude(first_by=actor.id)
    return list(rows.order_by("asked_at", "id").values(*_LISTED, asked_by_name=F("asked_by__name"))[:most])


def _subject(task: Task) -> Subject:
    matter = task.matter
    return Subject(
        kind=matter.kind,
        area=matter.area_id,
        unit=task.unit_id or matter.unit_id,
        matter_id=matter.pk,
        district=matter.district,
    )


def _said(text: str, where: str) -> str:
    text = " ".join(text.split())
    if len(text) < SHORTEST:
        raise Invalid(_("Say why, in a few words."), where=where)
    if len(text) > 500:
        raise Invalid(_("At most %(most)d characters are kept.") % {"most": 500}, where=where)
    return text
