"""What callers are told of construction projects, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yiwang.faces.api.told import Told


class ProjectRow(Told):
    code: str
    number: str
    name: str
    project_class: str
    investor: str
    area: str
    applicant: str
    state: str
    registered_at: datetime


class Projects(Told):
    items: list[ProjectRow]
    next: str | None


class ClockOut(Told):
    """A promise against what it took, in working days; `span` is in calendar days."""

    promised: str
    start: datetime | None
    end: datetime | None
    due: datetime | None
    held: bool
    working: int | None
    span: int | None
    left: int | None
    light: str


class ItemOut(Told):
    permit: str
    name: str
    name_en: str
    unit: str
    statutory: str
    state: str
    number: str | None
    beside: bool
    by_commitment: bool
    waits_for: list[str]
    clock: ClockOut


class StageOut(Told):
    stage: str
    name: str
    name_en: str
    lead: str
    number: str | None
    attempts: int
    clock: ClockOut
    items: list[ItemOut]
    removed: list[str]


class PaperOut(Told):
    """A shared material in its last version; `file`: whether there is one to download."""

    material: str
    version: int
    reference: str
    sha256: str
    file: bool
    at: datetime


class ProjectOut(ProjectRow):
    """Without what says something about a person."""

    address: str
    land_m2: int
    floor_m2: int
    invest_fen: int
    land_at: date | None
    promised: str
    promise_status: str
    working: int
    span: int | None
    stages: list[StageOut]
    papers: list[PaperOut]


class PauseOut(Told):
    start: datetime
    end: datetime | None
    reason: str


class SpanOut(Told):
    """When it began and ended, or is expected to; `promised`: its end by the promise alone, `due`: with lawful pauses."""

    begin: datetime | None
    end: datetime | None
    expected_begin: bool
    expected_end: bool
    promised: datetime | None
    due: datetime | None
    pauses: list[PauseOut]


class PlannedPermit(Told):
    permit: str
    name: str
    name_en: str
    state: str
    critical: bool
    span: SpanOut
    clock: ClockOut


class PlannedStage(Told):
    """`path`: the permits without slack, by their ends."""

    stage: str
    name: str
    name_en: str
    path: list[str]
    span: SpanOut
    clock: ClockOut
    permits: list[PlannedPermit]


class PlanOut(Told):
    """`first`, `last`: the axis of days on which all of it lies."""

    code: str
    at: datetime
    first: datetime
    last: datetime
    stages: list[PlannedStage]


class MeetingRow(Told):
    number: str
    lead: str
    at: datetime
    place: str
    state: str
    concluded_at: datetime | None


class Meetings(Told):
    items: list[MeetingRow]


class MeetingOpinionOut(Told):
    unit: str
    opinion: str
    reason: str
    at: datetime


class MeetingItemOut(Told):
    place: int
    project: str
    permit: str
    question: str
    opinions: list[MeetingOpinionOut]


class ResolutionOut(Told):
    """`condition`: it is a condition of a department's opinion; else the meeting resolved it."""

    number: str
    text: str
    unit: str
    limit: str
    item: int | None
    condition: bool
    state: str
    due: datetime | None
    done: str


class MeetingChangeOut(Told):
    """`kind`: changed, moved or cancelled; `fields`: name -> [before, after]."""

    kind: str
    at: datetime
    fields: dict[str, list[Any]]
    reason: str


class MeetingOut(MeetingRow):
    attending: list[str]
    summary: str
    agenda: list[MeetingItemOut]
    resolutions: list[ResolutionOut]
    changes: list[MeetingChangeOut]
