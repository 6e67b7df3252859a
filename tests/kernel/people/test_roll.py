"""A roll of residents: people come into the register in bulk, are found again, and nobody is doubled."""

from datetime import date

import pytest
from django.utils import translation

from tests.kernel.people.made import FUJIA, HUALU, NOW, couple, number
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.registers.models import Change, Household, Person
from yiwang.kernel.registers.people import actions, journal, queries
from yiwang.kernel.registers.people.files import roll

HEADER = "身份证号,姓名,户号,与户主关系,社区代码,地址,电话,登记日期"


@pytest.fixture(autouse=True)
def english(dadong):
    with translation.override("en"):
        yield


def line(order, home="A1", relation="户主", area=HUALU, name="测试甲", born="19700101", phone=""):
    return f"{number(born, order)},{name},{home},{relation},{area},大东路9号,{phone},2020-05-06"


def taken(*lines, actor=SYSTEM, **options):
    data = "\n".join([HEADER, *lines]).encode()
    return roll.take_roll(actor=actor, name="花名册.csv", data=data, now=NOW, **options)


def test_people_and_their_households_come_into_an_empty_register_which_is_no_change():
    done = taken(line(11, phone="13800000001"), line(12, relation="妻"), line(13, home="B2", area=FUJIA))
    assert (done.people, done.households, done.same) == (3, 2, 0)
    found = queries.find(SYSTEM, phone="13800000001")
    view = queries.see_household(SYSTEM, found.household_id)
    assert [one.relation for one in view.members] == ["head", "spouse"]
    assert view.head == found.pk
    assert (view.area, view.since) == (HUALU, date(2020, 5, 6))
    assert queries.known(found)["sex"].value == "male"
    assert Change.objects.count() == 0


def test_the_same_roll_twice_changes_nothing_and_a_new_person_of_it_is_heard_of():
    first = (line(11), line(12, relation="配偶"))
    taken(*first)
    again = taken(*first)
    assert (again.people, again.households, again.same) == (0, 0, 2)
    grown = taken(*first, line(13, relation="长子", born="20100101"))
    assert (grown.people, grown.households, grown.same) == (1, 0, 2)
    assert Household.objects.count() == 1
    assert [one.what for one in journal.changes_since(0)] == ["registered"]


def test_somebody_known_joins_the_household_that_the_roll_says():
    _house, head, spouse = couple()
    row = f"{spouse.id_number},测试乙,N9,户主,{FUJIA},新街1号,,2026-09-01"
    assert taken(row).moved == 1
    moved = Person.objects.get(pk=spouse.pk)
    assert (moved.area_id, moved.relation) == (FUJIA, "head")
    assert moved.household_id != head.household_id
    assert taken(row).same == 1


def test_every_bad_row_is_told_and_nobody_is_taken():
    with pytest.raises(Invalid) as refused:
        taken(
            line(11),
            line(11),
            line(12),  # a second head
            line(13, relation="朋友"),
            line(14, relation="妻", area="210104"),
            line(15, relation="妻", area=FUJIA),
            line(16, home="", relation="妻"),
            line(17, home="C", name=""),
            line(18, home="D", phone="12"),
        )
    told = [(one["row"], one["column"]) for one in refused.value.errors]
    assert told == [
        (3, "身份证号"),
        *((4, "与户主关系"), (5, "与户主关系"), (6, "社区代码"), (7, "社区代码"), (8, "户号")),
        *((9, "姓名"), (10, "电话")),
    ]
    assert not Person.objects.exists()
    assert taken(line(11), line(12), partial=True).people == 1


def test_a_dry_run_writes_nothing_and_only_the_steward_takes_a_roll():
    assert taken(line(11), dry_run=True).people == 1
    assert not Person.objects.exists()
    with pytest.raises(Denied):
        taken(line(11), actor=person("aid-county"))
    assert taken(line(11), actor=person("people-steward")).people == 1


def test_a_family_that_left_and_a_new_one_with_its_number_are_two_households():
    taken(line(11, home="A1"))
    (one,) = Person.objects.all()
    actions.move_away(actor=SYSTEM, person=one.pk, on=date(2026, 9, 1), now=NOW)
    assert taken(line(13, home="A1")).households == 1
    assert Person.objects.get(household__left=None, household__isnull=False).household_id


def test_who_has_died_or_left_is_told_by_row_and_brought_back_by_no_roll():
    taken(line(11), line(12, relation="妻"))
    head = Person.objects.get(relation="head")
    actions.die(actor=SYSTEM, person=head.pk, on=date(2026, 9, 1), source="公安", now=NOW)
    with pytest.raises(Invalid) as refused:
        taken(line(11, home="B2"), line(13, home="B2", relation="长子"))
    assert [(one["row"], one["column"]) for one in refused.value.errors] == [(2, "身份证号")]
    done = taken(line(11, home="B2"), line(13, home="B2", relation="长子"), partial=True)
    assert (done.people, done.refused) == (1, 1)


def test_a_new_head_in_a_known_household_is_its_only_head():
    taken(line(11), line(12, relation="妻"))
    taken(line(15, relation="户主"))
    house = Household.objects.get()
    heads = Person.objects.filter(household=house, relation="head")
    assert [one.pk for one in heads] == [house.head_id]
    assert heads[0].id_number == number("19700101", 15)


def test_a_roll_without_its_first_row_of_names_tells_no_number():
    row = line(11, phone="13800000001")
    with pytest.raises(Invalid) as refused:
        roll.take_roll(actor=SYSTEM, name="花名册.csv", data=row.encode(), now=NOW)
    assert number("19700101", 11) not in refused.value.detail
    assert "13800000001" not in refused.value.detail
