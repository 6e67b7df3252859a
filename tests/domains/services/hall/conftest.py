"""A hall on a Monday morning, people who book and come, and the counter that calls them."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.conftest import at
from tests.people import person
from yiwang.domains.services.hall import bookings, tickets

HALL, FOOD, PERMIT = "service-centre", "food-business-licence", "construction-permit"
MONDAY = at("2026-09-07T09:00")


@pytest.fixture
def clerk(dadong):
    return person("window-clerk")


@pytest.fixture
def guide(dadong):
    return person("hall-guide")


def booked(when: str, service: str = FOOD, phone: str = "13800000001", now=MONDAY, **more) -> SimpleNamespace:
    given = {
        "id": uuid4(),
        "hall": HALL,
        "service": service,
        "at": at(when),
        "phone": phone,
        "now": now,
    } | more
    got = bookings.book(**given)
    return SimpleNamespace(
        row=got.booking, number=got.booking.number, secret=got.secret, created=got.created, given=given
    )


def phone(n: int) -> str:
    return f"138{n:08d}"


def took(actor, when: str, service: str = FOOD):
    return tickets.take(actor=actor, hall=HALL, service=service, id=uuid4(), now=at(when))


def came(got, when: str):
    return bookings.come(number=got.number, secret=got.secret, now=at(when))


def called(actor, when: str, desk: str = "1"):
    """The label of the next one, with the one before finished first."""
    ticket = tickets.call_next(actor=actor, hall=HALL, desk=desk, now=at(when))
    if ticket is not None:
        tickets.begin(actor=actor, ticket=ticket.pk, now=at(when))
    return ticket and ticket.label
