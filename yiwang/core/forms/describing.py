"""A form as the browser gets it: plain values, with the compiled expressions and the patterns of formats."""

from __future__ import annotations

from datetime import date
from typing import Any

from yiwang.core.codes.places import PROVINCES
from yiwang.core.forms import formats
from yiwang.core.forms.answers import BLANKS
from yiwang.core.forms.schema import Field, Form


def describe(form: Form, today: date) -> dict[str, Any]:
    """Everything that `form-check.js` needs to judge answers as `check` does."""
    return {
        "fields": [_field(one) for one in form.fields],
        "today": today.isoformat(),
        "blanks": BLANKS,
        "patterns": formats.PATTERNS,
        "years": [formats.FIRST_YEAR, formats.LAST_YEAR],
        "provinces": sorted(PROVINCES),
        "half": sorted(formats.READERS),
    }


def _field(one: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "kind": one.kind}
    if one.when is not None:
        told["when"] = one.when.tree
    if one.value is not None:
        told["value"] = one.value.tree
    for name in ("required", "least", "most", "pattern", "long", "past", "consent"):
        value = getattr(one, name)
        if value not in (None, False, ""):
            told[name] = value
    if one.choices:
        told["choices"] = list(one.choices)
    if one.fields:
        told["fields"] = [_field(inner) for inner in one.fields]
    return told
