"""The rules of assistance in a pack: facts, parameters and programmes as `core.policy` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.core import policy as policies

SECTIONS = ("variables", "parameters", "programmes", "cases")
_FACT_FIELDS = tuple(policies.Fact.__dataclass_fields__)


def facts_of(variables: Mapping[str, Mapping[str, Any]]) -> Iterator[policies.Fact]:
    """The facts of a pack's variables."""
    for row in variables.values():
        given = {name: row[name] for name in _FACT_FIELDS if name in row}
        yield policies.Fact(**given | {"choices": {k: tuple(v) for k, v in row["choices"].items()}})


def rules_of(sections: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> policies.Rules:
    """The rules of a loaded version's sections. Raises PolicyError, which `yiwang pack check` would have told."""
    return policies.Rules.read(
        facts_of(sections["variables"]),
        sections["parameters"].values(),
        {f"programmes/{slug}.py": row["text"] for slug, row in sections["programmes"].items()},
    )
