"""What callers are told of the pack, of places, of time and of the rates, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from yiwang.faces.api.told import Explanation, Named, PointOut, SuggestionOut, Told


class ClassOut(Told):
    standard: str
    kind: str
    code: str
    name: str
    name_en: str
    major: str
    major_name: str
    status: str


class ConditionOut(Told):
    slug: str
    standard: str
    class_code: str
    text: str
    text_en: str
    close_text: str
    close_text_en: str
    limit: str
    status: str


class Worded(Told):
    slug: str
    name: str
    name_en: str


class StandardOut(Told):
    standard: str
    title: str
    title_en: str
    replaces: str | None
    status: str


class ReasonOut(Worded):
    basis: str
    status: str


class KindOut(Worded):
    process: str


class Catalogue(Told):
    pack: str
    default_standard: str
    standards: list[StandardOut]
    classes: list[ClassOut]
    conditions: list[ConditionOut]
    kinds: list[KindOut]
    hold_reasons: list[ReasonOut]
    void_reasons: list[Named]
    post_kinds: list[Worded]


class AreaOut(Told):
    code: str
    name: str
    name_en: str
    level: str
    parent: str | None
    point: PointOut | None


class Areas(Told):
    items: list[AreaOut]


class NearOut(Told):
    code: str
    distance_m: float


class Located(Told):
    area: Named
    chain: list[Named]
    point: PointOut
    road: NearOut | None
    component: NearOut | None


class ResolvedArea(Told):
    area: Named
    confidence: float


class Resolved(Told):
    items: list[ResolvedArea]


class UnitOut(Told):
    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None
    area: str | None


class Units(Told):
    items: list[UnitOut]


class DueDates(Told):
    items: list[Explanation | dict[str, Any]]


class SettingOut(Told):
    name: str
    value: Any
    status: str


class PackOut(Told):
    id: int
    name: str
    version: str
    title: str
    title_en: str
    district: str
    digest: str
    layers: list[list[str]]
    settings: list[SettingOut]


class MeasureOut(Told):
    slug: str
    name: str
    name_en: str
    numerator: str
    denominator: str
    formula: str
    formula_en: str
    good: bool
    source: str


class Measures(Told):
    items: list[MeasureOut]


class RateOut(Told):
    measure: str
    numerator: int
    denominator: int
    value: float | None


class EvaluationRow(Told):
    key: str
    name: str
    counters: dict[str, float | None]
    rates: list[RateOut]


class Evaluation(Told):
    by: str
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    as_of: datetime
    counted_at: datetime
    stale: bool
    rows: list[EvaluationRow]
    total: EvaluationRow


class Counting(Told):
    """The table is being counted for the first time."""

    state: Literal["counting"]
    by: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    retry_after: int


class AppealOut(Told):
    id: UUID
    task: UUID
    state: str
    reason: str
    opinion: str
    asked_at: datetime


class WaitingAppeal(AppealOut):
    matter: str
    title: str
    link: str
    due_at: datetime | None
    done_at: datetime | None


class Appeals(Told):
    items: list[WaitingAppeal]


class ReportRow(Told):
    id: UUID
    number: str
    channel: str
    text: str
    received_at: datetime
    suggestions: list[SuggestionOut]
    located_by: str
    needs_person: bool
    answer: str
    answered_at: datetime | None
    rating: int | None
    solved: bool | None
    rating_note: str


class ReportPage(Told):
    items: list[ReportRow]
    next: str | None
