"""Assistance in the small district of the pages: something at every step that a page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from tests.domains.assistance.offices import applied, do, granted, until_opinion
from tests.people import person
from yiwang.domains.assistance import bereavement, paying, returning, reviewing
from yiwang.domains.assistance.models import Application, Award, Publicity, Review
from yiwang.kernel.matters import receipts

KIN = {"name": "王某", "unit": "长安街道办事处", "relation": "兄妹"}


@dataclass
class Aid:
    """`at`: a matter's number by the step it stands at; number and secret: of what the resident follows."""

    number: str = ""
    secret: str = ""
    household: str = ""
    batch: str = ""
    publicity: str = ""
    returned: str = ""
    death: str = ""
    at: dict[str, str] = field(default_factory=dict)


def make(now: datetime) -> Aid:
    """Applications at the window, at the survey, shown to the public; a granted one with its list; a review; a call."""
    made, start = Aid(), now - timedelta(days=27)
    first = granted(now=start, id=uuid4())
    award = Award.objects.get(matter=first)
    made.household = str(award.household)
    Award.objects.filter(pk=award.pk).update(review_due=now.date())
    reviewing.open_due(now)
    review = Review.objects.get(award=award).matter
    do(review, "survey", "done", now, signed_by="王秀兰", seen="情况无变化")
    made.at["review"] = review.number
    month = (now.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    batch = paying.make_list(actor=person("aid-finance"), month=month, now=now)
    made.batch = str(batch.pk)
    back = batch.payments.first()
    returning.come_back(actor=person("aid-finance"), payment=back.pk, why="账号与户名不符", now=now)
    made.returned = str(back.pk)
    late = granted(
        now=start, id=uuid4(), name="赵刚", id_number="210104198505050035", members=[], amount="600"
    )
    made.at["closed"] = late.number
    shown = applied(
        id=uuid4(), now=now - timedelta(days=4), name="陈玉", id_number="210104197001010027", members=[]
    )
    do(shown, "opinion", "support", until_opinion(shown, now - timedelta(days=4)))
    made.publicity = str(Publicity.objects.get(matter=shown, kind="opinion").pk)
    made.at["publicity"] = shown.number
    survey = applied(
        id=uuid4(), now=now - timedelta(days=1), name="周梅", id_number="210104196202020024", kin=KIN
    )
    do(survey, "accept", "accept", now - timedelta(hours=20))
    made.at["survey"] = survey.number
    own = Application.objects.get(pk=survey.pk)
    (death,) = bereavement.heard(household=own.household, person=own.person, on=now.date(), now=now)
    made.death = str(death.pk)
    missing = applied(id=uuid4(), now=now - timedelta(days=2), name="吴强", id_number="210104199003030039")
    do(missing, "accept", "missing", now - timedelta(days=1), material_promise="missing")
    made.number, made.secret = missing.number, receipts.secret_for(missing.pk)
    call = applied(
        "relief_emergency",
        id=uuid4(),
        now=now - timedelta(hours=2),
        channel="call",
        emergency="fire",
        id_number="",
        members=[],
    )
    made.at["call"] = call.number
    made.at["accept"] = applied(id=uuid4(), now=now, name="郑华", id_number="210104198808080047").number
    return made
