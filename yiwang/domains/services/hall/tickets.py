"""Tickets of the day (取号、叫号): taken, called, called again, passed over, begun, finished.

One counter has one person before it. Who calls is decided by the rule in `calling`, never by the clerk. Every action
checks its grant on the hall; who called and when stays on the ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yiwang.domains.services.hall import calling, lines, opening
from yiwang.domains.services.models_hall import AT_A_DESK, HallDay, Ticket
from yiwang.kernel.access.policy import HALL, Subject, require
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import store
from yiwang.kernel.matters.actions import whole_second
from yiwang.kernel.packs.halls import Hall
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.calendars import current_calendar

CALLS = 2  # how often somebody is called before being passed over
AGAIN_AFTER = 10  # seconds between two calls, so that the hall hears both
RETURNS = 2  # how often who was passed over may come back on the day


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen of a hall shows: only numbers. `called`: the newest call first."""

    hall: Hall
    called: tuple[Ticket, ...]
    serving: tuple[Ticket, ...]
    waiting: Mapping[str, int]  # line -> how many wait
    passed: tuple[str, ...]


def subject_of(hall: Hall) -> Subject:
    return Subject(HALL, None, hall.unit, district=current().district)


def take(*, actor: Any, hall: str, service: str, id: UUID, now: datetime) -> Ticket:  # noqa: A002
    """A ticket for somebody who has come without an appointment. `service`: what for, or the line's own name.

    The same `id` again gives the same ticket. Raises Denied, NotFound, Invalid, Conflict when the hall is closed.
    """
    place = opening.hall_of(current(), hall)
    require(actor, "ticket", subject_of(place))
    line = place.line_of(service) or place.line(service)
    if line is None:
        raise Invalid(_("This hall does not do that."), where="service", code="no_line")
    with store.one_transaction():
        day = lines.locked(hall, opening.local_day(now))
        there = Ticket.objects.filter(pk=id).first()
        if there is not None:
            return there
        if not opening.is_open(current_calendar(), now, place.early):
            raise Conflict(_("The hall is closed now."), code="closed")
        return lines.add(
            day, place, line, id=id, service=service if service in line.services else "", now=now
        )


def call_next(*, actor: Any, hall: str, desk: str, now: datetime) -> Ticket | None:
    """Finishes what the counter was doing and calls the next by the rule; None when nobody waits.

    Raises Conflict while somebody who was called has neither come nor been passed over.
    """
    place = _desk(actor, hall, desk)
    now = whole_second(now)
    with store.one_transaction():
        day = lines.locked(hall, opening.local_day(now))
        busy = at_desk(hall, day, desk)
        if busy is not None and busy.state == "called":
            raise Conflict(
                _("%(label)s was called and has not come yet: begin, call again, or pass it over.")
                % {"label": busy.label},
                code="still_called",
            )
        if busy is not None:
            _end(busy, "done", now)
        served = place.lines_at(desk)
        group = lines.group_of(served)
        who = lines.waiting(hall, day.day, served)
        choice = calling.next_of(who, now, place.in_row, day.in_row.get(group, 0))
        if choice is None:
            return None
        day.in_row[group] = choice.in_row
        day.save(update_fields=["in_row"])
        ticket = Ticket.objects.select_for_update().get(pk=choice.one.key)
        ticket.state, ticket.desk, ticket.calls = "called", desk, 1
        ticket.called_at, ticket.by_id = now, actor.user_id
        if ticket.first_called_at is None:
            ticket.first_called_at = now
            begins = max(ticket.taken_at, ticket.booked_for or ticket.taken_at)
            ticket.waited = max(int((now - begins).total_seconds()), 0)
        ticket.save()
        return ticket


def call_again(*, actor: Any, ticket: UUID, now: datetime) -> Ticket:
    """Shows the number on the screen once more. Raises Conflict within ten seconds of the last call."""
    with store.one_transaction():
        found = _locked(actor, ticket, "called")
        if (now - found.called_at).total_seconds() < AGAIN_AFTER:
            raise Conflict(_("It was called just now. Give people a moment."), code="too_soon")
        found.calls, found.called_at = found.calls + 1, whole_second(now)
        found.save(update_fields=["calls", "called_at"])
        return found


