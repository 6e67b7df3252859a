"""What callers are told of bundles and of their own applications, for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.faces.api.told import Told


class BundleRow(Told):
    slug: str
    name: str
    name_en: str
    audience: str
    lead: str
    promised: str
    services: list[str]
    status: str


class Bundles(Told):
    pack: str
    items: list[BundleRow]


class CaseOption(Told):
    value: str
    text: str
    text_en: str


class CaseQuestion(Told):
    slug: str
    text: str
    text_en: str
    options: list[CaseOption]
    answer: str  # '' while it is open


class PlanItem(Told):
    service: str
    name: str
    unit: str
    state: str  # needed | maybe: a question is open
    level: int
    after: list[str]
    form: str
    commitment: bool  # whether it may be applied for by commitment
    instead: list[str]


class PlanMaterial(Told):
    material: str
    name: str
    how: str  # looked_up | made | brought
    optional: bool
    deferrable: bool
    services: list[str]
    when: list[str]
    offered: list[str]  # what can be said of it; the first is what is taken when nothing is said


class ReductionOut(Told):
    slug: str
    before: int
    after: int


class BundleOut(Told):
    pack: str
    slug: str
    name: str
    name_en: str
    summary: str
    audience: str
    lead: str
    promised: str
    source: str
    status: str
    absent: list[str]
    questions: list[CaseQuestion]
    complete: bool  # whether every question is answered
    items: list[PlanItem]
    materials: list[PlanMaterial]
    asked: int
    asked_singly: int
    days_singly: int
    reductions: list[ReductionOut]
    form: dict[str, Any] | None  # JSON Schema of the one form; None where nothing is asked


class ApplicationReceipt(Told):
    id: UUID
    number: str
    secret: str
    title: str
    received_at: datetime


class StepOut(Told):
    slug: str
    name: str
    state: str  # done | now | next


class PartOut(Told):
    service: str
    name: str
    unit: str
    state: str
    said: str
    number: str
    waits_for: list[str]
    commitment: bool
    answer: str
    results: list[str]
    delivered_at: datetime | None


class ApplicationOut(Told):
    number: str
    title: str
    bundle: str
    service: str
    unit: str
    state: str
    received_at: datetime
    steps: list[StepOut]
    next: str
    due_at: datetime | None
    held: bool
    missing: list[str]
    missing_note: str
    answer: str
    parts: list[PartOut]
