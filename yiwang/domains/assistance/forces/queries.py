"""What people can see of needs, offers and matches: those of the areas that their posts help."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, StrIndex
from django.utils.translation import gettext as _

from yiwang.core.codes.masks import mask_name, mask_phone
from yiwang.domains.assistance.forces.checks import FINDING
from yiwang.domains.assistance.models_forces import HelpMatch, HelpNeed, HelpOffer, ServiceRecord, Voucher
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.rulebook import current

MOST = 200


def areas(actor: Any) -> list[str]:
    """The areas (beginnings of codes) whose people the actor helps; the district's code for all of it."""
    if actor.kind == "system":
        return [current().district]
    found = []
    for reach in actor.reach.get("help", ()) if actor.kind == "user" else ():
        if reach.units is None and (reach.kinds is None or FINDING in reach.kinds):
            found.append(reach.area or current().district)
    return found


def _within(field: str, wholes: list[str]) -> Q:
    q = Q(pk__in=[])
    for whole in wholes:
        q |= Q(**{f"{field}__gte": whole, f"{field}__lte": whole.ljust(12, "9")})
    return q


def needs(actor: Any) -> list[HelpNeed]:
    """Open needs with what is still open of each, the most urgent and the earliest first."""
    order = Case(When(urgency="urgent", then=0), When(urgency="soon", then=1), default=2)
    rows = HelpNeed.objects.filter(_within("area", areas(actor)), state="open").annotate(
        given=_confirmed("matches")
    )
    return list(rows.order_by(order, "until", "pk")[:MOST])


def offers(actor: Any) -> list[HelpOffer]:
    """Open offers that serve an area of the actor, in whole or in part, with what is taken of each."""
    wholes = areas(actor)
    q = _within("serves", wholes)
    for whole in wholes:  # an offer to the district serves each of its communities
        q |= Q(
            pk__in=HelpOffer.objects.annotate(at=StrIndex(Value(whole), F("serves")))
            .filter(at=1)
            .values("pk")
        )
    rows = HelpOffer.objects.filter(q, state="open").annotate(given=_confirmed("matches"))
    return list(rows.order_by("kind", "item", "until", "pk")[:MOST])


def _confirmed(name: str) -> Coalesce:
    return Coalesce(Sum(f"{name}__quantity", filter=Q(**{f"{name}__state": "confirmed"})), 0)


def matches(actor: Any, state: str) -> list[HelpMatch]:
    """Matches of a state, the newest first; of confirmed ones with what was given."""
    rows: QuerySet = HelpMatch.objects.filter(_within("need__area", areas(actor)), state=state)
    rows = rows.annotate(done=Coalesce(Sum("records__quantity"), 0)).select_related("need", "offer")
    return list(rows.order_by("-decided_at", "-proposed_at", "pk")[:MOST])


def match(actor: Any, id: Any) -> HelpMatch:  # noqa: A002
    """One match that the actor may see. Raises NotFound."""
    rows = HelpMatch.objects.filter(_within("need__area", areas(actor)), pk=id).select_related(
        "need", "offer"
    )
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such match that you may see."))
    return found


def vouchers(row: HelpMatch) -> list[Voucher]:
    return list(row.vouchers.order_by("-issued_at", "pk"))


def records(row: HelpMatch) -> list[ServiceRecord]:
    return list(row.records.select_related("recorded_by").order_by("-given_at", "pk"))


def giver(row: HelpOffer) -> str:
    """Who gives: an organisation by its name, a person masked."""
    return row.giver if row.giver_kind == "organisation" else mask_name(row.giver)


def phone(row: HelpOffer) -> str:
    return mask_phone(row.phone)