def pass_over(*, actor: Any, ticket: UUID, now: datetime) -> Ticket:
    """Nobody came (过号). Raises Conflict before it was called twice."""
    with store.one_transaction():
        found = _locked(actor, ticket, "called")
        if found.calls < CALLS:
            raise Conflict(_("Call it once more before you pass it over."), code="call_again")
        found.state, found.desk = "passed", ""
        found.save(update_fields=["state", "desk"])
        return found


def come_back(*, actor: Any, ticket: UUID, now: datetime) -> Ticket:
    """Who was passed over is there after all: waits again, from now. Raises Conflict when that was so too often."""
    with store.one_transaction():
        found = _locked(actor, ticket, "passed", "ticket")
        if found.day != opening.local_day(now) or found.returns >= RETURNS:
            raise Conflict(_("This number is over. Take a new ticket."), code="over")
        found.state, found.calls, found.booked_for = "waiting", 0, None
        found.since, found.returns = whole_second(now), found.returns + 1
        found.save(update_fields=["state", "calls", "booked_for", "since", "returns"])
        return found


def begin(*, actor: Any, ticket: UUID, now: datetime) -> Ticket:
    """The person stands at the counter."""
    with store.one_transaction():
        found = _locked(actor, ticket, "called")
        found.state, found.began_at, found.by_id = "serving", whole_second(now), actor.user_id
        found.save(update_fields=["state", "began_at", "by"])
        return found


def finish(*, actor: Any, ticket: UUID, now: datetime) -> Ticket:
    with store.one_transaction():
        found = _locked(actor, ticket, "serving")
        _end(found, "done", whole_second(now))
        return found


def applied(*, actor: Any, ticket: UUID, matter: UUID) -> Ticket:
    """Remembers which application was begun from a ticket; the first one stays."""
    with store.one_transaction():
        found = _locked(actor, ticket, "serving")
        if found.matter_id is None:
            found.matter_id = matter
            found.save(update_fields=["matter"])
        return found


def one(actor: Any, key: UUID, action: str = "see") -> tuple[Ticket, Hall]:
    """Raises NotFound, Denied."""
    found = Ticket.objects.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such ticket."), code="no_ticket")
    place = opening.hall_of(current(), found.hall)
    require(actor, action, subject_of(place))
    return found, place


def at_desk(hall: str, day: HallDay | None, desk: str) -> Ticket | None:
    """Whom the counter has called or serves."""
    if day is None:
        return None
    return Ticket.objects.filter(hall=hall, day=day.day, desk=desk, state__in=AT_A_DESK).first()


def board(hall: Hall, now: datetime) -> Board:
    """One query. Everybody may see it: it says nothing of anybody."""
    rows = Ticket.objects.filter(
        hall=hall.slug, day=opening.local_day(now), state__in=("waiting", "called", "serving", "passed")
    ).defer("booking")
    by_state: dict[str, list[Ticket]] = {"waiting": [], "called": [], "serving": [], "passed": []}
    for row in rows:
        by_state[row.state].append(row)
    newest = sorted(by_state["called"], key=lambda row: row.called_at, reverse=True)
    counts = {line.slug: sum(row.line == line.slug for row in by_state["waiting"]) for line in hall.lines}
    return Board(
        hall=hall,
        called=tuple(newest),
        serving=tuple(sorted(by_state["serving"], key=lambda row: (len(row.desk), row.desk))),
        waiting=counts,
        passed=tuple(sorted(row.label for row in by_state["passed"])),
    )


def _desk(actor: Any, hall: str, desk: str) -> Hall:
    place = opening.hall_of(current(), hall)
    require(actor, "call", subject_of(place))
    if desk not in place.desks:
        raise NotFound(_("There is no counter %(desk)s in this hall.") % {"desk": desk[:10]}, code="no_desk")
    return place


def _locked(actor: Any, key: UUID, state: str, action: str = "call") -> Ticket:
    """The ticket in the state that the action needs. Raises NotFound, Denied, Conflict."""
    found, _place = one(actor, key, action)
    lines.locked(found.hall, found.day)
    found = Ticket.objects.select_for_update().get(pk=key)
    if found.state != state:
        raise Conflict(
            _("%(label)s is no longer at this step. Look at the page again.") % {"label": found.label},
            code="other_state",
        )
    return found


def _end(ticket: Ticket, state: str, now: datetime) -> None:
    ticket.state, ticket.ended_at = state, now
    ticket.save(update_fields=["state", "ended_at"])
