"""What people can see of assistance: the block on a matter's page, a household's page, lists and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils.translation import get_language, pgettext

from yiwang.core import worktime
from yiwang.core.codes.masks import mask_id, mask_name, mask_phone
from yiwang.domains.assistance import awards, bereavement, programmes
from yiwang.domains.assistance.computing import NOTHING, Computed, compute
from yiwang.domains.assistance.models import (
    Application,
    Award,
    Bereavement,
    DataCheck,
    Decision,
    Hearing,
    Kinship,
    Mandate,
    Objection,
    Payment,
    Publicity,
    Review,
    SpotDraw,
    Visit,
)
from yiwang.kernel.access.models import Holding
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people.variables import said, titled, variables

STREET_POSTS = ("aid_officer", "aid_window", "aid_street_leader", "community_worker")
COUNTY_POSTS = ("aid_county", "aid_leader")


def colleagues(area: str | None, on: date, county: bool = False) -> list[tuple[int, str]]:
    """Who may come along on a visit: (id, name) of who works on assistance there on that day."""
    held = Holding.objects.filter(
        Q(until=None) | Q(until__gte=on), since__lte=on, post__active=True, user__is_active=True
    )
    if county:
        held = held.filter(post__kind__in=COUNTY_POSTS)
    else:
        street = (area or "")[:9]
        held = held.filter(
            post__kind__in=STREET_POSTS, post__area__gte=street, post__area__lte=street.ljust(12, "9")
        )
    return list(held.order_by("user__name", "user_id").values_list("user_id", "user__name").distinct())


def computed_now(matter: Matter, on: date) -> Computed:
    """What the rules say on this day of the household of an application or a review.

    Kept with the matter as it was read: its page asks for it again for each outcome of a step.
    """
    kept = matter.__dict__.setdefault("_computed", {})
    if on not in kept:
        kept[on] = _computed(matter, on)
    return kept[on]


def _computed(matter: Matter, on: date) -> Computed:
    if matter.kind == programmes.REVIEW:
        award = award_under_review(matter)
        return compute(award.programme, award.household, award.person, on)
    row = Application.objects.filter(pk=matter.pk).first()
    if row is None or row.household is None:
        return NOTHING
    return compute(row.programme, row.household, row.person, on)


def relieved_lately(matter: UUID, on: date) -> list[Award]:
    """Emergency relief that the household of this application, or the same applicant, got within a year, oldest first."""
    row = Application.objects.filter(pk=matter).first()
    if row is None:
        return []
    same = Q(household=row.household) if row.household else Q(pk__in=[])
    if row.id_hash:
        same |= Q(matter__assistance__id_hash=row.id_hash)
    since = on - timedelta(days=365)
    found = Award.objects.filter(same, programme="relief_emergency", since__gte=since).exclude(matter=matter)
    return list(found.order_by("made_at", "id"))


def award_under_review(matter: Matter) -> Award:
    """The award that is looked at again, or what took its place meanwhile."""
    return awards.latest(Review.objects.select_related("award").get(pk=matter.pk).award)


@dataclass(frozen=True, slots=True)
class Block:
    """What a matter's page shows of assistance. Personal values are masked, and texts of persons absent, until opened."""

    application: Application | None
    review: Review | None
    award: Award | None
    programme: str
    household: UUID | None
    opened: bool
    who: Mapping[str, Any]
    members: list[dict]
    strip: dict | None
    computed: Computed
    decisions: list[Decision]
    visits: list[dict]
    checks: list[DataCheck]
    publicity: list[Publicity]
    objections: list[Objection]
    hearings: list[Hearing]
    kinship: Kinship | None
    draw: SpotDraw | None
    awards: list[Award]
    payments: list[Payment]
    mandate: Mandate | None
    deaths: list[Bereavement]


