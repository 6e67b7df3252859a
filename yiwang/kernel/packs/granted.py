"""What services and permits of a loaded pack version have in common: what is asked for, upon which law, within what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class MaterialType:  # 材料种类
    """A material that several services may ask for; `shared`: the government can look it up itself; `from_form`: it is
    made of the form that is filled in here."""

    slug: str
    name: str
    name_en: str
    form: str  # paper | electronic | either
    provider: str  # applicant | government | third_party
    issuer: str
    licence: str | None
    shared: bool
    blank: str
    status: str
    from_form: bool = False


@dataclass(frozen=True, slots=True)
class Basis:  # 设定依据
    law: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Needed:  # 申请材料
    """A material that a service asks for, why, and when."""

    material: MaterialType
    kind: str  # original | copy | original_and_copy
    need: str  # required | optional | deferrable
    copies: int
    reason: str
    when: str
    standard: str


@dataclass(frozen=True, slots=True)
class Commitment:  # 告知承诺
    """What the applicant promises, within what time it is checked afterwards, and which materials it stands for."""

    check: str
    text: str
    basis: str
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Something that is applied for and decided. Limits are texts of `core.worktime`, '' where there is none."""

    slug: str
    name: str
    name_en: str
    basis: tuple[Basis, ...]
    unit: str
    conditions: tuple[str, ...]
    statutory: str
    statutory_note: str
    promised: str
    materials: tuple[Needed, ...]
    deferral: str
    source: str
    status: str


def common(row: Mapping[str, Any], materials: Mapping[str, MaterialType]) -> dict[str, Any]:
    """The parts of `Granted` that are not plain texts."""
    return {
        "basis": tuple(plain(Basis, part) for part in row["basis"]),
        "conditions": tuple(row["conditions"]),
        "materials": tuple(
            plain(Needed, dict(part) | {"material": materials[part["material"]]}) for part in row["materials"]
        ),
    }


def commitment_of(kind: type, row: Mapping[str, Any] | None) -> Any:
    """The commitment of a row of a version, None where there is none."""
    return plain(kind, dict(row) | {"instead": tuple(row.get("instead") or ())}) if row else None


def materials_of(sections: Mapping[str, Mapping[str, Mapping]]) -> Mapping[str, MaterialType]:
    return MappingProxyType(
        {key: plain(MaterialType, row) for key, row in sections.get("materials", {}).items()}
    )


# Parts that may be left out are told as empty text, but for what really may be unknown.
_MAY_BE_NONE = {"fen", "licence", "visits", "commitment", "window", "valid_from", "valid_to"}


def plain(
    kind: type, row: Mapping[str, Any], none: frozenset[str] | set[str] = frozenset(_MAY_BE_NONE)
) -> Any:
    """An object of the kind from a row of a version; what is left out is '' but for the fields of `none`.

    A version that was loaded before a field was known has none of it: the field's default counts.
    """
    there = [one for one in fields(kind) if one.name in row or one.default is MISSING]
    return kind(
        **{one.name: "" if row[one.name] is None and one.name not in none else row[one.name] for one in there}
    )
