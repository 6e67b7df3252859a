"""What callers are told of the service catalogue, for the OpenAPI document."""

from __future__ import annotations

from datetime import date

from yiwang.faces.api.told import Told


class TopicOut(Told):
    slug: str
    name: str
    name_en: str
    audience: str
    status: str


class ServiceRow(Told):
    slug: str
    name: str
    name_en: str
    type: str
    unit: str
    audience: list[str]
    topics: list[str]
    handling: str
    statutory: str
    promised: str
    visits: int | None
    online: bool
    status: str


class Services(Told):
    pack: str
    topics: list[TopicOut]
    items: list[ServiceRow]


class BasisOut(Told):
    law: str
    article: str
    text: str


class MaterialOut(Told):
    material: str
    name: str
    name_en: str
    kind: str
    form: str
    need: str
    copies: int
    reason: str
    when: str
    standard: str
    provider: str
    issuer: str
    licence: str | None
    shared: bool
    from_form: bool
    blank: str
    status: str


class FeeOut(Told):
    name: str
    fen: int | None
    per: str
    basis: str
    reduction: str


class ResultOut(Told):
    name: str
    name_en: str
    kind: str
    licence: str | None


class GuideStepOut(Told):
    name: str
    name_en: str
    limit: str
    who: str


class SpecialOut(Told):
    name: str
    limit: str
    basis: str


class WindowOut(Told):
    place: str
    hours: str
    phone: str
    complaints: str


class CommitmentOut(Told):
    check: str
    text: str
    basis: str
    instead: list[str]


class QuestionOut(Told):
    question: str
    answer: str


class ServiceOut(ServiceRow):
    pack: str
    aliases: list[str]
    keywords: list[str]
    summary: str
    summary_en: str
    catalog_code: str
    task_code: str
    use_level: str
    power_source: str
    basis: list[BasisOut]
    supports: list[str]
    conditions: list[str]
    statutory_note: str
    promised_note: str
    special: list[SpecialOut]
    visit_reason: str
    online_depth: str
    mail: bool
    appointment: bool
    self_service: bool
    anywhere: str
    steps: list[GuideStepOut]
    materials: list[MaterialOut]
    fees: list[FeeOut]
    results: list[ResultOut]
    deferral: str
    commitment: CommitmentOut | None
    window: WindowOut | None
    questions: list[QuestionOut]
    quantity_limit: str
    form: str
    matter: str
    valid_from: date | None
    valid_to: date | None
    source: str
