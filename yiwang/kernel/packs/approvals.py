"""The approval of construction projects (工程建设项目审批) in a loaded pack version, as immutable values."""

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

SECTIONS = ("project_classes", "approval_stages", "permits", "assessments", "methods")
FACTS = (
    "name", "code", "address", "applicant", "land_area", "floor_area", "investment", "buildings",
)  # fmt: skip  # what a licence may show of a project, beside the answers of the stage's form


@dataclass(frozen=True, slots=True)
class Promise:  # 承诺总时限
    """Limits are texts of `core.worktime`; `stages` in the order of the class."""

    since: date
    total: str
    stages: Mapping[str, str]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class ProjectClass:  # 项目类型
    slug: str
    name: str
    name_en: str
    investor: str  # government | social | any
    summary: str
    summary_en: str
    stages: tuple[str, ...]
    promises: tuple[Promise, ...]  # the oldest first
    source: str
    status: str

    def promise(self, day: date) -> Promise | None:
        """What was promised to a project registered on this day; None before the first promise."""
        return next((one for one in reversed(self.promises) if one.since <= day), None)


@dataclass(frozen=True, slots=True)
class Stage:  # 审批阶段
    slug: str
    name: str
    name_en: str
    lead: str
    form: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Joined:  # 征求意见
    unit: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PermitCommitment(Commitment):  # 告知承诺
    """Upon it the permit is decided within `promised`."""

    promised: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit(Granted):  # 审批事项
    """`before` '': it counts into its own stage. `preview` '': it can't be pre-reviewed, else how long that is valid."""

    stage: str
    sort: str  # permit | filing | opinion | review | acceptance
    classes: tuple[str, ...]
    after: tuple[str, ...]
    before: str
    opinions: tuple[Joined, ...]
    opinion_limit: str
    silence: bool
    preview: str
    commitment: PermitCommitment | None
    licence: str
    shows: Mapping[str, str]

    def for_class(self, slug: str) -> bool:
        return not self.classes or slug in self.classes


@dataclass(frozen=True, slots=True)
class Assessment:  # 区域评估
    slug: str
    name: str
    name_en: str
    area: str
    removes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    source: str
    status: str

    def holds(self, area: str, day: date) -> bool:
        """Whether it stands for a project in this area on this day."""
        within = area.startswith(self.area) and self.valid_from <= day
        return within and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class MethodStep:
    day: int
    name: str
    name_en: str
    permits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:  # 工作法
    slug: str
    name: str
    name_en: str
    sample: bool
    note: str
    classes: tuple[str, ...]
    steps: tuple[MethodStep, ...]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Approvals:
    classes: Mapping[str, ProjectClass]
    stages: Mapping[str, Stage]
    permits: Mapping[str, Permit]
    assessments: Mapping[str, Assessment]
    methods: Mapping[str, Method]

    def of_stage(self, stage: str, project_class: str) -> tuple[Permit, ...]:
        """The permits of a stage for projects of a class, in the pack's order."""
        return tuple(
            one for one in self.permits.values() if one.stage == stage and one.for_class(project_class)
        )

    def removed(self, area: str, day: date) -> dict[str, Assessment]:
        """Permit -> the regional assessment that takes it away there on that day."""
        found: dict[str, Assessment] = {}
        for one in self.assessments.values():
            if one.holds(area, day):
                found |= {slug: one for slug in one.removes if slug not in found}
        return found


def approvals_of(sections: Mapping[str, Mapping[str, Mapping]]) -> Approvals:
    """Of a loaded version; a version from before there were approvals has none."""
    materials = materials_of(sections)
    rows = {name: sections.get(name, {}) for name in SECTIONS}
    return Approvals(
        _by(rows["project_classes"], _class),
        _by(rows["approval_stages"], lambda row: plain(Stage, row)),
        _by(rows["permits"], lambda row: _permit(row, materials)),
        _by(rows["assessments"], _assessment),
        _by(rows["methods"], _method),
    )


def _by(rows: Mapping[str, Mapping], make: Any) -> Mapping[str, Any]:
    return MappingProxyType({key: make(row) for key, row in rows.items()})


def _class(row: Mapping[str, Any]) -> ProjectClass:
    promises = tuple(
        Promise(
            _day(one["since"]),
            one["total"],
            MappingProxyType({slug: one["stages"][slug] for slug in row["stages"]}),
            one["source"],
            one["status"],
        )
        for one in row["promises"]
    )
    return plain(ProjectClass, dict(row) | {"stages": tuple(row["stages"]), "promises": promises})


def _permit(row: Mapping[str, Any], materials: Mapping[str, MaterialType]) -> Permit:
    given = dict(row) | {
        "opinions": tuple(Joined(one["unit"], one["name"], one["name_en"]) for one in row["opinions"]),
        "shows": MappingProxyType(dict(row["shows"])),
        "commitment": commitment_of(PermitCommitment, row.get("commitment")),
        "classes": tuple(row["classes"]),
        "after": tuple(row["after"]),
    }
    return plain(Permit, given | common(row, materials), {"commitment"})


def _assessment(row: Mapping[str, Any]) -> Assessment:
    days = {name: _day(row[name]) if row[name] else None for name in ("valid_from", "valid_to")}
    given = dict(row) | days | {"removes": tuple(row["removes"])}
    return Assessment(**{name: given[name] for name in Assessment.__slots__})


def _method(row: Mapping[str, Any]) -> Method:
    steps = tuple(
        MethodStep(one["day"], one["name"], one["name_en"], tuple(one["permits"])) for one in row["steps"]
    )
    return plain(Method, dict(row) | {"classes": tuple(row["classes"]), "steps": steps})


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
