"""What callers are told of the service halls, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from yiwang.faces.api.told import Told

BookingState = Literal["booked", "arrived", "cancelled", "missed"]
TicketState = Literal["waiting", "called", "serving", "done", "passed", "left"]


class LineOut(Told):
    slug: str
    name: str
    name_en: str
    letter: str
    capacity: int
    desks: list[str]
    services: list[str]


class HallOut(Told):
    slug: str
    name: str
    name_en: str
    place: str
    place_en: str
    slot: int
    ahead: int
    each: int
    missed: int
    early: int
    late: int
    in_row: int
    lines: list[LineOut]
    status: str


class Halls(Told):
    items: list[HallOut]


class SlotOut(Told):
    at: datetime
    free: int


class Slots(Told):
    """The days that can be booked, and the times of the day that was asked for or of the first one."""

    days: list[date]
    day: date | None
    slots: list[SlotOut]


class TicketOut(Told):
    """`ahead`: how many are called before it as things stand; none once it is called."""

    id: UUID
    label: str
    hall: str
    line: str
    state: TicketState
    desk: str
    taken_at: datetime
    booked_for: datetime | None
    called_at: datetime | None
    calls: int
    ahead: int | None


class BookingOut(Told):
    number: str
    hall: str
    line: str
    service: str
    at: datetime
    state: BookingState
    moves_left: int
    ticket: TicketOut | None


class BookingReceipt(BookingOut):
    secret: str


class CallOut(Told):
    label: str
    desk: str
    state: Literal["called", "serving"]


class BoardOut(Told):
    """What the screen of the hall shows. `waiting`: how many by line."""

    calls: list[CallOut]
    waiting: dict[str, int]
    passed: list[str]


class NextOut(Told):
    """None where nobody waits."""

    ticket: TicketOut | None


class WaitOut(Told):
    """Seconds; none where nobody was called."""

    line: str
    booked: bool
    tickets: int
    called: int
    median: int | None
    p90: int | None
    longest: int | None
    unserved: int


class WaitsOut(Told):
    first: date
    last: date
    whole: WaitOut
    waits: list[WaitOut]
    bookings: int
    kept: int
    missed: int
    cancelled: int
