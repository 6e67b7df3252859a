"""People and households: registered, found, changed; what is known of them, from whom and as of when."""

import datetime as dt
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from tests.kernel.people.made import (
    FUJIA,
    HUALU,
    NOW,
    SINCE,
    couple,
    household,
    number,
    resident,
    worker,
)
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.registers.models import Household, Person
from yiwang.kernel.registers.people import actions, journal, opening, queries
from yiwang.kernel.registers.people.facts import unpack

pytestmark = pytest.mark.usefixtures("dadong")


def facts(one, day=date(2026, 9, 1), actor=SYSTEM, source="医保", **values):
    which = {"person" if isinstance(one, Person) else "household": one.pk}
    return actions.set_facts(actor=actor, values=values, source=source, as_of=day, now=NOW, **which)


def test_a_person_is_found_by_the_number_whatever_way_it_is_typed():
    _house, head, _spouse = couple()
    typed = head.id_number[:6] + " " + head.id_number[6:14] + "-" + head.id_number[14:]
    assert queries.find(worker(), id_number=typed).pk == head.pk


def test_a_person_is_found_by_phone():
    _house, _head, spouse = couple()
    assert queries.find(worker(), phone="138 0000 0022").pk == spouse.pk


def test_neither_number_nor_name_nor_phone_nor_facts_lie_open_in_the_database():
    _house, head, spouse = couple()
    facts(spouse, medical_own_paid=7_654_321)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number, id_hash, phone, phone_hash, facts FROM registers_person")
        text = str(cursor.fetchall())
    for secret in (head.id_number, spouse.id_number, "测试", "13800000022", "7654321", "medical"):
        assert secret not in text


def test_a_number_stands_in_the_register_once():
    couple()
    with pytest.raises(Conflict):
        resident(name="别人", order=13)


def test_a_community_worker_finds_nobody_of_another_community():
    house, head, _spouse = couple(FUJIA)
    with pytest.raises(NotFound):
        queries.find(worker(HUALU), id_number=head.id_number)
    with pytest.raises(NotFound):
        queries.see_household(worker(HUALU), house.pk)
    with pytest.raises(Denied):
        facts(head, actor=worker(HUALU), employed=True)


def test_a_leader_who_may_see_all_matters_sees_no_people():
    house, _head, _spouse = couple()
    with pytest.raises(NotFound):
        queries.see_household(person("leader"), house.pk)
    assert queries.households(person("leader")) == []


def test_a_page_of_households_goes_on_after_the_last_one_of_the_page_before():
    made = {household(area).pk for area in (HUALU, FUJIA) for _n in range(3)}
    found, after = [], None
    while rows := queries.households(SYSTEM, after=after, limit=2):
        found += [row.pk for row in rows]
        after = rows[-1].pk
    assert len(found) == 6
    assert set(found) == made
    assert {row.area_id for row in queries.households(SYSTEM, area="210104002009")} == {HUALU}


def test_a_household_shows_its_members_masked_and_health_and_money_not_at_all():
    house, _head, spouse = couple()
    facts(spouse, serious_illness=True, employed=False)
    facts(house, deposits=100, housing_area=60)
    view = queries.see_household(worker(), house.pk)
    assert [one.relation for one in view.members] == ["head", "spouse"]
    second = view.members[1]
    assert (second.name, second.phone) == ("测**", "138****0022")
    assert second.id_number.startswith("210") and "***" in second.id_number
    assert second.facts["employed"].value is False
    assert second.hidden["serious_illness"] == ("医保", date(2026, 9, 1))
    assert set(view.facts) == {"housing_area"} and set(view.hidden) == {"deposits"}
    assert view.address == "大东路**"


def test_opening_a_household_is_on_record_for_each_of_its_members():
    house, head, spouse = couple()
    facts(spouse, serious_illness=True)
    view = opening.open_household(actor=worker(), household=house.pk, purpose="核对低保申请", now=NOW)
    assert view.members[1].facts["serious_illness"].value is True
    assert view.members[1].id_number == spouse.id_number
    rows = PurposeLog.objects.filter(subject_kind="person")
    assert {(row.subject_id, row.purpose) for row in rows} == {
        (str(head.pk), "核对低保申请"),
        (str(spouse.pk), "核对低保申请"),
    }


def test_nothing_is_opened_without_saying_what_for():
    house, _head, _spouse = couple()
    with pytest.raises(Invalid):
        opening.open_household(actor=worker(), household=house.pk, purpose="", now=NOW)
    assert not PurposeLog.objects.exists()


def test_a_newer_fact_replaces_and_the_older_one_is_still_found():
    _house, head, _spouse = couple()
    facts(head, employed=True)
    facts(head, date(2026, 9, 20), source="人社", employed=False)
    assert queries.known(Person.objects.get(pk=head.pk))["employed"].value is False
    first, *_rest = queries.changes_of(person=head.pk, what="employed")
    assert first.was == {"value": True, "source": "医保", "as_of": "2026-09-01"}
    assert first.became == {"value": False, "source": "人社", "as_of": "2026-09-20"}


