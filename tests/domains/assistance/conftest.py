"""A district with a small law, households whose facts are in the registers, and the lake made of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from tests import people
from tests.conftest import at
from tests.domains.assistance.small_law import population, rules
from tests.faces.conftest import Moment
from tests.kernel.people import made as people_made
from yiwang.domains.assistance.discovery.residents import Residents
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import store
from yiwang.kernel.registers.fresh import reset_all
from yiwang.kernel.registers.people import actions, queries
from yiwang.kernel.ui import clock

NOW = at("2026-09-24T10:00")


@pytest.fixture
def small_law(dadong, monkeypatch):
    """The pack of Dadong with the small law in place of its own programmes."""
    monkeypatch.setitem(dadong.__dict__, "policy", rules())
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def lives(
    wage: int | None, *, area: str = people_made.HUALU, order: int = 12, ill: bool | None = False, deposits=0
):
    """A household of one with these facts, absent ones unknown."""
    house = people_made.household(area)
    one = people_made.resident(house, order=order, area=area)
    facts = {"wage": wage, "serious_illness": ill}
    tell({name: value for name, value in facts.items() if value is not None}, person=one.pk)
    own = {"deposits": deposits, "area_kind": "urban"}
    tell({name: value for name, value in own.items() if value is not None}, household=house.pk)
    return house


def tell(values: dict, *, now=NOW, on: date = date(2026, 9, 1), **whose) -> None:
    """The registers learn these facts."""
    actions.set_facts(actor=SYSTEM, values=values, source="测试", as_of=on, now=now, **whose)


def residents(*houses) -> Residents:
    """What a snapshot of these households would hold."""
    records = []
    for house in houses:
        house.refresh_from_db()
        people = [queries.known(one) for one in queries.members(house.pk)]
        own = queries.known_household(house)
        records.append((_plain(own), [_plain(one) for one in people]))
    return Residents(
        "test", population(*records), [one.pk for one in houses], [one.area_id for one in houses]
    )


def _plain(known) -> dict:
    names = {fact.slug for fact in rules().facts}
    return {name: fact.value for name, fact in known.items() if name in names}


def snapshot(on: date = date(2026, 9, 24)):
    """The lake as `yiwang lake refresh` would write it of the registers of now."""
    from yiwang.kernel.lake.gathering import gather
    from yiwang.kernel.lake.writing import write
    from yiwang.kernel.packs import rulebook

    variables = rulebook.current().variables
    people, _apart = gather(variables)
    return write(people, variables, on)


@pytest.fixture
def lake(small_law, settings, tmp_path):
    """An empty lake of its own; what a process keeps of it is forgotten."""
    settings.HOME = tmp_path
    reset_all()
    yield snapshot
    reset_all()


@pytest.fixture
def moment(monkeypatch):
    """The time that pages read; `moment.set(...)` moves it."""
    found = Moment(NOW)
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture
def signed_in(small_law, settings, tmp_path, moment):
    """`signed_in("aid-county")` is the browser of somebody who holds that post."""
    settings.FILES_DIR = tmp_path / "files"
    cache.clear()

    def of(*posts: str, name: str = "") -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["yiwang_language"] = "en"
        client.force_login(people.user(*posts, name=name), backend="yiwang.kernel.access.signin.PostsBackend")
        return client

    yield of
    cache.clear()
