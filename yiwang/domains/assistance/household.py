"""The page of a household: who belongs to it, what is known and from where, what it gets, visits and payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.domains.assistance import established, queries
from yiwang.domains.assistance.answers import today
from yiwang.domains.assistance.computing import compute
from yiwang.domains.assistance.models import Application, Award, Payment, Review, Visit
from yiwang.domains.assistance.programmes import EMERGENCY, PROGRAMMES
from yiwang.domains.assistance.words import english, fact_name
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers.people import opening
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.registers.people.variables import said, variables
from yiwang.kernel.ui import sealed_files

MOST_PAYMENTS = 36
MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class Household:
    view: Any  # people.HouseholdView
    opened: bool
    facts: list[dict]
    history: list[dict]
    members: list[dict]
    programmes: list[dict]
    awards: list[Award]
    payments: list[Payment]
    visits: list[dict]
    photos: list[str]  # addresses, for whoever has just opened the household
    applications: list[dict]


def open_it(actor: Any, household: UUID, purpose: str, now: datetime) -> None:
    """Puts on record, for every member, that the household is opened. Raises Denied, Invalid, NotFound."""
    opening.open_household(actor=actor, household=household, purpose=purpose, now=now)


def see(actor: Any, household: UUID, now: datetime, opened: bool) -> Household:
    """Raises NotFound for a household that the actor may not see. `opened` only after `open_it`."""
    row = people.household(actor, household)
    view = people.shown(row, opened=opened)
    rows = [(view.facts, view.hidden), *((one.facts, one.hidden) for one in view.members)]
    known = established.origins({text for one in rows for text in _sources(*one)})
    visits = Visit.objects.filter(household=household)
    return Household(
        view=view,
        opened=opened,
        facts=_facts(view.facts, view.hidden, known),
        history=_history(row.pk, [one.id for one in view.members], known) if opened else [],
        members=[{"row": one, "facts": _facts(one.facts, one.hidden, known)} for one in view.members],
        programmes=_programmes(household, now),
        awards=list(Award.objects.filter(household=household).order_by("-since", "programme")),
        payments=list(
            Payment.objects.filter(household=household).order_by("-month", "programme")[:MOST_PAYMENTS]
        ),
        visits=queries.visits(visits, opened),
        photos=photos_of(visits.values("matter"), actor) if opened else [],
        applications=_applications(household),
    )


def _facts(facts: Any, hidden: Any, known: Any) -> list[dict]:
    """What is known, in the order of the pack; of what is hidden only that it is known and from where.

    `known`: what `established.origins` says of the sources that are a step of assistance.
    """
    kinds, eng = variables(), english()
    found = []
    for slug in kinds:
        if slug in facts:
            fact = facts[slug]
            value, source, as_of = said(kinds[slug], fact.value, eng), fact.source, fact.as_of
        elif slug in hidden:
            value, (source, as_of) = None, hidden[slug]
        else:
            continue
        origin = known.get(source, {})
        row = {"name": fact_name(slug), "value": value, "source": _source(source), "as_of": as_of}
        found.append(row | {"origin": origin})
    return found


def _sources(facts: Any, hidden: Any) -> set[str]:
    return {fact.source for fact in facts.values()} | {source for source, _day in hidden.values()}


def _history(household: UUID, members: list[UUID], known: Any) -> list[dict]:
    """What was known before, newest first: of a fact that was replaced the value, its source and day, and by what."""
    kinds, eng = variables(), english()
    changes = people.changes_of(household=household)
    for one in members:
        changes += people.changes_of(person=one)
    found = []
    shown = {None, *members}  # the look is on record for these, and for nobody who lived there before
    mine = {one.seq: one for one in changes if one.person in shown}
    for change in sorted(mine.values(), key=lambda one: -one.seq):
        if change.what in kinds and isinstance(change.was, Mapping) and "value" in change.was:
            kind = kinds[change.what]
            found.append(
                {
                    "name": fact_name(change.what),
                    "member": members.index(change.person) + 1 if change.person else 0,
                    "value": said(kind, change.was["value"], eng),
                    "source": _source(change.was.get("source", "")),
                    "as_of": change.was.get("as_of", ""),
                    "at": change.at,
                    "by": _source(change.source),
                    "origin": known.get(change.source, {}),
                }
            )
    return found[:MOST_HISTORY]


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


def photos_of(matters: Any, actor: Any) -> list[str]:
    """Where the pictures of the homes of these matters lie, for somebody whose purpose is on record."""
    rows = Attachment.objects.filter(matter__in=matters, stage="visit", media_type__startswith="image/")
    rows = rows.order_by("added_at", "id")
    return [sealed_files.address(reverse("file", args=[row.pk]), row, actor) for row in rows]


def _applications(household: UUID) -> list[dict]:
    applied = Application.objects.filter(household=household).values_list("pk", flat=True)
    reviewed = Review.objects.filter(award__household=household).values_list("pk", flat=True)
    # By their ids: either-or in one statement would read every matter of the district.
    found = Matter.objects.filter(pk__in={*applied, *reviewed})
    return list(found.order_by("-opened_at").values("number", "title", "state", "opened_at")[:20])
