"""Who must be looked at again (复核): when it is due, when somebody died, when something changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from yiwang.domains.assistance import awards, money
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.models import Award, Review
from yiwang.domains.assistance.programmes import ONCE, PROGRAMMES, REVIEW
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.matters import actions, store
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import queries as people

LEAD = timedelta(days=30)  # a review is opened so long before it is due
REASONS = ("due", "change", "death", "alert")
AT_ONCE = 200


def open_review(
    *, actor: Any, award: Award, why: str, due: date, now: datetime, about: UUID | None = None
) -> Matter:
    """Opens the review of a running award; the same award, day and reason again is the same review, and so is the death
    of the same person (`about`).

    Raises Conflict for an award that has ended, Denied.
    """
    if why not in REASONS:
        raise Invalid(_("There is no such reason for a review."), where="why")
    key = uuid5(award.pk, f"review {why} {about or due}")
    known = Matter.objects.filter(pk=key).first()
    if known is not None:
        return known
    if award.state == awards.ENDED:
        raise Conflict(_("This award has ended already."), code="ended")
    known_as = PROGRAMMES.get(award.programme)
    name = known_as.name if known_as else award.programme
    with store.one_transaction():
        matter = actions.open(
            actor=actor,
            kind=REVIEW,
            id=key,
            title=f"{name}复核（{award.members}人）",
            source="system" if actor.kind == "system" else "counter",
            area=award.area_id,
            now=now,
            data={
                "programme": award.programme,
                "members": award.members,
                "why": why,
                "hardship": award.programme == "extreme_hardship",
                "stop": False,
                "survivors": True,
                "fen": award.fen,
                "months": None,
                "cause": "",
            },
        )
        Review.objects.create(matter=matter, award=award, why=why, due=due, about=about)
    return matter


def open_due(now: datetime) -> int:
    """Opens the reviews that fall due within a month, and ends what is over. Gives how many were opened."""
    on, opened = today(now), 0
    awards.close_over(on)
    rows = Award.objects.filter(state=awards.RUNNING, review_due__lte=on + LEAD).order_by("review_due", "id")
    done = Review.objects.filter(why="due").values_list("award_id", "due")
    known = set(done.filter(due__gte=on - timedelta(days=400)))
    for row in rows:
        if opened == AT_ONCE:
            break
        if (row.pk, row.review_due) not in known:
            open_review(actor=SYSTEM, award=row, why="due", due=row.review_due, now=now)
            opened += 1
    return opened


def died(
    *, household: UUID, person: UUID | None, on: date, now: datetime, actor: Any = SYSTEM
) -> list[Matter]:
    """Somebody of a household died: each of its awards is looked at within three months (民政部等 2022-10-20).

    Nothing is stopped by it: a person visits, a person decides, and until then it is paid. What is about to be visited
    for another death of the household already is the same review.
    """
    rows = Award.objects.filter(household=household, state__in=(awards.RUNNING, awards.ENDING))
    due = max(three_months_after(on), today(now))
    found = []
    for row in rows.exclude(rhythm=ONCE).order_by("made_at", "id"):
        going = (
            Review.objects.filter(
                award=row, why="death", matter__tasks__node="survey", matter__tasks__state="open"
            )
            .select_related("matter")
            .first()
        )
        found.append(
            going.matter
            if going
            else open_review(actor=actor, award=row, why="death", due=due, now=now, about=person)
        )
    return found


def three_months_after(day: date) -> date:
    """The same day three months on, or the last of that month."""
    month = money.next_month(day, 3)
    return month.replace(day=min(day.day, money.last_day(month).day))


def somebody_to_hear(award: Award) -> bool:
    """Whether anybody is left whom a cut or a stop concerns. False only where the register knows that all have died."""
    if award.person is not None:
        return not Person.objects.filter(pk=award.person, died__isnull=False).exists()
    if people.members(award.household):
        return True
    return not Person.objects.filter(household=award.household, died__isnull=False).exists()
