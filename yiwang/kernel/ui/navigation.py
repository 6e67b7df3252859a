"""Where staff can go: each face registers its entries when it starts, every frame shows those that fit the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def everybody(actor: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """`route`: name of the view; `name`: a lazy translation; `below`: addresses that also belong to it."""

    route: str
    name: Any
    icon: str
    order: int
    shown: Callable[[Any], bool] = everybody
    below: tuple[str, ...] = ()


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    _entries[entry.route] = entry


def granted(*actions: str) -> Callable[[Any], bool]:
    """Shown to people who hold a grant of any of these actions."""
    return lambda actor: any(action in actor.reach for action in actions)


def navigation(request: HttpRequest) -> list[dict]:
    """The entries for the person of the request in order: address, name, icon, current ('page', 'true' or '')."""
    actor = getattr(request, "actor", None)
    if actor is None or not getattr(actor, "signed_in", False):
        return []
    found = []
    for entry in sorted(_entries.values(), key=lambda one: one.order):
        if entry.shown(actor):
            address = reverse(entry.route)
            inside = request.path.startswith(entry.below) if entry.below else False
            current = "page" if request.path == address else ("true" if inside else "")
            found.append({"address": address, "name": entry.name, "icon": entry.icon, "current": current})
    return found
