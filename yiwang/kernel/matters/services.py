"""Named actions that a process runs by itself (BPMN service tasks): small plugins that domains register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.kernel.matters.case import Draft

Service = Callable[[Draft, Any], str]  # (draft, desk) -> result, the outcome on this path

_services: dict[str, Service] = {}


def register(name: str, service: Service) -> None:
    _services[name] = service


def service(name: str) -> Service:
    try:
        return _services[name]
    except KeyError:
        known = ", ".join(sorted(_services)) or "none"
        raise LookupError(f"a process names the action {name!r}; the actions there are: {known}") from None
