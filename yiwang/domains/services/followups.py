"""After a bad rating: the unit that did it calls back and mends, and the applicant is told what came of it (差评回访)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from yiwang.domains.services.models import Application, Followup, Joint, JointPart
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers.models import Post

KIND = "service_followup"
POST = "service_decider"
NOT_CLOSED = ("open", "void", "merged", "withdrawn")
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
    """Counted over all applications that are closed; only what is closed is rated. Of indexes alone: what has not ended
    well is little beside what has, and is taken away from the whole."""
    from yiwang.domains.services import applying, joint  # which rate by what is opened here

    kinds = (applying.KIND, joint.KIND)
    closed = -Matter.objects.filter(kind__in=kinds, state__in=NOT_CLOSED).count()
    rated = stars = content = 0
    for kind in (Application, Joint):
        closed += kind.objects.count()
        given = kind.objects.filter(rating__isnull=False).values_list("rating").annotate(many=Count("*"))
        for score, many in given.order_by("rating"):
            rated, stars, content = rated + many, stars + score * many, content + many * (score > BAD)
    # One that waits and is not due yet says nothing; one that was wrong is no bad rating.
    late = _matter(state="open", due_at__lt=now)
    counted = Followup.objects.filter(confirmed_at=None).aggregate(
        bad=Count("pk"),
        answered=Count("answered_at"),
        overdue=Count("pk", filter=Q(answered_at=None) & Q(late)),
        reached=Count("answered_at", filter=Q(reached=True)),
    )
    answered, overdue, reached = counted["answered"], counted["overdue"], counted["reached"]

    def share(part: float, of: int) -> float | None:
        return part / of if of else None

    return Figures(
        closed,
        rated,
        share(rated, closed),
        share(stars, rated),
        share(content, rated),
        counted["bad"],
        share(answered, answered + overdue),
        share(reached, answered),
    )
