"""Names that pages show: programmes, facts, areas, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext

from yiwang.domains.assistance import names, programmes
from yiwang.domains.assistance.discovery.on_behalf import WAYS as MANDATES
from yiwang.domains.assistance.intake import CHANNELS, EMERGENCIES, MATERIALS, RELATIONS
from yiwang.domains.assistance.paying import WAYS as PAID
from yiwang.domains.assistance.steps.accepting import MATERIAL_STATES, WAYS
from yiwang.domains.assistance.steps.looking import ABILITIES, CHECK_STATES, CHECKS, HOUSING, HOW, SPECIAL
from yiwang.domains.assistance.steps.reviewing import REASONS
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.people.variables import variables

# Slug -> its name, by what the slug is of.
KNOWN: Mapping[str, Mapping[str, Any]] = {
    "relation": RELATIONS,
    "channel": CHANNELS,
    "material": MATERIALS,
    "material_state": MATERIAL_STATES,
    "check": CHECKS,
    "check_state": CHECK_STATES,
    "housing": HOUSING,
    "able": ABILITIES,
    "how": HOW,
    "special": SPECIAL,
    "way": WAYS,
    "paid": PAID,
    "reason": REASONS,
    "emergency": EMERGENCIES,
    "mandate": MANDATES,
}


def english() -> bool:
    return (get_language() or "").startswith("en")


def fact_name(slug: str) -> str:
    known = variables().get(slug)
    return (known.name_en if english() and known.name_en else known.name) if known else slug


def fact_names(slugs: Iterable[str]) -> str:
    return pgettext("between names in a list", ", ").join(fact_name(slug) for slug in slugs)


def area_name(code: str | None) -> str:
    return registers.area_name(code, english()) if code else ""


# What every page of assistance may ask for by name.
NAMES: Mapping[str, Any] = {
    "programme_name": programmes.name,
    "fact_name": fact_name,
    "fact_names": fact_names,
    "area_name": area_name,
    "known": KNOWN,
    "used": names.used,
}
