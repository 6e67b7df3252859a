"""The lines of a day: the row that is locked, tickets that are given out, who waits."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from yiwang.domains.services.hall import calling
from yiwang.domains.services.models_hall import Booking, HallDay, Ticket
from yiwang.kernel.matters.actions import whole_second
from yiwang.kernel.packs.halls import Hall, HallLine
from yiwang.kernel.packs.rulebook import current

BOOKED = "Y"  # 预约: begins the tickets of those who have an appointment


def locked(hall: str, day: date) -> HallDay:
    """The row of a day, locked until the transaction ends: bookings, tickets and calls of a hall go one after another."""
    HallDay.objects.get_or_create(hall=hall, day=day)
    return HallDay.objects.select_for_update().get(hall=hall, day=day)


def add(
    day: HallDay,
    hall: Hall,
    line: HallLine,
    *,
    id: UUID,  # noqa: A002
    service: str,
    now: datetime,
    booking: Booking | None = None,
    booked_for: datetime | None = None,
) -> Ticket:
    """A new ticket at the end of its line. The caller holds the lock."""
    letters = (BOOKED if booked_for else "") + line.letter
    day.serials[letters] = serial = day.serials.get(letters, 0) + 1
    day.save(update_fields=["serials"])
    now = whole_second(now)
    return Ticket.objects.create(
        id=id, district=current().district, hall=hall.slug, line=line.slug, day=day.day,
        label=f"{letters}{serial:03d}", service=service, booking=booking, booked_for=booked_for, taken_at=now, since=now,
    )  # fmt: skip


def waiting(hall: str, day: date, lines: tuple[HallLine, ...]) -> list[calling.Waiting]:
    rows = Ticket.objects.filter(hall=hall, day=day, state="waiting", line__in=[line.slug for line in lines])
    return [
        calling.Waiting(str(key), since, booked_for)
        for key, since, booked_for in rows.values_list("pk", "since", "booked_for")
    ]


def group_of(lines: tuple[HallLine, ...]) -> str:
    """What appointments in a row are counted by: counters of the same lines count together."""
    return "".join(sorted(line.letter for line in lines))


def ahead_of(ticket: Ticket, hall: Hall, now: datetime) -> int | None:
    """How many of its line are called before this ticket as things stand; None where it does not wait."""
    line = hall.line(ticket.line)
    if line is None or ticket.state != "waiting":
        return None
    day = HallDay.objects.filter(hall=hall.slug, day=ticket.day).first()
    in_row = (day.in_row if day else {}).get(line.letter, 0)
    who = waiting(hall.slug, ticket.day, (line,))
    return calling.ahead_of(str(ticket.pk), who, now, hall.in_row, in_row)
