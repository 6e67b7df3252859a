"""The materials that applications of a kind are asked for, by the catalogue of the pack."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.kernel.packs.granted import Granted
from yiwang.kernel.packs.rulebook import Rulebook

OF_SERVICES = ("service", "service_bundle")
OF_PERMITS = ("approval",)


def of_kind(rules: Rulebook, kind: str) -> dict[str, str]:
    """Material -> its name, of what is needed in every case; nothing where the catalogue has none for the kind."""
    return {
        needed.material.slug: needed.material.name
        for granted in _granted(rules, kind)
        for needed in granted.materials
        if needed.need != "optional" and not needed.when
    }


def _granted(rules: Rulebook, kind: str) -> Iterable[Granted]:
    process = rules.kind(kind).process
    if process in OF_SERVICES:
        return rules.services.values()
    return rules.approvals.permits.values() if process in OF_PERMITS else ()
