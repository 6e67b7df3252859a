"""A file of messages: all rows or a report of every bad row; twice is once."""

import json
import os
import subprocess
import sys

import openpyxl
import pytest
from django.core.management import call_command

from tests.data import shared_data
from tests.domains.operations.conftest import NOW
from yiwang.domains.operations import importing
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Denied, Invalid, NotFound, Problem
from yiwang.kernel.matters import audit
from yiwang.kernel.matters.models import Event, Matter, Task

MESSAGES = "title,label\n路灯不亮好几天了,路灯异常\n学校乱收补课费,教育文体\n学校乱收补课费,教育文体\n"


@pytest.fixture
def take(dadong, tmp_path):
    def run(data, name="m.csv", encoding="utf-8", **given):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
        return importing.import_file(path, **({"actor": SYSTEM, "now": NOW} | given))

    return run


def test_every_row_becomes_a_matter_with_its_class_and_a_lesson(take):
    summary = take(MESSAGES)
    assert (summary.rows, summary.taken, summary.classified, summary.labelled) == (3, 3, 3, 3)
    assert Matter.objects.filter(class_code="01037").count() == 1
    assert Lesson.objects.filter(standard="hotline-topics", class_code="T04").count() == 2
    assert Task.objects.filter(node="file", state="open").count() == 3
    assert [fault for _matter, faults in audit.verify() for fault in faults] == []


def test_importing_again_takes_only_what_is_new(take):
    take(MESSAGES)
    again = take(MESSAGES + "井盖丢了很危险,\n")
    assert (again.taken, again.already) == (1, 3)
    assert Report.objects.count() == 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_files_in_the_encodings_of_offices_are_read(take, encoding):
    assert take(MESSAGES, encoding=encoding).taken == 3


def test_a_wrong_row_is_named_with_file_row_column_and_reason_and_nothing_is_taken(take):
    bad = MESSAGES + "没有这个类别的留言,外星人事务\n" + ",教育文体\n" + "有控制符\x01的,\n"
    with pytest.raises(Invalid) as refused:
        take(bad)
    errors = refused.value.errors
    assert [(e["file"], e["row"], e["column"]) for e in errors] == [
        ("m.csv", 5, "label"),
        ("m.csv", 6, "title"),
        ("m.csv", 7, "title"),
    ]
    assert "外星人事务" in errors[0]["detail"]
    assert not Matter.objects.exists() and not Report.objects.exists() and not Lesson.objects.exists()


def test_with_partial_the_good_rows_are_taken_and_the_bad_ones_reported(take):
    summary = take(MESSAGES + "x,外星人事务\n", partial=True)
    assert (summary.taken, summary.refused) == (3, 1)
    assert summary.problems[0]["row"] == 5


def test_a_row_of_ten_megabytes_is_one_bad_row(take):
    with pytest.raises(Invalid) as refused:
        take(MESSAGES + "路" * 4_000_000 + ",\n")
    assert [e["row"] for e in refused.value.errors] == [5]


def test_hotline_work_orders_are_recognised_by_their_columns(take):
    data = (
        "工单编号,来电时间,诉求人,联系电话,地址,诉求内容,诉求分类\n"
        "GD001,2026/9/20 8:15,王某,13800000000,华炉社区3号楼,楼下路灯不亮了,城乡建设\n"
        "GD002,2026-09-20 09:00:00,李某,024-88000000,,不知道归谁管,\n"
    )
    summary = take(data)
    assert (summary.channel, summary.taken, summary.located) == ("hotline", 2, 1)
    row = Report.objects.get(external_id="GD001")
    assert row.contact_phone == "13800000000" and row.matter.area_id == "210104002009"
    assert row.matter.data["sent_at"] == "2026-09-20 08:15:00"


def test_a_work_order_number_with_other_content_is_refused(take):
    data = "工单编号,诉求内容\nGD001,路灯不亮\n"
    take(data)
    with pytest.raises(Invalid) as refused:
        take(data.replace("路灯不亮", "路灯又亮了"))
    assert "GD001" in refused.value.errors[0]["detail"]
    with pytest.raises(Invalid):
        take("工单编号,诉求内容\nGD7,路灯不亮\nGD7,路灯不亮\n")


