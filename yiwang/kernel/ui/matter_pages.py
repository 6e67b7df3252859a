"""Kinds of matters whose steps are done on a page of their own domain: the general page of a matter leads there."""

from __future__ import annotations

from django.urls import reverse

_routes: dict[str, str] = {}


def register(kind: str, route: str) -> None:
    """`route`: name of a view that takes the matter's number."""
    _routes[kind] = route


def address(kind: str, number: str) -> str:
    """Where the steps of this matter are done; '' for the general page itself."""
    return reverse(_routes[kind], args=[number]) if kind in _routes else ""
