"""The made-up population: the same for the same seed, in the registers as in the lake, and believable."""

import datetime as dt
import io
import json

import numpy as np
import pytest
from django.core.management import call_command

from tests.conftest import at
from yiwang.core.codes import parse_resident_id
from yiwang.kernel.errors import Conflict
from yiwang.kernel.lake import reading
from yiwang.kernel.lake.gathering import gather
from yiwang.kernel.registers.models import Person
from yiwang.kernel.registers.people import journal
from yiwang.kernel.registers.people.variables import checked
from yiwang.project.population import filling, papers
from yiwang.project.population.making import make

NOW = at("2026-09-24T10:00")


@pytest.fixture(scope="module")
def made():
    from yiwang.kernel.packs.reader import read_pack
    from yiwang.kernel.packs.rulebook import _variable

    pack = read_pack("dadong")
    variables = {name: _variable(entry.data) for name, entry in pack.section("variables").items()}
    areas = [code for code, entry in pack.section("areas").items() if entry["level"] == "community"]
    given = {
        "moment": NOW,
        "areas": areas,
        "places": {code: [("试验路", 1, 99)] for code in areas},
        "rural": frozenset(),
        "variables": variables,
    }
    return make(residents=40_000, seed=7, **given), variables, given


def share(mask):
    return float(np.mean(mask))


def ages(people):
    return (20260924 - people.persons.columns["born_on"][0]) // 10_000


def test_the_same_seed_makes_the_same_people_and_another_seed_others(made):
    one, _variables, given = made
    again = make(residents=40_000, seed=7, **given)
    assert one.names == again.names
    for table in ("households", "persons"):
        first, second = getattr(one.people, table), getattr(again.people, table)
        assert np.array_equal(first.ids, second.ids)
        for name, (values, known) in first.columns.items():
            assert np.array_equal(values, second.columns[name][0])
            assert np.array_equal(known, second.columns[name][1])
    assert make(residents=40_000, seed=8, **given).names != one.names


def test_ages_and_households_are_those_of_an_old_northern_city(made):
    people = made[0].people
    age = ages(people)
    assert 0.08 < share(age < 15) < 0.13
    assert 0.27 < share(age >= 60) < 0.35
    assert 0.03 < share(age >= 80) < 0.06
    assert 2.3 < people.sizes.mean() < 2.5
    assert 0.18 < share(people.sizes == 1) < 0.28


def test_every_number_is_valid_different_and_of_a_county_that_does_not_exist(made):
    numbers = made[0].id_numbers
    assert len(np.unique(numbers)) == len(numbers)
    for number in numbers[::97].tolist():
        assert parse_resident_id(number, NOW.date()).area == papers.COUNTY
    for n in range(0, len(numbers), 501):
        told = parse_resident_id(str(numbers[n]))
        column = made[0].people.persons.columns
        assert int(told.birth.strftime("%Y%m%d")) == column["born_on"][0][n]


def test_the_disabled_the_unemployed_and_the_old_who_live_alone_are_poorer(made):
    people = made[0].people
    persons = people.persons.columns
    parts = ("wage", "business_income", "property_income", "transfer_income", "other_income")
    income = sum(persons[name][0] for name in parts)
    age = ages(people)
    grown = (age >= 25) & (age < 55)
    disabled = persons["disability_grade"][0] > 0
    assert np.median(income[grown & disabled]) < 0.7 * np.median(income[grown & ~disabled])
    idle = ~persons["employed"][0]
    assert np.median(income[grown & idle]) < 0.5 * np.median(income[grown & ~idle])
    alone = np.repeat(people.sizes == 1, people.sizes) & (age >= 70)
    assert np.mean(income[alone]) < np.mean(income[(age >= 70) & ~alone])


def test_a_few_of_every_hundred_households_are_poor_and_most_of_them_receive_something(made):
    homes = made[0].people.households.columns
    assert 0.008 < share(homes["guarantee_amount"][0] > 0) < 0.035


def test_some_of_almost_everything_is_unknown_and_of_who_was_checked_less(made):
    people = made[0].people
    known = people.households.columns["deposits"][1]
    receives = people.households.columns["guarantee_amount"][0] > 0
    assert 0.2 < share(~known[~receives]) < 0.4
    assert share(~known[receives]) < 0.12
    for name in ("born_on", "sex", "relation"):
        assert people.persons.columns[name][1] is None


def test_the_same_people_are_in_the_registers_and_in_the_lake(dadong, settings, tmp_path):
    settings.HOME = tmp_path
    filling.fill(residents=1200, seed=3, moment=NOW)
    written = reading.latest().people()
    gathered, apart = gather(dadong.variables)
    assert apart == 0
    places = {one.tobytes(): n for n, one in enumerate(written.households.ids)}
    order = np.array([places[one.tobytes()] for one in gathered.households.ids])
    assert sorted(order.tolist()) == list(range(len(places)))
    assert np.array_equal(written.sizes[order], gathered.sizes)
    persons = {one.tobytes(): n for n, one in enumerate(written.persons.ids)}
    back = np.array([persons[one.tobytes()] for one in gathered.persons.ids])
    for made, found, rows in (
        (written.households, gathered.households, order),
        (written.persons, gathered.persons, back),
    ):
        assert set(made.columns) == set(found.columns)
        for name, (values, known) in made.columns.items():
            other, there = found.columns[name]
            known = np.ones(len(values), bool) if known is None else known
            there = np.ones(len(other), bool) if there is None else there
            assert np.array_equal(known[rows], there), name
            assert np.array_equal(values[rows][there], other[there]), name


def test_a_made_person_is_found_by_number_and_what_is_known_is_valid(dadong, settings, tmp_path):
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.registers.people import queries

    settings.HOME = tmp_path
    filling.fill(residents=60, seed=3, moment=NOW)
    for person in Person.objects.all()[:20]:
        assert queries.find(SYSTEM, id_number=person.id_number).pk == person.pk
        for name, fact in queries.known(person).items():
            assert checked(dadong.variables[name], fact.value) == fact.value
            assert fact.as_of <= NOW.date()
    assert journal.last_change() == 0


def test_nobody_is_made_into_a_register_that_is_not_empty(dadong, settings, tmp_path):
    settings.HOME = tmp_path
    filling.fill(residents=30, seed=3, moment=NOW)
    with pytest.raises(Conflict):
        filling.fill(residents=30, seed=3, moment=NOW)
    assert Person.objects.count() == 30


def test_the_command_makes_as_many_as_asked_and_says_how_long_it_took(dadong, settings, tmp_path):
    settings.HOME = tmp_path
    out = io.StringIO()
    call_command("population", "make", "--residents", "50", "--today", "2026-09-24", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["residents"] == 50
    assert set(told["seconds"]) == {"make", "registers", "lake"}
    assert reading.dates() == [dt.date(2026, 9, 24)]
