"""What assistance holds about a person besides applications and money: what was found, seen, said, decided and given.

`GIVEN` and `OF_NOBODY` name every table of assistance between them; a test fails for one that is in neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import orjson
from django.db.models import Q

from yiwang.domains.assistance import models as own
from yiwang.kernel.registers.models_people import Person

# Table -> under which name the person gets its rows.
GIVEN: Mapping[str, str] = {
    "Application": "applications",
    "Mandate": "applications",
    "Award": "awards",
    "Payment": "payments",
    "PaymentChange": "payment_changes",
    "Finding": "findings",
    "Visit": "visits",
    "DataCheck": "data_checks",
    "Decision": "decisions",
    "Publicity": "publicity",
    "Hearing": "hearings",
    "Review": "reviews",
    "Bereavement": "deaths",
    "Kinship": "kinship",
    "SpotDraw": "spot_checks",
    "HelpNeed": "help",
    "HelpMatch": "help",
    "Voucher": "help",
    "ServiceRecord": "help",
}
# Table -> why nobody gets it as being about oneself.
OF_NOBODY: Mapping[str, str] = {
    "Objection": "who objects is never shown to the household, and the words may tell who it was",
    "HelpOffer": "whoever gives is no person of the registers; name and telephone go with the offer",
    "PaymentBatch": "sums of a list",
    "Screening": "sums of a run over the population",
    "AlertCursor": "how far the journal was read",
    "PreviewVariant": "sums of what a change would do",
}


def give(person: Person, matters: Any) -> dict[str, list[dict[str, Any]]]:
    """`matters`: the ids of the matters of the person's applications and reviews."""
    return {
        "findings": [_finding(one) for one in findings(person).order_by("found_at", "id")],
        "visits": [
            {
                "at": one.at.isoformat(),
                "purpose": one.purpose,
                "by": [one.first.name, one.second_name],
                "signed_by": one.signed_by,
                "unsigned_why": one.unsigned_why,
                "found": _seen(one.findings, person),
            }
            for one in own.Visit.objects.filter(_visited(person, matters))
            .select_related("first")
            .order_by("at")
        ],
        "data_checks": [
            {
                "item": one.item,
                "state": one.state,
                "note": one.note,
                "figures": _read(one.figures),
                "at": one.at.isoformat(),
            }
            for one in own.DataCheck.objects.filter(matter__in=matters).order_by("at", "id")
        ],
        "decisions": [
            {
                "step": one.node,
                "outcome": one.outcome,
                "fen": one.fen,
                "rules": one.computed,
                "rules_fen": one.computed_fen,
                "explanation": _read(one.explanation),
                "reason": one.reason,
                "at": one.at.isoformat(),
                "delivered_at": one.delivered_at and one.delivered_at.isoformat(),
            }
            for one in own.Decision.objects.filter(matter__in=matters).order_by("at", "id")
        ],
        "publicity": list(
            own.Publicity.objects.filter(matter__in=matters)
            .order_by("since")
            .values("kind", "programme", "name", "members", "fen", "since", "until")
        ),
        "hearings": [
            {"at": one.at.isoformat(), "told": one.told, "said": one.said}
            for one in own.Hearing.objects.filter(matter__in=matters).order_by("at")
        ],
        "reviews": list(
            own.Review.objects.filter(matter__in=matters)
            .order_by("due")
            .values("matter__number", "why", "due", "outcome")
        ),
        "deaths": [
            {
                "died_on": one.died_on.isoformat(),
                "applicant": one.applicant,
                "answer": one.answer,
                "why": one.why,
            }
            for one in own.Bereavement.objects.filter(matter__in=matters).order_by("at")
        ],
        "kinship": list(
            own.Kinship.objects.filter(matter__in=matters).values("staff_unit", "relation", "registered_at")
        ),
        "spot_checks": list(
            own.SpotDraw.objects.filter(matter__in=matters).values("year", "number", "drawn", "at")
        ),
        "help": [_need(one) for one in _needs(person).order_by("entered_at")],
    }


def findings(person: Person) -> Any:
    """What was found about the household in which the person lives."""
    if person.household_id is None:
        return own.Finding.objects.none()
    return own.Finding.objects.filter(household=person.household_id)


