"""Files of a matter over the API: sent once however often, seen by those who may see the matter."""

from __future__ import annotations

import pytest
from uuid_utils.compat import uuid7

from tests.faces.api.conftest import lamp, open_task, photo
from yiwang.kernel.records.models import Attachment


@pytest.fixture
def number(filed, official):
    number = filed()["number"]
    dispatcher = official("dispatcher")
    task = open_task(dispatcher, number)["id"]
    dispatcher.post(f"/tasks/{task}/actions/complete", {"outcome": "dispatch"})
    return number


def test_a_handler_adds_a_photo_once_and_finishes_the_task_with_it(number, official):
    handler = official("handler-lighting")
    key = str(uuid7())
    address = f"/matters/{number}/attachments"
    first = handler.form(address, {"files": photo(), "id": key, "stage": "after"})
    again = handler.form(address, {"files": photo(), "id": key, "stage": "after"})
    assert (first.status, again.status) == (201, 200) and first.body == again.body
    other = handler.form(address, {"files": photo(colour=(9, 9, 9)), "id": key, "stage": "after"})
    assert other.status == 409
    assert Attachment.objects.filter(stage="after").count() == 1
    task = open_task(handler, number)["id"]
    complete = f"/tasks/{task}/actions/complete"
    unknown = handler.post(complete, {"outcome": "done", "attachments": [str(uuid7())]})
    assert unknown.status == 422 and unknown["where"] == "attachments[0]"
    assert handler.post(complete, {"outcome": "done", "attachments": [key]}).status == 200
    story = handler.get(f"/matters/{number}")["story"]
    assert story[-1]["record"]["evidence"] == [{"id": key, "stage": "after"}]


def test_a_file_and_its_small_picture_are_for_those_who_may_see_the_matter(number, official):
    handler = official("handler-lighting")
    made = handler.form(f"/matters/{number}/attachments", {"files": photo()})
    address = made["address"].removeprefix("/api/v1")
    whole = handler.get(address)
    assert whole.status == 200 and whole.content.startswith(b"\xff\xd8")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert handler.get(address, **{"If-None-Match": whole.headers["ETag"]}).status == 304
    assert handler.get(made["thumbnail"].removeprefix("/api/v1")).status == 200
    assert official("handler-greening").get(address).status == 404


def test_those_who_only_look_add_nothing(number, official):
    got = official("auditor").form(f"/matters/{number}/attachments", {"files": photo()})
    assert got.status == 403
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status", "where"),
    [
        ({"files": [photo(), photo("b.jpg")]}, 422, "files"),
        ({"stage": "after"}, 422, "files"),
        ({"files": photo(), "stage": "middle"}, 422, "stage"),
        ({"files": photo(), "id": "7"}, 422, "id"),
        ({"files": photo(), "color": "red"}, 422, "color"),
        ({"photos": photo()}, 422, "photos"),
    ],
    ids=["two files", "no file", "no such stage", "no id", "no such field", "wrong field"],
)
def test_a_wrong_form_is_refused_with_its_field(number, official, fields, status, where):
    fields = {
        name: [_again(f) for f in value] if isinstance(value, list) else _again(value)
        for name, value in fields.items()
    }
    got = official("handler-lighting").form(f"/matters/{number}/attachments", fields)
    assert (got.status, got["where"]) == (status, where), got.body
    assert not Attachment.objects.exists()


def test_json_is_no_way_to_send_a_file(number, official):
    assert official("handler-lighting").post(f"/matters/{number}/attachments", {}).status == 415


def test_a_closed_matter_takes_no_more_files(anybody, official):
    number = anybody.post("/reports", lamp())["number"]
    leader = official("duty-leader")
    leader.post(f"/matters/{number}/actions/close", {"answer": "好", "note": "好"})
    assert leader.form(f"/matters/{number}/attachments", {"files": photo()}).status == 409


def _again(value):
    if hasattr(value, "seek"):
        value.seek(0)
    return value
