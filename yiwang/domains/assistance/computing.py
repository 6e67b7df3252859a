"""What the rules say of a household: asked of `core.policy`, kept beside the decision, never in place of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yiwang.core import policy
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries as people


@dataclass(frozen=True, slots=True)
class Computed:
    """`says`: yes, no, undetermined, or '' where nothing was computed. `fen`: a month, or once.

    `explanation`: every condition with its citation and answer, what is missing, the parameters with value, day,
    source and status; of health and finance, therefore sealed where it is kept.
    """

    says: str = ""
    fen: int | None = None
    explanation: Mapping[str, Any] | None = None


NOTHING = Computed()
_LAW = {"relief_emergency"}  # a person weighs what is needed now


def compute(
    programme: str, household: UUID, person: UUID | None, on: date, rules: Rulebook | None = None
) -> Computed:
    """The answer to one household as the registers know it, by the law and the values of that day."""
    book = (rules or current()).policy
    row = Household.objects.filter(pk=household).first()
    wanted = [slug for slug in (programme, *PROGRAMMES[programme].with_) if slug in book.programmes]
    if row is None or not wanted or programme in _LAW:
        return NOTHING
    members = people.members(household)
    if not members:
        return NOTHING
    members.sort(key=lambda one: (one.pk != row.head_id, one.since, one.pk))
    own = _values(people.known_household(row))
    population = policy.Population.of_records(
        book.facts, [(own, [_values(people.known(one)) for one in members])]
    )
    found = policy.explain(book, population, on, wanted, with_changes=False)
    chosen = [one for slug in wanted if (one := _of_whom(found, slug, members, person)) is not None]
    if not chosen:
        return NOTHING
    return Computed(chosen[0].answer, _sum(chosen), _told(found, chosen))


def _values(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts.items()}


def _of_whom(
    found: policy.CaseExplained, slug: str, members: list[Person], person: UUID | None
) -> policy.Explanation | None:
    """Of a programme for one person: that of the applicant, else the first who gets it."""
    rows = [one for one in found.explanations if one.programme == slug]
    if len(rows) < 2:
        return rows[0] if rows else None
    mine = next((n for n, one in enumerate(members) if one.pk == person), None)
    if mine is not None:
        return next(one for one in rows if one.member == mine)
    return next((one for one in rows if one.answer == "yes"), rows[0])


def _sum(chosen: list[policy.Explanation]) -> int | None:
    """What is paid together; None when the answer is not yes, or an amount is not known."""
    if chosen[0].answer != "yes":
        return None
    amounts = [one.amount for one in chosen if one.answer != "no"]
    if any(amount is None for amount in amounts):
        return None
    return sum(amounts)


def _told(found: policy.CaseExplained, chosen: list[policy.Explanation]) -> dict[str, Any]:
    return {
        "day": found.day.isoformat(),
        "illustrative": any(one.illustrative for one in chosen),
        "answers": [
            {
                "programme": one.programme,
                "name": one.name,
                "name_en": one.name_en,
                "answer": one.answer,
                "fen": one.amount,
                "missing": sorted({slug for slug, _member in one.missing}),
                "conditions": [
                    {
                        "name": each.formula.name,
                        "name_en": each.formula.name_en,
                        "cite": each.formula.cite,
                        "answer": each.answer,
                        "missing": sorted({slug for slug, _member in each.missing}),
                    }
                    for each in one.conditions
                ],
            }
            for one in chosen
        ],
        "parameters": [
            {
                "name": one.name,
                "name_en": one.name_en,
                "unit": one.unit,
                "value": one.value if isinstance(one.value, int | float | str | bool) else str(one.value),
                "since": one.since.isoformat(),
                "source": one.source,
                "status": one.status,
            }
            for one in found.parameters.values()
        ],
    }
