"""Who is visited, and who is not visited again: capacity, households that moved or got help meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.domains.assistance.conftest import NOW, lives, tell
from tests.domains.assistance.test_screening import award, county_settings, run
from tests.kernel.people.made import FUJIA, HUALU
from tests.people import person
from yiwang.domains.assistance.discovery import sending
from yiwang.domains.assistance.models import Application, Award, Finding
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers.people import actions as people

LATER = NOW + timedelta(days=1)


@pytest.fixture
def county(small_law):
    return person("aid-county")


def visits(**where) -> int:
    return Matter.objects.filter(kind="assistance_finding", state="open", **where).count()


def applied(house, programme="guarantee", state="open") -> None:
    matter = actions.open(
        actor=SYSTEM, kind="assistance_application", id=uuid4(), title="申请", area=house.area_id,
        source="counter", now=NOW, data={"programme": programme, "members": 1, "kin": False},
    )  # fmt: skip
    Application.objects.create(
        matter=matter, district="210104", programme=programme, channel="counter", household=house.pk,
        digest="-", received_at=NOW,
    )  # fmt: skip
    if state != "open":
        Matter.objects.filter(pk=matter.pk).update(state=state)


def test_a_household_that_is_being_visited_takes_no_room_from_the_others(county, monkeypatch):
    monkeypatch.setitem(county_settings(), "findings_open", 2)
    first, second = lives(10_000, order=12), lives(20_000, order=14)
    run(county, first)
    assert sending.send(NOW) == 1
    tell({"serious_illness": True}, on=date(2026, 9, 20), person=_only(first).pk)
    run(county, first, second, now=LATER)
    assert Finding.objects.filter(household=first.pk, state="waiting").update(severity=1000) == 1
    assert sending.send(LATER) == 1
    assert Finding.objects.filter(household=second.pk, state="checking").exists()


def _only(house):
    from yiwang.kernel.registers.people import queries

    (one,) = queries.members(house.pk)
    return one


def test_a_household_that_moved_is_visited_where_it_lives_and_takes_that_communitys_room(county, monkeypatch):
    monkeypatch.setitem(county_settings(), "findings_open", 1)
    there, moved = lives(10_000, area=FUJIA, order=12), lives(20_000, order=14)
    run(county, there, moved)
    people.move_household(
        actor=SYSTEM, household=moved.pk, area=FUJIA, address="大东路9号", on=date(2026, 9, 20), now=NOW
    )
    sending.send(NOW)
    sending.send(NOW)
    assert (visits(area=FUJIA), visits(area=HUALU)) == (1, 0)
    assert set(Finding.objects.filter(household=moved.pk).values_list("area", flat=True)) == {FUJIA}


def test_who_got_the_help_meanwhile_is_not_visited_for_it(county):
    house = lives(20_000)
    run(county, house)
    award(house)
    assert sending.send(NOW) == 0
    assert set(Finding.objects.values_list("state", flat=True)) == {"lapsed"}


def test_whose_help_has_ended_meanwhile_is_not_visited_because_it_may_end(county):
    house = lives(200_000)
    running = award(house)
    run(county, house)
    assert Finding.objects.get(says="ending").state == "waiting"
    Award.objects.filter(pk=running.pk).update(state="ended")
    assert sending.send(NOW) == 0


def test_what_is_applied_for_is_neither_raised_nor_visited(county):
    house, other = lives(20_000, order=12), lives(20_000, order=14)
    applied(house)
    run(county, house, other)
    assert not Finding.objects.filter(household=house.pk, cause="guarantee").exists()
    assert Finding.objects.filter(household=other.pk, cause="guarantee").exists()
    applied(other)
    assert sending.send(NOW) == 0


def test_an_application_that_has_ended_hides_nothing(county):
    house = lives(20_000)
    applied(house, state="closed")
    run(county, house)
    assert Finding.objects.filter(household=house.pk, cause="guarantee").exists()


def test_the_note_of_a_visit_names_no_numbers(county):
    house = lives(20_000)
    run(county, house)
    sending.send(NOW)
    task = Matter.objects.get(findings__household=house.pk).tasks.get(state="open")
    for note in ("身份证210104195001011231", "电话13800000022，愿意申请"):
        with pytest.raises(Invalid) as refused:
            actions.complete(
                actor=person(f"worker-{HUALU}"), task=task.pk, outcome="unfit", note=note, now=NOW
            )
        assert refused.value.where == "note"


def test_a_cost_of_working_is_no_income_that_may_be_lower():
    from yiwang.core.policy import Fact, Population
    from yiwang.core.policy.facts import Facts
    from yiwang.domains.assistance.discovery import asking

    facts = [
        Fact("wage", "person", "money", "工资", unit="month"),
        Fact("work_cost", "person", "money", "就业成本", unit="month"),
        Fact("business_income", "person", "money", "经营", unit="month", negative=True),
    ]
    some = Population.of_records(
        Facts(facts), [({}, [{"wage": 100_000, "work_cost": 10_000, "business_income": -50_000}])]
    )
    poorer = asking.poorer(some, 0.1)
    (part,) = poorer.parts()
    values = {name: int(part.columns[name].values[0]) for name in ("wage", "work_cost", "business_income")}
    assert values == {"wage": 90_000, "work_cost": 10_000, "business_income": -50_000}
