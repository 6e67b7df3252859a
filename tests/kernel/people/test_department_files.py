"""Files of departments: read by a mapping of the pack, every bad row told, taken whole, once, whatever is killed."""

import datetime as dt
import io
import json
import multiprocessing
import os
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.people.made import FUJIA, HUALU, NOW, couple, household, number, resident, worker
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Denied, Invalid, NotFound
from yiwang.kernel.registers.models import Change, Household, PeopleFile, Person
from yiwang.kernel.registers.people import journal, queries
from yiwang.kernel.registers.people.facts import Fact, pack, take, unpack
from yiwang.kernel.registers.people.files import taking
from yiwang.kernel.registers.people.files.mapping import mapping, read_cell, read_date

HEADER = "身份证号,数据日期,近12个月个人自付,参保状态"


@pytest.fixture(autouse=True)
def english(dadong):
    with translation.override("en"):
        yield


def csv(*lines, header=HEADER):
    return "\n".join([header, *lines]).encode()


def taken(data, slug="medical-costs", name="医保.csv", actor=SYSTEM, **options):
    return taking.take_file(actor=actor, slug=slug, name=name, data=data, now=NOW, **options)


def known(one):
    return queries.known(Person.objects.get(pk=one.pk))


def test_a_file_says_what_is_paid_in_yuan_and_it_is_kept_in_fen_with_department_and_day():
    _house, head, _spouse = couple()
    done = taken(csv(f'{head.id_number},2026-09-20,"12,345.67",正常参保'))
    assert (done.rows, done.taken, done.changed) == (1, 1, 2)
    assert known(head)["medical_own_paid"] == Fact(1_234_567, "医保", date(2026, 9, 20))
    assert known(head)["insured"].value is True


def test_an_empty_cell_says_nothing():
    _house, head, _spouse = couple()
    taken(csv(f"{head.id_number},2026-09-20,,是"))
    assert "medical_own_paid" not in known(head)


def test_every_bad_row_is_told_with_row_column_and_reason_and_nothing_is_taken():
    _house, head, spouse = couple()
    with pytest.raises(Invalid) as refused:
        taken(
            csv(
                f"{head.id_number},2026-09-20,100,是",
                f"{spouse.id_number},2026-09-20,abc,是",
                "21010419600101001X,2026-09-20,1,是",
                f"{number('19550101', 3)},2026-09-20,1,是",
                f"{head.id_number},2026-09-20,100,是",
                f"{spouse.id_number},2026-13-01,1,是",
                f"{spouse.id_number},2026-09-20,1,也许",
                f"{spouse.id_number},2027-01-01,1,是",
            )
        )
    told = {(one["row"], one["column"]): one["detail"] for one in refused.value.errors}
    assert set(told) == {
        *((3, "近12个月个人自付"), (4, "身份证号"), (5, "身份证号"), (6, "身份证号")),
        *((7, "数据日期"), (8, "参保状态"), (9, "数据日期")),
    }
    assert refused.value.errors[0]["file"] == "医保.csv"
    assert "insured" not in known(head)
    assert not PeopleFile.objects.exists()
    text = json.dumps(refused.value.as_dict(), ensure_ascii=False)
    assert "21010419600101001X" not in text


def test_a_number_in_the_wrong_column_is_told_masked():
    _house, head, _spouse = couple()
    with pytest.raises(Invalid) as refused:
        taken(csv(f"{head.id_number},{head.id_number},13800000022,是"))
    with pytest.raises(Invalid) as no_header:
        taken(f"{head.id_number},2026-09-20,100,是".encode())
    text = json.dumps([refused.value.as_dict(), no_header.value.as_dict()], ensure_ascii=False)
    assert head.id_number not in text and "13800000022" not in text


def test_with_partial_the_good_rows_are_taken_and_the_bad_ones_told():
    _house, head, spouse = couple()
    done = taken(
        csv(f"{head.id_number},2026-09-20,100,是", f"{spouse.id_number},2026-09-20,abc,是"), partial=True
    )
    assert (done.taken, done.refused) == (1, 1)
    assert done.problems[0]["row"] == 3
    assert known(head)["medical_own_paid"].value == 10_000


