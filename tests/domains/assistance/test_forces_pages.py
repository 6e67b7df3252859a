"""The page of social forces: enter, match, decide, give."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.domains.assistance.conftest import lives
from tests.domains.assistance.test_discovery_pages import get
from tests.kernel.people.made import FUJIA, HUALU, number
from yiwang.domains.assistance.models import HelpMatch, HelpNeed, ServiceRecord


@pytest.fixture
def house(small_law):
    return lives(30_000, order=12)


def need(client, **changed):
    fields = {
        "id": str(uuid4()),
        "id_number": number(order=12),
        "item": "money",
        "quantity": "800.50",
        "urgency": "urgent",
        "until": "2026-10-20",
    }
    return client.post("/assistance/help/need", fields | changed)


def offer(client, **changed):
    fields = {
        "id": str(uuid4()),
        "giver": "王某某",
        "giver_kind": "person",
        "phone": "13800000022",
        "item": "money",
        "capacity": "500",
        "place": "210104015001",
        "serves": "210104",
        "radius_km": "0",
        "since": "2026-09-01",
        "until": "2026-12-31",
    }
    return client.post("/assistance/help/offer", fields | changed)


def test_a_need_is_found_by_the_number_of_a_member_and_its_money_is_typed_in_yuan(house, signed_in):
    worker = signed_in(f"worker-{HUALU}")
    assert need(worker).status_code == 302
    (row,) = HelpNeed.objects.all()
    assert (row.household, row.area_id, row.quantity) == (house.pk, HUALU, 80_050)
    assert need(worker, quantity="0.001").status_code == 422
    assert need(signed_in(f"worker-{FUJIA}")).status_code == 404


def test_from_need_to_the_households_confirmation(house, signed_in):
    county = signed_in("aid-county")
    need(county)
    offer(county)
    county.post("/assistance/help/match")
    shown = get(county, "/assistance/help")
    assert "王某某" not in shown and "13800000022" not in shown and "500" in shown
    (match,) = HelpMatch.objects.all()
    assert (
        county.post(f"/assistance/help/matches/{match.pk}/decide", {"decision": "confirm"}).status_code == 302
    )
    issued = county.post(f"/assistance/help/matches/{match.pk}/voucher").content.decode()
    code = re.search(r'yw-voucher-code">([^<]+)<', issued)[1]
    assert code not in get(county, f"/assistance/help/matches/{match.pk}")
    worker = signed_in(f"worker-{HUALU}")
    assert worker.post("/assistance/help/redeem", {"code": code}).status_code == 302
    again = worker.post("/assistance/help/redeem", {"code": code})
    assert again.status_code == 409 and "used before" in again.content.decode()
    assert ServiceRecord.objects.get().quantity == 50_000


def test_a_refusal_needs_its_reason_and_what_was_typed_comes_back(house, signed_in):
    county = signed_in("aid-county")
    need(county)
    offer(county)
    county.post("/assistance/help/match")
    (match,) = HelpMatch.objects.all()
    assert county.post(f"/assistance/help/matches/{match.pk}/decide", {"why": " "}).status_code == 422
    assert (
        county.post(f"/assistance/help/matches/{match.pk}/decide", {"why": "住户不需要"}).status_code == 302
    )
    shown = offer(county, capacity="x").content.decode()
    assert "Write a number" in shown and "王某某" in shown


def test_who_helps_nobody_does_not_come_in(house, signed_in):
    assert signed_in("dispatcher").get("/assistance/help").status_code == 403
    assert signed_in(f"worker-{HUALU}").post("/assistance/help/match").status_code == 403
