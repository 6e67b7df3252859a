"""What a phone may send, field by field. Strict: what does not fit is refused with the field's name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from yiwang.faces.field.door import Given


def _v7(key: UUID) -> UUID:
    if key.version != 7:
        raise ValueError("not a UUID of version 7")
    return key


Own = Annotated[UUID, AfterValidator(_v7)]  # an id that the phone made
Photos = Annotated[list[Own], Field(max_length=50)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda at: _possible(at))]


def _possible(at: datetime) -> datetime:
    if not 2000 <= at.year < 2200:
        raise ValueError("no moment of this century")
    return at


class Place(Given):
    """A position of the phone, WGS 84."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    accuracy: float | None = Field(None, ge=0, le=1e6, allow_inf_nan=False)


class Sent(Given):
    """One thing of the queue. `user`: whose queue it is; nobody else's session may send it."""

    id: Own
    kind: Literal["report", "claim", "complete", "track"]
    user: int
    done_at: Moment  # both by the phone's own clock
    sent_at: Moment
    body: dict[str, Any]


class Report(Given):
    text: str
    address: str = ""
    place: Place | None = None
    photos: Photos = []


class Claim(Given):
    task: UUID


class Shown(Given):
    """A photo of a task, and whether it shows the place before or after, or a home."""

    id: Own
    stage: Literal["before", "after", "document", "visit"]


class Complete(Given):
    task: UUID
    outcome: str = Field(max_length=40)
    note: str = ""
    photos: list[Shown] = Field([], max_length=50)
    data: dict[Annotated[str, Field(max_length=120)], Annotated[str, Field(max_length=4000)]] = Field(
        {}, max_length=600
    )  # the fields of a visit's form


Fix = Annotated[list[float], Field(min_length=4, max_length=4)]  # seconds since 1970, lat, lon, accuracy


class Track(Given):
    patrol: Own
    post: str = Field(max_length=80)
    began_at: Moment
    first: int = Field(ge=0, le=1_000_000)
    fixes: list[Fix] = Field(max_length=2000)
    ended_at: Moment | None = None


class Labels(Given):
    """What comes with a photo; `taken_at` and the position are used where the photo itself does not say them."""

    id: Own
    user: int
    taken_at: Moment | None = None
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
