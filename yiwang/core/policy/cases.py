"""Cases of a programme: a household in, an answer and an amount out. Each is a sentence about residents.

A document has `programme`, perhaps `values` (parameters that all its cases suppose), `household` and `person` (facts
that hold where a case says nothing else) and `cases`. `like` names a document whose household, person and values it
takes over. A fact given as null is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yiwang.core.policy.columns import HOUSEHOLD
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.evaluation import evaluate
from yiwang.core.policy.explaining import WORDS, explain
from yiwang.core.policy.parameters import day_of
from yiwang.core.policy.population import Population
from yiwang.core.policy.rules import Rules

HEADER = frozenset(
    {"slug", "like", "source", "status", "programme", "values", "household", "person", "cases"}
)
KEYS = frozenset(
    {"name", "name_en", "date", "household", "members", "who", "answer", "amount", "missing", "source"}
)
ANSWERS: Mapping[Any, str] = {
    True: "yes",
    False: "no",
    "yes": "yes",
    "no": "no",
    "undetermined": "undetermined",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case as read. `who` is the member asked about; `amount` None is not compared; so is `missing`."""

    place: int
    name: str
    day: date
    household: Mapping[str, Any]
    members: tuple[Mapping[str, Any], ...]
    who: int
    answer: str
    amount: int | None
    missing: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A case that did not come out, or can't be read: which, at which key, and why."""

    place: int | None
    key: str
    error: PolicyError


def run_cases(
    rules: Rules, document: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]] = {}
) -> tuple[int, list[Wrong]]:
    """How many cases a document has, and those that are wrong; `others` are the documents it may be `like`."""
    wrong: list[Wrong] = []
    for key in document:
        if key not in HEADER:
            wrong.append(Wrong(None, key, PolicyError("case_key", key=key, word=str(key), known=HEADER)))
    if "programme" not in document and "cases" not in document:
        return 0, wrong  # only what others are like
    like = str(document.get("like", ""))
    if like and like not in others:
        error = PolicyError("no_choice", value=like, name="like", word=like, known=others)
        return 0, [*wrong, Wrong(None, "like", error)]
    document = _completed(document, others.get(like, {}))
    try:
        programme = rules.programme(str(document.get("programme", "")))
        rules = rules.with_values(document.get("values") or {})
    except PolicyError as error:
        key = "programme" if error.code == "no_programme" else "values"
        return 0, [*wrong, Wrong(None, key, error)]
    cases: dict[date, list[Case]] = {}
    given = document.get("cases") or []
    names: set[str] = set()
    for place, raw in enumerate(given):
        try:
            case = _read(document, place, raw)
        except _BadKey as bad:
            wrong.append(Wrong(place, bad.key, bad.error))
            continue
        if case.name in names:
            wrong.append(Wrong(place, "name", PolicyError("case_twice", case=case.name)))
        names.add(case.name)
        cases.setdefault(case.day, []).append(case)
    for day, those in cases.items():
        wrong += _run(rules, programme.slug, programme.entity, day, those)
    return len(given), wrong


def _completed(document: Mapping[str, Any], base: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {
        key: {**(base.get(key) or {}), **(document.get(key) or {})}
        for key in ("household", "person", "values")
    }
    return {**document, **kept}


class _BadKey(Exception):
    def __init__(self, key: str, error: PolicyError):
        super().__init__(str(error))
        self.key, self.error = key, error


def _read(document: Mapping[str, Any], place: int, raw: Any) -> Case:
    if not isinstance(raw, Mapping):
        raise _BadKey("", PolicyError("case_lacks", key="name"))
    for key in raw:
        if key not in KEYS:
            raise _BadKey(key, PolicyError("case_key", key=key, word=str(key), known=KEYS))
    for key in ("name", "date", "members", "answer"):
        if key not in raw:
            raise _BadKey("", PolicyError("case_lacks", key=key))
    if raw["answer"] not in ANSWERS:
        raise _BadKey(
            "answer",
            PolicyError("no_choice", value=raw["answer"], name="answer", known=("yes", "no", "undetermined")),
        )
    try:
        day = day_of(raw["date"])
    except PolicyError as error:
        raise _BadKey("date", error) from None
    person, household = document.get("person") or {}, document.get("household") or {}
    members = raw["members"]
    if not isinstance(members, list) or not all(isinstance(one, Mapping) for one in members):
        raise _BadKey("members", PolicyError("case_lacks", key="members"))
    missing = raw.get("missing")
    return Case(
        place,
        str(raw["name"]),
        day,
        {**household, **(raw.get("household") or {})},
        tuple({**person, **one} for one in members),
        int(raw.get("who", 1)) - 1,
        ANSWERS[raw["answer"]],
        raw.get("amount"),
        None if missing is None else tuple(sorted(missing)),
    )


def _run(rules: Rules, programme: str, entity: str, day: date, cases: list[Case]) -> Iterator[Wrong]:
    try:
        population = Population.of_records(rules.facts, [(case.household, case.members) for case in cases])
        answer = evaluate(rules, population, day, [programme])[programme]
    except PolicyError as error:
        if len(cases) == 1 or error.file:
            yield Wrong(cases[0].place, "date" if error.file else "", error)
            return
        for case in cases:
            yield from _run(rules, programme, entity, day, [case])
        return
    row = 0
    for n, case in enumerate(cases):
        at = n if entity is HOUSEHOLD else row + case.who
        row += len(case.members)
        found = WORDS[int(answer.state[at])]
        if found != case.answer:
            params = {"case": case.name, "expected": case.answer, "found": found}
            yield Wrong(case.place, "answer", PolicyError("case_answer", **params))
            continue
        if case.amount is not None:
            paid = int(answer.amount[at]) if answer.amount_known[at] else "—"
            if paid != case.amount:
                params = {"case": case.name, "expected": case.amount, "found": paid}
                yield Wrong(case.place, "amount", PolicyError("case_amount", **params))
        if case.missing is not None:
            told = explain(rules, population, day, [programme], n, with_changes=False)
            one = told.of(programme, None if entity is HOUSEHOLD else case.who)
            missing = tuple(sorted({name for name, _member in one.missing}))
            if missing != case.missing:
                params = {
                    "case": case.name,
                    "expected": ", ".join(case.missing),
                    "found": ", ".join(missing) or "—",
                }
                yield Wrong(case.place, "missing", PolicyError("case_missing", **params))