def _finding(row: own.Finding) -> dict[str, Any]:
    """What was found, when, and what came of it."""
    return {
        "found_at": row.found_at.isoformat(),
        "cause": row.cause,
        "says": row.says,
        "sort": row.sort,
        "fen": row.fen,
        "missing": row.missing,
        "explanation": _read(row.explanation),
        "state": row.state,
        "visit": row.matter.number if row.matter else None,
        "sent_at": row.sent_at and row.sent_at.isoformat(),
        "done_at": row.done_at and row.done_at.isoformat(),
    }


def _seen(text: str, person: Person) -> Any:
    """What a visit found of the household and of this person; what it found of another member is that one's."""
    found = _read(text)
    if isinstance(found, dict) and isinstance(found.get("facts"), dict):
        mine = {"household", str(person.pk)}
        found["facts"] = {key: facts for key, facts in found["facts"].items() if key in mine}
        found |= {name: len(found[name]) for name in ("gone", "new") if isinstance(found.get(name), list)}
    return found


def _visited(person: Person, matters: Any) -> Q:
    seen = Q(matter__in=matters)
    return seen | Q(household=person.household_id) if person.household_id else seen


def _needs(person: Person) -> Any:
    if person.household_id is None:
        return own.HelpNeed.objects.none()
    return own.HelpNeed.objects.filter(household=person.household_id)


def _need(row: own.HelpNeed) -> dict[str, Any]:
    given = own.ServiceRecord.objects.filter(match__need=row).order_by("given_at")
    vouchers = own.Voucher.objects.filter(match__need=row).order_by("issued_at")
    return {
        "item": row.item,
        "quantity": row.quantity,
        "urgency": row.urgency,
        "until": row.until.isoformat(),
        "note": row.note,
        "state": row.state,
        "vouchers": list(vouchers.values("code_end", "quantity", "state", "issued_at", "used_at")),
        "given": [
            {
                "quantity": one.quantity,
                "given_at": one.given_at.isoformat(),
                "note": one.note,
                "satisfied": one.satisfied,
            }
            for one in given
        ],
    }


def _read(text: str) -> Any:
    return orjson.loads(text) if text else None


# erasing


def on_the_way(person: Person) -> bool:
    """Whether somebody is to visit the household of the person, who is the last one there."""
    return _last(person) and findings(person).filter(state="checking").exists()


def erase(person: Person, matters: Any, now: dt.datetime) -> dict[str, int]:
    """Empties what the matters say, of those on which nothing was awarded, and what was found about the person alone."""
    for one in own.Visit.objects.filter(matter__in=matters):
        one.signed_by, one.findings = "", ""
        one.save(update_fields=["signed_by", "findings"])
    own.DataCheck.objects.filter(matter__in=matters).update(note="", figures="")
    own.Decision.objects.filter(matter__in=matters).update(reason="", explanation="")
    own.Hearing.objects.filter(matter__in=matters).update(told="", said="")
    own.Publicity.objects.filter(matter__in=matters).update(name="")
    own.Bereavement.objects.filter(matter__in=matters).update(why="")
    own.Kinship.objects.filter(matter__in=matters).update(staff_name="")
    last, count = _last(person), 0
    for row in findings(person):
        if not last and str(person.pk) not in row.explanation:
            continue
        if row.state == "waiting":
            row.state, row.done_at = "lapsed", now
        row.explanation, row.missing = "", []
        row.save(update_fields=["state", "done_at", "explanation", "missing"])
        count += 1
    if last:
        own.ServiceRecord.objects.filter(match__need__in=_needs(person)).update(note="")
        own.Voucher.objects.filter(match__need__in=_needs(person), state="issued").update(state="void")
        _needs(person).update(note="", state="ended", ended_at=now)
    return {"findings": count} if count else {}


def _last(person: Person) -> bool:
    """Whether nobody else of the household is left. What is about a household stays as long as somebody lives in it."""
    if person.household_id is None:
        return False
    others = Person.objects.filter(household=person.household_id, left=None, died=None, erased_at=None)
    return not others.exclude(pk=person.pk).exists()
