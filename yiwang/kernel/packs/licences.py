"""The kinds of e-licences (证照目录) of a loaded pack version, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class LicenceField:
    name: str
    label: str
    label_en: str
    type: str  # text | date
    required: bool


@dataclass(frozen=True, slots=True)
class LicenceType:  # 证照种类
    slug: str
    name: str
    name_en: str
    prefix: str
    holder: str  # person | organisation
    issuer: str
    issuer_en: str
    valid: int | None  # months
    fields: tuple[LicenceField, ...]
    source: str
    status: str


def licences_of(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, LicenceType]:
    """In the pack's order; a version from before there were licences has none."""
    found = {}
    for key, row in rows.items():
        own = {name: row.get(name) for name in LicenceType.__slots__ if name != "fields"}
        fields = tuple(
            LicenceField(**{name: part[name] for name in LicenceField.__slots__}) for part in row["fields"]
        )
        found[key] = LicenceType(**own, fields=fields)
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Retention:  # 保管期限
    slug: str
    name: str
    name_en: str
    years: int | None  # none: for ever
    kinds: tuple[str, ...]
    source: str
    status: str


def retention_of(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Retention]:
    return MappingProxyType(
        {
            key: Retention(
                **{name: row.get(name) for name in Retention.__slots__} | {"kinds": tuple(row["kinds"])}
            )
            for key, row in rows.items()
        }
    )
