"""The page on which a reform is rehearsed."""

import pytest

pytestmark = pytest.mark.django_db
ADDRESS = "/rules/processes/incident/rehearse"


def test_the_page_shows_what_is_supposed_and_says_what_is_only_assumed(dadong, look):
    page = look(ADDRESS)
    assert page.status == 200
    assert "values are assumed: nobody counted them" in page.text
    assert "What a year brings" not in page.text


def test_a_reform_shows_its_change_beside_today(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=300&limit=10wd&add.duty_leader=%2B1&together=verify&together=close")
    assert "After the reform" in page.text
    assert "people.duty_leader=+1" in page.text and "parallel=verify,close" in page.text
    assert page.rows()[0][0] == "Counted working days, median"
    assert len(page.rows()[0]) == 4


def test_a_wrong_value_is_told_by_its_name_and_nothing_is_played(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=300&work.file=soon&was.work.file=x")
    assert page.status == 200
    assert "work.file: not a length of time" in page.text
    assert "What a year brings" not in page.text


def test_too_many_cases_are_refused(dadong, look):
    assert look(f"{ADDRESS}?run=1&cases=2000000").status in (400, 422)


def test_what_was_left_as_it_is_does_not_count_as_set(dadong, look):
    page = look(f"{ADDRESS}?run=1&cases=200&limit=10wd&people.handler=5&was.people.handler=5")
    assert "After the reform" not in page.text
    assert page.status == 200
