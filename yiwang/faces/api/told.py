"""What callers are told, for the OpenAPI document. Answers are plain values; the tests hold them to these models."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class Told(Schema):
    model_config = ConfigDict(extra="forbid")


class FieldProblem(Schema):
    where: str
    detail: str


class ProblemDocument(Schema):
    """RFC 9457. `where` is the field or file, `errors` has one line a field."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    instance: str
    where: str = ""
    errors: list[FieldProblem] = []


class Named(Told):
    """A code of the registers or the pack, and its name in the language of the request."""

    code: str
    name: str


class ClassNamed(Told):
    standard: str
    code: str
    name: str


class PointOut(Told):
    lon: float
    lat: float
    system: Literal["CGCS2000", "WGS84"]


class HeldPostOut(Told):
    code: str
    kind: str
    name: str
    unit: Named
    area: Named


class Me(Told):
    id: int
    username: str
    name: str
    posts: list[HeldPostOut]
    actions: list[str] = Field(
        description="What the posts grant somewhere, besides the work on their own tasks."
    )


class TokenOut(Told):
    token: str = Field(description="Shown once; only its digest is kept.")
    expires_at: datetime
    user: Me


class SuggestionOut(Schema):
    standard: str
    code: str
    confidence: float


class Receipt(Told):
    """The same whenever the same report is sent again."""

    id: UUID
    number: str
    secret: str = Field(description="To follow it with, beside the number.")
    title: str
    received_at: datetime
    located_by: str = Field(description="point, photo, address, or empty: a person will look.")
    suggestions: list[SuggestionOut]


class Step(Told):
    link: str
    name: str
    state: Literal["done", "now", "next"]


class StoryLine(Told):
    at: datetime
    kind: str
    text: str


class Explanation(Schema):
    """Why something is due when it is: `yiwang worktime due --json` prints the same."""

    start: str = Field(alias="from")
    limit: str
    extension: str | None
    holds: list[dict[str, Any]]
    due: str | None
    held: bool
    remaining: int
    provisional: bool
    calendar: str
    days: list[dict[str, Any]]


class ProgressOut(Told):
    """What the reporter sees."""

    number: str
    title: str
    text: str
    received_at: datetime
    state: str
    merged_number: str
    class_name: str
    area_name: str
    unit_name: str
    address: str
    link: str
    steps: list[Step]
    next: str
    due_at: datetime | None
    late: bool
    held: bool
    explanation: Explanation | None
    story: list[StoryLine]
    photos_before: list[UUID]
    photos_after: list[UUID]
    answer: str
    answered_at: datetime | None
    rating: int | None
    solved: bool | None
    may_rate: bool
    may_reopen: bool
    may_withdraw: bool


class QueueRow(Told):
    task: UUID
    matter: str = Field(description="The matter's number.")
    title: str
    node: str
    task_name: str
    link: str
    kind: str
    post: str
    source: str
    limit: str
    due_at: datetime | None
    overdue: bool
    held: bool
    provisional: bool
    opened_at: datetime
    matter_opened_at: datetime
    priority: int
    reworks: int
    address: str
    matter_class: ClassNamed | None
    area: Named | None
    unit: Named | None
    assignee: str | None


class QueuePage(Told):
    items: list[QueueRow]
    next: str | None


class MatterRow(Told):
    id: UUID
    number: str
    kind: str
    state: str
    link: str
    title: str
    source: str
    matter_class: ClassNamed | None
    condition: str
    area: Named | None
    unit: Named | None
    address: str
    point: PointOut | None
    priority: int
    opened_at: datetime
    filed_at: datetime | None
    due_at: datetime | None
    held: bool
    closed_at: datetime | None
    outcome: str
    reworks: int
    returns: int
    extensions: int
    reopenings: int
    rating: int | None


class MatterPage(Told):
    items: list[MatterRow]
    next: str | None


class Person(Told):
    id: int
    name: str


class TaskOut(Told):
    id: UUID
    node: str
    name: str
    link: str
    post: str
    unit: Named | None
    area: Named | None
    state: Literal["open", "done", "dropped"]
    limit: str
    extension: str
    clock_from: datetime
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    held: bool
    provisional: bool
    assignee: Person | None
    claimed_at: datetime | None
    done_at: datetime | None
    done_by: Person | None
    outcome: str
    explanation: Explanation | None


class PauseOut(Told):
    id: UUID
    task: UUID | None
    reason: str
    name: str
    note: str
    start: datetime
    end: datetime | None


class EventOut(Told):
    seq: int
    at: datetime
    action: str
    name: str
    actor: str
    actor_name: str
    record: dict[str, Any] = Field(
        description="What the action says of itself: outcome, note, reason, unit …"
    )


class LinkOut(Told):
    kind: str
    number: str
    title: str
    state: str


class PossibleAction(Told):
    action: str
    task: UUID | None
    form: str | None
    outcomes: dict[str, str] | None
    targets: list[str] | None = Field(description="The steps to which the task may be sent back.")


class AttachmentOut(Told):
    id: UUID
    stage: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    taken_at: datetime | None
    point: PointOut | None
    added_at: datetime
    added_by: str
    address: str
    thumbnail: str | None


class ReportOut(Told):
    """Name and phone are masked; POST …/reveal shows one of them, with a purpose and on record."""

    id: UUID
    number: str = Field(description="Another matter's number when that was merged into this one.")
    channel: str
    text: str
    received_at: datetime
    contact_name: str
    contact_phone: str
    located_by: str
    needs_person: bool
    suggestions: list[SuggestionOut]
    answer: str
    answered_at: datetime | None
    rating: int | None
    solved: bool | None
    rating_note: str


class ProcessOut(Told):
    pack: int
    address: str
    position: list[str] = Field(description="The steps that are open now.")


class MatterOut(MatterRow):
    description: str
    merged_into: str | None
    process: ProcessOut
    tasks: list[TaskOut]
    pauses: list[PauseOut]
    story: list[EventOut]
    links: list[LinkOut]
    attachments: list[AttachmentOut]
    reports: list[ReportOut]
    actions: list[PossibleAction] = Field(description="What the caller may do now.")


class Done(Told):
    """A matter after an action; GET …/matters/{number} has the rest."""

    id: UUID
    number: str
    state: str
    link: str
    outcome: str
    due_at: datetime | None
    held: bool
    tasks: list[TaskOut] = Field(description="The tasks that are open now.")


class Parts(Told):
    items: list[Done]


class Revealed(Told):
    field: str
    value: str


class DuplicateOut(Told):
    number: str
    title: str
    opened_at: datetime
    score: float
    distance_m: int | None
    similarity: float
    why: list[str]


class Duplicates(Told):
    items: list[DuplicateOut]
