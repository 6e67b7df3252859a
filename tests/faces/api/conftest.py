"""Callers of the API: anybody, officials with their tokens, another system with its key; and the office's clock."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.conftest import at
from tests.people import user
from yiwang.domains.operations.classify import shelf
from yiwang.kernel.access import limits, tokens
from yiwang.kernel.matters.store import numbers
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock

ROOT = "/api/v1"
THURSDAY = "2026-09-24T16:30"
COMMUNITY = "210104002009"


@dataclass
class Answer:
    """What the API said: `body` is the JSON value, None where there is none."""

    status: int
    body: Any
    headers: dict
    content: bytes

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


@dataclass
class Caller:
    """Speaks to the API as one caller; addresses are given without /api/v1."""

    headers: dict = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, address: str, query: dict | None = None, **headers: str) -> Answer:
        return told(self.client.get(ROOT + address, query, headers=self.headers | headers))

    def post(self, address: str, body: Any = None, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        kind = headers.pop("content_type", "application/json")
        return told(self.client.post(ROOT + address, data, kind, headers=self.headers | headers))

    def form(self, address: str, fields: dict, **headers: str) -> Answer:
        return told(self.client.post(ROOT + address, fields, headers=self.headers | headers))

    def delete(self, address: str) -> Answer:
        return told(self.client.delete(ROOT + address, headers=self.headers))


def told(response) -> Answer:
    content = response.getvalue()
    is_json = "json" in response.headers.get("Content-Type", "")
    body = json.loads(content) if is_json and content else None
    return Answer(response.status_code, body, dict(response.headers), content)


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    forget()
    yield
    forget()


def forget() -> None:
    """Nothing that this process keeps may outlive the transaction of a test."""
    limits.forget()
    numbers.forget()
    shelf.forget()
    tokens.reset_caches()


@pytest.fixture
def office(monkeypatch):
    """`office("2026-09-24T16:30")` sets the clock that every view reads."""

    def set_to(text: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(text))

    set_to(THURSDAY)
    return set_to


@pytest.fixture
def anybody(dadong, office) -> Caller:
    return Caller()


@pytest.fixture
def official(dadong, office):
    """`official("dispatcher")` is somebody who holds that post, with a bearer token."""

    def of(*posts: str, name: str = "") -> Caller:
        _token, secret = tokens.issue(user(*posts, name=name or "-".join(posts)), now=timezone.now())
        return Caller({"Authorization": f"Bearer {secret}"})

    return of


@pytest.fixture
def system(dadong, office) -> Caller:
    _key, secret = tokens.add_key(name="12345", channel="hotline", now=timezone.now())
    return Caller({"X-Api-Key": secret})


def inside() -> dict:
    area = registers.areas()[COMMUNITY]
    return {"lon": area.lon, "lat": area.lat, "system": "WGS84"}


def lamp(**given: Any) -> dict:
    """A report of a street lamp that is out, with its class and point."""
    return {"text": "小区门口路灯不亮好几天了", "class_code": "01037", "point": inside()} | given


def photo(name: str = "photo.jpg", colour: tuple = (200, 30, 30)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def lamp_condition(rules, limit: str = "") -> str:
    offered = rules.conditions_of(rules.default_standard, "01037")
    return next(one.slug for one in offered if not limit or one.limit == limit)


@pytest.fixture
def filed(anybody, official, dadong):
    """A street lamp report that is filed and waits to be dispatched: its receipt."""

    def make(**given: Any) -> Answer:
        got = anybody.post("/reports", lamp(**given))
        assert got.status == 201, got.body
        acceptor = official("acceptor")
        task = acceptor.get(f"/matters/{got['number']}")["tasks"][0]["id"]
        done = acceptor.post(
            f"/tasks/{task}/actions/complete",
            {"outcome": "file", "data": {"condition": lamp_condition(dadong)}},
        )
        assert done.status == 200, done.body
        return got

    return make


def open_task(caller: Caller, number: str) -> dict:
    page = caller.get(f"/matters/{number}")
    assert page.status == 200, page.body
    return next(task for task in page["tasks"] if task["state"] == "open")
