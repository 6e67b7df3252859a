"""Appointments (预约): book, move, cancel, come. Whoever shows number and secret is the one who booked.

Against hoarding: a telephone number keeps few open appointments in a hall, an appointment is moved a few times at most,
and who let several pass within ninety days waits in line like everybody. A telephone number is not proven to be one's own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from yiwang.core.codes import CodeError, parse_mobile
from yiwang.domains.services import guides
from yiwang.domains.services.drafts import number_of
from yiwang.domains.services.hall import lines, opening
from yiwang.domains.services.models_hall import TAKING, Booking, Ticket
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import receipts, store
from yiwang.kernel.matters.actions import whole_second
from yiwang.kernel.packs.halls import Hall, HallLine
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.calendars import current_calendar

MOST_MOVES = 3
MISSED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Booked:
    """`secret` is what the booking is opened with; `created` says whether this call made it."""

    booking: Booking
    created: bool
    secret: str


@dataclass(frozen=True, slots=True)
class Slot:
    at: datetime
    free: int


def free(hall: Hall, line: HallLine, day: date, now: datetime) -> list[Slot]:
    """The times of a day that lie ahead, with how many places are left; one query."""
    if day not in opening.days(hall, current_calendar(), now):
        return []
    rows = Booking.objects.filter(hall=hall.slug, line=line.slug, day=day, state__in=TAKING)
    taken = Counter(rows.values_list("at", flat=True))
    return [
        Slot(at, max(line.capacity - taken[at], 0))
        for at in opening.slots(hall, current_calendar(), day)
        if at > now
    ]


def book(*, id: UUID, hall: str, service: str, at: datetime, phone: str, now: datetime) -> Booked:  # noqa: A002
    """Books a time. The same `id` with the same content again gives the same booking, other content is a Conflict.

    Raises NotFound, Invalid with the field, Conflict when the time is taken or the telephone has booked enough.
    """
    rules = current()
    place = opening.hall_of(rules, hall)
    line = _line(place, service)
    own = _phone(phone)
    now, secret = whole_second(now), receipts.secret_for(id)
    there = _already(id, hall, service, at, own, secret)
    if there is not None:
        return there
    _bookable(place, line, at, now)
    try:
        with store.one_transaction():
            lines.locked(hall, opening.local_day(now))
            nth = _nth(place, own, now)
            row = Booking(
                id=id, number=_number(id), secret_hash=receipts.secret_hash(id, secret), district=rules.district,
                hall=hall, line=line.slug, service=service, at=at, day=opening.local_day(at),
                seat=_seat(line, hall, at), phone=own, phone_hash=hash_of(own), nth=nth, made_at=now, changed_at=now,
            )  # fmt: skip
            row.save(force_insert=True)
    except IntegrityError:  # two at the same moment: the database keeps one
        there = _already(id, hall, service, at, own, secret)
        if there is None:
            raise _taken() from None
        return there
    return Booked(row, True, secret)


def find(number: str, secret: str) -> Booking:
    """The booking of this number with this secret. Raises NotFound, the same for a wrong number or secret."""
    plain = "".join(letter for letter in number if letter.isdigit())[:12]
    row = Booking.objects.filter(number=plain).first()
    if row is None or not receipts.same_secret(row.pk, secret, row.secret_hash):
        raise NotFound(
            _("There is no appointment with this number and secret. Read both again from the receipt."),
            code="no_booking",
            where="number",
        )
    return row


def move(*, number: str, secret: str, at: datetime, now: datetime) -> Booking:
    """To another time of the same line; the old one is free at once. Raises NotFound, Invalid, Conflict."""
    place, line = _place_of(find(number, secret))
    try:
        with store.one_transaction():
            lines.locked(place.slug, opening.local_day(now))
            row = _open(find(number, secret).pk, now)
            if row.at == at:
                return row
            _bookable(place, line, at, now)
            if row.moves >= MOST_MOVES:
                raise Conflict(
                    _("It was moved %(n)d times, which is as often as it can be. Cancel it and book anew.")
                    % {"n": row.moves},
                    code="moved_enough",
                )
            row.seat, row.at, row.day = _seat(line, place.slug, at), at, opening.local_day(at)
            row.moves, row.changed_at = row.moves + 1, whole_second(now)
            row.save(update_fields=["seat", "at", "day", "moves", "changed_at"])
    except IntegrityError:
        raise _taken() from None
    return row


def cancel(*, number: str, secret: str, now: datetime) -> Booking:
    """Gives the time back. Cancelled already, it stays so. Raises NotFound, Conflict once the time has begun."""
    own = find(number, secret)
    with store.one_transaction():
        lines.locked(own.hall, opening.local_day(now))
        if own.state == "cancelled":
            return own
        row = _open(own.pk, now)
        row.state, row.changed_at = "cancelled", whole_second(now)
        row.save(update_fields=["state", "changed_at"])
    return row


def come(*, number: str, secret: str, now: datetime) -> Ticket:
    """The person is in the hall: gives the ticket. In time it keeps the place of the appointment, too late it counts from
    now, like a ticket taken now. Again, it is the same ticket. Raises NotFound, Conflict."""
    own = find(number, secret)
    place, line = _place_of(own)
    with store.one_transaction():
        day = lines.locked(place.slug, opening.local_day(now))
        row = Booking.objects.select_for_update().get(pk=own.pk)
        there = Ticket.objects.filter(booking=row).first()
        if there is not None:
            return there
        if row.state != "booked":
            raise _not_open(row)
        if row.day != day.day or now < row.at - timedelta(minutes=place.early):
            raise Conflict(
                _("It is too early: come from %(n)d minutes before the time of your appointment.")
                % {"n": place.early},
                code="too_early",
            )
        if not opening.is_open(current_calendar(), now, place.early):
            raise Conflict(_("The hall is closed now."), code="closed")
        in_time = now <= row.at + timedelta(minutes=place.late)
        row.state, row.changed_at = "arrived", whole_second(now)
        row.save(update_fields=["state", "changed_at"])
        return lines.add(
            day, place, line, id=uuid7(), service=row.service, now=now, booking=row, booked_for=row.at if in_time else None
        )  # fmt: skip


def state_of(row: Booking, now: datetime) -> str:
    """booked, arrived, cancelled or missed: a time that is over counts as missed before the worker has said so."""
    over = opening.local_day(now) > row.day
    return "missed" if row.state == "booked" and over else row.state


def hash_of(phone: str) -> str:
    return keyed_hash(f"booking phone {phone}")


def _phone(text: str) -> str:
    try:
        return parse_mobile(text).value
    except CodeError as wrong:
        raise Invalid(_("Give a mobile number of eleven digits."), where="phone", code=wrong.code) from None


def _line(hall: Hall, service: str) -> HallLine:
    found = hall.line_of(service)
    if found is None:
        raise Invalid(_("This hall does not do that."), where="service", code="no_line")
    guides.service_of(current(), service)
    if not found.capacity:
        raise Invalid(
            _("There are no appointments for this. Come and take a ticket."), where="service", code="walk_in"
        )
    return found


def _place_of(row: Booking) -> tuple[Hall, HallLine]:
    """The hall and line that an appointment was made for. Raises Conflict when the pack has them no longer."""
    hall = current().halls.get(row.hall)
    line = hall.line(row.line) if hall else None
    if hall is None or line is None:
        raise Conflict(_("The hall does not do this any more. Please ask there."), code="no_line")
    return hall, line


def _bookable(hall: Hall, line: HallLine, at: datetime, now: datetime) -> None:
    if at <= now or at not in {one.at for one in free(hall, line, opening.local_day(at), now)}:
        raise Invalid(_("Choose one of the times that are offered."), where="at", code="no_slot")


def _nth(hall: Hall, phone: str, now: datetime) -> int:
    """A free place among the open appointments of a telephone. Raises Conflict when it has enough, or missed too many."""
    rows = Booking.objects.filter(hall=hall.slug, phone_hash=hash_of(phone))
    rows.filter(state="booked", day__lt=opening.local_day(now)).update(state="missed")
    since = opening.local_day(now) - timedelta(days=MISSED_DAYS)
    if rows.filter(state="missed", day__gte=since).count() >= hall.missed:
        raise Conflict(
            _("%(n)d appointments of this number were not kept within ninety days. Come and take a ticket.")
            % {"n": hall.missed},
            code="missed_too_many",
            where="phone",
        )
    taken = set(rows.filter(state="booked").values_list("nth", flat=True))
    left = [n for n in range(hall.each) if n not in taken]
    if not left:
        raise Conflict(
            _("This number has %(n)d open appointments here, which is as many as one can have.") % {"n": hall.each},
            code="booked_enough", where="phone",
        )  # fmt: skip
    return left[0]


def _seat(line: HallLine, hall: str, at: datetime) -> int:
    rows = Booking.objects.filter(hall=hall, line=line.slug, at=at, state__in=TAKING)
    taken = set(rows.values_list("seat", flat=True))
    left = [n for n in range(line.capacity) if n not in taken]
    if not left:
        raise _taken()
    return left[0]


def _open(key: Any, now: datetime) -> Booking:
    row = Booking.objects.select_for_update().get(pk=key)
    if row.state != "booked":
        raise _not_open(row)
    if row.at <= now:
        raise Conflict(
            _("The time of the appointment has begun; it can't be changed any more."), code="begun"
        )
    return row


def _not_open(row: Booking) -> Conflict:
    said = {
        "cancelled": _("The appointment was cancelled."),
        "missed": _("The appointment was not kept."),
        "arrived": _("You have come for this appointment already."),
    }
    return Conflict(said.get(row.state, row.state), code="not_open")


def _taken() -> Conflict:
    return Conflict(
        _("Somebody has just taken the last place at this time. Choose another time."),
        code="taken",
        where="at",
    )


def _already(id: UUID, hall: str, service: str, at: datetime, phone: str, secret: str) -> Booked | None:  # noqa: A002
    row = Booking.objects.filter(pk=id).first()
    if row is None:
        return None
    if (row.hall, row.service, row.phone_hash) != (hall, service, hash_of(phone)) or (
        row.at != at and not row.moves
    ):
        raise Conflict(
            _("An appointment with other content was already made under this id. Send it under a new id."),
            code="other_content",
            where="id",
        )
    return Booked(row, False, secret)


def _number(id: UUID) -> str:  # noqa: A002
    """Ten digits, not those of another appointment."""
    for turn in range(20):
        number = number_of(UUID(int=(id.int + turn) % 2**128))
        if not Booking.objects.filter(number=number).exists():
            return number
    raise _taken()
