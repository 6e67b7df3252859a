"""What two surveyors established and the departments confirmed goes into the registers, with its origin."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.domains.assistance.offices import BEGIN, applied, do, second, task, until_opinion, who
from tests.kernel.people import made
from tests.people import person
from yiwang.domains.assistance import household as pages
from yiwang.domains.assistance.computing import compute
from yiwang.domains.assistance.models import Application, Visit
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid
from yiwang.kernel.registers.models_people import Household, Person
from yiwang.kernel.registers.people import actions as registers
from yiwang.kernel.registers.people import queries as people

pytestmark = pytest.mark.usefixtures("dadong")

VISITED = BEGIN + timedelta(days=2)


@pytest.fixture
def matter():
    """An application that was accepted, its survey arranged, the departments not asked yet."""
    found = applied()
    do(found, "accept", "accept", BEGIN + timedelta(hours=1))
    do(found, "arrange", "arranged", BEGIN + timedelta(days=1))
    return found


def home(matter) -> Household:
    return Household.objects.get(pk=Application.objects.get(pk=matter.pk).household)


def head(matter) -> Person:
    return Person.objects.get(pk=Application.objects.get(pk=matter.pk).person)


def survey(matter, now=VISITED, **data) -> None:
    with transaction.atomic():
        do(matter, "survey", "done", now, **data)


def said(matter, whose="household", **values) -> dict:
    key = whose if whose == "household" else str(whose.pk)
    return {f"of-{key}-{slug}": value for slug, value in values.items()}


def knows(row) -> dict:
    row.refresh_from_db()
    found = people.known(row) if isinstance(row, Person) else people.known_household(row)
    return {slug: (fact.value, fact.source, fact.as_of) for slug, fact in found.items()}


def test_what_was_established_is_in_the_registers_once_the_departments_have_answered(matter):
    one = head(matter)
    survey(
        matter,
        **said(matter, deposits="1200.50", vehicles="0", vehicles_exempt="yes"),
        **said(matter, one, wage="300", serious_illness="yes", labour_ability="partial"),
    )
    assert "deposits" not in knows(home(matter)) and "wage" not in knows(one)
    assert Visit.objects.get(matter=matter).known_at is None
    do(matter, "data_check", "done", VISITED + timedelta(days=1))
    source, on = f"入户调查 {matter.number}", VISITED.date()
    assert knows(home(matter))["deposits"] == (120_050, source, on)
    assert knows(home(matter))["vehicles_exempt"] == (True, source, on)
    assert knows(one)["wage"] == (30_000, source, on)
    assert knows(one)["serious_illness"] == (True, source, on)
    assert Visit.objects.get(matter=matter).known_at == VISITED + timedelta(days=1)


def test_the_departments_may_answer_first(matter):
    do(matter, "data_check", "done", BEGIN + timedelta(days=1))
    survey(matter, **said(matter, deposits="800"))
    assert knows(home(matter))["deposits"][0] == 80_000


def test_what_is_left_empty_stays_unknown(matter):
    do(matter, "data_check", "done", BEGIN + timedelta(days=1))
    survey(matter, **said(matter, deposits="", securities=""))
    assert not {"deposits", "securities"} & set(knows(home(matter)))


@pytest.mark.parametrize("state", ["differs", "no_answer"])
def test_what_a_department_does_not_confirm_is_not_taken_from_what_was_said(matter, state):
    survey(matter, **said(matter, deposits="800", vehicles="0"))
    do(matter, "data_check", "done", VISITED, check_deposit=state, remark="另有定期存单")
    assert "deposits" not in knows(home(matter))
    assert knows(home(matter))["vehicles"][0] == 0


def test_the_figure_of_the_department_is_taken_as_the_departments(matter):
    survey(matter, **said(matter, deposits="800"))
    do(
        matter, "data_check", "done", VISITED + timedelta(days=1), check_deposit="differs", remark="另有定期存单",
        **said(matter, deposits="56000"), **said(matter, head(matter), wage="1500"),
    )  # fmt: skip
    on = (VISITED + timedelta(days=1)).date()
    assert knows(home(matter))["deposits"] == (5_600_000, f"信息核对 金融机构 {matter.number}", on)
    assert knows(head(matter))["wage"] == (150_000, f"信息核对 税务 {matter.number}", on)


def test_a_figure_goes_with_a_department_that_answered(matter):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        do(matter, "data_check", "done", VISITED, check_deposit="no_answer", **said(matter, deposits="5"))
    assert refused.value.where == "check_deposit"


def test_something_newer_is_never_replaced_and_the_older_stays_in_the_history(matter):
    house, told = home(matter), {"actor": SYSTEM, "now": VISITED + timedelta(days=30)}
    registers.set_facts(
        values={"deposits": 900}, source="银行", as_of=date(2026, 8, 1), household=house.pk, **told
    )
    registers.set_facts(
        values={"vehicles": 1}, source="公安", as_of=date(2026, 9, 20), household=house.pk, **told
    )
    registers.set_facts(
        values={"housing_count": 2}, source="自然资源", as_of=VISITED.date(), household=house.pk, **told
    )
    do(matter, "data_check", "done", VISITED)
    survey(
        matter,
        now=VISITED + timedelta(days=1),
        on=VISITED.date().isoformat(),
        **said(matter, deposits="10", vehicles="0", housing_count="1"),
    )
    known = knows(house)
    assert known["vehicles"][0] == 1  # of a later day
    assert known["housing_count"][1] == "自然资源"  # of the same day, from a department
    assert known["deposits"][0] == 1000
    was = [one.was["value"] for one in people.changes_of(household=house.pk, what="deposits") if one.was]
    assert was == [900]


def test_members_who_came_and_who_are_gone_are_moved_in_the_register(matter):
    child = next(one for one in people.members(home(matter).pk) if one.relation != "head")
    new = {"new-0-name": "李小花", "new-0-relation": "child", "new-0-id_number": made.number("20180306", 24)}
    survey(matter, **{f"of-{child.pk}-lives": "gone"}, **new)
    do(matter, "data_check", "done", VISITED + timedelta(days=1))
    members = people.members(home(matter).pk)
    assert {one.name for one in members} == {"王秀兰", "李小花"}
    assert next(one for one in members if one.name == "李小花").since == VISITED.date()


def test_somebody_of_another_household_is_not_moved_silently(matter):
    other = made.resident(made.household(), order=77)
    new = {"new-0-name": "测试甲", "new-0-relation": "other", "new-0-id_number": other.id_number}
    with pytest.raises(Invalid) as refused:
        survey(matter, **new)
    assert refused.value.code == "elsewhere" and task(matter, "survey")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("of-household-wage", "1"),
        ("of-household-deposits", "abc"),
        ("of-household-died_on", "2026-01-01"),
        ("of-018f0000-0000-7000-8000-000000000000-wage", "1"),
        ("of-household-vehicles_exempt", "vielleicht"),
        ("of-household-housing_count", "-1"),
    ],
)
def test_what_is_no_fact_of_the_form_is_refused_with_its_field(matter, field, value):
    with pytest.raises(Invalid) as refused:
        survey(matter, **{field: value})
    assert refused.value.where.startswith(field.rpartition("-")[0])
    assert task(matter, "survey")


def test_who_looks_again_after_an_objection_knows_what_the_departments_said(matter):
    survey(matter, **said(matter, deposits="800"))
    do(matter, "data_check", "done", VISITED, check_deposit="differs", remark="另有定期存单")
    do(matter, "opinion", "again", VISITED, reason="核实存款")
    later = VISITED + timedelta(days=3)
    do(
        matter, "resurvey", "done", later, how="survey", on=later.date().isoformat(), second=second(),
        **said(matter, deposits="56000"),
    )  # fmt: skip
    assert knows(home(matter))["deposits"] == (5_600_000, f"入户调查 {matter.number}", later.date())
    assert Visit.objects.get(purpose="resurvey").second_name == "赵同行"


def test_the_self_care_that_was_assessed_is_known_of_the_person():
    matter = applied("extreme_hardship", members=[])
    until_opinion(matter)
    assert knows(head(matter))["selfcare_failed"][:2] == (0, f"自理能力评估 {matter.number}")


def test_the_rules_answer_with_what_was_established(matter):
    before = compute("minimum_guarantee", home(matter).pk, None, VISITED.date())
    facts = {"deposits": "0", "securities": "0", "other_assets": "0", "market_capital": "0"}
    facts |= {"housing_count": "1", "vehicles": "0", "vehicles_exempt": "yes"}
    survey(matter, **said(matter, **facts))
    do(matter, "data_check", "done", VISITED)
    after = compute("minimum_guarantee", home(matter).pk, None, VISITED.date())

    def missing(found) -> set:
        return {slug for one in found.explanation["answers"] for slug in one["missing"]}

    assert "deposits" in missing(before) and "deposits" not in missing(after)


def test_the_household_page_says_who_found_it_out_in_which_matter_and_what_was_known_before(matter):
    house, county = home(matter), who("aid_county")
    told = {"actor": SYSTEM, "now": BEGIN, "household": house.pk}
    registers.set_facts(values={"deposits": 90_000}, source="银行", as_of=date(2026, 8, 1), **told)
    survey(matter, **said(matter, deposits="10"))
    do(matter, "data_check", "done", VISITED)
    closed = pages.see(county, house.pk, VISITED, opened=False)
    row = next(one for one in closed.facts if one["source"].startswith("入户调查"))
    assert row["value"] is None and row["origin"]["number"] == matter.number
    assert row["origin"]["who"][-1] == "赵同行" and not closed.history
    opened = pages.see(county, house.pk, VISITED, opened=True)
    (was,) = [one for one in opened.history if one["source"] == "银行"]
    assert "900.00" in was["value"] and was["by"].endswith(matter.number)


def test_the_history_shows_nobody_who_does_not_live_there_any_more(matter):
    child = next(one for one in people.members(home(matter).pk) if one.relation != "head")
    told = {"actor": SYSTEM, "now": BEGIN, "person": child.pk}
    for wage, day in ((1, 2), (2, 3)):
        registers.set_facts(values={"wage": wage}, source="税务", as_of=date(2026, 8, day), **told)
    registers.leave_household(actor=SYSTEM, person=child.pk, on=date(2026, 8, 20), now=BEGIN)
    assert not pages.see(who("aid_county"), home(matter).pk, BEGIN, opened=True).history


def test_another_street_has_no_part_in_it(matter):
    from yiwang.kernel.errors import NotFound

    with pytest.raises(NotFound):
        pages.see(person("aid-officer-210104002"), home(matter).pk, VISITED, opened=False)


def test_a_screening_after_it_finds_what_was_not_known_before(dadong, settings, tmp_path):
    from tests.domains.assistance.found import poor, refresh
    from yiwang.domains.assistance.discovery import screening
    from yiwang.domains.assistance.models import Finding
    from yiwang.kernel.registers.fresh import reset_all

    settings.HOME = tmp_path
    reset_all()
    house = poor(12, BEGIN, area=applied(id=None, name="赵刚", id_number=made.number(order=35)).area_id)
    (one,) = people.members(house.pk)
    for row, lost in (
        (house, ("deposits", "vehicles")),
        (one, ("wage", "serious_illness", "labour_ability")),
    ):
        row.refresh_from_db()
        from yiwang.kernel.registers.people.facts import pack, unpack

        row.facts = pack({slug: fact for slug, fact in unpack(row.facts).items() if slug not in lost})
        row.save(update_fields=["facts"])
    matter = applied("rigid_hardship", name=one.name, id_number=one.id_number, members=[])
    do(matter, "accept", "accept", BEGIN + timedelta(hours=1))
    do(matter, "arrange", "arranged", BEGIN + timedelta(days=1))

    def found() -> set:
        refresh(VISITED.date())
        reset_all()
        screening.screen(actor=SYSTEM, now=VISITED, residents=screening.everybody(VISITED))
        return set(
            Finding.objects.filter(household=house.pk, says="entitled").values_list("cause", flat=True)
        )

    assert "minimum_guarantee" not in found()
    survey(
        matter,
        **said(matter, deposits="1000", vehicles="0"),
        **said(matter, one, wage="300", serious_illness="no", labour_ability="full"),
    )
    do(matter, "data_check", "done", VISITED)
    assert "minimum_guarantee" in found()
    reset_all()
