"""Service halls: free times, appointments by number and secret, tickets, the counter that calls, waiting times."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router
from pydantic import Field
from uuid_utils.compat import uuid7

from yiwang.domains.services.hall import bookings, figures, lines, opening, tickets
from yiwang.domains.services.models import Booking, Ticket
from yiwang.faces.api import told_halls as told
from yiwang.faces.api.callers import OFFICIALS
from yiwang.faces.api.given import Given
from yiwang.faces.api.replies import local, reply
from yiwang.kernel.access import limits
from yiwang.kernel.access.policy import require
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["halls"])
Secret = Header(
    "", alias="X-Report-Secret", max_length=64, description="The secret of the receipt of the appointment."
)
DAY = Query(None, description="The first day that can be booked where none is given.")
FIRST = Query(None, description="Thirty days before `last` where none is given.")
LAST = Query(None, description="Today where none is given.")
PRIVATE = {"Cache-Control": "no-store"}
LISTED = [name for name in told.HallOut.model_fields if name != "lines"]


class BookingIn(Given):
    """An appointment. With an `id` of the sender's own it may be sent again at any time and is made once."""

    id: UUID | None = Field(None, description="The sender's own id (UUID, best version 7).")
    service: str = Field(max_length=40)
    at: datetime = Field(description="One of the times of GET /halls/{hall}/slots, with its offset.")
    phone: str = Field(max_length=30, description="A mobile number; forgotten when the day is over.")


class MoveIn(Given):
    at: datetime


class TicketIn(Given):
    id: UUID | None = None
    service: str = Field(max_length=40, description="What for, or the line's own slug.")


class DeskIn(Given):
    desk: str = Field(max_length=4)


@router.get("/halls", response={200: told.Halls}, operation_id="halls", summary="Service halls")
def halls(request: HttpRequest) -> HttpResponse:
    """Where people come in person: lines, counters, and the rules of appointments and calling."""
    found = [
        {name: getattr(hall, name) for name in LISTED}
        | {
            "lines": [
                {name: getattr(line, name) for name in told.LineOut.model_fields} for line in hall.lines
            ]
        }
        for hall in current().halls.values()
    ]
    return reply({"items": found})


@router.get(
    "/halls/{hall}/slots", response={200: told.Slots}, operation_id="hallSlots", summary="Times that can be booked"
)  # fmt: skip
def slots(
    request: HttpRequest,
    hall: str,
    service: str = Query(max_length=40),
    day: date | None = DAY,
) -> HttpResponse:
    limits.LOOKS.take(request)
    place, now = opening.hall_of(current(), hall), clock.now()
    line = place.line_of(service)
    if line is None:
        raise Invalid(_("This hall does not do that."), where="service", code="no_line")
    days = opening.days(place, current_calendar(), now)
    wanted = day or (days[0] if days else None)
    free = bookings.free(place, line, wanted, now) if wanted else []
    return reply(
        {"days": days, "day": wanted, "slots": [{"at": local(one.at), "free": one.free} for one in free]}
    )


@router.post(
    "/halls/{hall}/bookings",
    response={201: told.BookingReceipt, 200: told.BookingReceipt},
    operation_id="book",
    summary="Book an appointment",
)
def book(request: HttpRequest, hall: str, given: BookingIn) -> HttpResponse:
    """Sent again with the same `id` and content it answers 200 with the same receipt; with other content 409."""
    limits.BOOKINGS.take(request)
    got = bookings.book(
        id=given.id or uuid7(), hall=hall, service=given.service, at=aware(given.at), phone=given.phone,
        now=clock.now(),
    )  # fmt: skip
    return reply(booking_row(got.booking) | {"secret": got.secret}, 201 if got.created else 200, PRIVATE)


@router.get(
    "/bookings/{number}", response={200: told.BookingOut}, operation_id="booking", summary="The own appointment"
)  # fmt: skip
def booking(request: HttpRequest, number: str, secret: str = Secret) -> HttpResponse:
    limits.FOLLOWS.take(request)
    return reply(booking_row(bookings.find(number, secret)), headers=PRIVATE)


@router.post(
    "/bookings/{number}/move", response={200: told.BookingOut}, operation_id="moveBooking", summary="Move it"
)  # fmt: skip
def move(request: HttpRequest, number: str, given: MoveIn, secret: str = Secret) -> HttpResponse:
    limits.BOOKINGS.take(request)
    row = bookings.move(number=number, secret=secret, at=aware(given.at), now=clock.now())
    return reply(booking_row(row), headers=PRIVATE)


@router.post(
    "/bookings/{number}/cancel", response={200: told.BookingOut}, operation_id="cancelBooking", summary="Cancel it"
)  # fmt: skip
def cancel(request: HttpRequest, number: str, secret: str = Secret) -> HttpResponse:
    limits.BOOKINGS.take(request)
    return reply(booking_row(bookings.cancel(number=number, secret=secret, now=clock.now())), headers=PRIVATE)


