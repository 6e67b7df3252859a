"""What is wrong with the fields of a request: one line a field, with its path, in the caller's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic import ValidationError as PydanticError

from yiwang.kernel.errors import Invalid, Problem, TooLarge

T = TypeVar("T", bound=BaseModel)
BODY = "given"  # the name that every endpoint gives its body; no caller knows it


def check(model: type[T], data: Any) -> T:
    """The data as `model`. Raises Invalid with every field that is wrong."""
    try:
        return model.model_validate(data)
    except PydanticError as wrong:
        raise problem_of(wrong.errors(include_url=False)) from None


def problem_of(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """The problem that tells all of these errors of pydantic's."""
    lines = [{"where": path(error["loc"]), "detail": sentence(error)} for error in errors]
    first = lines[0]
    if len(lines) == 1:
        return Invalid(first["detail"], where=first["where"], errors=lines)
    detail = _("%(count)d fields are wrong. The first: %(where)s: %(detail)s") % {
        "count": len(lines),
        **first,
    }
    return Invalid(detail, where=first["where"], errors=lines)


def path(loc: Iterable[Any]) -> str:
    """`cases[3].limit`, without the part of the request that the field came in."""
    parts = list(loc)
    if parts and parts[0] in ("body", "query", "path", "header", "form", "file"):
        parts = parts[1:]
    if parts and parts[0] == BODY:
        parts = parts[1:]
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "body"


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong, in words; pydantic's own where it says more than we could."""
    limits = error.get("ctx", {})
    sentences = {
        "missing": _("It is missing."),
        "extra_forbidden": _("There is no such field."),
        "string_type": _("It must be text."),
        "string_too_long": _("It is too long: at most %(max_length)s characters are taken."),
        "string_too_short": _("It is too short: at least %(min_length)s characters are needed."),
        "string_pattern_mismatch": _("It is not in the expected form."),
        "uuid_parsing": _("It must be a UUID, for example 0198f3a2-7c11-7aaa-8000-1234567890ab."),
        "uuid_type": _("It must be a UUID, for example 0198f3a2-7c11-7aaa-8000-1234567890ab."),
        "int_parsing": _("It must be a whole number."),
        "int_type": _("It must be a whole number."),
        "int_from_float": _("It must be a whole number."),
        "float_parsing": _("It must be a number."),
        "float_type": _("It must be a number."),
        "finite_number": _("It must be a number."),
        "bool_parsing": _("It must be true or false."),
        "bool_type": _("It must be true or false."),
        "greater_than_equal": _("It must be at least %(ge)s."),
        "less_than_equal": _("It must be at most %(le)s."),
        "datetime_parsing": _("It must be a moment, for example 2026-09-24T16:30:00+08:00."),
        "datetime_from_date_parsing": _("It must be a moment, for example 2026-09-24T16:30:00+08:00."),
        "datetime_type": _("It must be a moment, for example 2026-09-24T16:30:00+08:00."),
        "timezone_aware": _("It needs its offset, for example 2026-09-24T16:30:00+08:00."),
        "date_parsing": _("It must be a date, for example 2026-09-24."),
        "date_from_datetime_parsing": _("It must be a date, for example 2026-09-24."),
        "literal_error": _("It must be one of: %(expected)s."),
        "enum": _("It must be one of: %(expected)s."),
        "list_type": _("It must be a list."),
        "too_long": _("It has too many items: at most %(max_length)s are taken."),
        "too_short": _("It has too few items: at least %(min_length)s are needed."),
        "model_type": _("It must be an object with fields."),
        "model_attributes_type": _("It must be an object with fields."),
        "dict_type": _("It must be an object with fields."),
    }
    known = sentences.get(error["type"])
    if known is None:
        return str(error.get("msg", "")).removeprefix("Value error, ")
    return known % limits


def too_large(size: int, most: int) -> TooLarge:
    return TooLarge(
        _("What you sent has %(size).1f MB; at most %(most)g MB are taken here.")
        % {"size": size / 2**20, "most": round(most / 2**20, 1)}
    )


def too_large_file(name: str, size: int, most: int) -> TooLarge:
    return TooLarge(
        _("The file has %(size).1f MB; at most %(most)g MB are taken.")
        % {"size": size / 2**20, "most": round(most / 2**20, 2)},
        where=name,
    )
