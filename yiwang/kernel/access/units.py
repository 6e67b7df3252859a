"""The tree of units, kept in the process: which units lie below a unit."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.kernel.registers.models import Unit

_kept: tuple[str, dict[str, frozenset[str]]] | None = None


def trees(parents: Iterable[tuple[str, str | None]]) -> dict[str, frozenset[str]]:
    """For each unit code the codes of the unit and of all units below it. A cycle ends where it began."""
    below: dict[str, set[str]] = {}
    parent_of = dict(parents)
    for code in parent_of:
        above: str | None = code
        seen: set[str] = set()
        while above is not None and above not in seen:
            seen.add(above)
            below.setdefault(above, set()).add(code)
            above = parent_of.get(above)
    return {code: frozenset(inside) for code, inside in below.items()}


def tree(code: str, stamp: str) -> frozenset[str]:
    """The unit and all units below it. No query while `stamp` (the digest of the current pack) is the same."""
    global _kept
    kept = _kept
    if kept is None or kept[0] != stamp:
        kept = (stamp, trees(Unit.objects.values_list("code", "parent_id")))
        _kept = kept
    return kept[1].get(code) or frozenset((code,))


def reset_caches() -> None:
    """Forgets the tree (tests)."""
    global _kept
    _kept = None