def test_an_older_fact_that_comes_late_changes_nothing():
    _house, head, _spouse = couple()
    facts(head, date(2026, 9, 20), employed=False)
    assert facts(head, date(2026, 9, 1), employed=True) == ()
    assert queries.known(Person.objects.get(pk=head.pk))["employed"].value is False


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"salary": 1}, "no_variable"),
        ({"deposits": 1}, "wrong_entity"),
        ({"wage": 12.5}, "bad_value"),
        ({"wage": -1}, "bad_value"),
        ({"disability_grade": 7}, "bad_value"),
        ({"student": "university"}, "bad_value"),
        ({"born_on": "never"}, "bad_value"),
        ({"died_on": "2026-01-01"}, "invalid"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_none_of_the_others_taken(values, code):
    _house, head, _spouse = couple()
    with pytest.raises(Invalid) as refused:
        facts(head, employed=True, **values)
    assert refused.value.code == code
    assert "employed" not in queries.known(Person.objects.get(pk=head.pk))


def test_a_fact_of_tomorrow_is_refused():
    _house, head, _spouse = couple()
    with pytest.raises(Invalid):
        facts(head, date(2026, 9, 25), employed=True)


def test_when_the_head_dies_the_spouse_becomes_head():
    house, head, spouse = couple()
    resident(house, "child", "测试丙", "19900101", 33)
    actions.die(actor=worker(), person=head.pk, on=date(2026, 9, 20), source="公安", now=NOW)
    house.refresh_from_db()
    spouse.refresh_from_db()
    assert (house.head_id, spouse.relation) == (spouse.pk, "head")
    assert head.pk not in {one.pk for one in queries.members(house.pk)}
    assert [one.what for one in queries.changes_of(person=head.pk)][0] == "died"
    before = journal.last_change()
    actions.die(actor=worker(), person=head.pk, on=date(2026, 9, 20), source="公安", now=NOW)
    assert journal.last_change() == before


def test_who_joins_another_household_leaves_the_first_and_an_empty_one_has_left():
    first = household()
    one = resident(first)
    second = household(FUJIA)
    actions.join_household(
        actor=SYSTEM, person=one.pk, household=second.pk, relation="head", on=date(2026, 9, 1), now=NOW
    )
    one.refresh_from_db()
    first.refresh_from_db()
    assert (one.household_id, one.area_id) == (second.pk, FUJIA)
    assert first.left == date(2026, 9, 1)
    assert Household.objects.get(pk=second.pk).head_id == one.pk


def test_a_household_moves_with_all_its_members():
    house, head, spouse = couple()
    actions.move_household(
        actor=SYSTEM, household=house.pk, area=FUJIA, address="小北街8号", on=date(2026, 9, 1), now=NOW
    )
    assert set(Person.objects.filter(pk__in=[head.pk, spouse.pk]).values_list("area", flat=True)) == {FUJIA}
    with pytest.raises(Invalid):
        actions.move_household(
            actor=SYSTEM, household=house.pk, area="210104", address="x", on=SINCE, now=NOW
        )


def test_who_moved_away_is_in_no_household_and_takes_no_part():
    house, head, spouse = couple()
    actions.move_away(actor=SYSTEM, person=spouse.pk, on=date(2026, 9, 1), now=NOW)
    assert [one.pk for one in queries.members(house.pk)] == [head.pk]
    with pytest.raises(Conflict):
        actions.join_household(
            actor=SYSTEM, person=spouse.pk, household=house.pk, relation="spouse", on=SINCE, now=NOW
        )


def test_changes_are_read_on_from_a_number():
    start = journal.last_change()
    _house, head, _spouse = couple()
    facts(head, wage=100_00, employed=True)
    seen = journal.changes_since(start, limit=3)
    assert [one.seq for one in seen] == [start + 1, start + 2, start + 3]
    rest = journal.changes_since(seen[-1].seq)
    assert {one.what for one in rest} >= {"wage", "employed"}
    (wage,) = journal.changes_since(start, what=["wage"])
    assert (wage.person, wage.household, wage.was, wage.became["value"]) == (
        head.pk,
        head.household_id,
        None,
        10000,
    )


def test_the_same_person_registered_twice_by_the_same_id_is_one():
    house = household()
    one = resident(house)
    again = actions.register_person(
        actor=SYSTEM, id=one.pk, name=one.name, id_number=number(), area=HUALU, since=SINCE, now=NOW
    )
    assert again.pk == one.pk
    assert set(unpack(one.facts)) == {"born_on", "sex"}
    assert unpack(one.facts)["sex"].value == "female"


def test_somebody_not_born_yet_is_refused():
    with pytest.raises(Invalid):
        resident(born=(NOW + dt.timedelta(days=9)).strftime("%Y%m%d"))


def test_a_household_that_nobody_lives_in_any_more_is_opened_for_a_purpose_too():
    house = household()
    one = resident(house)
    facts(house, deposits=100)
    actions.die(actor=SYSTEM, person=one.pk, on=date(2026, 9, 20), source="公安", now=NOW)
    with pytest.raises(Invalid):
        opening.open_household(actor=worker(), household=house.pk, purpose="", now=NOW)
    sees_only = replace(worker(), reach={"see": worker().reach["see"]})
    with pytest.raises(Denied):
        opening.open_household(actor=sees_only, household=house.pk, purpose="核对低保申请", now=NOW)
    view = opening.open_household(actor=worker(), household=house.pk, purpose="核对低保申请", now=NOW)
    assert view.facts["deposits"].value == 100
    look = PurposeLog.objects.get()
    assert (look.subject_kind, look.subject_id) == ("household", str(house.pk))


def test_an_id_that_is_there_already_gives_nobody_what_lies_elsewhere():
    house = household(FUJIA)
    one = resident(house)
    with pytest.raises(Denied):
        actions.register_household(
            actor=worker(HUALU), id=house.pk, area=HUALU, address="大东路1号", since=SINCE, now=NOW
        )
    with pytest.raises(Denied):
        actions.register_person(
            actor=worker(HUALU),
            id=one.pk,
            name="测试甲",
            id_number=one.id_number,
            area=HUALU,
            since=SINCE,
            now=NOW,
        )


def test_nobody_comes_into_a_household_that_has_left():
    house = household()
    one = resident(house)
    actions.move_away(actor=SYSTEM, person=one.pk, on=date(2026, 9, 1), now=NOW)
    with pytest.raises(Conflict):
        resident(house, order=15)
