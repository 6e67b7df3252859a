"""Sentences shown once, on the next page that the person sees (after a form was sent and redirected)."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest

KEY = "yiwang_notices"
LEVELS = ("success", "info", "warning", "danger")


class Notice(NamedTuple):
    level: str
    text: str


def say(request: HttpRequest, text: str, level: str = "success") -> None:
    """Keep `text` for the next page. `level` is success, info, warning or danger."""
    if level not in LEVELS:
        raise ValueError(f"{level!r} is not a level; use one of {', '.join(LEVELS)}")
    request.session[KEY] = [*request.session.get(KEY, []), [level, str(text)]]


def take(request: HttpRequest | None) -> list[Notice]:
    """The notices that wait, which are then forgotten. Costs no query for a visitor without a session."""
    session = getattr(request, "session", None)
    if session is None or KEY not in session:
        return []
    return [Notice(level, text) for level, text in session.pop(KEY)]
