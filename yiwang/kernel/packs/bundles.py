"""One thing once (一件事): bundles over services of several departments, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from yiwang.core.forms import Expression


@dataclass(frozen=True, slots=True)
class Asked:  # 情形
    slug: str
    text: str
    text_en: str
    options: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Item:  # 联办的事项
    """A service of the bundle: needed when `when` is true (None: always), begun when those in `after` are granted.

    `form`: what it asks within the bundle, '' where that is the service's own form.
    """

    service: str
    when: Expression | None
    after: tuple[str, ...]
    form: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:  # 基线
    definition: str
    steps: int
    materials: int
    visits: int
    days: int
    fen: int


@dataclass(frozen=True, slots=True)
class Bundle:  # 集成办理的一件事
    slug: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    summary: str
    summary_en: str
    audience: str
    lead: str
    promised: str
    steps: int
    visits: int
    questions: tuple[Asked, ...]
    items: tuple[Item, ...]  # none: nothing of it is in the catalogue yet
    absent: tuple[str, ...]  # what belongs to it and is not in the catalogue
    baseline: Baseline | None
    source: str
    status: str


def bundles_of(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Bundle]:
    return MappingProxyType({key: _bundle(row) for key, row in rows.items()})


def _bundle(row: Mapping[str, Any]) -> Bundle:
    plain = {
        name: row[name]
        for name in Bundle.__slots__
        if name not in ("questions", "items", "absent", "baseline")
    }
    return Bundle(
        **plain
        | {
            "aliases": tuple(row["aliases"]),
            "lead": row["lead"] or "",
            "questions": tuple(
                Asked(
                    one["slug"],
                    one["text"],
                    one["text_en"],
                    MappingProxyType({value: (pair[0], pair[1]) for value, pair in one["options"].items()}),
                )
                for one in row["questions"]
            ),
            "items": tuple(
                Item(
                    one["service"],
                    Expression(one["when"]) if one["when"] else None,
                    tuple(one["after"]),
                    one.get("form") or "",
                )
                for one in row["items"]
            ),
            "absent": tuple(row.get("absent") or ()),
            "baseline": Baseline(**{name: row["baseline"][name] for name in Baseline.__slots__})
            if row["baseline"]
            else None,
        }
    )
