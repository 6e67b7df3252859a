"""Anybody reports over the API, once however often it is sent, and follows with number and secret."""

from __future__ import annotations

import pytest
from uuid_utils.compat import uuid7

from tests.budgets import Asked
from tests.faces.api.conftest import Caller, inside, lamp, photo
from yiwang.domains.operations.models import Report
from yiwang.kernel.access import limits
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.models import Attachment


def test_a_resident_reports_and_gets_a_number_and_a_secret(anybody):
    got = anybody.post("/reports", lamp())
    assert got.status == 201
    assert got["number"] and len(got["secret"]) == 10
    assert got["received_at"] == "2026-09-24T16:30:00+08:00"
    assert Matter.objects.get(number=got["number"]).area_id == "210104002009"


def test_a_report_sent_again_is_the_same_report(anybody):
    sent = lamp(id=str(uuid7()), contact_phone="13800138000")
    first, second = anybody.post("/reports", sent), anybody.post("/reports", sent)
    assert (first.status, second.status) == (201, 200)
    assert first.body == second.body
    assert Report.objects.count() == 1


def test_the_receipt_stays_the_same_when_the_matter_has_moved_on(anybody, filed):
    key = str(uuid7())
    first = filed(id=key)
    again = anybody.post("/reports", lamp(id=key))
    assert again.status == 200 and again.body == first.body


def test_the_same_id_with_other_words_is_refused_with_the_number_of_the_first(anybody):
    key = str(uuid7())
    first = anybody.post("/reports", lamp(id=key))
    other = anybody.post("/reports", lamp(id=key, text="井盖丢了"))
    assert other.status == 409 and other["type"].endswith(":other_content")
    assert first["number"] in other["detail"] and other["where"] == "id"
    assert Report.objects.get().text == "小区门口路灯不亮好几天了"


def test_photos_come_with_the_report_in_one_form(anybody):
    place = inside()
    key = str(uuid7())

    def send():
        fields = {
            "id": key,
            "text": "路灯不亮",
            "lon": place["lon"],
            "lat": place["lat"],
            "files": [photo(), photo(colour=(1, 2, 3))],
        }
        return anybody.form("/reports", fields)

    first, second = send(), send()
    assert (first.status, second.status) == (201, 200), first.body
    assert first.body == second.body
    assert Attachment.objects.filter(matter=key, stage="report").count() == 2


def test_another_system_reports_through_its_channel_under_its_own_number(system, anybody):
    got = system.post("/reports", lamp(external_id="12345-0001"))
    assert got.status == 201
    row = Report.objects.get()
    assert (row.channel, row.external_id) == ("hotline", "12345-0001")
    again = system.post("/reports", lamp(external_id="12345-0001"))
    assert (again.status, again["id"]) == (200, got["id"])
    assert anybody.post("/reports", lamp(external_id="x"))["where"] == "external_id"


def test_an_unknown_key_is_refused(dadong, office):
    got = Caller({"X-Api-Key": "ywk_wrong"}).post("/reports", lamp())
    assert got.status == 401 and got["type"].endswith("bad_key")


def test_an_official_reports_as_one(official):
    assert official("inspector-district").post("/reports", lamp()).status == 201
    assert Report.objects.get().channel == "staff"
    refused = official("handler-lighting").post("/reports", lamp())
    assert refused.status == 403 and Report.objects.count() == 1


def test_one_address_cannot_flood_the_district(anybody, system):
    answers = [anybody.post("/reports", {"text": ""}) for _ in range(61)]
    assert answers[59].status == 422 and answers[60].status == 429
    assert 0 < int(answers[60].headers["Retry-After"]) <= 11
    assert answers[60]["type"].endswith("too_many")
    assert system.post("/reports", lamp()).status == 201  # keys are not limited


def test_what_a_reporter_does_counts_once_and_is_answered(anybody, monkeypatch):
    got = anybody.post("/reports", lamp())
    monkeypatch.setattr(limits.FOLLOWS, "burst", 1)
    back = anybody.post(f"/reports/{got['number']}/withdraw", {"secret": got["secret"], "note": "修好了"})
    assert back.status == 200 and back["state"] == "withdrawn"
    again = anybody.get(f"/reports/{got['number']}/follow", **{"X-Report-Secret": got["secret"]})
    assert again.status == 429


def test_filing_costs_at_most_twelve_queries(anybody):
    anybody.post("/reports", lamp())  # warms what a process keeps
    with Asked() as seen:
        assert anybody.post("/reports", lamp(id=str(uuid7()))).status == 201
    assert len(seen) <= 12, "\n".join(one["sql"][:150] for one in seen.captured_queries)


def test_the_reporter_follows_with_the_secret_in_a_header_or_the_body(anybody):
    got = anybody.post("/reports", lamp())
    address = f"/reports/{got['number']}/follow"
    by_header = anybody.get(address, **{"X-Report-Secret": got["secret"]})
    by_body = anybody.post(address, {"secret": got["secret"].upper()})
    assert by_header.status == by_body.status == 200
    assert by_header.body == by_body.body
    assert by_header["state"] == "open" and by_header["story"][0]["kind"] == "open"
    assert by_header["explanation"]["limit"] == "1eh"


@pytest.mark.parametrize("secret", ["", "aaaaaaaaaa"])
def test_nobody_follows_without_the_secret(anybody, secret):
    got = anybody.post("/reports", lamp())
    refused = anybody.get(f"/reports/{got['number']}/follow", **{"X-Report-Secret": secret})
    assert refused.status == 404 and refused["type"].endswith("no_report")
    in_address = anybody.get(f"/reports/{got['number']}/follow", {"secret": got["secret"]})
    assert in_address.status == 404  # an address is written into logs


def test_the_reporter_takes_it_back_as_long_as_nobody_handles_it(anybody, filed):
    got = filed()
    taken = anybody.post(f"/reports/{got['number']}/withdraw", {"secret": got["secret"], "note": "已经亮了"})
    assert taken.status == 200 and taken["state"] == "withdrawn"


def test_the_reporter_sees_the_own_photos_and_nobody_else_does(anybody, official):
    place = inside()
    got = anybody.form(
        "/reports", {"text": "路灯不亮", "lon": place["lon"], "lat": place["lat"], "files": [photo()]}
    )
    seen = anybody.post(f"/reports/{got['number']}/follow", {"secret": got["secret"]})
    address = f"/reports/{got['number']}/photos/{seen['photos_before'][0]}"
    mine = anybody.get(address, **{"X-Report-Secret": got["secret"]})
    assert mine.status == 200 and mine.content.startswith(b"\xff\xd8")
    assert anybody.get(address).status == 404
    assert anybody.get(f"/attachments/{seen['photos_before'][0]}").status == 401


def test_chinese_is_spoken_unless_english_is_asked_for(anybody):
    got = anybody.post("/reports", lamp())
    follow = f"/reports/{got['number']}/follow"
    chinese = anybody.post(follow, {"secret": got["secret"]})
    english = anybody.post(follow, {"secret": got["secret"]}, **{"Accept-Language": "en"})
    assert "社区" in chinese["area_name"] and chinese.headers["Content-Language"] == "zh-hans"
    assert english["area_name"].isascii() and english["story"][0]["text"] == "We received your report."
