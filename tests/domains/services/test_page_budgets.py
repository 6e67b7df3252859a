"""How many questions a page of services asks the database: as many with sixty applications as with three."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.budgets import Asked
from tests.conftest import at
from tests.domains.services.test_applications import applied
from tests.people import person
from yiwang.domains.services.hall import tickets

HALL = "service-centre"
PAGES = [  # (post or '' for anybody, address, at most)
    ("", "/services", 7),
    ("", "/services?q=开饭店", 7),
    ("", "/services/food-business-licence", 2),
    ("", "/services/food-business-licence/apply", 4),
    ("", "/services/once/restaurant", 2),
    ("", "/appointments", 2),
    ("", f"/appointments/at/{HALL}?service=food-business-licence", 5),
    ("", f"/screen/{HALL}", 2),
    ("", f"/screen/{HALL}/now", 2),
    ("window-clerk", "/work", 7),
    ("window-clerk", "/hall", 4),
    ("window-clerk", f"/hall/{HALL}/desk/1", 6),
    ("window-clerk", f"/hall/{HALL}/figures", 6),
    ("hall-guide", f"/hall/{HALL}/tickets", 6),
    ("licence-officer", "/licences", 5),
]


def more(count: int, start: int = 0) -> None:
    guide = person("hall-guide")
    for n in range(start, start + count):
        applied(now=at("2026-09-24T10:00") + timedelta(minutes=n))
        tickets.take(
            actor=guide, hall=HALL, service="food-business-licence", id=uuid4(), now=at("2026-09-24T15:00") + timedelta(seconds=n),
        )  # fmt: skip


def asked(client, address: str) -> list[str]:
    assert client.get(address).status_code == 200, address  # what the process keeps is there from now on
    with Asked() as captured:
        client.get(address)
    return [one["sql"] for one in captured.captured_queries]


@pytest.mark.django_db
def test_pages_ask_no_more_with_many_applications_than_with_few(world, visitor, signed_in):
    more(3)
    clients = {who: signed_in(who) if who else visitor for who in dict.fromkeys(who for who, _a, _n in PAGES)}
    few = {address: asked(clients[who], address) for who, address, _most in PAGES}
    more(57, 3)
    over = []
    for who, address, most in PAGES:
        found = asked(clients[who], address)
        if len(found) > most or len(found) > len(few[address]):
            over.append((address, most, len(few[address]), len(found), found))
    assert over == []


def test_the_page_of_one_application_asks_little(world, visitor, signed_in):
    got = applied(now=at("2026-09-24T10:00"))
    clerk = signed_in("window-clerk")
    assert len(asked(clerk, f"/matters/{got.number}")) <= 20
    visitor.post("/follow", {"number": got.number, "secret": got.secret})
    assert len(asked(visitor, f"/follow/{got.number}")) <= 15
