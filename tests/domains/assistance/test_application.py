"""From the application to the decision: what the law asks at each step, and its clocks."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import orjson
import pytest

from tests.conftest import at
from tests.domains.assistance.offices import (
    BEGIN,
    IDS,
    POSTS,
    applied,
    do,
    granted,
    open_nodes,
    task,
    until_opinion,
    who,
)
from tests.people import person
from yiwang.domains.assistance import applying, publishing
from yiwang.domains.assistance.models import (
    Application,
    Award,
    DataCheck,
    Decision,
    Kinship,
    Publicity,
    Visit,
)
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Event, Matter

pytestmark = pytest.mark.usefixtures("dadong")


def test_a_household_that_applies_is_granted_its_guarantee_from_the_next_month():
    matter = granted()
    assert matter.state == "closed"
    award = Award.objects.get(matter=matter)
    assert (award.programme, award.fen, award.members, award.state) == (
        "minimum_guarantee",
        98050,
        2,
        "running",
    )
    assert str(award.since) == "2026-10-01"
    assert str(award.review_due) == "2027-10-01"
    assert award.name == "王秀兰"
    assert Decision.objects.filter(matter=matter, node="decide", delivered_at__isnull=False).count() == 1


def test_the_clocks_are_those_of_the_law():
    matter = applied()
    do(matter, "accept", "accept", BEGIN + timedelta(hours=1))
    assert open_nodes(matter) == {"arrange", "data_check"}
    assert task(matter, "arrange").due_at == at("2026-09-04T17:30")  # three working days
    row = Application.objects.get(pk=matter.pk)
    # Thirty working days over Mid-Autumn, National Day and the make-up workdays.
    assert row.due_at == at("2026-10-19T17:00")


def test_what_is_missing_is_told_once():
    matter = applied()
    do(matter, "accept", "missing", BEGIN, material_promise="missing")
    assert Application.objects.get(pk=matter.pk).materials["promise"] == "missing"
    do(matter, "supplement", "complete", BEGIN + timedelta(days=2))
    with pytest.raises(Invalid):
        do(matter, "accept", "missing", BEGIN + timedelta(days=2), material_form="missing")
    do(matter, "accept", "accept", BEGIN + timedelta(days=2))


def test_an_application_with_a_paper_missing_is_not_accepted():
    matter = applied()
    with pytest.raises(Invalid) as caught:
        do(matter, "accept", "accept", BEGIN, material_identity="missing")
    assert caught.value.where == "material_identity"


def test_what_is_not_accepted_is_told_in_writing_within_three_working_days():
    matter = applied()
    do(matter, "accept", "refuse", BEGIN, reason="户籍不在本区，已指引到户籍地申请。")
    assert task(matter, "notify_not_accepted").limit == "3wd"
    do(matter, "notify_not_accepted", "delivered", BEGIN + timedelta(days=1))
    assert Matter.objects.get(pk=matter.pk).state == "closed"


def test_an_account_that_is_missing_is_written_down_at_the_window_and_stands_in_no_event():
    matter = applied(account={})
    number = "6222020000000005678"
    with pytest.raises(Invalid) as caught:
        do(matter, "accept", "accept", BEGIN, account_bank="盛京银行", account_number="123")
    assert caught.value.where == "account_number"
    do(matter, "accept", "accept", BEGIN, account_bank="盛京银行", account_number=number)
    kept = orjson.loads(Application.objects.get(pk=matter.pk).account)
    assert kept == {"bank": "盛京银行", "number": number, "holder": "王秀兰"}
    assert not [row for row in Event.objects.filter(matter=matter) if number in str(row.data)]


def test_a_relative_on_the_staff_that_the_window_hears_of_stands_in_the_special_register():
    matter = applied()
    with pytest.raises(Invalid):
        do(matter, "accept", "accept", BEGIN, kin_name="王某")
    do(matter, "accept", "accept", BEGIN, kin_name="王某", kin_unit="长安街道办事处", kin_relation="兄妹")
    assert Kinship.objects.get(matter=matter).staff_unit == "长安街道办事处"
    assert not [row for row in Event.objects.filter(matter=matter) if "王某" in str(row.data)]
    now = BEGIN + timedelta(days=1)
    do(matter, "data_check", "done", now)
    do(matter, "arrange", "arranged", now)
    do(matter, "survey", "done", now)
    do(matter, "opinion", "against", now, reason="收入高于标准")
    assert open_nodes(matter) == {"county_visit"}


def test_an_account_that_is_there_is_not_replaced_by_the_window():
    matter = applied()
    before = Application.objects.get(pk=matter.pk).account
    do(matter, "accept", "accept", BEGIN, account_bank="盛京银行", account_number="6222020000000005678")
    assert Application.objects.get(pk=matter.pk).account == before


@pytest.mark.django_db(transaction=True)
def test_two_people_look_and_the_household_signs():
    matter = applied()
    do(matter, "accept", "accept", BEGIN)
    do(matter, "arrange", "arranged", BEGIN)
    officer = who("aid_officer")
    with pytest.raises(Invalid, match="Two people|两人"):
        do(matter, "survey", "done", BEGIN, officer, second=str(officer.id))
    with pytest.raises(Invalid) as caught:
        do(matter, "survey", "done", BEGIN, signed_by="")
    assert caught.value.where == "signed_by"
    do(matter, "survey", "done", BEGIN, signed_by="", unsigned_why="户主住院，由子女陪同")
    visit = Visit.objects.get(matter=matter)
    assert (visit.first_id, visit.second_name, visit.unsigned_why) == (
        officer.id,
        "赵同行",
        "户主住院，由子女陪同",
    )


def test_every_department_is_asked_and_what_differs_is_written_down():
    matter = applied()
    do(matter, "accept", "accept", BEGIN)
    with pytest.raises(Invalid) as caught:
        do(matter, "data_check", "done", BEGIN, check_deposit="differs")
    assert caught.value.where == "remark"
    do(matter, "data_check", "done", BEGIN, check_deposit="differs", remark="存款高于申报")
    assert DataCheck.objects.get(matter=matter, item="deposit").note == "存款高于申报"
    assert DataCheck.objects.filter(matter=matter).count() == 11


def test_the_community_is_shown_the_name_the_members_and_the_amount_for_seven_days():
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "support", now)
    row = Publicity.objects.get(matter=matter)
    assert (row.name, row.members, row.fen, row.kind) == ("王秀兰", 2, 98050, "opinion")
    assert row.until - now >= timedelta(days=7)
    assert publishing.shown("210104", now + timedelta(days=1)) == [row]
    assert timers.fire_due(row.until - timedelta(minutes=1)) == 0
    assert timers.fire_due(row.until) == 1
    assert open_nodes(matter) == {"county_review"}
    assert publishing.shown("210104", row.until) == []


def test_an_objection_leads_to_a_new_look_and_a_visit_of_the_county():
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "support", now)
    shown = Publicity.objects.get(matter=matter)
    publishing.object_to(
        publicity=shown.pk, id=uuid4(), text="该户有出租房屋", contact="", now=now + timedelta(days=3)
    )
    now += timedelta(days=8)
    timers.fire_due(now)
    assert open_nodes(matter) == {"resurvey"}
    assert Application.objects.get(pk=matter.pk).special == "objection"  # the longer limit, as at the office
    do(matter, "resurvey", "done", now)
    do(matter, "opinion", "support", now)
    assert Publicity.objects.filter(matter=matter, kind="opinion").count() == 2
    now += timedelta(days=8)
    timers.fire_due(now)
    assert open_nodes(matter) == {"county_visit"}


def test_an_objection_at_the_office_gives_the_longer_limit():
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "support", now)
    before = Application.objects.get(pk=matter.pk).due_at
    do(matter, "publicity", "objection", now, objection="邻居反映其有车", contact="匿名")
    row = Application.objects.get(pk=matter.pk)
    assert row.special == "objection"
    assert row.due_at > before
    assert publishing.shown("210104", now + timedelta(minutes=1)) == []


def test_the_county_visits_relatives_of_staff_before_it_gives_its_opinion():
    kin = {"name": "王某", "unit": "长安街道办事处", "relation": "兄妹"}
    matter = applied(kin=kin)
    assert Kinship.objects.get(matter=matter).staff_name == "王某"
    now = until_opinion(matter)
    do(matter, "opinion", "support", now)
    now += timedelta(days=8)
    timers.fire_due(now)
    assert open_nodes(matter) == {"county_visit"}
    do(matter, "county_visit", "done", now)
    assert Kinship.objects.get(matter=matter).visited_at == now
    assert open_nodes(matter) == {"county_review"}


def test_a_refusal_needs_reasons_and_is_told_in_writing_within_three_working_days():
    matter = applied()
    now = until_opinion(matter)
    with pytest.raises(Invalid) as caught:
        do(matter, "opinion", "against", now, reason="")
    assert caught.value.where == "reason"
    do(matter, "opinion", "against", now, reason="家庭月人均收入高于标准")
    assert not Publicity.objects.filter(matter=matter).exists()
    do(matter, "county_review", "refuse", now, reason="收入高于标准")
    do(matter, "decide", "refuse", now, reason="家庭月人均收入高于低保标准")
    assert task(matter, "notify_refusal").limit == "3wd"
    do(matter, "notify_refusal", "delivered", now)
    assert not Award.objects.filter(matter=matter).exists()


def test_nobody_decides_on_the_own_proposal():
    both = person("aid-county", "aid-leader", name="周双岗")
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "against", now, reason="收入高于标准")
    do(matter, "county_review", "refuse", now, both, reason="收入高于标准")
    with pytest.raises(Denied) as caught:
        do(matter, "decide", "refuse", now, both, reason="收入高于标准")
    assert caught.value.code == "own_proposal"


@pytest.mark.parametrize("step", ["county_review", "decide"])
def test_whoever_wrote_the_first_opinion_neither_reviews_it_nor_decides(step):
    """One person who holds the posts of the street and of the county at once."""
    matter = applied()
    now = until_opinion(matter)
    both = person(POSTS["aid_officer"], "aid-county", "aid-leader", name="兼职")
    do(matter, "opinion", "support", now, both)
    now += timedelta(days=8)
    timers.fire_due(now)
    if step == "decide":
        do(matter, "county_review", "grant", now)
    with pytest.raises(Denied) as caught:
        do(matter, step, "grant", now, both)
    assert caught.value.code == "own_proposal"


def test_a_decision_is_delivered_on_the_day_that_is_written_and_not_before_it_was_made():
    matter = applied()
    now = until_opinion(matter)
    do(matter, "opinion", "against", now, reason="收入高于标准")
    do(matter, "county_review", "refuse", now, reason="收入高于标准")
    do(matter, "decide", "refuse", now, reason="收入高于标准")
    with pytest.raises(Invalid) as caught:
        do(matter, "notify_refusal", "delivered", now, on=(now - timedelta(days=1)).date().isoformat())
    assert caught.value.where == "on"
    later, day = now + timedelta(days=6), (now + timedelta(days=2)).date()
    do(matter, "notify_refusal", "delivered", later, on=day.isoformat())
    assert Decision.objects.get(matter=matter, node="decide").delivered_at.date() == day


def test_a_household_that_gets_it_already_does_not_get_it_twice():
    first = granted()
    household = Award.objects.get(matter=first).household
    again = applied(now=BEGIN + timedelta(days=20))
    Application.objects.filter(pk=again.pk).update(household=household)
    now = until_opinion(again, BEGIN + timedelta(days=20))
    do(again, "opinion", "support", now)
    now += timedelta(days=10)
    timers.fire_due(now)
    do(again, "county_review", "grant", now)
    with pytest.raises(Conflict) as caught:
        do(again, "decide", "grant", now)
    assert caught.value.code == "runs_already"


def test_an_application_sent_twice_is_one_application():
    key = uuid4()
    first = applied(id=key)
    assert applied(id=key).pk == first.pk
    with pytest.raises(Conflict) as caught:
        applied(id=key, name="别人")
    assert caught.value.code == "other_content"


def test_a_resident_applies_on_line_and_follows_with_number_and_secret():
    from tests.domains.assistance.offices import community

    got = applying.apply(
        actor=resident(),
        id=uuid4(),
        now=BEGIN,
        programme="minimum_guarantee",
        channel="online",
        name="王秀兰",
        id_number=IDS[0],
        area=community(),
        phone="13840000001",
    )
    assert applying.applicant(got.matter.number, got.secret).pk == got.matter.pk
    with pytest.raises(NotFound):
        applying.applicant(got.matter.number, "wrongsecret")
    with pytest.raises(Denied):
        applying.apply(
            actor=resident(),
            id=uuid4(),
            now=BEGIN,
            programme="minimum_guarantee",
            channel="counter",
            name="王",
            id_number=IDS[0],
            area=community(),
        )


def test_nothing_personal_stands_in_the_events_or_in_the_matter():
    matter = granted()
    text = "".join(Event.objects.filter(matter=matter).values_list("body", flat=True))
    for secret in ("王秀兰", IDS[0], "13840000001", "6222020000000001234", "无就业收入", "按差额"):
        assert secret not in text
    row = Matter.objects.get(pk=matter.pk)
    assert "王" not in row.title + row.description + row.address


def test_who_is_not_in_the_register_is_written_down_when_the_application_is_accepted():
    from yiwang.kernel.registers.people import queries as people

    matter = applied()
    do(matter, "accept", "accept", BEGIN)
    row = Application.objects.get(pk=matter.pk)
    members = people.members(row.household)
    assert {one.name for one in members} == {"王秀兰", "李小明"}
    assert row.person in {one.pk for one in members}
    again = applied(now=BEGIN + timedelta(days=1))
    do(again, "accept", "accept", BEGIN + timedelta(days=1))
    assert Application.objects.get(pk=again.pk).household == row.household


def test_what_the_rules_give_is_kept_beside_the_decision_and_a_difference_needs_a_reason():
    from datetime import date

    from yiwang.domains.assistance.computing import compute

    matter = applied(members=[])
    now = until_opinion(matter)
    row = Application.objects.get(pk=matter.pk)
    found = compute("minimum_guarantee", row.household, row.person, date(2026, 9, 3))
    assert found.says == "undetermined"
    assert found.explanation["answers"][0]["missing"]
    with pytest.raises(Invalid) as caught:
        do(matter, "opinion", "support", now, reason="")
    assert caught.value.code == "no_reason"
    do(matter, "opinion", "support", now, reason="入户核实无收入")
    kept = Decision.objects.get(matter=matter, node="opinion")
    assert (kept.computed, kept.differs, kept.fen) == ("undetermined", False, 98050)
    assert "conditions" in kept.explanation
