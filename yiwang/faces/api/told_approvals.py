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
