"""Histories made in memory and written in bulk are, row by row, those that the actions would have written."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from django.db import connection, transaction

from tests.conftest import at
from tests.project.offices import ActionOffice
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.access.sealed import SealedTextField
from yiwang.kernel.matters import acting, audit, store
from yiwang.kernel.matters.models import Event, Link, Matter, Outbox, Pause, Task, Timer
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.registers.calendars import current_calendar
from yiwang.project.demo import accounts, scenes
from yiwang.project.demo.course import Course
from yiwang.project.demo.office import Ids, Numbers, Office, in_chinese
from yiwang.project.demo.photos import Photos
from yiwang.project.demo.places import Places
from yiwang.project.demo.season import Clock

TABLES = (Matter, Task, Event, Pause, Timer, Link, Outbox, Report, Lesson, Attachment)
UNTIL = at("2026-10-20T10:30")
DAY = date(2026, 9, 24)  # before Mid-Autumn, National Day and their make-up workdays
PROBLEMS = 500
# Everything that can befall a matter in the demonstration, and how often at least it is compared.
KINDS = (
    "open claim attach complete send_back reassign extend hold resume remind merge withdraw close rate reopen"
).split()
OF_EACH, ORDINARY = 2, 5


@pytest.fixture
def world(dadong, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    accounts.create_accounts(UNTIL.date(), Random(1))
    return World(dadong)


class World:
    """What both offices share: people, places, and the problems that befall them."""

    def __init__(self, rules) -> None:
        self.rules, self.calendar = rules, current_calendar()
        self.staff = accounts.staff(UNTIL.date())
        self.places = Places(Random(1))
        self.scenes = scenes.Scenes(rules)
        self.clock = Clock(self.calendar)

    def play(self, office, problem: int, ids: Ids):
        rng = Random(problem)
        ids.rng = Random(f"ids {problem}")
        course = Course(office, self.staff, self.clock, int(UNTIL.timestamp()), rng)
        scene = self.scenes.pick(DAY, rng)
        began = int(at("2026-09-24T08:00").timestamp()) + problem * 61
        photos = Photos(scene.condition.slug, problem) if problem % 40 == 0 else None
        return course.play(scene, self.places.pick(scene.at, rng), began, photos)

    def chosen(self) -> list[int]:
        """Few problems in which together everything happens that can happen."""
        rare: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for problem in range(PROBLEMS):
            ids = Ids(Random(0))
            office = Office(self.rules, self.calendar, ids, Numbers())
            self.play(office, problem, ids)
            for kind in {event.action for _matter, event in office.hall.story.events}:
                rare[kind].append(problem)
        few = {problem for found in rare.values() for problem in found[:OF_EACH]}
        assert all(rare.values()), {kind: len(found) for kind, found in rare.items()}
        return sorted(few | set(range(ORDINARY)))


def rows(model) -> list[tuple]:
    """The table as the database holds it, without ids that it gave itself and without what is sealed."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, SealedTextField) and field.get_internal_type() != "BigAutoField"
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {quote(model._meta.db_table)}")
        return sorted(cursor.fetchall(), key=repr)


def contacts() -> list[tuple]:
    return sorted(Report.objects.values_list("id", "contact_name", "contact_phone"))


def test_bulk_writes_exactly_the_rows_of_the_actions(world, monkeypatch):
    problems = world.chosen()
    with in_chinese(), transaction.atomic():
        ids = Ids(Random(0))
        office = Office(world.rules, world.calendar, ids, Numbers())
        for problem in problems:
            world.play(office, problem, ids)
        written = office.write()
        bulk = {model: rows(model) for model in TABLES} | {"contacts": contacts()}
        assert written == len(bulk[Matter])
        assert [fault for _number, faults in audit.verify() for fault in faults] == []
        transaction.set_rollback(True)
    with in_chinese():
        ids = Ids(Random(0))
        monkeypatch.setattr(acting, "uuid7", ids)
        monkeypatch.setattr(store, "numbers", Numbers())
        for problem in problems:
            world.play(ActionOffice(ids), problem, ids)
    for model in TABLES:
        assert rows(model) == bulk[model], model.__name__
    assert contacts() == bulk["contacts"]
    assert all(
        bulk[model] for model in (Matter, Task, Event, Pause, Link, Outbox, Report, Lesson, Attachment)
    )
