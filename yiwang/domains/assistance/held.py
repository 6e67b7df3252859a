"""What assistance holds about a person: given out, erased as far as no money was paid on it, and a proof of identity."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.domains.assistance import applying, held_beside, returning
from yiwang.domains.assistance.models import Application, Award, Mandate, Payment, PaymentChange, Review
from yiwang.kernel.errors import Problem
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import held, proving

SEALED = ("name", "id_number", "phone", "address", "account", "agent", "members", "situation")


def register_all() -> None:
    held.register(held.Part("assistance", give, hinder, erase, keep))
    proving.register("assistance", prove)


def prove(number: str, secret: str) -> UUID | None:
    """Whose application this is, when the counter took it from the person herself and so saw the ID card.

    One that came on line proves nothing: anybody can write down a number.
    """
    try:
        row = applying.applicant(number, secret)
    except Problem:
        return None
    return row.person if row.channel == "counter" and not row.agent else None


def give(person: Person) -> dict[str, Any]:
    """The person's applications with all that was seen, said and decided; awards and payments of the person and the
    household; what was found about it, and what others gave."""
    return held_beside.give(person, _matters(person)) | {
        "applications": [_application(row) for row in _applications(person).select_related("matter")],
        "awards": list(
            _awards(person).order_by("since").values("programme", "since", "until", "fen", "state", "rhythm")
        ),
        "payments": list(
            _payments(person)
            .order_by("month", "made_at")
            .values("programme", "month", "fen", "state", "paid_at", "returned_why", "withheld_for")
        ),
        "payment_changes": [
            {
                "month": f"{one.payment.month:%Y-%m}",
                "what": one.what,
                "why": one.why,
                "at": one.at.isoformat(),
            }
            for one in PaymentChange.objects.filter(payment__in=_payments(person))
            .select_related("payment")
            .order_by("at", "id")
        ],
        "accounts": [
            {"at": one.at.isoformat(), "account": orjson.loads(one.account), "how": one.why}
            for one in PaymentChange.objects.filter(
                payment__in=_payments(person), what=returning.ACCOUNT
            ).order_by("at", "id")
        ],
    }


def _application(row: Application) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in SEALED if name not in ("account", "members")}
    read = {
        name: orjson.loads(text) if (text := getattr(row, name)) else None for name in ("account", "members")
    }
    return (
        own
        | read
        | {
            "number": row.matter.number,
            "programme": row.programme,
            "received_at": row.received_at.isoformat(),
            "mandate": _mandate(row),
            "state": row.matter.state,
            "materials": row.materials,
        }
    )


def _mandate(row: Application) -> dict[str, Any] | None:
    """How the household agreed that somebody applied for it; None where it applied itself."""
    one = Mandate.objects.filter(pk=row.pk).select_related("taken_by").first()
    if one is None:
        return None
    return {
        "way": one.way,
        "witness": one.witness,
        "given_on": one.given_on.isoformat(),
        "taken_by": one.taken_by.name,
    }


def hinder(person: Person) -> list[str]:
    """What still runs."""
    reasons = []
    if _awards(person).exclude(state="ended").exists():
        reasons.append(_("assistance is still being paid; it must end first."))
    if _applications(person).filter(matter__state="open").exists():
        reasons.append(_("an application is still open; it must be decided or withdrawn first."))
    if held_beside.on_the_way(person):
        reasons.append(_("somebody is to visit the household; the visit must end first."))
    return reasons


def erase(person: Person, now: dt.datetime) -> dict[str, int]:
    """Empties applications on which nothing was awarded, and what was found about the person."""
    paid = Award.objects.values("matter")
    rows = list(_applications(person).exclude(pk__in=paid))
    for row in rows:
        for name in SEALED:
            setattr(row, name, "")
        row.id_hash, row.secret_hash, row.person = "", "", None
        row.save()
        Mandate.objects.filter(pk=row.pk).update(given_by=None, witness="")
    matters = [row.pk for row in rows]
    return ({"applications": len(rows)} if rows else {}) | held_beside.erase(person, matters, now)


def keep(person: Person) -> list[held.Kept]:
    payments = _payments(person).count()
    awarded = _applications(person).filter(pk__in=Award.objects.values("matter")).count()
    why = _(
        "Payments of public money and the decisions they rest on are accounting records "
        "(Measures for Accounting Archives); the district confirms for how long."
    )
    found = [("payments", payments), ("awarded_applications", awarded)]
    return [held.Kept(what, count, why) for what, count in found if count]


def _applications(person: Person) -> Any:
    own = Q(person=person.pk)
    return Application.objects.filter(own | Q(id_hash=person.id_hash) if person.id_hash else own)


def _matters(person: Person) -> Any:
    """The matters in which the person applied, and the reviews of what the person or the household gets."""
    applied = set(_applications(person).values_list("pk", flat=True))
    return applied | set(Review.objects.filter(award__in=_awards(person)).values_list("pk", flat=True))


def _awards(person: Person) -> Any:
    own = Q(person=person.pk) | Q(payee=person.pk)
    return Award.objects.filter(own | Q(household=person.household_id) if person.household_id else own)


def _payments(person: Person) -> Any:
    return Payment.objects.filter(award__in=_awards(person))
