"""Changes of parameters for a preview: by name, as text or as JSON values. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.policy import Rules
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.written import parameter, read, value

MOST = 20

__all__ = ["MOST", "in_force", "parameter", "read", "typed", "value"]


def typed(rules: Rules, given: dict[str, Any]) -> dict[str, Any]:
    """Changes that came as text or as JSON values, as the rules take them. Raises Invalid."""
    if len(given) > MOST:
        raise Invalid(_("At most %(most)d parameters are changed at once.") % {"most": MOST}, where="changes")
    return {name: value(parameter(rules, name), found) for name, found in given.items()}


def in_force(rules: Rules, day: date, names: Iterable[str]) -> dict[str, Any]:
    """The values of today of these parameters (or kinds of them), as the pack writes them."""
    found = {}
    for name in names:
        definition = parameter(rules, name)
        dated = definition.at(day).value
        kind = name.removeprefix(definition.slug).lstrip(".")
        found[name] = {str(key): one for key, one in dated.items()}.get(kind) if kind else dated
    return found
