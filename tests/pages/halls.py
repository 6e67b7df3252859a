"""Addresses of the service hall, and a morning in it: somebody called, somebody served, some who wait, one appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from uuid_utils.compat import uuid7

from tests import people
from tests.pages import Page
from yiwang.domains.services.hall import bookings, tickets

HALL, FOOD, CARD = "service-centre", "food-business-licence", "social-security-card"

PAGES = {
    "appointments": Page(address="/appointments"),
    "appointment-book": [
        Page(address=f"/appointments/at/{HALL}?service={FOOD}"),
        Page(address="/appointments/at/marriage-office?service=marriage-registration"),
    ],
    "appointment-find": Page(address="/appointments/find"),
    "appointment-code": Page(address="/b/1234567890"),
    "appointment": [
        Page(address=lambda made: f"/appointments/own/{made.hall.booked[0]}"),
        Page(address=lambda made: f"/appointments/own/{made.hall.came[0]}"),
    ],
    "hall-screen": Page(address=f"/screen/{HALL}"),
    "halls": [Page("window-clerk", "/hall"), Page("hall-guide", "/hall")],
    "hall-desk": [Page("window-clerk", f"/hall/{HALL}/desk/{desk}") for desk in ("1", "2", "6")],
    "hall-tickets": Page("hall-guide", f"/hall/{HALL}/tickets"),
    "hall-ticket": Page("hall-guide", lambda made: f"/hall/tickets/{made.hall.waiting}"),
    "hall-apply": Page(
        "window-clerk", lambda made: f"/hall/tickets/{made.hall.serving}/apply/{FOOD}", "form[data-ready]"
    ),
    "hall-once": [
        Page("window-clerk", lambda made: f"/hall/tickets/{made.hall.serving}/once/restaurant"),
        Page(
            "window-clerk",
            lambda made: (
                f"/hall/tickets/{made.hall.serving}/once/restaurant?licence=yes&sign=no&gathering=yes&fumes=no"
            ),
            "form[data-ready]",
        ),
    ],
    "hall-figures": Page("window-clerk", f"/hall/{HALL}/figures"),
}
NOT_PAGES: dict[str, str] = {
    "appointment-act": "takes a form",
    "hall-screen-now": "a part of the screen, which is looked at",
    "hall-waiting": "a part of the counter's page, which is looked at",
    "hall-act": "takes a form",
}


@dataclass
class Made:
    """Tickets by what became of them; number and secret of an appointment, and of one whose holder has come."""

    serving: str = ""
    waiting: str = ""
    booked: tuple[str, str] = ("", "")
    came: tuple[str, str] = ("", "")


def make(now: datetime) -> Made:
    clerk, guide = people.person("window-clerk"), people.person("hall-guide")

    def take(minutes: int, service: str = FOOD):
        at = now - timedelta(minutes=minutes)
        return tickets.take(actor=guide, hall=HALL, service=service, id=uuid7(), now=at)

    def call(minutes: int, desk: str):
        at = now - timedelta(minutes=minutes)
        return tickets.call_next(actor=clerk, hall=HALL, desk=desk, now=at)

    def book(at: datetime, phone: str, made: datetime):
        got = bookings.book(id=uuid7(), hall=HALL, service=FOOD, at=at, phone=phone, now=made)
        return got.booking.number, got.secret

    found = Made()
    found.came = book(now + timedelta(minutes=10), "13800000001", now - timedelta(days=3))
    found.booked = book(now + timedelta(days=1, minutes=10), "13800000002", now)
    for minutes in (50, 45, 40):
        take(minutes)
    gone = call(35, "2")
    tickets.call_again(actor=clerk, ticket=gone.pk, now=now - timedelta(minutes=34))
    tickets.pass_over(actor=clerk, ticket=gone.pk, now=now - timedelta(minutes=33))
    served = call(32, "2")
    tickets.begin(actor=clerk, ticket=served.pk, now=now - timedelta(minutes=31))
    call(1, "1")
    found.serving = str(served.pk)
    found.waiting = str(take(5).pk)
    take(4, CARD)
    bookings.come(number=found.came[0], secret=found.came[1], now=now - timedelta(minutes=2))
    return found
