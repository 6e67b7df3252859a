"""What people do with needs and offers (社会力量参与): enter them, match them, decide on each match.

The solver proposes; only a person's word makes a match (see `matching`). Each action checks its own permission.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.geo import Point
from yiwang.domains.assistance.forces import checks
from yiwang.domains.assistance.forces.matching import Offered, Wanted, match
from yiwang.domains.assistance.models_forces import HelpMatch, HelpNeed, HelpOffer
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import given
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models_people import Household

COMMITTED = ("proposed", "confirmed")


def ask(
    *,
    actor: Any,
    id: UUID,  # noqa: A002
    household: UUID,
    item: str,
    quantity: int,
    urgency: str,
    until: date,
    now: datetime,
    note: str = "",
) -> HelpNeed:
    """A household needs something (登记需求). The same id again is the same need."""
    area = Household.objects.filter(pk=household, left=None).values_list("area_id", flat=True).first()
    if area is None:
        raise NotFound(_("There is no such household."), where="household")
    checks.may(actor, area)
    what = checks.item(item)
    fields = {
        "household": household,
        "area_id": area,
        "kind": what.kind,
        "item": what.slug,
        "quantity": checks.quantity(quantity),
        "urgency": checks.urgency(urgency),
        "until": checks.not_past(until, localdate(now)),
        "note": checks.text(note, "note", checks.LONGEST_NOTE),
    }
    return _once(HelpNeed, id, fields, actor, now)


def offer(
    *,
    actor: Any,
    id: UUID,  # noqa: A002
    giver: str,
    giver_kind: str,
    item: str,
    capacity: int,
    place: str,
    serves: str,
    since: date,
    until: date,
    now: datetime,
    radius_m: int = 0,
    phone: str = "",
) -> HelpOffer:
    """Somebody gives something (登记供给). The same id again is the same offer."""
    checks.may(actor, given.area(serves))
    given.area(place)
    if giver_kind not in ("organisation", "person"):
        raise Invalid(_("Say whether an organisation or a person gives."), where="giver_kind")
    if until < since:
        raise Invalid(_("The offer ends before it begins."), where="until")
    if not 0 <= radius_m <= 100_000:
        raise Invalid(_("Give a distance of at most 100 km, or 0."), where="radius_m")
    what = checks.item(item)
    fields = {
        "giver": checks.text(giver, "giver", 80, _("Say who gives.")),
        "giver_kind": giver_kind,
        "phone": checks.text(phone, "phone", 30),
        "kind": what.kind,
        "item": what.slug,
        "capacity": checks.quantity(capacity, "capacity"),
        "place_id": place,
        "serves": serves,
        "radius_m": radius_m,
        "since": since,
        "until": checks.not_past(until, localdate(now)),
    }
    return _once(HelpOffer, id, fields, actor, now)


def _once(model: Any, id: UUID, fields: dict, actor: Any, now: datetime) -> Any:  # noqa: A002
    with one_transaction():
        known = model.objects.filter(pk=id).first()
        if known is None:
            return model.objects.create(
                id=id, district=current().district, entered_at=now, entered_by_id=actor.user_id, **fields
            )
        if any(getattr(known, name) != value for name, value in fields.items()):
            raise Conflict(_("This was sent before with other content."), code="other_content")
        return known


def end_need(*, actor: Any, need: UUID, now: datetime) -> HelpNeed:
    """The need is met or gone: it is matched no more, and what was only proposed for it lapses."""
    with one_transaction():
        row = locked(HelpNeed, need)
        checks.may(actor, row.area_id)
        return _end(row, row.matches, now)


def end_offer(*, actor: Any, offer: UUID, now: datetime) -> HelpOffer:
    """The giver gives no more. What was confirmed stays."""
    with one_transaction():
        row = locked(HelpOffer, offer)
        checks.may(actor, row.serves)
        return _end(row, row.matches, now)


def _end(row: Any, matches: Any, now: datetime) -> Any:
    if row.state == "open":
        matches.filter(state="proposed").update(state="lapsed", decided_at=now)
        row.state, row.ended_at = "ended", now
        row.save(update_fields=["state", "ended_at"])
    return row


def propose(*, actor: Any, now: datetime) -> list[HelpMatch]:
    """Matches all open needs and offers anew; what was proposed and not decided is replaced. Decides nothing.

    What a person refused is not proposed again for the same two. Raises Denied; `matching.NotSolved` never passes half.
    """
    checks.may(actor, None)
    today = localdate(now)
    with one_transaction():
        offers = list(_open(HelpOffer).filter(until__gte=today).select_for_update(of=("self",)))
        needs = list(_open(HelpNeed).filter(until__gte=today).select_for_update(of=("self",)))
        needs = _still_here(needs)
        HelpMatch.objects.filter(state="proposed").update(state="lapsed", decided_at=now)
        refused = set(HelpMatch.objects.filter(state="refused").values_list("need_id", "offer_id"))
        taken = {"need": _taken("need"), "offer": _taken("offer")}
        wanted = _wanted(needs, taken["need"])
        offered = _offered(offers, taken["offer"])
        without = {(str(need), str(offer)) for need, offer in refused}
        found = match(wanted, offered, today, without)
        rows = [
            HelpMatch(
                id=uuid7(),
                need_id=UUID(one.need),
                offer_id=UUID(one.offer),
                quantity=one.quantity,
                distance_m=one.distance_m,
                state="proposed",
                proposed_at=now,
            )
            for one in found
        ]
        HelpMatch.objects.bulk_create(rows)
    return rows


def _still_here(needs: list[HelpNeed]) -> list[HelpNeed]:
    """Without those of households that have left; of one that has moved the need is where it lives now."""
    homes = Household.objects.filter(pk__in={one.household for one in needs}, left=None)
    lives = dict(homes.values_list("pk", "area_id"))
    found = []
    for one in needs:
        if one.household not in lives:
            continue
        if one.area_id != lives[one.household]:
            one.area_id = lives[one.household]
            one.save(update_fields=["area"])
        found.append(one)
    return found


def confirm(*, actor: Any, match: UUID, now: datetime) -> HelpMatch:
    """A person says that this match is made (确认). Looks again whether both sides still have so much."""
    with one_transaction():
        found = HelpMatch.objects.filter(pk=match).values_list("offer_id", "need_id").first()
        if found is None:
            raise NotFound(_("There is no such entry."))
        # In the order in which `propose` holds them, so that neither waits for the other for ever.
        offer, need = locked(HelpOffer, found[0]), locked(HelpNeed, found[1])
        row = _proposed(actor, match)
        if need.state != "open" or offer.state != "open" or min(need.until, offer.until) < localdate(now):
            raise Conflict(_("The need or the offer has ended. Match anew."), code="ended")
        for side, most in (("need", need.quantity), ("offer", offer.capacity)):
            confirmed = HelpMatch.objects.filter(**{side: getattr(row, f"{side}_id")}, state="confirmed")
            if (confirmed.aggregate(sum=Sum("quantity"))["sum"] or 0) + row.quantity > most:
                raise Conflict(_("Not so much is left of it. Match anew."), code="too_much")
        return _decide(row, "confirmed", actor, now)


def refuse(*, actor: Any, match: UUID, why: str, now: datetime) -> HelpMatch:
    """A person says no, with the reason; these two are not brought together again."""
    why = checks.text(why, "why", 200, _("Say why not."))
    with one_transaction():
        return _decide(_proposed(actor, match), "refused", actor, now, why)


def _proposed(actor: Any, match: UUID) -> HelpMatch:
    row = locked(HelpMatch, match)
    checks.may(actor, row.need.area_id)
    if row.state != "proposed":
        raise Conflict(_("This match was decided before."), code="decided")
    return row


def _decide(row: HelpMatch, state: str, actor: Any, now: datetime, why: str = "") -> HelpMatch:
    row.state, row.decided_at, row.decided_by_id, row.why = state, now, actor.user_id, why
    row.save(update_fields=["state", "decided_at", "decided_by", "why"])
    return row


def locked(model: Any, pk: Any) -> Any:
    """The row, held until the transaction ends. Raises NotFound."""
    found = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such entry."))
    return found


def _open(model: Any) -> Any:
    return model.objects.filter(state="open").order_by("id")


def _taken(side: str) -> dict[UUID, int]:
    rows = HelpMatch.objects.filter(state="confirmed").values(f"{side}_id").annotate(sum=Sum("quantity"))
    return {row[f"{side}_id"]: row["sum"] for row in rows}


def _wanted(needs: Iterable[HelpNeed], taken: dict[UUID, int]) -> list[Wanted]:
    items = current().help_items
    return [
        Wanted(
            str(one.id),
            one.kind,
            one.item,
            one.quantity - taken.get(one.id, 0),
            checks.weight(one.urgency),
            one.area_id,
            _place(one.area_id),
            one.until,
            items[one.item].whole if one.item in items else False,
        )
        for one in needs
    ]


def _offered(offers: Iterable[HelpOffer], taken: dict[UUID, int]) -> list[Offered]:
    return [
        Offered(
            str(one.id),
            one.kind,
            one.item,
            one.capacity - taken.get(one.id, 0),
            one.serves,
            _place(one.place_id),
            one.since,
            one.until,
            one.radius_m,
        )
        for one in offers
    ]


def _place(area: str) -> Point:
    """The middle of an area; of a community without one, of the area around it."""
    rows = registers.areas()
    row = rows.get(area)
    while row is not None and row.lat is None:
        row = rows.get(row.parent or "")
    if row is None:
        raise Invalid(_("No place is known for the area %(area)s.") % {"area": area}, where="area")
    return Point(row.lon, row.lat)
