"""Alert rules of dynamic monitoring (动态监测预警): a fact became so, somebody looks.

Reads the registers' journal of changes from where it stopped, applies the rules of the pack, and keeps each alert once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
from django.utils.timezone import localdate

from yiwang.domains.assistance import bereavement, established, reviewing
from yiwang.domains.assistance.discovery import enrolment, keeping
from yiwang.domains.assistance.models import Finding
from yiwang.domains.assistance.models_discovery import OPEN_STATES
from yiwang.kernel.matters.store import one_transaction
from yiwang.kernel.packs.help_rules import AlertRule
from yiwang.kernel.packs.rulebook import Rulebook, current
from yiwang.kernel.registers.models_people import Household
from yiwang.kernel.registers.people import journal
from yiwang.kernel.registers.people.facts import NEVER

AT_ONCE = 500
DIED = "died"  # the journal's word; the fact goes by the name died_on
SEVERITY = 250  # times the rule's own, 1 to 3: 250 to 750
SEVERAL = 2  # alerts of so many rules at one household are complicated (c)


@dataclass(frozen=True, slots=True)
class Hit:
    """A change that a rule is about. `mark` tells one hit from the next one of the same rule."""

    rule: AlertRule
    household: UUID
    person: UUID | None
    seq: int
    mark: str


def value_of(body: Any) -> Any:
    """The value of a fact as the journal keeps it."""
    return body.get("value") if isinstance(body, Mapping) else body


def fires(rule: AlertRule, was: Any, became: Any) -> bool:
    """Whether a change from one value to another is what the rule waits for. None: unknown. Pure.

    Reaching a line counts once: from below it, or from unknown. What was so already, or becomes unknown, is no alert.
    """

    def holds(value: Any) -> bool:
        if value is None:
            return False
        if rule.known:
            return value != NEVER
        if rule.at_least is not None:
            return not isinstance(value, bool) and isinstance(value, int) and value >= rule.at_least
        return type(value) is type(rule.becomes) and value == rule.becomes

    return holds(became) and not holds(was)


def hits(changes: Iterable[journal.Changed], rules: Mapping[str, AlertRule]) -> list[Hit]:
    """What the rules make of some changes, in their order; a change without a household concerns none. Pure."""
    by_variable: dict[str, list[AlertRule]] = {}
    for rule in rules.values():
        by_variable.setdefault(rule.variable, []).append(rule)
    found = []
    for change in changes:
        variable = "died_on" if change.what == DIED else change.what
        if change.household is None:
            continue
        was, became = value_of(change.was), value_of(change.became)
        if change.what == DIED and became is None:
            became = change.as_of.isoformat()
        for rule in by_variable.get(variable, ()):
            if fires(rule, was, became):
                mark = _mark(rule, change.person or change.household, became)
                found.append(Hit(rule, change.household, change.person, change.seq, mark))
    return found


def _mark(rule: AlertRule, whose: UUID, value: Any) -> str:
    """The same rule, person and value are the same alert, however often a file is sent."""
    text = orjson.dumps([rule.slug, str(whose), value], default=str)
    return blake2b(text, digest_size=16).hexdigest()


def follow(now: datetime) -> int:
    """Applies the rules to the next changes and gives how many were read. Cut off, it starts again at the same place.

    A death opens the review of the household's awards, whatever rules the pack has; the visit is that of the review. An
    application that is open is marked for whoever works on it.
    """
    rules = current()
    with one_transaction():
        cursor = keeping.lock(rules.district)
        changes = journal.changes_since(cursor.seq, AT_ONCE)
        if not changes:
            return 0
        reviewed = _deaths(changes, now)
        # What a survey established, somebody has just looked into.
        news = [one for one in changes if not established.is_ours(one.source)]
        found = [one for one in hits(news, rules.alerts) if not _reviewed(one, reviewed)]
        keeping.keep(_raised(found, rules, localdate(now)), rules.district, now)
        cursor.seq, cursor.read_at = changes[-1].seq, now
        cursor.save(update_fields=["seq", "read_at"])
    return len(changes)


def _deaths(changes: Iterable[journal.Changed], now: datetime) -> set[UUID]:
    """Marks open applications and opens the reviews that deaths call for; gives the households with a review."""
    found = set()
    for one in changes:
        if one.what != DIED:
            continue
        on = date.fromisoformat(one.became) if isinstance(one.became, str) else one.as_of
        bereavement.heard(household=one.household, person=one.person, on=on, now=now)
        if one.household is not None and reviewing.died(
            household=one.household, person=one.person, on=on, now=now
        ):
            found.add(one.household)
    return found


def _reviewed(one: Hit, households: Collection[UUID]) -> bool:
    return one.rule.variable == "died_on" and one.household in households


def _raised(found: Sequence[Hit], rules: Rulebook, day: date) -> list[keeping.Raised]:
    """Alerts to keep: with the class that the rule gives a household of this kind. Several hits of a rule are one."""
    households = {one.household for one in found}
    areas = dict(Household.objects.filter(pk__in=households, left=None).values_list("pk", "area_id"))
    enrolled = {one for one, gets in enrolment.of_households(areas, day).items() if gets}
    causes = _causes(households)
    latest: dict[tuple[UUID, str], Hit] = {}
    for one in found:
        latest[one.household, one.rule.slug] = one
        causes.setdefault(one.household, set()).add(one.rule.slug)
    raised = []
    for one in latest.values():
        sort = one.rule.enrolled if one.household in enrolled else one.rule.others
        if not sort or one.household not in areas:
            continue
        several = len(causes[one.household]) >= SEVERAL
        raised.append(
            keeping.Raised(
                one.household,
                areas[one.household],
                one.rule.slug,
                "alert",
                one.mark,
                {
                    "sort": "c" if several else sort,
                    "severity": SEVERITY * one.rule.severity,
                    "fen": None,
                    "missing": [],
                    "illustrative": one.rule.status == "illustrative",
                    "explanation": orjson.dumps(told(one)).decode(),
                },
            )
        )
    return raised


def _causes(households: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The alert rules that households have open findings of."""
    found: dict[UUID, set[str]] = {}
    rows = Finding.objects.filter(household__in=set(households), says="alert", state__in=OPEN_STATES)
    for household, cause in rows.values_list("household", "cause"):
        found.setdefault(household, set()).add(cause)
    return found


def told(one: Hit) -> dict[str, Any]:
    """The explanation that is kept: the rule and whose fact it was, never the value."""
    return {
        "rule": one.rule.slug,
        "name": one.rule.name,
        "name_en": one.rule.name_en,
        "variable": one.rule.variable,
        "person": str(one.person) if one.person else None,
        "change": one.seq,
        "note": one.rule.note,
    }