@router.post(
    "/bookings/{number}/come",
    response={200: told.BookingOut},
    operation_id="comeForBooking",
    summary="Say that one is in the hall, and get the ticket",
)
def come(request: HttpRequest, number: str, secret: str = Secret) -> HttpResponse:
    limits.BOOKINGS.take(request)
    ticket = bookings.come(number=number, secret=secret, now=clock.now())
    return reply(booking_row(ticket.booking), headers=PRIVATE)


@router.get(
    "/halls/{hall}/board", response={200: told.BoardOut}, operation_id="hallBoard", summary="Who is called now"
)  # fmt: skip
def board(request: HttpRequest, hall: str) -> HttpResponse:
    """Numbers and counters, and nothing else."""
    limits.LOOKS.take(request)
    found = tickets.board(opening.hall_of(current(), hall), clock.now())
    calls = [
        {name: getattr(one, name) for name in told.CallOut.model_fields}
        for one in found.called + found.serving
    ]
    return reply({"calls": calls, "waiting": found.waiting, "passed": found.passed}, headers=PRIVATE)


@router.post(
    "/halls/{hall}/tickets",
    auth=OFFICIALS,
    response={201: told.TicketOut},
    operation_id="takeTicket",
    summary="Give a ticket",
)
def take(request: HttpRequest, hall: str, given: TicketIn) -> HttpResponse:
    """To somebody who has come without an appointment."""
    got = tickets.take(
        actor=request.auth, hall=hall, service=given.service, id=given.id or uuid7(), now=clock.now()
    )
    return reply(ticket_row(got), 201, PRIVATE)


@router.post(
    "/halls/{hall}/next", auth=OFFICIALS, response={200: told.NextOut}, operation_id="callNext", summary="Call the next"
)  # fmt: skip
def call_next(request: HttpRequest, hall: str, given: DeskIn) -> HttpResponse:
    """Finishes what the counter was doing; who is next is decided by the rule of the hall."""
    got = tickets.call_next(actor=request.auth, hall=hall, desk=given.desk, now=clock.now())
    return reply({"ticket": ticket_row(got) if got else None}, headers=PRIVATE)


_DOES = {
    "again": tickets.call_again,
    "begin": tickets.begin,
    "pass": tickets.pass_over,
    "finish": tickets.finish,
    "back": tickets.come_back,
}


@router.post(
    "/tickets/{uuid:ticket}/actions/{action}",
    auth=OFFICIALS,
    response={200: told.TicketOut},
    operation_id="ticketAction",
    summary="Call again, begin, pass over, finish, let come back",
)
def act(
    request: HttpRequest, ticket: UUID, action: Literal["again", "begin", "pass", "finish", "back"]
) -> HttpResponse:
    return reply(
        ticket_row(_DOES[action](actor=request.auth, ticket=ticket, now=clock.now())), headers=PRIVATE
    )


@router.get(
    "/halls/{hall}/waits",
    auth=OFFICIALS,
    response={200: told.WaitsOut},
    operation_id="hallWaits",
    summary="Waiting times",
)
def waits(
    request: HttpRequest,
    hall: str,
    first: date | None = FIRST,
    last: date | None = LAST,
) -> HttpResponse:
    """Median and 90th percentile of the seconds from the ticket, or the time of the appointment, to the first call."""
    place = opening.hall_of(current(), hall)
    require(request.auth, "see", tickets.subject_of(place))
    end = last or opening.local_day(clock.now())
    begin = first or end - timedelta(days=min(29, (end - date.min).days))
    if not 0 <= (end - begin).days < figures.LONGEST_DAYS:
        raise Invalid(
            _("Ask for at most %(n)d days, the first before the last.") % {"n": figures.LONGEST_DAYS},
            where="first",
        )
    found = asdict(figures.of(place, begin, end))
    return reply(found)


def aware(at: datetime) -> datetime:
    """Raises Invalid for a time without its offset, or one that no calendar has."""
    try:
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            _("Give the time with its offset, such as 2026-09-24T09:10:00+08:00."), where="at"
        ) from None


def booking_row(row: Booking) -> dict[str, Any]:
    ticket = Ticket.objects.filter(booking=row).first() if row.state == "arrived" else None
    return {
        "number": row.number, "hall": row.hall, "line": row.line, "service": row.service, "at": local(row.at),
        "state": bookings.state_of(row, clock.now()), "moves_left": max(bookings.MOST_MOVES - row.moves, 0),
        "ticket": ticket_row(ticket) if ticket else None,
    }  # fmt: skip


def ticket_row(row: Ticket) -> dict[str, Any]:
    hall = current().halls.get(row.hall)
    return {
        "id": row.pk, "label": row.label, "hall": row.hall, "line": row.line, "state": row.state, "desk": row.desk,
        "taken_at": local(row.taken_at), "booked_for": local(row.booked_for), "called_at": local(row.called_at),
        "calls": row.calls, "ahead": lines.ahead_of(row, hall, clock.now()) if hall else None,
    }  # fmt: skip
