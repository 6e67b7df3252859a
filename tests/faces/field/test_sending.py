"""What a phone sends is done once, in order, for the right person, or refused with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from tests.faces.conftest import THURSDAY, photo
from tests.faces.field.conftest import later
from yiwang.domains.operations.models import Report
from yiwang.domains.streets.models import Patrol
from yiwang.faces.field import once
from yiwang.faces.field.models import Receipt
from yiwang.kernel.matters import audit
from yiwang.kernel.matters.models import Event, Matter, Task
from yiwang.kernel.records import ahead
from yiwang.kernel.records.models import Attachment

pytestmark = pytest.mark.django_db


def code(response) -> str:
    return response.json()["type"].rpartition(":")[2]


# Photos


def test_a_photo_that_is_sent_twice_is_there_once(phone):
    key, data = uuid7(), photo()
    assert phone.upload(data, key).json()["new"] is True
    assert phone.upload(data, key).json()["new"] is False
    assert Attachment.objects.filter(pk=key, matter=None).count() == 1


def test_another_photo_under_the_same_id_is_refused(phone):
    key = uuid7()
    phone.upload(photo(), key)
    answer = phone.upload(photo(colour=(0, 0, 250)), key)
    assert (answer.status_code, code(answer)) == (409, "other_content")


def test_the_phones_word_for_time_and_place_is_used_where_the_photo_says_nothing(phone, inside):
    key = uuid7()
    phone.upload(id=key, taken_at="2026-09-24T10:00:00+08:00", lat=inside.lat, lon=inside.lon)
    row = Attachment.objects.get(pk=key)
    assert (row.lat, row.lon) == (inside.lat, inside.lon)
    assert row.taken_at == datetime.fromisoformat("2026-09-24T10:00:00+08:00")


def test_what_the_photo_says_itself_goes_before_the_phones_word(phone, inside):
    key = uuid7()
    phone.upload(photo(place=inside), key, lat=41.0, lon=123.0)
    assert abs(Attachment.objects.get(pk=key).lat - inside.lat) < 0.001


@pytest.mark.parametrize("data", [b"", b"GIF89a" + b"0" * 50, b"\xff\xd8\xff" + b"0" * 100])
def test_a_file_that_is_no_picture_is_refused_with_a_reason(phone, data):
    answer = phone.upload(data)
    assert answer.status_code in (415, 422)
    assert answer.json()["detail"]
    assert not Attachment.objects.exists()


def test_photos_that_nobody_uses_are_forgotten_after_a_month(phone):
    old, used = uuid7(), uuid7()
    phone.upload(id=old)
    phone.upload(id=used)
    phone.report(photos=[used])
    assert ahead.forget(THURSDAY + ahead.KEPT) == 0
    assert ahead.forget(later(1) + ahead.KEPT) == 1
    assert list(Attachment.objects.values_list("pk", flat=True)) == [used]


def test_one_person_cannot_fill_the_store_with_photos_that_no_matter_takes(phone, monkeypatch):
    monkeypatch.setattr(ahead, "MOST_WAITING", 1)
    phone.upload()
    phone.upload()
    assert phone.upload().status_code == 429


# Reports


def test_a_report_with_two_photos_is_one_matter_with_two_photos_however_often_it_is_sent(phone):
    first, second, key = uuid7(), uuid7(), uuid7()
    for one in (first, second):
        phone.upload(id=one)
    answers = [phone.report(photos=[first, second], id=key).json() for _time in range(3)]
    assert {answer["number"] for answer in answers} == {Matter.objects.get().number}
    assert [answer["new"] for answer in answers] == [True, False, False]
    report = Report.objects.get()
    assert (report.pk, report.channel) == (key, "staff")
    assert set(Attachment.objects.filter(matter=key).values_list("pk", flat=True)) == {first, second}


def test_a_report_is_where_its_photo_was_taken_when_the_phone_had_no_position(phone, inside):
    key = uuid7()
    phone.upload(photo(place=inside), key)
    phone.report(photos=[key], body={"address": ""})
    assert Report.objects.get().located_by == "photo"


def test_another_report_under_the_same_id_is_refused(phone):
    key = uuid7()
    phone.report(id=key)
    answer = phone.report("另一件事情", id=key)
    assert (answer.status_code, code(answer)) == (409, "other_content")
    assert Matter.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # what is refused is rolled back
def test_a_report_whose_photo_is_not_there_asks_for_the_photo_and_leaves_nothing(phone):
    answer = phone.report(photos=[uuid7()])
    assert (answer.status_code, code(answer)) == (422, "no_upload")
    assert not Matter.objects.exists()
    assert not Receipt.objects.exists()


def test_nobody_takes_the_photos_of_somebody_else(phone, other_phone):
    key = uuid7()
    other_phone.upload(id=key)
    assert code(phone.report(photos=[key])) == "no_upload"


@pytest.mark.django_db(transaction=True)  # what is refused is rolled back
def test_a_refused_report_that_is_corrected_is_taken_under_its_id(phone):
    key = uuid7()
    assert phone.report("？", id=key).status_code == 422
    assert phone.report("井盖松动", id=key).status_code == 200


def test_a_handler_without_the_right_to_report_is_told_so(other_phone):
    answer = other_phone.report()
    assert answer.status_code == 403
    assert not Matter.objects.exists()


# Tasks


def test_a_task_is_taken_and_finished_with_before_and_after(phone, at_step):
    made = at_step("handle")
    before, after, key = uuid7(), uuid7(), uuid7()
    for one in (before, after):
        phone.upload(id=one)
    assert phone.do("claim", {"task": str(made.task.pk)}).status_code == 200
    body = {
        "task": str(made.task.pk),
        "outcome": "done",
        "note": "换了灯泡",
        "photos": [{"id": str(before), "stage": "before"}, {"id": str(after), "stage": "after"}],
    }
    answers = [phone.do("complete", body, id=key).json() for _time in range(3)]
    assert [answer["new"] for answer in answers] == [True, False, False]
    stages = dict(Attachment.objects.filter(matter=made.matter).values_list("pk", "stage"))
    assert stages == {before: "before", after: "after"}
    events = list(Event.objects.filter(matter=made.matter).values_list("action", flat=True))
    assert events[-4:] == ["claim", "attach", "attach", "complete"]
    done = Event.objects.filter(matter=made.matter).last().data["record"]
    assert done["evidence"] == [
        {"id": str(before), "stage": "before"},
        {"id": str(after), "stage": "after"},
    ]
    assert [faults for _number, faults in audit.verify()] == [[]]


def test_who_comes_second_is_told_who_was_first_and_the_photos_stay_out(phone, at_step, time):
    made = at_step("handle")
    key = uuid7()
    phone.upload(id=key)
    from yiwang.kernel.access.actors import SYSTEM
    from yiwang.kernel.matters import actions

    actions.complete(actor=SYSTEM, task=made.task.pk, outcome="done", note="修好了", now=time.now)
    body = {
        "task": str(made.task.pk),
        "outcome": "done",
        "note": "我也修了",
        "photos": [{"id": str(key), "stage": "after"}],
    }
    answer = phone.do("complete", body)
    assert (answer.status_code, code(answer)) == (409, "task_done")
    assert not Attachment.objects.filter(matter=made.matter).exists()


def test_a_task_of_another_unit_is_refused(other_phone, at_step):
    made = at_step("handle")
    assert other_phone.do("claim", {"task": str(made.task.pk)}).status_code == 403


def test_the_legal_clock_counts_the_server_and_the_event_keeps_the_phones_word(phone, at_step, time):
    made = at_step("handle")
    time.set("2026-09-24T11:40")
    phone.do(
        "complete",
        {"task": str(made.task.pk), "outcome": "done", "note": "换了灯泡"},
        done=datetime.fromisoformat("2026-09-24T10:02:00+08:00"),
        sent=datetime.fromisoformat("2026-09-24T11:40:00+08:00"),
    )
    task = Task.objects.get(pk=made.task.pk)
    assert task.done_at == time.now
    record = Event.objects.filter(matter=made.matter).last().data["record"]
    assert record["done_at"] == "2026-09-24T02:02:00+00:00"
    page = phone.client.get(f"/matters/{made.number}").content.decode()
    assert "done at 10:02 off-line, received 11:40" in page


# Patrols


def test_a_phone_with_a_wrong_clock_walks_in_the_servers_time(phone):
    began = datetime.fromisoformat("2020-01-01T09:00:00+08:00")
    body = {
        "patrol": str(uuid7()),
        "post": "inspector-210104002",
        "began_at": began.isoformat(),
        "first": 0,
        "fixes": [[began.timestamp() + 60, 41.8, 123.45, 5]],
    }
    sent = datetime.fromisoformat("2020-01-01T09:10:00+08:00")
    assert phone.do("track", body, done=sent, sent=sent).status_code == 200
    assert Patrol.objects.get().began_at == later(-10)
    assert phone.client.get("/field/api/patrols").json()["patrols"][0]["length_m"] == 0


# Who, and what is no sending at all


def test_nobody_sends_the_queue_of_somebody_else(phone, other_phone):
    answer = phone.report(user=other_phone.user.pk)
    assert (answer.status_code, code(answer)) == (403, "other_user")


def test_nobody_gets_the_receipt_of_somebody_else(phone, other_phone, at_step):
    made, key = at_step("handle"), uuid7()
    phone.do("claim", {"task": str(made.task.pk)}, id=key)
    assert other_phone.do("claim", {"task": str(made.task.pk)}, id=key).status_code == 409


def test_a_visitor_learns_that_nobody_is_signed_in_and_no_more(visitor):
    answer = visitor.get("/field/api/me")
    body = answer.json()
    assert set(body) == {"user", "csrf", "now"}
    # A late answer must not take the place of the cookie of the sign-in form.
    assert body["csrf"] == "" and "csrftoken" not in answer.cookies
    assert visitor.get("/field/api/me?token").json()["csrf"]
    assert body["user"] is None
    for address in ("/field/api/tasks", "/field/api/patrols"):
        assert visitor.get(address, headers={"accept": "application/json"}).status_code == 401


def test_each_person_has_an_own_seal_that_stays_the_same(phone, other_phone):
    assert phone.me()["seal"] == phone.me()["seal"] != other_phone.me()["seal"]
    assert len(bytes.fromhex(phone.me()["seal"])) == 32


@pytest.mark.parametrize(
    "given",
    [
        {"id": str(uuid4())},
        {"id": "x"},
        {"kind": "void"},
        {"done_at": "2026-09-24T10:00:00"},
        {"done_at": "1970-01-01T00:00:00Z"},
        {"more": 1},
        {"body": {"text": 5}},
        {"body": {"text": "井盖", "place": {"lat": 200, "lon": 1}}},
        {"body": {"text": "井盖", "photos": ["x"]}},
        {"body": []},
    ],
)
def test_what_the_app_would_never_send_is_refused_by_field(phone, given):
    item = {
        "id": str(uuid7()),
        "kind": "report",
        "user": phone.user.pk,
        "body": {"text": "井盖"},
        "done_at": THURSDAY.isoformat(),
        "sent_at": THURSDAY.isoformat(),
    } | given
    answer = phone.client.post(
        "/field/api/do", item, content_type="application/json", headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["where"]


@pytest.mark.parametrize("body", [b" ", b"{", b"[]", b"\xff", b"null"])
def test_what_is_no_json_object_is_refused(phone, body):
    answer = phone.client.post(
        "/field/api/do", body, content_type="application/json", headers={"accept": "application/json"}
    )
    assert answer.status_code == 422


def test_receipts_are_forgotten_once_no_phone_will_ask(phone):
    phone.report()
    assert once.forget(THURSDAY + once.KEPT) == 0
    assert once.forget(later(1) + once.KEPT) == 1


def test_the_ids_of_receipts_are_the_phones_own(phone):
    key = uuid7()
    phone.report(id=key)
    assert Receipt.objects.get().pk == UUID(str(key))
