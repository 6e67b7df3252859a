"""What a person gets of all that assistance holds about her, and what is left of it after erasing."""

from __future__ import annotations

from datetime import date

import orjson
import pytest
from django.apps import apps

from tests.conftest import at
from tests.domains.assistance.conftest import NOW, lives
from tests.domains.assistance.offices import BEGIN, applied, do, granted, until_opinion
from yiwang.domains.assistance import held, held_beside
from yiwang.domains.assistance.discovery import screening, sending
from yiwang.domains.assistance.models import Application, Award, Decision, Finding, HelpNeed, Visit
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import queries


def test_every_table_of_assistance_is_given_to_the_person_or_says_why_it_is_about_nobody():
    """A new table that is in neither fails here: say in `held_beside` where the person gets it."""
    tables = {one.__name__ for one in apps.get_app_config("assistance").get_models()}
    assert tables == set(held_beside.GIVEN) | set(held_beside.OF_NOBODY)
    assert not set(held_beside.GIVEN) & set(held_beside.OF_NOBODY)
    assert all(len(why) > 10 for why in held_beside.OF_NOBODY.values())


def test_what_the_declaration_names_is_in_what_is_given(dadong):
    person = Person.objects.get(pk=Application.objects.get(pk=granted().pk).person)
    told = held.give(person)
    assert set(held_beside.GIVEN.values()) <= set(told)
    for name in ("applications", "awards", "visits", "data_checks", "decisions", "publicity"):
        assert told[name], name
    assert told["visits"][0]["found"]["seen"] == "家中两人，无就业收入。"
    assert [one["step"] for one in told["decisions"]][:1] == ["opinion"]
    orjson.dumps(told, default=str)


@pytest.fixture
def found(lake, settings, tmp_path):
    """A household of one that screening has found."""
    house = lives(20_000, ill=True)
    lake()
    screening.screen(actor=SYSTEM, now=NOW, residents=screening.everybody(NOW))
    return house


def one_of(house) -> Person:
    return queries.members(house.pk)[0]


def test_what_was_found_about_the_household_when_and_what_came_of_it_is_given(found):
    sending.send(NOW)
    told = held.give(one_of(found))["findings"]
    assert len(told) == Finding.objects.filter(household=found.pk).count() > 0
    assert all(
        one["found_at"] and one["cause"] and one["state"] == "checking" and one["visit"] for one in told
    )
    assert any(one["explanation"] for one in told)


def test_with_the_last_member_what_was_found_is_emptied_and_waits_for_nobody(found):
    Finding.objects.update(explanation='{"conditions": []}', missing=["wage"])
    HelpNeed.objects.create(
        id=found.pk,
        district="210104",
        household=found.pk,
        area_id=found.area_id,
        kind="goods",
        item="rice",
        quantity=1,
        urgency="soon",
        until=date(2026, 10, 1),
        note="行动不便",
        entered_at=NOW,
        entered_by_id=_user(),
    )
    done = held.erase(one_of(found), NOW)
    assert done == {"findings": Finding.objects.count()}
    assert set(Finding.objects.values_list("state", "explanation")) == {("lapsed", "")}
    assert HelpNeed.objects.get().note == ""


def test_while_somebody_is_on_the_way_to_the_last_member_nothing_is_erased(found):
    sending.send(NOW)
    assert held.hinder(one_of(found))


def test_erasing_a_refused_application_empties_what_was_seen_and_said_there(dadong):
    matter = applied(members=[])
    now = until_opinion(matter)
    do(matter, "opinion", "against", now, reason="收入超过标准")
    person = Person.objects.get(pk=Application.objects.get().person)
    assert not Award.objects.exists()
    held.erase(person, at("2026-10-01T10:00"))
    assert set(Visit.objects.values_list("findings", "signed_by")) == {("", "")}
    assert set(Decision.objects.values_list("reason", "explanation")) == {("", "")}
    assert held.give(person)["visits"] == [] or not held.give(person)["visits"][0]["found"]


def test_what_money_was_paid_on_stays(dadong):
    matter = granted(now=BEGIN)
    person = Person.objects.get(pk=Application.objects.get(pk=matter.pk).person)
    held.erase(person, at("2026-10-01T10:00"))
    assert Decision.objects.filter(matter=matter).exclude(reason="").exists()


def _user() -> int:
    from tests.people import user

    return user("aid-county").pk