def test_the_same_file_twice_changes_nothing():
    _house, head, _spouse = couple()
    data = csv(f"{head.id_number},2026-09-20,100,是")
    taken(data)
    before = (Person.objects.get(pk=head.pk).facts, journal.last_change())
    again = taken(data)
    assert (again.changed, again.same) == (0, 2)
    assert (Person.objects.get(pk=head.pk).facts, journal.last_change()) == before
    assert PeopleFile.objects.count() == 1


def test_a_dry_run_looks_at_everything_and_writes_nothing():
    _house, head, _spouse = couple()
    before = journal.last_change()
    done = taken(csv(f"{head.id_number},2026-09-20,100,是"), dry_run=True)
    assert done.changed == 2
    assert "insured" not in known(head)
    assert journal.last_change() == before
    assert not PeopleFile.objects.exists()


def test_what_changed_is_heard_of_with_what_was_known_before():
    _house, head, _spouse = couple()
    taken(csv(f"{head.id_number},2026-08-20,100,是"))
    start = journal.last_change()
    taken(csv(f"{head.id_number},2026-09-20,90000,是"))
    (only,) = journal.changes_since(start)
    assert (only.what, only.person, only.source) == ("medical_own_paid", head.pk, "医保")
    assert (only.was["value"], only.became["value"]) == (10_000, 9_000_000)


def test_an_older_file_that_comes_late_replaces_nothing():
    _house, head, _spouse = couple()
    taken(csv(f"{head.id_number},2026-09-20,100,是"))
    assert taken(csv(f"{head.id_number},2026-08-20,7,否")).older == 2
    assert known(head)["medical_own_paid"].value == 10_000


def test_a_death_in_a_file_ends_the_membership_and_names_a_new_head():
    house, head, spouse = couple()
    data = csv(f"{head.id_number},2026-09-20,2026-09-18", header="身份证号,登记日期,死亡日期")
    assert taken(data, slug="deaths").died == 1
    head.refresh_from_db()
    house.refresh_from_db()
    assert (head.died, house.head_id) == (date(2026, 9, 18), spouse.pk)
    assert journal.changes_since(0, what=["died"])[0].source == "公安"
    assert taken(data, slug="deaths").changed == 0


def test_a_file_about_households_is_keyed_by_a_member_and_two_of_one_household_are_told():
    house, head, spouse = couple()
    header = "身份证号,核对日期,存款合计,其他财产万元"
    taken(csv(f"{spouse.id_number},2026-09-20,5000,1.5", header=header), slug="savings")
    facts = unpack(Household.objects.get(pk=house.pk).facts)
    assert (facts["deposits"].value, facts["other_assets"].value) == (500_000, 1_500_000)
    with pytest.raises(Invalid, match="same household"):
        taken(
            csv(f"{spouse.id_number},2026-09-21,1,1", f"{head.id_number},2026-09-21,2,1", header=header),
            slug="savings",
        )


def test_a_years_wages_are_kept_by_the_month():
    _house, head, _spouse = couple()
    taken(
        csv(f"{head.id_number},60000.06", header="纳税人识别号,全年工资薪金"),
        slug="wages",
        as_of=date(2026, 8, 31),
    )
    assert known(head)["wage"].value == 500_001  # 5,000.005 yuan, rounded half up


def test_the_same_table_may_come_as_excel_or_parquet():
    _house, head, spouse = couple()
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append([head.id_number, dt.datetime(2026, 9, 20), 100.5, "是"])
    out = io.BytesIO()
    book.save(out)
    assert taken(out.getvalue(), name="医保.xlsx").changed == 2
    out = io.BytesIO()
    names = HEADER.split(",")
    columns = [[spouse.id_number], [date(2026, 9, 20)], [100.5], ["是"]]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), out)
    assert taken(out.getvalue(), name="医保.parquet").changed == 2
    assert known(head)["medical_own_paid"].value == known(spouse)["medical_own_paid"].value == 10_050


def test_a_file_without_its_key_or_its_day_says_what_it_lacks():
    with pytest.raises(Invalid, match="身份证号"):
        taken(csv("1,2", header="姓名,近12个月个人自付"))
    with pytest.raises(Invalid, match="as of"):
        taken(csv("1,2", header="身份证号,近12个月个人自付"))
    with pytest.raises(NotFound, match="medical-costs"):
        taken(csv(), slug="medical-cost")


