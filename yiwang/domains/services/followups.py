"""After a bad rating: the unit that did it calls back and mends, and the applicant is told what came of it (差评回访)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db.models import Avg, Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from yiwang.domains.services.models import Application, Followup, Joint, JointPart
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers.models import Post

KIND = "service_followup"
POST = "service_decider"
BAD = 2  # of five: one and two stars are a bad rating, 国办发〔2019〕51号


def open_for(rated: Matter, score: int, now: datetime) -> Followup | None:
    """The matter for the unit that did it, in the caller's transaction; None for a rating that is not bad."""
    if score > BAD:
        return None
    matter = actions.open(
        actor=SYSTEM,
        kind=KIND,
        id=uuid5(rated.pk, KIND),
        title=_("Bad rating: %(what)s") % {"what": rated.title},
        source=rated.source,
        unit=_whose(rated),
        area=rated.area_id,
        now=now,
        data={"about": rated.number},
    )
    return Followup.objects.create(matter=matter, district=matter.district, about=rated, score=score)


def _whose(rated: Matter) -> str | None:
    """The unit that did it. A bundle may be led by a centre where nobody decides: then that of its first service."""
    decides = Post.objects.filter(kind=POST, unit=rated.unit_id, active=True)
    if rated.unit_id and decides.exists():
        return rated.unit_id
    part = JointPart.objects.filter(joint=rated.pk).exclude(matter=None).select_related("matter").first()
    return part.matter.unit_id if part else rated.unit_id


def note_of(row: Followup) -> str:
    """What the applicant wrote with the rating."""
    for kind in (Application, Joint):
        own = kind.objects.filter(pk=row.about_id).first()
        if own is not None:
            return own.rating_note
    return ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the applicant reads: `due` while it is being looked into, `reply` once it is closed."""

    open: bool
    outcome: str
    reply: str
    due: datetime | None


def told(rated: Matter) -> Told | None:
    """What came of a bad rating of this matter; None where there was none."""
    row = Followup.objects.filter(about=rated.pk).select_related("matter").first()
    if row is None:
        return None
    closed = row.matter.state == "closed"
    due = None if closed else Task.objects.filter(matter=row.pk, state="open").order_by("due_at").first()
    return Told(not closed, row.outcome if closed else "", row.reply if closed else "", due and due.due_at)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of closed applications and their ratings; shares are None where there is nothing to share."""

    closed: int
    rated: int
    share_rated: float | None  # 主动评价率
    mean: float | None
    content: float | None  # 满意率: three stars and more of those rated
    bad: int
    answered: float | None  # 差评整改率: of bad ratings whose limit has passed or that are answered
    reached: float | None  # 回访率: of those answered


def _matter(**wanted: Any) -> Exists:
    """The row's matter is such a one. No join: the planner would begin with all closed matters of the district."""
    return Exists(Matter.objects.filter(pk=OuterRef("pk"), **wanted))


def figures(now: datetime) -> Figures:
    """Counted over all applications that are closed."""
    closed = rated = stars = content = 0
    for kind in (Application, Joint):
        found = kind.objects.filter(_matter(state="closed")).aggregate(
            closed=Count("pk"),
            rated=Count("rating"),
            mean=Avg("rating"),
            content=Count("pk", filter=Q(rating__gt=BAD)),
        )
        closed, rated = closed + found["closed"], rated + found["rated"]
        stars += (found["mean"] or 0) * found["rated"]
        content += found["content"]
    # One that waits and is not due yet says nothing; one that was wrong is no bad rating.
    counted = Followup.objects.filter(confirmed_at=None)
    answered = counted.exclude(answered_at=None).count()
    overdue = counted.filter(_matter(state="open", due_at__lt=now), answered_at=None).count()
    reached = counted.filter(answered_at__isnull=False, reached=True).count()

    def share(part: float, of: int) -> float | None:
        return part / of if of else None

    return Figures(
        closed,
        rated,
        share(rated, closed),
        share(stars, rated),
        share(content, rated),
        counted.count(),
        share(answered, answered + overdue),
        share(reached, answered),
    )
