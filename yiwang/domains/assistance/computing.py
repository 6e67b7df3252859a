"""What the rules say of a household: asked of `core.policy`, kept beside the decision, never in place of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yiwang.core import policy
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import queries as people
from yiwang.kernel.registers.people.facts import Fact
from yiwang.kernel.registers.people.variables import variables


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
    asked = household_of_one(book, row)
    if not asked.members:
        return NOTHING
    found = policy.explain(book, asked.population, on, wanted, with_changes=False)
    chosen = [one for slug in wanted if (one := _of_whom(found, slug, asked.members, person)) is not None]
    if not chosen:
        return NOTHING
    return Computed(chosen[0].answer, _sum(chosen), _told(found, chosen))


@dataclass(frozen=True, slots=True)
class Asked:
    """A household as a population of one, with its members in their order there: the head first."""

    population: policy.Population
    members: list[Person]


def household_of_one(rules: policy.Rules, row: Household) -> Asked:
    """What the registers know now, as far as the rules have it: a fact that left the pack is left out."""
    members = sorted(people.members(row.pk), key=lambda one: (one.pk != row.head_id, one.since, one.pk))
    known = [_values(rules, "person", people.known(one)) for one in members]
    own = _values(rules, "household", people.known_household(row))
    return Asked(policy.Population.of_records(rules.facts, [(own, known)]), members)


def _values(rules: policy.Rules, entity: str, known: Mapping[str, Fact]) -> dict[str, Any]:
    return {
        name: fact.value
        for name, fact in known.items()
        if name in rules.facts and rules.facts[name].entity == entity
    }


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
                "missing": missing(one),
                "conditions": conditions(one, found),
            }
            for one in chosen
        ],
        "parameters": parameters(found),
    }


def missing(one: Any) -> list[str]:
    """The unknown facts on which an answer or a condition hangs."""
    return sorted({slug for slug, _member in one.missing})


def conditions(one: policy.Explanation, found: policy.CaseExplained) -> list[dict[str, Any]]:
    """Each condition with its citation, its answer and what is unknown; never the value of a fact.

    `sensitive`: the answer tells of health or money, and is shown when a purpose is given.
    """
    return [
        {
            "name": each.formula.name,
            "name_en": each.formula.name_en,
            "cite": each.formula.cite,
            "answer": each.answer,
            "missing": missing(each),
            "sensitive": _sensitive(each.formula.reads, found.figures),
        }
        for each in one.conditions
    ]


def _sensitive(reads: Collection[str], figures: Mapping[str, Any]) -> bool:
    """Whether something that was looked at, itself or through a figure, is of health or finance, or is no fact."""
    kinds, seen, open_ = variables(), set(), list(reads)
    while open_:
        name = open_.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in figures:
            open_ += figures[name].reads
        elif name not in kinds or kinds[name].sensitive != "none":
            return True
    return False


def parameters(found: policy.CaseExplained, names: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The values that were used, all or some, each with its day, source and status."""
    return [
        {
            "name": one.name,
            "name_en": one.name_en,
            "value": one.value if isinstance(one.value, int | float | str | bool) else str(one.value),
            "unit": one.unit,
            "per": one.per,
            "since": one.since.isoformat(),
            "source": one.source,
            "status": one.status,
        }
        for name, one in found.parameters.items()
        if names is None or name in names
    ]
