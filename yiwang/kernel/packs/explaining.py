"""pydantic's findings in words for the author of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from yiwang.kernel.packs.findings import nearest

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
}


def explain(one: dict[str, Any], known: type[BaseModel] | Iterable[str]) -> tuple[str, str]:
    """The message and the advice for one of pydantic's errors; `known` are the keys allowed at the top."""
    path = [str(part) for part in one["loc"]]
    name = ".".join(path) or _("the entry")
    kind, context = one["type"], one.get("ctx", {})
    if kind == "extra_forbidden":
        return _("the key %(key)s is not known here") % {"key": name}, nearest(path[-1], _names(known, path))
    if kind == "missing":
        return _("%(key)s is missing") % {"key": name}, ""
    if kind == "literal_error":
        allowed = [word.strip(" '") for word in context["expected"].replace(" or ", ",").split(",")]
        return _("%(key)s can't be %(value)s") % {"key": name, "value": _shown(one["input"])}, nearest(
            str(one["input"]), allowed
        )
    if kind in _KINDS:
        advice = ""
        if kind == "string_type" and isinstance(one["input"], int | float):
            advice = _("Put it into quotation marks.")
        return (
            _("%(key)s must be %(kind)s, not %(value)s")
            % {"key": name, "kind": _(_KINDS[kind]), "value": _shown(one["input"])},
            advice,
        )
    if kind == "value_error":  # our own validators: the sentence says it
        return _("%(key)s: %(reason)s") % {"key": name, "reason": context["error"]}, ""
    return _("%(key)s: %(value)s is refused: %(reason)s") % {
        "key": name,
        "value": _shown(one["input"]),
        "reason": one["msg"],
    }, ""


def _names(known: type[BaseModel] | Iterable[str], path: list[str]) -> list[str]:
    """The keys allowed where `path` ends."""
    if not isinstance(known, type):
        return list(known)
    model: type[BaseModel] | None = known
    for part in path[:-1]:
        if part.isdigit() or model is None:
            continue
        model = _nested(model.model_fields[part].annotation) if part in model.model_fields else None
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _nested(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_nested(inner) for inner in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
