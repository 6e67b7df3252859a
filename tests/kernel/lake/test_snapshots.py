"""Snapshots of the registers: complete or not there, without names or numbers, and back again."""

import multiprocessing
import os
import stat
from datetime import date, timedelta

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.kernel.people.made import FUJIA, HUALU, NOW, couple, household, resident
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.lake import reading, refreshing, sql, writing
from yiwang.kernel.lake.columns import NEVER
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.people import actions

DAY = date(2026, 9, 24)


@pytest.fixture(autouse=True)
def lake(settings, tmp_path, dadong):
    settings.HOME = tmp_path
    return tmp_path / "lake"


@pytest.fixture
def two_homes():
    house, head, spouse = couple()
    other = household(FUJIA)
    alone = resident(other, born="19500101", order=44)
    for one, values in ((head, {"wage": 412_345, "employed": True}), (alone, {"employed": False})):
        actions.set_facts(
            actor=SYSTEM, person=one.pk, values=values, source="人社", as_of=date(2026, 9, 1), now=NOW
        )
    actions.set_facts(
        actor=SYSTEM, household=house.pk, values={"deposits": 7}, source="银行", as_of=DAY, now=NOW
    )
    return house, head, spouse, other, alone


def test_a_snapshot_has_everybody_household_by_household(two_homes):
    house, head, spouse, other, alone = two_homes
    found = refreshing.refresh(NOW)
    assert found.date == DAY
    assert found.ids("household") == [house.pk, other.pk]
    assert found.ids("person") == [head.pk, spouse.pk, alone.pk]
    assert found.household_of.tolist() == [0, 0, 1]
    assert found.areas("household") == ([HUALU, FUJIA], pytest.approx([0, 1]))


def test_what_nobody_has_told_is_unknown_and_not_zero(two_homes):
    persons = refreshing.refresh(NOW).columns("person")
    wage, known = persons["wage"]
    assert (wage.tolist(), known.tolist()) == ([412_345, 0, 0], [True, False, False])
    employed, known = persons["employed"]
    assert known.tolist() == [True, False, True] and not employed[2]
    deposits, known = refreshing.refresh(NOW).columns("household")["deposits"]
    assert (deposits.tolist(), known.tolist()) == ([7, 0], [True, False])


def test_birth_sex_relation_and_that_nobody_died_are_columns_too(two_homes):
    persons = refreshing.refresh(NOW).columns("person", ["born_on", "sex", "relation", "died_on"])
    assert persons["born_on"][0].tolist() == [19600501, 19620803, 19500101]
    assert persons["died_on"][0].tolist() == [NEVER] * 3
    words = list(rulebook.current().variables["relation"].choices)
    assert [words[code] for code in persons["relation"][0]] == ["head", "spouse", "head"]


def test_no_name_number_phone_address_or_own_id_is_in_the_files(two_homes):
    _house, head, spouse, _other, _alone = two_homes
    found = refreshing.refresh(NOW)
    text = b"".join(path.read_bytes() for path in found.folder.iterdir())
    for secret in (head.name, head.id_number, spouse.phone, "大东路", str(head.pk)):
        assert secret.encode() not in text
    assert head.pk.bytes not in text


def test_the_files_are_for_the_owner_alone(two_homes, lake):
    found = refreshing.refresh(NOW)
    assert stat.S_IMODE(lake.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.folder.iterdir()} == {0o600}
    assert (lake / "2026-09-24" / "persons.parquet").is_file()


def test_who_died_moved_away_or_lives_in_no_household_is_not_in_it(two_homes):
    _house, head, spouse, _other, alone = two_homes
    actions.die(actor=SYSTEM, person=head.pk, on=DAY, source="公安", now=NOW)
    actions.leave_household(actor=SYSTEM, person=alone.pk, on=DAY, now=NOW)
    found = refreshing.refresh(NOW)
    assert found.ids("person") == [spouse.pk]
    assert found.about["without_household"] == 1


def test_a_household_never_spans_two_row_groups(two_homes, monkeypatch):
    monkeypatch.setattr(writing, "HOUSEHOLDS_A_GROUP", 1)
    found = refreshing.refresh(NOW)
    file = pq.ParquetFile(found.file("person"))
    groups = [
        file.read_row_group(n, ["household"])["household"].to_pylist() for n in range(file.num_row_groups)
    ]
    assert groups == [[0, 0], [1]]
    assert found.people().sizes.tolist() == [2, 1]
    assert found.columns("person")["born_on"][0].tolist() == [19600501, 19620803, 19500101]


def test_written_again_on_the_same_day_the_reader_of_the_first_keeps_its_own(two_homes):
    first = refreshing.refresh(NOW)
    resident(two_homes[3], "child", "测试丁", "19800101", 46)
    with open(first.file("person"), "rb") as open_file:
        second = refreshing.refresh(NOW + timedelta(hours=1))
        assert pq.read_metadata(open_file).num_rows == 3
    assert second.persons_count == 4
    assert len(reading.dates()) == 1


def test_old_snapshots_go_when_there_are_more_than_are_kept(two_homes):
    for days in range(4):
        refreshing.refresh(NOW + timedelta(days=days), keep=2)
    assert reading.dates() == [date(2026, 9, 26), date(2026, 9, 27)]


def test_without_a_snapshot_it_says_what_to_run():
    with pytest.raises(NotFound, match="yiwang lake refresh"):
        reading.latest()
    with pytest.raises(NotFound):
        reading.snapshot(DAY)


def _die_while_writing(home, people, variables, when):
    from django.conf import settings

    settings.HOME = home
    real = getattr(writing, when)

    def dies(*args, **kwargs):
        if when == "_point":
            os._exit(9)
        real(*args, **kwargs)
        os._exit(9)

    setattr(writing, when, dies)
    writing.write(people, variables, DAY)


@pytest.mark.parametrize("when", ["_file", "_text", "_point"])
def test_a_run_that_is_killed_leaves_the_snapshot_before_it_and_nothing_half(two_homes, lake, when, tmp_path):
    before = refreshing.refresh(NOW)
    people = before.people()
    people.persons.columns["wage"] = (np.full(3, 1, np.int64), None)
    context = multiprocessing.get_context("fork")
    child = context.Process(
        target=_die_while_writing, args=(tmp_path, people, dict(rulebook.current().variables), when)
    )
    child.start()
    child.join()
    assert child.exitcode == 9
    assert reading.latest().columns("person")["wage"][0][0] == 412_345
    writing.write(people, rulebook.current().variables, DAY)
    assert reading.latest().columns("person")["wage"][0][0] == 1
    assert len([path for path in lake.iterdir() if path.is_dir() and not path.is_symlink()]) == 1


def test_a_snapshot_is_asked_in_sql_with_real_dates(two_homes):
    found = sql.ask(refreshing.refresh(NOW), "SELECT count(*) n, min(born_on) b, count(wage) w FROM persons")
    assert found.to_pylist() == [{"n": 3, "b": date(1950, 1, 1), "w": 1}]


@pytest.mark.parametrize(
    "query", ["SELECT * FROM nothing", "SELECT * FROM read_csv('/etc/passwd')", "COPY persons TO '/tmp/x'"]
)
def test_a_query_reaches_no_other_file_and_a_wrong_one_is_told(two_homes, query):
    with pytest.raises(Invalid):
        sql.ask(refreshing.refresh(NOW), query)
