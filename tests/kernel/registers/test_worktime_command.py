"""`yiwang worktime` on a machine with nothing but the packs, and the import of a notice."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.core.worktime.calendars import district
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.registers import calendars
from yiwang.kernel.registers.models import HolidayNotice


@pytest.fixture
def without_database(monkeypatch):
    def missing():
        raise Problem("nothing loaded", code="no_calendar", status=503)

    monkeypatch.setattr(calendars, "current_calendar", missing)


def worktime(*arguments):
    out, err = StringIO(), StringIO()
    call_command("worktime", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("without_database")
def test_a_due_date_is_printed_with_its_strip_before_any_database_exists():
    out, err = worktime("due", "--from", "2026-09-24T16:30", "--limit", "5wd")
    assert "2026-10-09 17:00" in out.splitlines()[0]
    assert out.splitlines()[4].split()[-2:] == ["4", "5*"]
    assert err


@pytest.mark.usefixtures("without_database")
def test_json_is_a_list_with_from_limit_holds_due_and_days():
    hold = "2026-09-28T10:00/2026-09-30T15:00"
    out, _ = worktime("due", "--from", "2026-09-24T16:30", "--limit", "5wd", "--hold", hold, "--json")
    (answer,) = json.loads(out)
    assert answer["from"] == "2026-09-24T16:30:00+08:00"
    assert answer["limit"] == "5wd"
    assert answer["holds"][0]["to"] == "2026-09-30T15:00:00+08:00"
    assert answer["due"] == "2026-10-13T17:00:00+08:00"
    assert [day["date"] for day in answer["days"] if day["counted"]] == [
        "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13"
    ]  # fmt: skip


@pytest.mark.usefixtures("without_database")
def test_a_file_gives_one_answer_a_row(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("from,limit,holds\n2026-09-24T16:30,5wd,\n2026-06-08T10:00,4wh,2026-06-08T10:00/\n")
    out, _ = worktime("due", "--file", str(path), "--json")
    assert [answer["due"] for answer in json.loads(out)] == ["2026-10-09T17:00:00+08:00", None]
    out, _ = worktime("due", "--file", str(path))
    assert len(out.splitlines()) == 2


@pytest.mark.usefixtures("without_database")
def test_a_file_with_bad_rows_answers_none_and_names_each(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("from,limit,holds\n2026-09-24T16:30,5wd,\nlater,5wd,\n2060-01-01,5wd,\n")
    with pytest.raises(CommandError, match="row 3, column from"):
        worktime("due", "--file", str(path))
    path.write_text("from,limit,holds\n2026-09-24T16:30,5wd,\n2060-01-01,5wd,\n2061-01-01,5wd,\n")
    with pytest.raises(CommandError, match=r"(?s)row 3, column from: 2060-01-01 .*row 4, column from"):
        worktime("due", "--file", str(path))


@pytest.mark.usefixtures("without_database")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--from"),
        (("--from", "2026-09-24", "--limit", "5"), "5wd"),
        (("--from", "soon", "--limit", "5wd"), "YYYY-MM-DD"),
        (("--from", "2026-09-24", "--limit", "5wd", "--hold", "2026-09-25"), "FROM/TO"),
        (("--from", "2026-09-24", "--limit", "5wd", "--extension", "2d"), "extension in wd"),
        (("--from", "2045-09-24", "--limit", "5wd"), "outside the calendar"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_to_write(arguments, message):
    with pytest.raises(CommandError, match=message):
        worktime("due", *arguments)


def notice_file(folder, *days):
    path = folder / "2027.json"
    days = [{"name": name, "date": date, "isOffDay": off} for name, date, off in days]
    path.write_text(
        json.dumps({"year": 2027, "papers": ["https://www.gov.cn/"], "days": days}), encoding="utf-8"
    )
    return str(path)


@pytest.mark.django_db
def test_a_notice_that_contradicts_itself_is_refused_with_the_date(tmp_path):
    path = notice_file(tmp_path, ("元旦", "2027-01-01", True), ("元旦", "2027-01-01", False))
    with pytest.raises(Invalid, match="2027-01-01"):
        worktime("import-notice", path)


@pytest.mark.django_db
def test_a_notice_is_imported_once_and_says_what_it_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(calendars, "_seasons", lambda: district().seasons)
    path = notice_file(tmp_path, ("元旦", "2027-01-01", True), ("元旦", "2027-01-03", False))
    for _ in range(2):
        out, _err = worktime("import-notice", path, "--json")
        assert json.loads(out) == {"year": 2027, "days_off": 1, "makeup_days": 1}
    assert HolidayNotice.objects.filter(year=2027).count() == 1
