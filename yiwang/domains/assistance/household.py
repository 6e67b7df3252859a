"""The page of a household: who belongs to it, what is known and from where, what it gets, visits and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.domains.assistance import queries
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.computing import compute
from yiwang.domains.assistance.models import Application, Award, Payment, Visit
from yiwang.domains.assistance.programmes import EMERGENCY, PROGRAMMES
from yiwang.domains.assistance.words import english, fact_name
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers.people import opening
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.registers.people.variables import said, variables

MOST_PAYMENTS = 36


@dataclass(frozen=True, slots=True)
class Household:
    view: Any  # people.HouseholdView
    opened: bool
    facts: list[dict]
    members: list[dict]
    programmes: list[dict]
    awards: list[Award]
    payments: list[Payment]
    visits: list[dict]
    photos: list[Attachment]
    applications: list[dict]


def open_it(actor: Any, household: UUID, purpose: str, now: datetime) -> None:
    """Puts on record, for every member, that the household is opened. Raises Denied, Invalid, NotFound."""
    opening.open_household(actor=actor, household=household, purpose=purpose, now=now)


def see(actor: Any, household: UUID, now: datetime, opened: bool) -> Household:
    """Raises NotFound for a household that the actor may not see. `opened` only after `open_it`."""
    row = people.household(actor, household)
    view = people.shown(row, opened=opened)
    visits = Visit.objects.filter(household=household)
    return Household(
        view=view,
        opened=opened,
        facts=_facts(view.facts, view.hidden),
        members=[{"row": one, "facts": _facts(one.facts, one.hidden)} for one in view.members],
        programmes=_programmes(household, now),
        awards=list(Award.objects.filter(household=household).order_by("-since", "programme")),
        payments=list(
            Payment.objects.filter(household=household).order_by("-month", "programme")[:MOST_PAYMENTS]
        ),
        visits=queries.visits(visits, opened),
        photos=_photos(visits) if opened else [],
        applications=_applications(household),
    )


def _facts(facts: Any, hidden: Any) -> list[dict]:
    """What is known, in the order of the pack; of what is hidden only that it is known and from where."""
    kinds, eng = variables(), english()
    found = []
    for slug in kinds:
        if slug in facts:
            fact = facts[slug]
            value = said(kinds[slug], fact.value, eng)
            found.append(
                {"name": fact_name(slug), "value": value, "source": fact.source, "as_of": fact.as_of}
            )
        elif slug in hidden:
            source, as_of = hidden[slug]
            found.append({"name": fact_name(slug), "value": None, "source": _source(source), "as_of": as_of})
    return found


def _source(source: str) -> str:
    return _("the register") if source == people.REGISTER else source


def _programmes(household: UUID, now: datetime) -> list[dict]:
    """What the rules say of it today, programme by programme."""
    found = []
    for benefit in PROGRAMMES.values():
        if benefit.kind != EMERGENCY:
            computed = compute(benefit.slug, household, None, today(now))
            if computed.says:
                found.append({"name": str(benefit), "slug": benefit.slug, "computed": computed})
    return found


def _photos(visits: Any) -> list[Attachment]:
    matters = visits.values("matter")
    rows = Attachment.objects.filter(matter__in=matters, stage="visit", media_type__startswith="image/")
    return list(rows.order_by("added_at", "id"))


def _applications(household: UUID) -> list[dict]:
    rows = Application.objects.filter(household=household).values_list("pk", flat=True)
    found = Matter.objects.filter(pk__in=list(rows)) | Matter.objects.filter(
        review__award__household=household
    )
    return list(found.distinct().order_by("-opened_at").values("number", "title", "state", "opened_at")[:20])