def test_unusual_columns_are_named_in_the_options(take):
    data = "order,what\nA1,路灯不亮了\n"
    with pytest.raises(Invalid):
        take(data)
    options = {"columns": {"external_id": "order", "text": "what"}}
    assert take(data, channel="hotline", options=options).taken == 1
    with pytest.raises(Invalid):
        take(data, channel="hotline", options={"columns": {"text": "nothing"}})


def test_an_excel_workbook_is_read_like_a_table(take, tmp_path):
    book = openpyxl.Workbook()
    for row in (["工单编号", "诉求内容"], [20260001, "路灯不亮了"], [20260002, "井盖丢了很危险"]):
        book.active.append(row)
    book.save(tmp_path / "m.xlsx")
    assert take((tmp_path / "m.xlsx").read_bytes(), "m.xlsx").taken == 2
    assert Report.objects.filter(external_id="20260001").exists()


def test_files_that_are_no_tables_say_so(take, tmp_path):
    for data, name in ((b"", "a.csv"), (b"PK\x03\x04junk", "a.xlsx"), (b"text\n\xff\xff\xff\x81", "a.csv")):
        with pytest.raises(Problem) as refused:
            take(data, name)
        assert name in refused.value.detail
    with pytest.raises(NotFound):
        importing.import_file(tmp_path / "absent.csv", actor=SYSTEM, now=NOW)


def test_who_may_not_open_matters_may_not_import(take, staff):
    with pytest.raises(Denied):
        take(MESSAGES, actor=staff("handler-lighting"))


def test_an_imported_message_is_the_same_matter_as_a_reported_one(take, submit):
    take("text\n井盖丢了很危险\n")
    imported = Report.objects.get()
    reported = submit("井盖丢了很危险", channel="messages", point=None, actor=SYSTEM).report
    skip = {"id", "number", "seq", "head", "tokens", "title", "secret_hash", "matter_id", "digest"}

    def plain(row):
        return {f.name: getattr(row, f.attname) for f in row._meta.fields if f.attname not in skip}

    one, other = Matter.objects.get(pk=imported.pk), Matter.objects.get(pk=reported.pk)
    assert plain(one) == plain(other) and one.title == other.title and one.tokens == other.tokens
    assert {k: v for k, v in plain(imported).items() if k != "matter"} == {
        k: v for k, v in plain(Report.objects.get(pk=reported.pk)).items() if k != "matter"
    }
    tasks = [plain(Task.objects.get(matter=key)) for key in (one.pk, other.pk)]
    assert [{k: v for k, v in t.items() if k != "matter"} for t in tasks][0]["due_at"] == tasks[1]["due_at"]
    assert Event.objects.filter(matter=one.pk).count() == Event.objects.filter(matter=other.pk).count() == 1


def test_the_command_prints_its_summary_as_json(dadong, tmp_path, capsys):
    (tmp_path / "m.csv").write_text(MESSAGES, encoding="utf-8")
    call_command("reports", "import", str(tmp_path / "m.csv"), "--json")
    assert json.loads(capsys.readouterr().out)["taken"] == 3
    (tmp_path / "bad.csv").write_text(MESSAGES + "x,外星人事务\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("reports", "import", str(tmp_path / "bad.csv"), "--json")
    assert json.loads(capsys.readouterr().out)["errors"][0]["row"] == 5


def test_real_citizens_messages_are_all_taken(dadong):
    path = shared_data("messages/full.csv")
    summary = importing.import_file(path, actor=SYSTEM, now=NOW)
    assert summary.rows == summary.taken == summary.classified == 556


def test_an_import_does_not_wait_for_what_only_training_needs():
    code = (
        "import sys, django; django.setup(); import yiwang.domains.operations.management.commands.reports; "
        "print(sorted({'sklearn', 'scipy', 'ninja'} & set(sys.modules)))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "yiwang.project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
