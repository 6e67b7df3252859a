"""The service catalogue (政务服务目录) of a loaded pack version, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from yiwang.kernel.packs.granted import (
    Commitment,
    Granted,
    MaterialType,
    commitment_of,
    common,
    materials_of,
    plain,
)

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
class Question:  # 常见问题
    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Granted):  # 政务服务事项
    """One service. Limits are texts of `core.worktime`, '' where there is none; `visits` None: not known."""

    aliases: tuple[str, ...]
    keywords: tuple[str, ...]
    summary: str
    summary_en: str
    catalog_code: str
    task_code: str
    type: str
    use_level: str
    power_source: str
    supports: tuple[str, ...]
    audience: tuple[str, ...]
    topics: tuple[str, ...]
    handling: str  # instant | promised
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
    fees: tuple[Fee, ...]
    results: tuple[Result, ...]
    commitment: Commitment | None
    window: Window | None
    questions: tuple[Question, ...]
    quantity_limit: str
    form: str
    matter: str
    valid_from: date | None
    valid_to: date | None

    @property
    def instead(self) -> tuple[str, ...]:
        """The materials that are not needed from whoever applies by commitment."""
        return self.commitment.instead if self.commitment else ()

    def in_force(self, day: date) -> bool:
        """Whether the service is offered on this day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


_PARTS = {
    "special": Special,
    "steps": GuideStep,
    "fees": Fee,
    "results": Result,
    "questions": Question,
}


def topics_of(sections: Mapping[str, Mapping[str, Mapping]]) -> Mapping[str, Topic]:
    return MappingProxyType(
        {
            key: plain(Topic, dict(row) | {"words": tuple(row["words"])})
            for key, row in sections.get("topics", {}).items()
        }
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
        given[name] = tuple(plain(kind, part) for part in row[name])
    given["commitment"] = commitment_of(Commitment, row["commitment"])
    given["window"] = plain(Window, row["window"]) if row["window"] else None
    for name in ("aliases", "keywords", "supports", "audience", "topics"):
        given[name] = tuple(row[name])
    for name in ("valid_from", "valid_to"):
        given[name] = date.fromisoformat(str(row[name])) if row[name] else None
    return plain(Service, given | common(row, materials))
