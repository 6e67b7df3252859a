"""What the pages' tests share: the real pack of Dadong, files of their own, a clock that stands, people who sign in."""

from __future__ import annotations

import io
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image
from uuid_utils.compat import uuid7

from tests import people
from tests.conftest import at
from yiwang.core.geo import Point
from yiwang.domains.operations import actions
from yiwang.kernel.access import limits
from yiwang.kernel.access.actors import SYSTEM, resident
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Task
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.ui import clock

THURSDAY = at("2026-09-24T16:30")
COMMUNITY = "210104002009"
LAMP = ("GB/T 47678.5-2026", "01037")


class Moment:
    """The time that the pages read."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> datetime:
        self.now = at(text)
        return self.now


@pytest.fixture
def time(monkeypatch) -> Moment:
    moment = Moment(THURSDAY)
    monkeypatch.setattr(clock, "now", moment)
    return moment


@pytest.fixture
def world(dadong, settings, tmp_path, time):
    """The pack of Dadong, with a store of files and a cache that nobody else uses."""
    settings.FILES_DIR = tmp_path / "files"
    cache.clear()
    store.numbers.forget()
    limits.forget()
    yield dadong
    limits.forget()
    store.numbers.forget()
    cache.clear()


@pytest.fixture
def signed_in(world):
    """`signed_in("dispatcher")` is the browser of somebody who holds that post."""

    def of(*posts: str, name: str = "") -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["yiwang_language"] = "en"
        client.force_login(people.user(*posts, name=name), backend="yiwang.kernel.access.signin.PostsBackend")
        return client

    return of


@pytest.fixture
def visitor(world) -> Client:
    client = Client()
    client.cookies["yiwang_language"] = "en"
    return client


@pytest.fixture
def inside(world) -> Point:
    area = registers.areas()[COMMUNITY]
    return Point(area.lon, area.lat, "CGCS2000")


@pytest.fixture
def reported(world, inside, time):
    """A report about a dark street lamp; keywords override."""

    def make(text: str = "小区门口路灯不亮好几天了", **given) -> actions.Received:
        given = {
            "id": uuid7(),
            "channel": "portal",
            "actor": resident(),
            "point": inside,
            "now": time.now,
        } | given
        return actions.report(text=text, **given)

    return make


@pytest.fixture
def at_step(reported, time):
    """A matter brought to a step by Yiwang itself: file, dispatch, handle, feedback, verify or close."""

    def bring(step: str, **given) -> SimpleNamespace:
        got = reported(**given)
        way = way_of_a_matter()
        for node, (outcome, note, data) in way.items():
            if node == step:
                break
            task = Task.objects.get(matter=got.matter, state="open")
            assert task.node == node
            matters.complete(actor=SYSTEM, task=task.pk, outcome=outcome, note=note, data=data, now=time.now)
        got.matter.refresh_from_db()
        task = Task.objects.filter(matter=got.matter, state="open").first()
        return SimpleNamespace(
            matter=got.matter, number=got.matter.number, secret=got.secret, report=got.report, task=task
        )

    return bring


def condition(code: str = LAMP[1]) -> str:
    from yiwang.kernel.packs.rulebook import current

    return current().conditions_of(LAMP[0], code)[0].slug


def photo(
    size: tuple[int, int] = (64, 48), place: Point | None = None, colour: tuple = (200, 30, 30)
) -> bytes:
    """A JPEG, with its place in EXIF if one is given."""
    picture, out = Image.new("RGB", size, colour), io.BytesIO()
    exif = Image.Exif()
    if place is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", _degrees(place.lat)
        gps[3], gps[4] = "E", _degrees(place.lon)
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    whole, rest = int(value), (value - int(value)) * 60
    return float(whole), float(int(rest)), round((rest - int(rest)) * 60, 4)


def way_of_a_matter() -> dict[str, tuple[str, str, dict]]:
    """What finishes each step on the straight way: outcome, note, data."""
    return {
        "file": ("file", "", {"class_code": LAMP[1], "standard": LAMP[0], "condition": condition()}),
        "dispatch": ("dispatch", "", {}),
        "handle": ("done", "换了灯泡", {}),
        "feedback": ("confirm", "", {}),
        "verify": ("pass", "", {}),
        "close": ("close", "", {"answer": "路灯已修好。"}),
    }
