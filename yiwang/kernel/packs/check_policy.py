"""Checks of parameters and programmes: they are read, tried on every day on which something changes, and run on
their cases."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.core import policy as policies
from yiwang.core.policy.cases import run_cases
from yiwang.kernel.packs.findings import Finding, error
from yiwang.kernel.packs.packtext import Entry, PackText
from yiwang.kernel.packs.policy import facts_of
from yiwang.kernel.packs.policy_words import told


def check(pack: PackText) -> Iterator[Finding]:
    if not pack.section("programmes") and not pack.section("parameters"):
        return
    parameters = []
    for entry in pack.section("parameters").values():
        try:
            parameters.append(_parameter(entry))
        except policies.PolicyError as wrong:
            yield _finding(wrong, entry)
    facts = list(facts_of({key: entry.data for key, entry in pack.section("variables").items()}))
    files = {entry.where().file: entry["text"] for entry in pack.section("programmes").values()}
    try:
        rules = policies.Rules.read(facts, parameters, files)
    except policies.PolicyError as wrong:
        yield _finding(wrong, None)
        return
    tried = list(_tried(rules))
    yield from tried
    documents = {key: entry.data for key, entry in pack.section("cases").items()}
    if not tried:
        for entry in pack.section("cases").values():
            yield from _cases(rules, entry, documents)


def _parameter(entry: Entry) -> policies.Parameter:
    where = entry.where()
    lines = {n: entry.where("values", n).line for n in range(len(entry["values"]))}
    return policies.parameter_of(entry.data, where.file, where.line, lines)


def _tried(rules: policies.Rules) -> Iterator[Finding]:
    """Every programme once on each day on which something changes, for a household of which nothing is known."""
    population = policies.Population.of_records(rules.facts, [({}, [{}])])
    told_already: set[Finding] = set()
    for day in rules.turning_days():
        for slug in rules.programmes:
            try:
                policies.evaluate(rules, population, day, [slug])
            except policies.PolicyError as wrong:
                finding = _finding(wrong, None)
                if finding not in told_already:
                    told_already.add(finding)
                    yield finding


def _cases(rules: policies.Rules, entry: Entry, documents: dict) -> Iterator[Finding]:
    _count, wrong = run_cases(rules, entry.data, documents)
    for one in wrong:
        path = (one.key,) if one.place is None else ("cases", one.place, one.key)
        message, advice = told(one.error)
        if one.error.file:
            message = f"{one.error.file}:{one.error.line}: {message}"
        yield error(entry.where(*path), message, advice)


def _finding(wrong: policies.PolicyError, entry: Entry | None) -> Finding:
    message, advice = told(wrong)
    where = (wrong.file, wrong.line) if wrong.file or entry is None else entry.where()
    return error(where, message, advice)
