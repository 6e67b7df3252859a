"""What bad input gets: one clear error in one shape, and no half-made matter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from uuid_utils.compat import uuid7

from tests.faces.api.conftest import Answer, inside, lamp, photo
from yiwang.domains.operations.models import Report
from yiwang.faces.api import parsing
from yiwang.kernel.matters.models import Event, Matter, Outbox, Task
from yiwang.kernel.matters.pages import write_cursor
from yiwang.kernel.records.models import Attachment

PROBLEM = "application/problem+json"


def refused(got: Answer, status: int, code: str, where: str = "") -> Answer:
    """The answer is one problem document of this kind, and nothing was written."""
    assert got.status == status, got.body
    assert got.headers["Content-Type"] == PROBLEM
    body = got.body
    assert body["type"] == f"urn:yiwang:problem:{code}" and body["status"] == status
    assert body["title"] and body["detail"] and body["instance"].startswith("/api/")
    if where:
        assert body["where"] == where
    for model in (Matter, Task, Event, Outbox, Report, Attachment):
        assert not model.objects.exists(), model
    return got


def test_a_point_outside_the_district_is_refused_with_the_distance(anybody):
    got = refused(
        anybody.post("/reports", lamp(point={"lon": 121.47, "lat": 31.23})), 422, "outside_district", "point"
    )
    assert 1_100_000 < got["distance_m"] < 1_300_000


def test_swapped_longitude_and_latitude_are_told(anybody):
    place = inside()
    got = refused(
        anybody.post("/reports", lamp(point={"lon": place["lat"], "lat": place["lon"]})), 422, "invalid"
    )
    assert got["errors"] == [{"where": "point.lat", "detail": got["detail"]}]


def test_a_point_without_a_known_system_is_refused(anybody):
    refused(
        anybody.post("/reports", lamp(point=inside() | {"system": "EPSG"})), 422, "invalid", "point.system"
    )


def test_an_unknown_class_is_refused(anybody):
    refused(anybody.post("/reports", lamp(class_code="99999")), 422, "unknown_class", "class_code")


def test_a_broken_image_is_refused(anybody):
    broken = SimpleUploadedFile("p.jpg", photo().read()[:300], "image/jpeg")
    refused(anybody.form("/reports", {"text": "路灯不亮", "files": [broken]}), 422, "broken_file", "p")


def test_a_program_named_as_a_photo_is_refused(anybody):
    false = SimpleUploadedFile("photo.jpg", b"MZ" + bytes(500), "image/jpeg")
    refused(anybody.form("/reports", {"text": "路灯不亮", "files": [false]}), 415, "unsupported", "photo")


def test_one_broken_photo_among_good_ones_lets_none_in(anybody, settings):
    broken = SimpleUploadedFile("q.jpg", b"\xff\xd8\xff" + bytes(100), "image/jpeg")
    refused(
        anybody.form("/reports", {"text": "路灯不亮", "files": [photo(), broken]}), 422, "broken_file", "q"
    )


def test_a_file_over_the_limit_is_refused(anybody):
    large = SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + bytes(10 * 2**20), "image/jpeg")
    refused(anybody.form("/reports", {"text": "路灯不亮", "files": [large]}), 413, "too_large", "big.jpg")


def test_more_files_than_the_district_takes_are_refused(anybody):
    files = [photo(f"{n}.jpg") for n in range(7)]
    refused(anybody.form("/reports", {"text": "路灯不亮", "files": files}), 413, "too_many_files", "files")


def test_a_text_of_ten_megabytes_is_refused(anybody):
    huge = "灯" * (10 * 2**20 // 3)
    body = json.dumps(lamp(text=huge), ensure_ascii=False).encode()
    by_json = refused(anybody.post("/reports", body), 413, "too_large")
    assert "10.0 MB" in by_json["detail"]
    refused(anybody.form("/reports", {"text": huge}), 413, "too_long", "text")


def test_a_text_longer_than_the_district_takes_is_refused_with_both_lengths(anybody):
    got = refused(anybody.post("/reports", lamp(text="灯" * 5001)), 413, "too_long", "text")
    assert "5001" in got["detail"] and "5000" in got["detail"]


def test_bytes_that_are_no_utf8_are_refused_in_every_kind_of_body(anybody):
    body = json.dumps(lamp(text="X"), ensure_ascii=False).encode().replace(b'"X"', b'"\xc2\xb7\xb5\xc6"')
    got = refused(anybody.post("/reports", body), 400, "invalid_utf8")
    assert str(body.index(b"\xb5") + 1) in got["detail"]
    form = (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        b"\xc2\xb7\xb5\xc6\xb2\xbb\xc1\xc1\r\n--x--\r\n"
    )
    got = anybody.post("/reports", form, content_type="multipart/form-data; boundary=x")
    refused(got, 400, "invalid_utf8", "text")
    refused(anybody.get("/matters?area=%ff%fe"), 400, "invalid_utf8")


@pytest.mark.parametrize("body", [b"{", b'{"text": NaN}', b"[1,2", b'{"text": "\\ud800"}', b'{"a":1,}'])
def test_a_body_that_is_no_json_is_refused_with_the_place(anybody, body):
    got = refused(anybody.post("/reports", body), 400, "malformed_json")
    assert "1" in got["detail"]


def test_a_body_of_another_kind_is_refused(anybody):
    refused(anybody.post("/reports", b"text=x", content_type="text/plain"), 415, "unsupported_media_type")
    refused(
        anybody.post("/tokens", b"username=x", content_type="application/x-www-form-urlencoded"),
        415,
        "unsupported_media_type",
    )


def test_a_form_that_is_cut_off_is_refused(anybody):
    got = anybody.post("/reports", b"--x\r\nContent-Dis", content_type="multipart/form-data")
    assert got.status == 400 and got["type"].endswith(":malformed")


def test_every_wrong_field_is_told_with_its_path(anybody):
    got = refused(
        anybody.post("/reports", {"text": 5, "point": {"lon": "x", "lat": 41.8}, "colour": "red", "id": "7"}),
        422,
        "invalid",
    )
    assert {one["where"] for one in got["errors"]} == {"text", "point.lon", "colour", "id"}


def test_a_character_that_is_no_text_is_refused_in_every_field(anybody):
    refused(anybody.post("/reports", lamp(text="路灯\u0000不亮")), 422, "control_character", "text")
    refused(anybody.post("/reports", lamp(address="a\u0007b")), 422, "control_character", "address")
    refused(anybody.get("/areas/resolve?address=%00"), 400, "control_character")


@pytest.mark.parametrize("phone", ["1380013800", "024-1", "call me"])
def test_a_wrong_phone_number_is_refused(anybody, phone):
    refused(anybody.post("/reports", lamp(contact_phone=phone)), 422, "bad_phone", "contact_phone")


def test_a_report_that_says_nothing_is_refused(anybody):
    refused(anybody.post("/reports", {"text": " "}), 422, "no_text", "text")
    refused(anybody.post("/reports", {}), 422, "invalid", "text")
    refused(anybody.post("/reports", b" "), 400, "malformed_json")


def test_a_field_sent_twice_is_refused(anybody):
    refused(anybody.form("/reports", {"text": ["路灯", "井盖"]}), 422, "sent_twice", "text")


def test_text_nested_without_end_is_refused(anybody):
    body = b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    refused(anybody.post("/reports", body), 400, "malformed_json")


def test_the_announced_size_is_refused_before_a_byte_is_read(anybody, monkeypatch):
    monkeypatch.setattr(parsing, "MOST_JSON", 100)
    refused(anybody.post("/reports", lamp()), 413, "too_large")


def test_nothing_at_an_address_and_a_method_that_is_not_there_are_problems_too(anybody):
    refused(anybody.get("/nowhere"), 404, "not_found")
    refused(anybody.get("/matters/1/2/3"), 404, "not_found")
    got = refused(anybody.delete("/reports"), 405, "method_not_allowed")
    assert got.headers["Allow"] == "GET, POST"
    refused(anybody.post("/tasks/not-an-id/actions/claim"), 404, "not_found")


@pytest.mark.parametrize(
    "mark",
    [
        "xyz",
        write_cursor(None, UUID(int=1)),
        write_cursor(datetime(2026, 9, 24), UUID(int=1)),
        write_cursor(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=1)),
    ],
    ids=["not one", "of another list", "without an offset", "far away"],
)
def test_a_page_mark_that_this_list_did_not_give_out_is_refused(official, mark):
    for address in ("/matters", "/reports"):
        refused(official("leader").get(address, {"after": mark}), 422, "bad_cursor", "after")


def test_a_moment_that_nobody_can_mean_is_refused(official):
    for text in ("8989-11-16T10:37:21-20:42", "0001-01-01T00:00:00+08:00"):
        refused(official("leader").get("/matters", {"since": text}), 422, "invalid", "since")


def test_a_fault_of_ours_says_an_incident_and_nothing_more(anybody, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("password=secret at /srv/yiwang/models.py")

    monkeypatch.setattr("yiwang.faces.api.endpoints.reports.actions.report", broken)
    got = refused(anybody.post("/reports", lamp()), 500, "server_fault")
    assert got["incident"] in got["detail"] and got["incident"] in caplog.text
    assert "secret" not in str(got.body) and "models.py" not in str(got.body)
    assert "RuntimeError" in caplog.text


def test_a_head_request_has_the_headers_of_the_answer_and_no_body(anybody):
    whole = anybody.client.get("/api/v1/units")
    bare = anybody.client.head("/api/v1/units")
    assert (bare.status_code, bare.content) == (200, b"")
    assert bare.headers["Content-Length"] == str(len(whole.content))


def test_the_same_id_at_once_from_a_form_and_json_is_one_report_or_a_conflict(anybody):
    key = str(uuid7())
    assert anybody.post("/reports", lamp(id=key)).status == 201
    place = inside()
    as_form = {"id": key, "text": lamp()["text"], "class_code": "01037"} | {
        name: place[name] for name in ("lon", "lat", "system")
    }
    assert anybody.form("/reports", as_form).status == 200
    assert anybody.form("/reports", as_form | {"files": [photo()]}).status == 409
    assert Report.objects.count() == 1 and not Attachment.objects.exists()
