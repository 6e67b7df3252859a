"""What callers send. A field that is not known is refused: a slip of the pen must not be taken for silence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yiwang.core.geo.points import System
from yiwang.core.worktime.moment import SHANGHAI
from yiwang.kernel.errors import Invalid

Note = Annotated[str, StringConstraints(max_length=500)]
Code = Annotated[str, StringConstraints(max_length=60)]
LIMIT = r"^\d{1,5}\s?(wd|wh|h|d|eh)$"
LimitText = Annotated[str, StringConstraints(pattern=LIMIT, max_length=12)]


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PointIn(Given):
    """A position in degrees, never without its system."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    system: System = "WGS84"


class SignIn(Given):
    username: str = Field(max_length=300)
    password: str = Field(max_length=4096)
    name: str = Field("", max_length=100, description="What the token is for; shown in lists.")
    days: int = Field(90, ge=1, le=730, description="For how long it holds.")


class ReportIn(Given):
    """A report. With an `id` of the sender's own it may be sent again at any time and is taken once."""

    id: UUID | None = Field(None, description="The sender's own id (UUID, best version 7).")
    text: str = Field(description="What is wrong, in the sender's words.")
    title: str = ""
    point: PointIn | None = None
    address: str = ""
    standard: str = ""
    class_code: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    external_id: str = Field("", description="The other system's own number; with a key only.")
    secret: str | None = Field(None, description="To follow it with; made when none is given.")


class SecretIn(Given):
    secret: str = Field("", max_length=64, description="Instead of the header X-Report-Secret.")


class RateIn(SecretIn):
    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    solved: Annotated[bool | None, Field(strict=True)] = None
    note: str = ""


class SaidIn(SecretIn):
    note: str = ""


class NoteIn(Given):
    note: Note


class OptionalNoteIn(Given):
    note: Note = ""


class HoldIn(Given):
    reason: Code
    note: Note
    task: UUID | None = Field(None, description="One task; none: the whole matter.")
    expected: date | None = Field(
        None, description="Of a construction permit: the day until which it is expected to stand."
    )


class MergeIn(Given):
    duplicates: list[Annotated[str, StringConstraints(max_length=36)]] = Field(
        min_length=1, max_length=50, description="Numbers or ids of the matters that go into this one."
    )
    note: Note = ""


class PartIn(Given):
    id: UUID | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
    description: Annotated[str, StringConstraints(max_length=5000)] = ""
    standard: Code = ""
    class_code: Code = ""


class SplitIn(Given):
    parts: list[PartIn] = Field(min_length=1, max_length=20)


class VoidIn(Given):
    reason: Code
    note: Note
    answer: str = Field("", description="What the reporters are told; empty: the reason's own sentence.")


class CloseIn(Given):
    answer: str = Field(description="What the reporters are told.")
    note: Note


class RelocateIn(Given):
    """The area, or a point from which it follows, or both."""

    area: Code = ""
    point: PointIn | None = None
    address: Annotated[str, StringConstraints(max_length=256)] | None = None


class CompleteIn(Given):
    outcome: Code
    note: Note = ""
    data: dict[str, Any] = Field(default_factory=dict, description="The fields of the step's form.")
    attachments: list[UUID] = Field(
        default_factory=list, max_length=50, description="Files of this matter that show what was done."
    )


class SendBackIn(Given):
    note: Note
    to: Code | None = Field(None, description="The earlier step; none: the one before.")


class ReassignIn(Given):
    unit: Code | None = None
    user: str | None = Field(None, max_length=64, description="A user name.")
    note: Note


class ExtendIn(Given):
    limit: LimitText
    note: Note


class AppealIn(Given):
    id: UUID | None = None
    reason: str


class ReviewIn(Given):
    support: Annotated[bool, Field(strict=True)]
    opinion: Annotated[str, StringConstraints(max_length=500)] = ""


class PreviewIn(Given):
    """Other values of parameters, as the pack writes them: {"guarantee.standard.urban": 90000}."""

    changes: dict[
        Annotated[str, StringConstraints(max_length=80)],
        bool | int | float | Annotated[str, StringConstraints(max_length=40)],
    ] = Field(max_length=20)


class RevealIn(Given):
    field: Literal["contact_name", "contact_phone"]
    purpose: str = Field(max_length=1000)


class Span(Given):
    """A hold; no end while it lasts."""

    begin: datetime = Field(alias="from")
    end: datetime | None = Field(None, alias="to")

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class CaseIn(Given):
    """A moment without an offset is taken as Shanghai time."""

    start: datetime = Field(alias="from")
    limit: LimitText
    holds: list[Span] = Field(default_factory=list, max_length=100)
    extension: LimitText | None = None

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class CasesIn(Given):
    cases: list[CaseIn] = Field(min_length=1, max_length=10_000)
    explain: bool = Field(True, description="Day by day; then at most 1,000 cases.")


YEARS = (1900, 2200)  # beyond them lies no matter, and some databases have other limits


class AgendaIn(Given):
    project: str = Field(max_length=40, description="The project code, or the number of its matter.")
    permit: str = Field("", max_length=40, description="A permit of the pack; empty: the project as a whole.")
    question: str = Field(max_length=800, description="What is to be settled.")


class MeetingIn(Given):
    """A joint meeting. With an `id` of the sender's own it may be sent again and is taken once."""

    id: UUID | None = None
    lead: Code = Field(description="The department that convenes it; it leads a stage.")
    at: datetime
    place: str = Field(max_length=400)
    agenda: list[AgendaIn] = Field(max_length=20)
    attending: list[Code] = Field(max_length=100)


class MeetingChangeIn(Given):
    """What is left out stays as it is. `seen`: how many changes the sender knows of; others meanwhile are a conflict."""

    reason: str = Field(max_length=2000)
    at: datetime | None = None
    place: str | None = Field(None, max_length=400)
    agenda: list[AgendaIn] | None = Field(None, max_length=20)
    seen: int | None = Field(None, ge=0, le=30_000)


class CancelIn(Given):
    reason: str = Field(max_length=2000)


def in_shanghai(moment: datetime, where: str = "") -> datetime:
    """The moment in UTC, Shanghai's where it has no offset. Raises Invalid for one that nobody can mean."""
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise Invalid(
            _("The year must lie between %(least)d and %(most)d.") % {"least": YEARS[0], "most": YEARS[1]},
            where=where,
        )
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
