"""The working calendar in force, and the import of a year's holiday notice."""

import datetime as dt
import json

import pytest

from tests.data import shared_data
from tests.kernel.packs.sample import write, write_packs
from yiwang.kernel.errors import Invalid, NotFound, Problem, TooLarge
from yiwang.kernel.packs.loader import load
from yiwang.kernel.registers.calendars import current_calendar, import_notice
from yiwang.kernel.registers.models import HolidayNotice

NOW = dt.datetime(2026, 9, 24, 8, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=60)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs_folder")]
NEW_YEAR = {
    "year": 2027,
    "source": "gov",
    "days_off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
}


@pytest.fixture
def town(tmp_path, db, packs_folder):
    folder = write_packs(tmp_path)
    load(folder, NOW)
    return folder


def test_the_calendar_knows_the_make_up_workday_and_the_office_hours_of_the_pack(town):
    calendar = current_calendar()
    assert not calendar.day(dt.date(2026, 10, 1)).working
    assert calendar.day(dt.date(2026, 10, 10)).kind == "makeup"
    assert [hours[0] // 1800 / 2 for hours in calendar.windows(dt.date(2026, 10, 10))] == [8.5, 13.0]


def test_a_year_without_a_notice_is_provisional_until_the_notice_is_imported(town):
    assert current_calendar().day(dt.date(2027, 1, 3)).status == "provisional"
    import_notice(NEW_YEAR, "system", LATER)
    day = current_calendar().day(dt.date(2027, 1, 3))
    assert (day.status, day.working, day.name) == ("official", False, "元旦")


def test_the_calendar_is_read_without_a_query_while_it_is_fresh(town, django_assert_num_queries):
    first = current_calendar()
    with django_assert_num_queries(0):
        assert current_calendar() is first


def test_a_notice_imported_twice_changes_nothing(town):
    first = import_notice(NEW_YEAR, "system", NOW)
    assert import_notice(NEW_YEAR, "system", LATER).imported_at == first.imported_at
    assert HolidayNotice.objects.filter(year=2027).count() == 1


def test_an_amended_notice_takes_the_place_of_the_first(town):
    import_notice(NEW_YEAR, "system", NOW)
    amended = NEW_YEAR | {"days_off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-04"}]}
    import_notice(amended, "system", LATER)
    assert not current_calendar().day(dt.date(2027, 1, 4)).working


def test_the_published_file_of_a_year_is_imported(town, tmp_path):
    import_notice(shared_data("calendar/holiday-cn-2025.json"), "system", NOW)
    assert current_calendar().day(dt.date(2025, 9, 28)).kind == "makeup"
    assert HolidayNotice.objects.get(year=2025).source


def test_a_pack_file_is_imported_as_well(town, tmp_path):
    path = tmp_path / "2027.yaml"
    path.write_text(
        "year: 2027\ndays_off:\n  - {name: 元旦, from: 2027-01-01, to: 2027-01-03}\n", encoding="utf-8"
    )
    assert import_notice(path, "system", NOW).year == 2027
    assert not current_calendar().day(dt.date(2027, 1, 3)).working


@pytest.mark.parametrize(
    "body, told",
    [
        ({"year": 2027, "days": [{"name": "元旦", "date": "2027-13-01", "isOffDay": True}]}, r"days\[1\]"),
        ({"year": 2027, "days": []}, "names no day"),
        ({"year": "next"}, "year"),
        # 2026-12-31 would be off here and is an ordinary day of the notice in force only by silence; this one clashes.
        ({"year": 2027, "days": [{"name": "元旦", "date": "2028-01-01", "isOffDay": True}]}, "2028-01-01"),
    ],
)
def test_a_wrong_notice_is_refused_by_entry_and_nothing_is_stored(town, body, told):
    with pytest.raises(Invalid, match=told):
        import_notice(body, "system", NOW)
    assert not HolidayNotice.objects.filter(year=2027).exists()


def test_files_that_are_no_notice_are_refused_by_name(town, tmp_path):
    with pytest.raises(NotFound, match="nothing.json"):
        import_notice(tmp_path / "nothing.json", "system", NOW)
    broken = tmp_path / "broken.json"
    broken.write_text('{"year": 2027,\n "days": [}', encoding="utf-8")
    with pytest.raises(Invalid, match=r"broken\.json line 2"):
        import_notice(broken, "system", NOW)
    broken.write_bytes(b'{"year": "\xff\xfe"}')
    with pytest.raises(Invalid, match="UTF-8"):
        import_notice(broken, "system", NOW)
    broken.write_text('{"year": ' + "[" * 100_000, encoding="utf-8")
    with pytest.raises(Invalid, match="nested"):
        import_notice(broken, "system", NOW)
    broken.write_text(json.dumps([1, 2]), encoding="utf-8")
    with pytest.raises(Invalid, match="holiday notice"):
        import_notice(broken, "system", NOW)
    broken.write_text(" " * 300_000, encoding="utf-8")
    with pytest.raises(TooLarge):
        import_notice(broken, "system", NOW)


def test_without_office_hours_one_is_told_what_to_add(tmp_path):
    folder = write_packs(tmp_path)
    (folder / "calendar.yaml").unlink()
    load(folder, NOW)
    with pytest.raises(Problem, match=r"calendar\.yaml"):
        current_calendar()


def test_without_any_notice_one_is_told_what_to_add(tmp_path):
    folder = write_packs(tmp_path)
    (tmp_path / "base" / "calendar" / "2026.yaml").unlink()
    load(folder, NOW)
    with pytest.raises(Problem, match="YEAR.yaml"):
        current_calendar()


def test_new_office_hours_of_the_pack_count_after_the_load(town):
    write(
        town,
        {
            "calendar.yaml": 'office_hours:\n  seasons:\n    - {from: 01-01, to: 12-31, windows: ["09:00-17:00"]}\n'
        },
    )
    load(town, LATER)
    assert current_calendar().windows(dt.date(2026, 11, 23)) == ((9 * 3600, 17 * 3600),)
