"""People find a service, read its guide and see the figures of the catalogue."""

from __future__ import annotations

import pytest

from yiwang.domains.services import guides
from yiwang.kernel.packs.rulebook import current


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_resident_types_a_wish_and_reads_the_guide(visitor):
    page = text(visitor.get("/services", {"q": "我想开个小饭店"}))
    assert 'href="/services/food-business-licence"' in page
    guide = text(visitor.get("/services/food-business-licence"))
    for said in (
        "5 working days",
        "10 working days",
        "no visit needed",
        "you need not bring it",
        "may be brought later",
        "example value",
        "中华人民共和国食品安全法",
    ):
        assert said in guide, said


def test_the_guide_says_day_by_day_when_it_would_be_done(visitor, time):
    time.set("2026-09-24T16:30")  # a Thursday before the Mid-Autumn Festival
    guide = text(visitor.get("/services/food-business-licence"))
    assert "due 9 Oct 2026" in guide


@pytest.mark.parametrize("address", ["/services/nothing", "/services/topics/nothing"])
def test_what_does_not_exist_is_said_in_words(visitor, address):
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "nothing" in text(answer)


def test_topics_and_departments_lead_to_every_service(visitor, world, time):
    rules = current()
    there = {one.slug for group in guides.by_topic(rules, time.now) for one in group.services}
    assert there == set(rules.services)
    assert sum(n for _unit, n in guides.by_unit(rules, time.now)) == len(rules.services)
    page = text(visitor.get("/services", {"unit": "police"}))
    assert 'href="/services/identity-card"' in page


def test_the_figures_of_the_catalogue_count_unknown_as_neither(world):
    services = list(current().services.values())
    rates = guides.rates(services)
    assert rates.services == len(services) >= 40
    assert rates.no_visit <= rates.one_visit <= 1
    assert rates.whole_online <= rates.online
    assert guides.rates([]) == guides.Rates(0, None, None, None, None, None, None)


def test_a_promise_in_other_days_than_the_law_is_not_compared(world):
    rules = current()
    assert guides.shortened(rules.services["food-business-licence"]) == 0.5
    assert guides.shortened(rules.services["vaccination-certificate"]) is None


def test_services_that_are_no_longer_offered_are_not_listed(world, time):
    from dataclasses import replace
    from datetime import date

    one = replace(current().services["identity-card"], valid_to=date(2026, 9, 23))
    assert not one.in_force(date(2026, 9, 24)) and one.in_force(date(2026, 9, 23))
