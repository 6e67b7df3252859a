"""One counter takes the whole: a person with a ticket, one application for all services that her case needs."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.domains.services.restaurant import RESTAURANT
from tests.people import person
from yiwang.domains.services.hall import tickets
from yiwang.domains.services.models import Joint, Ticket
from yiwang.kernel.ui import clock

HALL, FIRE = "service-centre", "fire-safety-check"
CASE = "licence=yes&sign=no&gathering=yes&fumes=no"


@pytest.fixture
def served(world, time):
    """Somebody stands at counter 1 for a food licence."""
    time.set("2026-09-07T10:00")
    now = clock.now()
    tickets.take(actor=person("hall-guide"), hall=HALL, service="food-business-licence", id=uuid4(), now=now)
    clerk = person("window-clerk")
    ticket = tickets.call_next(actor=clerk, hall=HALL, desk="1", now=now)
    tickets.begin(actor=clerk, ticket=ticket.pk, now=now)
    return ticket


def typed() -> dict:
    rows = {
        "staff.0._": "1",
        "staff.0.name": "王大厨",
        "staff.0.health_until": "2027-06-30",
        "floors": "一层",
    }
    return {name: value for name, value in RESTAURANT.items() if name != "staff"} | rows


def test_the_clerk_is_asked_for_the_case_then_writes_one_form(served, signed_in):
    clerk = signed_in("window-clerk")
    desk = clerk.get(f"/hall/{HALL}/desk/1").content.decode()
    address = f"/hall/tickets/{served.pk}/once/restaurant"
    assert address in desk
    first = clerk.get(address).content.decode()
    assert 'name="gathering"' in first and 'name="enterprise_name"' not in first
    page = clerk.get(f"{address}?{CASE}").content.decode()
    assert page.count('name="enterprise_name"') == 1 and f'name="way_{FIRE}"' in page
    sent = typed() | {"id": str(uuid4()), "consent": "1", f"way_{FIRE}": "commitment"}
    wrong = clerk.post(f"{address}?{CASE}", sent | {"operator_id": "1"})
    assert wrong.status_code == 422 and not Joint.objects.exists()
    done = clerk.post(f"{address}?{CASE}", sent)
    own = Joint.objects.select_related("matter").get()
    assert done.status_code == 200 and own.matter.number in done.content.decode()
    assert own.channel == "counter" and own.materials["fire-drawings"] == "committed"
    assert Ticket.objects.get(pk=served.pk).matter_id == own.pk
    again = clerk.post(f"{address}?{CASE}", sent)
    assert Joint.objects.count() == 1, again.status_code


def test_an_open_question_is_asked_again_and_nobody_else_takes_it(served, signed_in):
    address = f"/hall/tickets/{served.pk}/once/restaurant"
    half = signed_in("window-clerk").get(f"{address}?licence=yes")
    assert half.status_code == 422 and 'name="gathering"' in half.content.decode()
    assert signed_in("window-clerk").get(f"/hall/tickets/{served.pk}/once/nothing").status_code == 404
    assert signed_in("hall-guide").get(f"{address}?{CASE}").status_code in (403, 404)
