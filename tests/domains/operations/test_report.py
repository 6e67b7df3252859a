"""A report comes in: taken whole or not at all, once."""

import pytest
from django.db import connection, transaction
from django.utils import translation
from uuid_utils.compat import uuid7

from tests.budgets import Asked
from tests.domains.operations.conftest import NOW, photo
from yiwang.core.geo import Point
from yiwang.domains.operations import queries
from yiwang.domains.operations.models import Report
from yiwang.kernel.access import sealed
from yiwang.kernel.errors import Conflict, Invalid, Problem, TooLarge
from yiwang.kernel.matters import receipts
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.records.models import Attachment


def test_a_report_is_a_matter_with_its_first_task_and_its_photo(submit):
    got = submit(files=[("a.jpg", photo())])
    assert got.created
    assert got.matter.number.startswith("20260924-")
    assert got.matter.area_id == "210104002009"
    assert (got.matter.class_code, got.report.needs_person) == ("01037", False)
    assert Task.objects.get(matter=got.matter.pk).node == "file"
    assert Attachment.objects.get(matter=got.matter.pk).stage == "report"


def test_a_report_with_a_photo_takes_at_most_twelve_queries(submit):
    submit()  # the caches of the process and a block of numbers are there
    with Asked() as seen:
        submit("井盖丢了很危险", files=[("a.jpg", photo())])
    # A savepoint asks the database nothing.
    asked = [q["sql"][:80] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 12, asked


def test_the_same_report_sent_twice_is_one_and_has_the_same_secret(submit):
    key = uuid7()
    first, second = submit(id=key), submit(id=key)
    assert (first.created, second.created) == (True, False)
    assert first.secret == second.secret and len(first.secret) >= 8
    assert first.matter.number == second.matter.number
    assert Report.objects.count() == Matter.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_with_the_number_that_has_it(submit):
    key = uuid7()
    number = submit(id=key).matter.number
    with pytest.raises(Conflict) as refused:
        submit("井盖丢了很危险", id=key)
    assert number in refused.value.detail
    assert Report.objects.count() == 1


def test_only_the_hash_of_the_secret_is_stored(submit):
    got = submit()
    assert got.secret not in str(Report.objects.values().get())
    assert receipts.same_secret(
        got.report.pk, f" {got.secret.upper()[:4]}-{got.secret[4:]} ", got.report.secret_hash
    )
    assert not receipts.same_secret(got.report.pk, "wrongsecret", got.report.secret_hash)


@pytest.mark.parametrize(
    ("given", "error", "where"),
    [
        ({"text": "x" * 10_000_000}, TooLarge, "text"),
        ({"text": "路" * 5001}, TooLarge, "text"),
        ({"text": "路灯\x00不亮"}, Invalid, "text"),
        ({"text": "路灯\udce4不亮"}, Invalid, "text"),
        ({"text": " \n "}, Invalid, "text"),
        ({"class_code": "99999"}, Invalid, "class_code"),
        ({"contact_phone": "12"}, Invalid, "contact_phone"),
        ({"contact_phone": "123"}, Invalid, "contact_phone"),
        ({"contact_phone": "12345"}, Invalid, "contact_phone"),
        ({"contact_phone": "4008001234"}, Invalid, "contact_phone"),
        ({"contact_phone": "88123456"}, Invalid, "contact_phone"),
        ({"point": Point(116.4, 39.9, "WGS84")}, Invalid, "point"),
        ({"files": [("a.jpg", photo()[:200])]}, Problem, "a"),
        ({"files": [("a.exe", b"MZ" + b"\0" * 100)]}, Problem, "a"),
        ({"files": [("a.jpg", photo())] * 7}, TooLarge, "files"),
        ({"secret": "short"}, Invalid, "secret"),
    ],
)
def test_bad_input_gets_one_clear_error_and_leaves_nothing_behind(submit, given, error, where):
    with pytest.raises(error) as refused:
        submit(**given)
    assert refused.value.where == where and len(refused.value.detail) > 5
    assert not Matter.objects.exists() and not Report.objects.exists() and not Attachment.objects.exists()


def test_a_point_outside_the_district_is_refused_with_the_distance(submit):
    with pytest.raises(Invalid) as refused:
        submit(point=Point(123.7, 41.8, "WGS84"))
    assert refused.value.code == "outside_district" and refused.value.extra["distance_m"] > 1000


def test_a_failure_while_the_file_is_stored_leaves_no_matter(submit, monkeypatch):
    from yiwang.kernel.records import attachments

    def broken(*args, **given):
        raise OSError("the disk is full")

    monkeypatch.setattr(attachments, "store", broken)
    with pytest.raises(OSError), transaction.atomic():
        submit(files=[("a.jpg", photo())])
    assert not Matter.objects.exists() and not Report.objects.exists()


def test_a_class_of_the_older_standard_is_taken_as_the_one_that_replaced_it(submit):
    got = submit(standard="GB/T 30428.2-2013", class_code="0137", text="路边有死猫")
    assert (got.matter.standard, got.matter.class_code) == ("GB/T 47678.5-2026", "06037")


def test_contact_data_lies_sealed_and_is_found_by_its_hash(submit):
    got = submit(contact_name="王某", contact_phone="138 0000 0000")
    with connection.cursor() as cursor:
        cursor.execute("select contact_phone, contact_name from operations_report")
        assert "1380" not in str(cursor.fetchall())
    assert Report.objects.get(pk=got.report.pk).contact_phone == "13800000000"
    assert len(got.report.phone_hash) == 64


@pytest.mark.parametrize("phone", ["13800000000", "024-88123456", "0411 8812345", "138****0000"])
def test_a_number_that_can_be_called_back_is_taken(submit, phone):
    assert submit(contact_phone=phone).report.contact_phone


def test_the_panel_says_which_contacts_there_are_without_opening_them(submit, monkeypatch):
    got, nobody = submit(contact_phone="13800000000"), submit()

    def opened(*_given):
        raise AssertionError("a contact was opened")

    monkeypatch.setattr(sealed, "unseal", opened)
    assert [row["sealed"] for row in queries.panel(got.matter, NOW).rows] == [["contact_phone"]]
    assert [row["sealed"] for row in queries.panel(nobody.matter, NOW).rows] == [[]]


def test_what_officials_report_themselves_has_a_channel_with_a_name(submit):
    got = submit(channel="staff")
    assert queries.panel(got.matter, NOW).rows[0]["channel_name"] in ("自采上报", "Reported by staff")
    with translation.override("en"):
        assert queries.channel_name("staff") == "Reported by staff"


def test_a_vague_report_goes_to_a_person(submit):
    got = submit("城管不管事", point=None)
    assert got.report.needs_person and got.matter.class_code == "" and got.matter.area_id is None
    assert got.matter.opened_at == NOW
