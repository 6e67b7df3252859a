"""The rules of the national pack, an ordinary household, and households made at random around it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from yiwang.core.policy import Fact, Rules, parameter_of

PACK = Path(__file__).resolve().parents[3] / "packs" / "national"
DAY = date(2026, 8, 1)


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The national pack's rules, read straight from its files."""
    rows = yaml.safe_load((PACK / "variables.yaml").read_text(encoding="utf-8"))["variables"]
    names = Fact.__dataclass_fields__
    facts = [Fact(**{key: value for key, value in row.items() if key in names}) for row in rows]
    parameters = []
    for path in sorted((PACK / "parameters").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        head = {key: document[key] for key in ("source", "status")}
        parameters += [
            parameter_of(head | row, f"parameters/{path.name}", 1) for row in document["parameters"]
        ]
    files = {
        f"programmes/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted((PACK / "programmes").glob("*.py"))
    }
    return Rules.read(facts, parameters, files)


@lru_cache(maxsize=1)
def _ordinary() -> dict[str, Any]:
    return yaml.safe_load((PACK / "cases" / "ordinary.yaml").read_text(encoding="utf-8"))


def household(**changes: Any) -> dict[str, Any]:
    return _ordinary()["household"] | changes


def person(**changes: Any) -> dict[str, Any]:
    return _ordinary()["person"] | changes


def child(**changes: Any) -> dict[str, Any]:
    return person(born_on=date(2016, 3, 1), relation="child", student="primary") | changes


MONEY = st.one_of(
    st.sampled_from([0, 1, 79_999, 80_000, 120_000, 160_000, 200_000, 239_999, 240_000, 500_000, 9_000_000]),
    st.integers(0, 3_000_000),
)
DATES = st.dates(date(1930, 1, 1), date(2026, 7, 31))


def value_of(fact: Fact) -> st.SearchStrategy:
    """A known value of a fact."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "choice":
        return st.sampled_from(sorted(fact.choices))
    if fact.type == "date":
        return DATES | st.just("never") if fact.never else DATES
    if fact.type == "int":
        return st.integers(0, min(fact.most or 9, 150))
    return MONEY


@lru_cache(maxsize=4)
def _facts(entity: str, unknown: bool) -> st.SearchStrategy:
    values = {name: value_of(fact) for name, fact in rules().facts.entities[entity].items()}
    if unknown:
        values = {name: value | st.none() for name, value in values.items()}
    return st.fixed_dictionaries({}, optional=values)


def cases(unknown: bool = True, most: int = 4) -> st.SearchStrategy:
    """A household with its members: the ordinary one with some facts changed or, if `unknown`, hidden."""
    own = _facts("household", unknown).map(lambda changes: household(**changes))
    members = st.lists(
        _facts("person", unknown).map(lambda changes: person(**changes)), min_size=1, max_size=most
    )
    return st.tuples(own, members)
