"""Somebody dies while an application is open: whoever works on it is told and decides; the machine stops nothing."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
import pytest

from tests.conftest import at
from tests.domains.assistance.offices import BEGIN, IDS, applied, do, open_nodes, until_opinion, who
from yiwang.domains.assistance import bereavement
from yiwang.domains.assistance.discovery import alerts
from yiwang.domains.assistance.models import Application, Award, Bereavement, Decision
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Denied, Invalid
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Event, Matter
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.registers.models_people import Person
from yiwang.kernel.registers.people import actions as registry

pytestmark = pytest.mark.usefixtures("dadong")
MEMBERS = [
    {"name": "李大明", "relation": "child", "id_number": IDS[1]},
    {"name": "李小明", "relation": "grandchild", "id_number": IDS[2]},
]
ON = date(2026, 9, 2)


def numbered(number: str) -> Person:
    return next(one for one in Person.objects.all() if one.id_number == number)


def dies(number: str, now=None) -> None:
    registry.die(
        actor=SYSTEM, person=numbered(number).pk, on=ON, source="公安", now=now or at("2026-09-03T12:00")
    )
    listen(now)


def listen(now=None) -> None:
    while alerts.follow(now or at("2026-09-03T12:00")):
        pass


@pytest.fixture
def surveyed() -> Matter:
    """An application of a mother, her grown-up son and a grandchild, before the first opinion."""
    matter = applied(members=MEMBERS)
    until_opinion(matter)
    return matter


def decide(matter: Matter, answer: str, **more) -> Bereavement:
    row = Bereavement.objects.get(matter=matter)
    given = {"actor": who("aid_officer"), "why": "已上门核实", "now": at("2026-09-03T15:00")} | more
    return bereavement.answer(id=row.pk, answer=answer, **given)


def test_the_applicants_death_is_told_once_to_who_works_on_it_and_marked_in_the_queue(surveyed):
    before = Event.objects.filter(matter=surveyed).count()
    dies(IDS[0])
    listen()
    row = Bereavement.objects.get()
    assert (row.matter_id, row.applicant, row.answer, row.died_on) == (surveyed.pk, True, "", ON)
    surveyed.refresh_from_db()
    assert surveyed.priority == 1 and surveyed.state == "open"
    assert Event.objects.filter(matter=surveyed).count() == before + 1
    assert Notice.objects.filter(matter=surveyed, topic="reminded", post="aid_officer").count() == 1
    assert open_nodes(surveyed) == {"opinion"}
    # Nobody is named in the record.
    assert "王秀兰" not in str(Event.objects.filter(matter=surveyed).order_by("-seq").first().data)


def test_no_opinion_is_given_before_somebody_has_looked(surveyed):
    dies(IDS[0])
    for outcome in ("support", "against"):
        with pytest.raises(Conflict) as caught:
            do(surveyed, "opinion", outcome, at("2026-09-03T14:00"))
        assert caught.value.code == "died"


def test_another_grown_up_member_goes_on_in_the_applicants_place_and_the_dead_ones_account_is_nobodys(
    surveyed,
):
    dies(IDS[0])
    son, child = numbered(IDS[1]), numbered(IDS[2])
    assert [one.pk for one in bereavement.successors(Bereavement.objects.get(), BEGIN)] == [son.pk]
    for wrong in (None, child.pk):
        with pytest.raises(Invalid) as caught:
            decide(surveyed, "goes_on", successor=wrong)
        assert caught.value.where == "successor"
    decide(surveyed, "goes_on", successor=son.pk)
    own = Application.objects.get(pk=surveyed.pk)
    assert (own.name, own.id_number, own.person, own.account) == ("李大明", IDS[1], son.pk, "")
    assert [one["name"] for one in orjson.loads(own.members)] == ["李大明", "李小明"]
    assert own.members_count == 2
    do(surveyed, "opinion", "support", at("2026-09-03T16:00"), amount="600")
    surveyed.refresh_from_db()
    assert surveyed.data["members"] == 2 and "2人" in surveyed.title
    assert Decision.objects.get(matter=surveyed, node="opinion").fen == 60000


def test_after_a_members_death_the_household_is_counted_anew(surveyed):
    dies(IDS[1])
    assert bereavement.choices(Bereavement.objects.get()) == ["recount"]
    decide(surveyed, "recount")
    own = Application.objects.get(pk=surveyed.pk)
    assert (own.name, own.members_count) == ("王秀兰", 2)
    assert [one["id_number"] for one in orjson.loads(own.members)] == [IDS[0], IDS[2]]


def test_nobody_goes_on_with_what_was_for_the_dead_person_alone_and_it_is_closed_with_reasons():
    matter = applied("single_guarantee", members=[])
    until_opinion(matter)
    dies(IDS[0])
    assert bereavement.choices(Bereavement.objects.get()) == ["closed"]
    for why in ("", " "):
        with pytest.raises(Invalid) as caught:
            decide(matter, "closed", why=why)
        assert caught.value.where == "why"
    for _twice in range(2):
        decide(matter, "closed")
    matter.refresh_from_db()
    assert matter.state == "void" and not open_nodes(matter)
    kept = Decision.objects.get(matter=matter, outcome="closed")
    assert kept.reason == "已上门核实" and kept.by_id
    assert Event.objects.filter(matter=matter, action="void", actor__startswith="user:").count() == 1
    assert not Award.objects.filter(matter=matter).exists()


def test_who_has_no_step_of_it_decides_nothing(surveyed):
    dies(IDS[0])
    for post in ("aid_window", "aid_county", "aid_leader", "aid-officer-210104002"):
        with pytest.raises(Denied):
            decide(surveyed, "closed", actor=who(post))
    with pytest.raises(Conflict):
        decide(surveyed, "closed")
        decide(surveyed, "goes_on")


def test_a_death_during_publicity_waits_for_who_decides_and_can_go_back_to_the_opinion(surveyed):
    do(surveyed, "opinion", "support", at("2026-09-03T11:00"), amount="980.50")
    now = at("2026-09-12T10:00")
    timers.fire_due(now)
    dies(IDS[1], now)
    with pytest.raises(Conflict):
        do(surveyed, "county_review", "grant", now, amount="980.50")
    decide(surveyed, "recount", actor=who("aid_county"), now=now)
    do(surveyed, "county_review", "grant", now, amount="600", reason="成员减少，重新计算")
    do(surveyed, "decide", "grant", now + timedelta(days=1), amount="600", reason="成员减少，重新计算")
    award = Award.objects.get(matter=surveyed)
    assert (award.members, award.fen) == (2, 60000)


def test_a_death_that_the_registers_knew_before_the_acceptance_is_told_when_it_is_accepted():
    first = applied(members=MEMBERS)
    until_opinion(first)
    registry.die(actor=SYSTEM, person=numbered(IDS[1]).pk, on=ON, source="公安", now=at("2026-09-03T12:00"))
    listen()
    second = applied("relief_expenditure", members=MEMBERS, now=at("2026-09-04T09:00"))
    do(second, "accept", "accept", at("2026-09-04T10:00"))
    row = Bereavement.objects.get(matter=second)
    assert (row.applicant, row.person) == (False, numbered(IDS[1]).pk)


def test_what_is_decided_already_is_left_to_the_review_of_the_award(surveyed):
    do(surveyed, "opinion", "support", at("2026-09-03T11:00"), amount="980.50")
    now = at("2026-09-12T10:00")
    timers.fire_due(now)
    do(surveyed, "county_review", "grant", now, amount="980.50")
    do(surveyed, "decide", "grant", now + timedelta(days=1), amount="980.50")
    dies(IDS[0], now + timedelta(days=2))
    assert not Bereavement.objects.exists()
    assert Award.objects.get(matter=surveyed).reviews.filter(why="death").count() == 1
