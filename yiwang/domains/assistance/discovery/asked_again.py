"""One household asked with what the registers know now: whether a finding still holds, and its explanation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from yiwang.core.policy import CaseExplained, Explanation, Rules, evaluate, explain
from yiwang.domains.assistance import computing
from yiwang.domains.assistance.computing import Asked
from yiwang.domains.assistance.discovery import asking
from yiwang.kernel.registers.models_people import Household

WORDS = {"no": 0, "undetermined": 1, "yes": 2}


def still(rules: Rules, one: Asked, day: date, cause: str, says: str, near: float) -> bool:
    """Whether what a screening said holds for the facts of now."""
    answer = evaluate(rules, one.population, day, [cause])[cause]
    state = int(asking.by_household(answer, one.population)[0][0])
    if says == "entitled":
        return state == WORDS["yes"]
    if says == "ending":
        return state == WORDS["no"]
    if state == WORDS["no"] and near:
        poorer = asking.poorer(one.population, near)
        return (
            int(asking.by_household(evaluate(rules, poorer, day, [cause])[cause], poorer)[0][0])
            == WORDS["yes"]
        )
    return state == WORDS["undetermined"]


def explained(rules: Rules, one: Asked, day: date, causes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """For each programme what its conditions say, in plain values that can be kept; no fact's value is in it."""
    causes = [slug for slug in causes if slug in rules.programmes]
    if not causes:
        return {}
    case = explain(rules, one.population, day, causes)
    return {slug: _told(case, slug, day) for slug in causes}


def _told(case: CaseExplained, slug: str, day: date) -> dict[str, Any]:
    mine = [one for one in case.explanations if one.programme == slug]
    best = max(mine, key=lambda one: WORDS[one.answer])
    fen = [one.amount for one in mine if one.amount is not None]
    used = {name for one in mine for formula in _formulas(one) for name in formula.parameters}
    return {
        "day": day.isoformat(),
        "name": best.name,
        "name_en": best.name_en,
        "answer": best.answer,
        "fen": sum(fen) if fen else None,
        "pays": best.pays,
        "conditions": computing.conditions(best, case),
        "missing": sorted({name for one in mine for name in computing.missing(one)}),
        "parameters": computing.parameters(case, used),
        "changes": sorted({change.fact for change in best.changes}),
        "illustrative": best.illustrative,
    }


def _formulas(one: Explanation) -> list[Any]:
    return [condition.formula for condition in one.conditions] + (
        [one.amount_formula] if one.amount_formula else []
    )


def row_of(household: UUID) -> Household | None:
    """The household, unless it has left the district."""
    return Household.objects.filter(pk=household, left=None).first()
