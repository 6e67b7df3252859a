"""The service catalogue (政务服务目录) of a loaded pack version, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

SECTIONS = ("topics", "materials", "services")


@dataclass(frozen=True, slots=True)
class Topic:  # 主题
    slug: str
    name: str
    name_en: str
    audience: str  # person | enterprise
    words: tuple[str, ...]
    status: str


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
    from_form: bool
    blank: str
    status: str


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
class Fee:  # 收费
    """`fen` is None where the amount depends on a scale that `basis` holds; `per` says what is counted."""

    name: str
    fen: int | None
    per: str
    basis: str
    reduction: str


@dataclass(frozen=True, slots=True)
class Result:  # 审批结果
    name: str
    name_en: str
    kind: str  # certificate | document | approval | record | payment | other
    licence: str | None


@dataclass(frozen=True, slots=True)
class GuideStep:  # 办理环节
    name: str
    name_en: str
    limit: str
    who: str


@dataclass(frozen=True, slots=True)
class Special:  # 特别程序
    """What does not count into the limit, such as a hearing or an examination on the spot."""

    name: str
    limit: str
    basis: str


@dataclass(frozen=True, slots=True)
class Window:  # 办理地点
    place: str
    hours: str
    phone: str
    complaints: str


@dataclass(frozen=True, slots=True)
class Commitment:  # 告知承诺
    """What the applicant promises, and within what time it is checked afterwards."""

    check: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Question:  # 常见问题
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Service:  # 政务服务事项
    """One service. Limits are texts of `core.worktime`, '' where there is none; `visits` None: not known."""

    slug: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    keywords: tuple[str, ...]
    summary: str
    summary_en: str
    catalog_code: str
    task_code: str
    type: str
    use_level: str
    power_source: str
    basis: tuple[Basis, ...]
    unit: str
    supports: tuple[str, ...]
    audience: tuple[str, ...]
    topics: tuple[str, ...]
    handling: str  # instant | promised
    conditions: tuple[str, ...]
    statutory: str
    statutory_note: str
    promised: str
    promised_note: str
    special: tuple[Special, ...]
    visits: int | None
    visit_reason: str
    online: bool
    online_depth: str  # guide | consult | apply | whole
    mail: bool
    appointment: bool
    self_service: bool
    anywhere: str
    steps: tuple[GuideStep, ...]
    materials: tuple[Needed, ...]
    fees: tuple[Fee, ...]
    results: tuple[Result, ...]
    deferral: str
    commitment: Commitment | None
    window: Window | None
    questions: tuple[Question, ...]
    quantity_limit: str
    form: str
    matter: str
    valid_from: date | None
    valid_to: date | None
    source: str
    status: str

    def in_force(self, day: date) -> bool:
        """Whether the service is offered on this day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


_PARTS = {
    "basis": Basis,
    "special": Special,
    "steps": GuideStep,
    "fees": Fee,
    "results": Result,
    "questions": Question,
}
_TEXTS = ("unit", "statutory", "promised", "deferral", "form", "matter")


def topics_of(sections: Mapping[str, Mapping[str, Mapping]]) -> Mapping[str, Topic]:
    return MappingProxyType(
        {
            key: _plain(Topic, dict(row) | {"words": tuple(row["words"])})
            for key, row in sections.get("topics", {}).items()
        }
    )


def materials_of(sections: Mapping[str, Mapping[str, Mapping]]) -> Mapping[str, MaterialType]:
    return MappingProxyType(
        {key: _plain(MaterialType, row) for key, row in sections.get("materials", {}).items()}
    )


def services_of(sections: Mapping[str, Mapping[str, Mapping]]) -> Mapping[str, Service]:
    """The services of a loaded version; a version from before there were services has none."""
    materials = materials_of(sections)
    return MappingProxyType(
        {key: _service(row, materials) for key, row in sections.get("services", {}).items()}
    )


def _service(row: Mapping[str, Any], materials: Mapping[str, MaterialType]) -> Service:
    given: dict[str, Any] = dict(row)
    for name, kind in _PARTS.items():
        given[name] = tuple(_plain(kind, part) for part in row[name])
    given["materials"] = tuple(
        _plain(Needed, dict(part) | {"material": materials[part["material"]]}) for part in row["materials"]
    )
    for name, kind in (("commitment", Commitment), ("window", Window)):
        given[name] = _plain(kind, row[name]) if row[name] else None
    for name in ("aliases", "keywords", "supports", "audience", "topics", "conditions"):
        given[name] = tuple(row[name])
    for name in _TEXTS:
        given[name] = row[name] or ""
    for name in ("valid_from", "valid_to"):
        given[name] = date.fromisoformat(str(row[name])) if row[name] else None
    return _plain(Service, given)


# Parts that may be left out are told as empty text, but for what really may be unknown.
_MAY_BE_NONE = {"fen", "licence", "visits", "commitment", "window", "valid_from", "valid_to"}


def _plain(kind: type, row: Mapping[str, Any]) -> Any:
    return kind(
        **{
            name: "" if row[name] is None and name not in _MAY_BE_NONE else row[name]
            for name in kind.__slots__
        }
    )