def block(matter: Matter, now: datetime, on: date, opened: bool = False) -> Block | None:
    """None for a matter that is none of assistance, or was opened without an application."""
    if matter.kind not in programmes.KINDS:
        return None
    row = Application.objects.filter(pk=matter.pk).select_related("matter").first()
    review = Review.objects.filter(pk=matter.pk).select_related("award").first()
    if row is None and review is None:
        return None
    award = awards.latest(review.award) if review else None
    slug = row.programme if row else award.programme
    return Block(
        application=row,
        review=review,
        award=award,
        programme=programmes.name(slug),
        household=row.household if row else award.household,
        opened=opened,
        who=who(row, opened) if row else {"name": award.name if opened else mask_name(award.name)},
        members=members_of(row, opened) if row else [],
        strip=_strip(row) if row else None,
        computed=computed_now(matter, on),
        decisions=list(Decision.objects.filter(matter=matter.pk).select_related("by").order_by("at", "id")),
        visits=visits(Visit.objects.filter(matter=matter.pk), opened),
        checks=list(DataCheck.objects.filter(matter=matter.pk).order_by("id")),
        publicity=list(Publicity.objects.filter(matter=matter.pk).order_by("since")),
        objections=list(Objection.objects.filter(publicity__matter=matter.pk).order_by("at")),
        hearings=list(Hearing.objects.filter(matter=matter.pk).select_related("by").order_by("at")),
        kinship=Kinship.objects.filter(matter=matter.pk).first(),
        draw=SpotDraw.objects.filter(matter=matter.pk).first(),
        awards=list(Award.objects.filter(matter=matter.pk).order_by("made_at")),
        payments=list(Payment.objects.filter(award__matter=matter.pk).order_by("month")),
        mandate=Mandate.objects.filter(pk=matter.pk).select_related("visit", "taken_by").first()
        if row and row.agent
        else None,
        deaths=bereavement.of_matter(matter.pk) if row else [],
    )


def who(row: Application, opened: bool) -> dict[str, Any]:
    """The applicant, masked until opened."""
    account = orjson.loads(row.account) if row.account else {}
    number = account.get("number", "")
    agent = orjson.loads(row.agent) if row.agent else {}
    return {
        "name": row.name if opened else mask_name(row.name),
        "id_number": row.id_number if opened else mask_id(row.id_number),
        "phone": row.phone if opened else mask_phone(row.phone),
        "address": row.address if opened else "",
        "has_address": bool(row.address),
        "bank": account.get("bank", ""),
        "account": number if opened else mask_id(number),
        "agent": agent.get("name", "") if opened else mask_name(agent.get("name", "")),
        "situation": row.situation if opened else "",
        "has_situation": bool(row.situation),
    }


def members_of(row: Application, opened: bool) -> list[dict]:
    found = orjson.loads(row.members) if row.members else []
    return [
        {
            "name": one["name"] if opened else mask_name(one["name"]),
            "relation": one["relation"],
            "id_number": one["id_number"] if opened else mask_id(one["id_number"]),
        }
        for one in found
    ]


def visits(rows: Any, opened: bool) -> list[dict]:
    """Visits with what was found; what was seen and who signed only when opened."""
    found = []
    for row in rows.select_related("first", "matter").order_by("at", "id"):
        kept = orjson.loads(row.findings) if row.findings else {}
        found.append(
            {
                "row": row,
                "found": kept if opened else {},
                "told": _told(kept, opened),
                "signed": row.signed_by if opened else mask_name(row.signed_by),
            }
        )
    return found


def _told(kept: Mapping[str, Any], opened: bool) -> dict[str, Any]:
    """What a visit established, in words; closed only that it established something. Empty where it did not."""
    if not any(kept.get(name) for name in ("facts", "gone", "new")):
        return {}
    if not opened:
        return {"sealed": True}
    kinds, eng = variables(), (get_language() or "").startswith("en")
    keys = [key for key in {*kept.get("facts", {}), *kept.get("gone", ())} if key != "household"]
    people = {str(pk): name for pk, name in Person.objects.filter(pk__in=keys).values_list("pk", "name")}
    comma = pgettext("between names in a list", ", ")
    facts = [
        {
            "whose": people.get(key, ""),
            "name": titled(kinds[slug], eng),
            "value": said(kinds[slug], value, eng),
        }
        for key, values in kept.get("facts", {}).items()
        for slug, value in values.items()
        if slug in kinds
    ]
    return {
        "facts": facts,
        "gone": comma.join(people.get(key, "?") for key in kept.get("gone", ())),
        "new": comma.join(one["name"] for one in kept.get("new", ())),
    }


def _strip(row: Application) -> dict | None:
    """The limit of the whole procedure, explained day by day."""
    if row.accepted_at is None:
        return None
    benefit = programmes.programme(row.programme)
    limit = worktime.Limit.parse(benefit.special_total if row.special else benefit.total)
    return worktime.due(current_calendar(), row.accepted_at, limit).as_dict()
