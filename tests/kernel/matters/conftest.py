"""One matter on its way: a missing manhole cover in 210104002009, and the people who work on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from tests.conftest import at
from tests.people import person
from yiwang.core.geo import Point
from yiwang.kernel.access.actors import SYSTEM, Actor
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task

# Decided by hand, so that these tests do not change with the pack: whose it is and how long it may take.
UNIT = "municipal-central"


@dataclass
class Way:
    """Drives one matter; `to("handle")` brings it to that step with plain answers."""

    rules: object
    id: UUID = field(default_factory=uuid7)
    limit: str = "5wd"

    def open(self, when: str = "2026-09-24T16:30", **columns) -> Matter:
        given = {
            "title": "井盖丢失",
            "source": "portal",
            "standard": self.rules.default_standard,
            "class_code": "01003",
            "area": "210104002009",
            "point": Point(123.456, 41.806, "WGS84"),
        }
        return actions.open(actor=SYSTEM, kind="incident", id=self.id, now=at(when), **(given | columns))

    def task(self) -> Task:
        return Task.objects.get(matter=self.id, state="open")

    def matter(self) -> Matter:
        return Matter.objects.get(pk=self.id)

    def do(self, outcome: str, when: str, actor: Actor = SYSTEM, note: str = "好", **data) -> Matter:
        return actions.complete(
            actor=actor, task=self.task().id, outcome=outcome, now=at(when), note=note, data=data
        )

    def to_handle(self, when: str = "2026-09-24T16:30") -> Task:
        self.open(when)
        rules = self.rules.conditions_of(self.rules.default_standard, "01003")
        chosen = next(c for c in rules if c.limit == self.limit) if self.limit else rules[0]
        self.do("file", when, condition=chosen.slug)
        self.do("dispatch", when)
        return self.task()


@pytest.fixture
def way(dadong) -> Way:
    return Way(dadong)


@pytest.fixture
def acceptor(dadong) -> Actor:
    return person("acceptor", name="李受理")


@pytest.fixture
def supervisor(dadong) -> Actor:
    return person("supervisor", name="赵督办")


def moment(text: str) -> datetime:
    return at(text)
