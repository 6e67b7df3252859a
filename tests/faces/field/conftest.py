"""A phone that talks to the server by the addresses of the field app."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from uuid_utils.compat import uuid7

from tests import people
from tests.faces.conftest import *  # noqa: F403 - the pages' world, and what is made in it
from tests.faces.conftest import THURSDAY, photo

CREW = ("handler-lighting", "inspector-210104002")


class Phone:
    """Sends as the app does; `user` is whose queue it is."""

    def __init__(self, client, user) -> None:
        self.client, self.user = client, user

    def me(self) -> dict:
        return self.client.get("/field/api/me").json()

    def tasks(self) -> list[dict]:
        return self.client.get("/field/api/tasks").json()["tasks"]

    def upload(self, data: bytes | None = None, id=None, **fields):
        form = {"id": str(id or uuid7()), "user": self.user.pk} | fields
        form["file"] = SimpleUploadedFile("photo.jpg", photo() if data is None else data, "image/jpeg")
        return self.client.post("/field/api/uploads", form, headers={"accept": "application/json"})

    def do(
        self, kind: str, body: dict, id=None, done: datetime = THURSDAY, sent: datetime = THURSDAY, **more
    ):
        item = {"id": str(id or uuid7()), "kind": kind, "user": self.user.pk, "body": body}
        item |= {"done_at": done.isoformat(), "sent_at": sent.isoformat()} | more
        return self.client.post(
            "/field/api/do", item, content_type="application/json", headers={"accept": "application/json"}
        )

    def report(self, text: str = "井盖松动，车过就响", photos=(), **given):
        body = {"text": text, "address": "华炉社区门口", "photos": [str(one) for one in photos]}
        return self.do("report", body | given.pop("body", {}), **given)


@pytest.fixture
def phone(signed_in):
    """The phone of somebody of the lighting crew who also inspects a sub-district."""
    return Phone(signed_in(*CREW, name="周师傅"), people.user(*CREW))


@pytest.fixture
def other_phone(signed_in):
    return Phone(signed_in("handler-sanitation", name="吴师傅"), people.user("handler-sanitation"))


def later(minutes: float) -> datetime:
    return THURSDAY + timedelta(minutes=minutes)
