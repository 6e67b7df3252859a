"""What a domain keeps of a matter beside its events: what was applied for, what was decided and why.

A domain registers a function for a kind of matters when it starts; the package holds what it gives as `content.json`, and
the page of the package shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from yiwang.kernel.matters.models import Matter
from yiwang.kernel.packs.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the page: what it is called, and its lines (name, value)."""

    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Content:
    """`data` is what JSON can hold."""

    data: Mapping[str, Any] = field(default_factory=dict)
    sections: Sequence[Section] = ()


_gather: dict[str, Callable[[Matter, Rulebook], Content]] = {}


def register(kind: str, gather: Callable[[Matter, Rulebook], Content]) -> None:
    _gather[kind] = gather


def of(matter: Matter, rules: Rulebook) -> Content:
    """What is kept of this matter, in Chinese whoever asks; nothing where no domain keeps more."""
    gather = _gather.get(matter.kind)
    if gather is None:
        return Content()
    with translation.override("zh-hans"):
        return gather(matter, rules)