def test_only_the_steward_takes_files():
    data = csv(f"{number()},2026-09-20,100,是")
    for code in (f"worker-{HUALU}", "aid-county", "leader"):
        with pytest.raises(Denied):
            taken(data, actor=person(code))
    _house, head, _spouse = couple(FUJIA)
    assert taken(csv(f"{head.id_number},2026-09-20,1,是"), actor=person("people-steward")).taken == 1
    assert worker().reach.get("import") is None


def test_the_command_tells_as_json_and_ends_with_one_for_bad_rows(tmp_path):
    couple()
    file = tmp_path / "医保.csv"
    file.write_bytes(csv("123,2026-09-20,1,是"))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("registers", "import", "medical-costs", str(file), "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["errors"][0]["row"] == 2


# a run that is killed


def _killed(data, after):
    written = taking._write
    count = iter(range(100))

    def dies(model, texts):
        if next(count) == after:
            os._exit(9)
        written(model, texts)

    taking._write = dies
    taken(data)
    os._exit(0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_import_that_is_killed_has_taken_nothing_and_the_next_one_takes_everything_once(
    monkeypatch, after
):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's tests lie in memory; tests/project/test_import_kill.py kills one on disk")
    monkeypatch.setattr(taking, "CHUNK", 2)
    home = household()
    people = [resident(home, "other", f"测试{n}", "19700101", n) for n in range(1, 7)]
    start = journal.last_change()
    data = csv(*(f"{one.id_number},2026-09-20,{n},是" for n, one in enumerate(people)))
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_killed, args=(data, after))
    child.start()
    child.join()
    assert child.exitcode == 9
    assert Change.objects.filter(seq__gt=start).count() == 0
    assert all("insured" not in known(one) for one in people)
    assert taken(data).changed == 12
    assert Change.objects.filter(seq__gt=start).count() == 12
    assert taken(data).changed == 0


# pure


DAYS = st.dates(date(2020, 1, 1), date(2026, 9, 1))
FACTS = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(Fact, st.integers(0, 3), st.sampled_from(["医保", "公安"]), DAYS),
    max_size=4,
)


@given(FACTS)
def test_facts_packed_and_unpacked_are_the_same(facts):
    assert unpack(pack(facts)) == facts


@given(FACTS, FACTS)
def test_facts_taken_twice_are_taken_once_and_nothing_known_later_is_lost(before, new):
    first = take(before, new)
    again = take(first.facts, new)
    assert again.facts == first.facts
    assert not again.changed
    for name, fact in before.items():
        assert first.facts[name].as_of >= fact.as_of
    assert set(first.facts) == set(before) | set(new)


@given(st.lists(FACTS, max_size=5), st.randoms())
def test_in_whatever_order_files_of_different_days_come_the_newest_value_stands(files, random):
    days = [date(2026, 1, 1) + dt.timedelta(days=n) for n in range(len(files))]
    dated = [
        {name: Fact(fact.value, fact.source, day) for name, fact in file.items()}
        for file, day in zip(files, days, strict=True)
    ]
    straight = {}
    for file in dated:
        straight = take(straight, file).facts
    random.shuffle(dated)
    shuffled = {}
    for file in dated:
        shuffled = take(shuffled, file).facts
    assert {name: fact.value for name, fact in shuffled.items()} == {
        name: fact.value for name, fact in straight.items()
    }


def test_money_and_dates_are_read_as_offices_write_them():
    paid = mapping("medical-costs").columns[0]
    for text, fen in (("1,234.5", 123_450), ("１２３", 12_300), ("0", 0), ("88元", 8_800), ("1e2", 10_000)):
        assert read_cell(paid, text) == fen
    for text in ("-5", "nan", "inf", "一百", "12.3.4"):
        with pytest.raises(Invalid):
            read_cell(paid, text)
    for text in ("2026-09-01", "2026/9/1", "20260901", "2026年9月1日", "2026-09-01 00:00:00"):
        assert read_date(text) == date(2026, 9, 1)
