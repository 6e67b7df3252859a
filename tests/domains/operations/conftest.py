"""A resident's report and the people who work it, on the real pack of Dadong."""

from __future__ import annotations

import io
from datetime import datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import transaction
from PIL import Image
from uuid_utils.compat import uuid7

from tests.conftest import at
from yiwang.core.geo import Point
from yiwang.domains.operations import actions
from yiwang.domains.operations.classify import shelf
from yiwang.kernel.access import actors
from yiwang.kernel.access.models import Holding, User
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Task
from yiwang.kernel.packs.loader import load
from yiwang.kernel.registers import queries as registers

NOW = at("2026-09-24T16:30")  # a Thursday


@pytest.fixture(scope="module", autouse=True)
def _pack(django_db_setup, django_db_blocker):
    """The pack is loaded once a module, in a transaction around the tests' own."""
    with django_db_blocker.unblock():
        registers.reset_caches()
        whole = transaction.atomic()
        whole.__enter__()
        load("dadong", now=at("2026-01-05T08:00"))
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        registers.reset_caches()


@pytest.fixture
def dadong(db):
    from yiwang.kernel.packs.rulebook import current

    return current()


@pytest.fixture(autouse=True)
def _fresh(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    shelf.forget()
    from yiwang.kernel.matters.store import numbers

    numbers.forget()
    yield
    shelf.forget()
    numbers.forget()


@pytest.fixture
def inside(dadong) -> Point:
    """A point in a community of the district."""
    area = registers.areas()["210104002009"]
    return Point(area.lon, area.lat, "CGCS2000")


@pytest.fixture
def submit(dadong, inside):
    """Sends a report as a resident would; keywords override."""

    def send(text: str = "小区门口路灯不亮好几天了", now: datetime = NOW, **given):
        given = {"id": uuid7(), "channel": "portal", "actor": actors.resident(), "point": inside} | given
        return actions.report(text=text, now=now, **given)

    return send


@pytest.fixture
def staff(dadong):
    """`staff("dispatcher")` gives somebody who holds that post of the pack."""
    made: dict[str, actors.Actor] = {}

    def of(post: str) -> actors.Actor:
        if post not in made:
            user = User.objects.create(username=post, name=f"{post} 某")
            Holding.objects.create(user=user, post_id=post, since="2026-01-01")
            made[post] = actors.actor_for(user, NOW.date())
        return made[post]

    return of


@pytest.fixture
def work():
    """Completes the open task of a matter at a step of the process."""

    def do(
        matter: UUID,
        node: str,
        outcome: str,
        now: datetime,
        note: str = "",
        actor=actors.SYSTEM,
        evidence=(),
        **data,
    ):
        task = Task.objects.get(matter=matter, state="open")
        assert task.node == node
        return matters.complete(
            actor=actor, task=task.pk, outcome=outcome, now=now, note=note, data=data, evidence=evidence
        )

    return do


@pytest.fixture
def filed(submit, work):
    """A street lamp report that was filed under 'single lamp out', ready to be dispatched."""

    def make(now: datetime = NOW, **given):
        got = submit(now=now, **given)
        condition = lamp_condition()
        work(got.matter.pk, "file", "file", now, class_code="01037", condition=condition)
        return SimpleNamespace(
            **{n: getattr(got, n) for n in ("report", "matter", "secret")}, id=got.matter.pk
        )

    return make


def lamp_condition() -> str:
    from yiwang.kernel.packs.rulebook import current

    rules = current()
    offered = rules.conditions_of(rules.default_standard, "01037")
    return next(one.slug for one in offered if one.limit.endswith("wd"))


def photo(**exif) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()
