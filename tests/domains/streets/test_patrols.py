"""Patrols arrive in pieces, over a bad network, each piece once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from tests import people
from tests.conftest import at
from yiwang.domains.streets import actions, queries
from yiwang.domains.streets.models import TrackPiece
from yiwang.domains.streets.track import Fix
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotSignedIn

pytestmark = pytest.mark.django_db
BEGAN = at("2026-09-24T09:00")
CHIEF = "chief3-210104002009"


@pytest.fixture
def chief(dadong):
    return people.person(CHIEF, name="路长")


def steps(count: int, start: int = 0) -> list[Fix]:
    return [
        Fix(BEGAN.timestamp() + 10 * n, round(41.8 + 0.0001 * n, 6), 123.45, 6)
        for n in range(start, start + count)
    ]


def walk(chief, **given):
    now = given.pop("now", BEGAN + timedelta(hours=2))
    given = {"post": CHIEF, "began_at": BEGAN, "first": 0, "fixes": []} | given
    return actions.walk(actor=chief, now=now, **given)


def test_a_patrol_in_three_pieces_has_the_length_of_the_whole_way(chief):
    patrol = uuid7()
    for first in (0, 30, 60):
        walk(chief, id=patrol, first=first, fixes=steps(30, first))
    row = walk(chief, id=patrol, first=90, ended_at=BEGAN + timedelta(minutes=20))
    assert row.points == 90
    assert abs(row.length_m - 989.6) < 0.5
    assert row.ended_at == BEGAN + timedelta(minutes=20)


def test_a_piece_that_comes_twice_counts_once(chief):
    patrol = uuid7()
    once = walk(chief, id=patrol, fixes=steps(30)).length_m
    assert walk(chief, id=patrol, fixes=steps(30)).length_m == once
    assert TrackPiece.objects.filter(patrol=patrol).count() == 1


def test_pieces_that_overtake_each_other_make_the_same_line(chief):
    patrol = uuid7()
    walk(chief, id=patrol, first=30, fixes=steps(30, 30))
    assert abs(walk(chief, id=patrol, first=0, fixes=steps(30)).length_m - 656.0) < 0.5


def test_another_way_under_the_same_mark_is_refused(chief):
    patrol = uuid7()
    walk(chief, id=patrol, fixes=steps(30))
    with pytest.raises(Conflict):
        walk(chief, id=patrol, fixes=steps(30, 5))


def test_nobody_adds_to_the_patrol_of_somebody_else(chief):
    patrol = uuid7()
    walk(chief, id=patrol, fixes=steps(3))
    other = people.person("inspector-district", name="别人")
    with pytest.raises(Denied):
        walk(other, id=patrol, post="inspector-district", first=3, fixes=steps(3, 3))
    assert queries.own(other) == []


def test_a_patrol_is_walked_in_a_post_that_one_holds(chief):
    with pytest.raises(Denied):
        walk(chief, id=uuid7(), post="inspector-district")


def test_residents_do_not_patrol(dadong):
    with pytest.raises(NotSignedIn):
        walk(resident(), id=uuid7())


@pytest.mark.parametrize(
    "given",
    [
        {"began_at": BEGAN + timedelta(days=1)},
        {"ended_at": BEGAN - timedelta(hours=1)},
        {"fixes": [Fix((BEGAN - timedelta(days=1)).timestamp(), 41.8, 123.4, 5)]},
        {"fixes": [Fix(BEGAN.timestamp(), 41.8, 123.4, 5)] * 2001},
    ],
)
def test_a_patrol_whose_times_cannot_be_true_is_refused(chief, given):
    with pytest.raises(Invalid):
        walk(chief, id=uuid7(), **given)


def test_one_sees_ones_own_patrols_the_latest_first(chief):
    for hours in (1, 3, 2):
        walk(chief, id=uuid7(), began_at=BEGAN + timedelta(hours=hours), now=BEGAN + timedelta(hours=5))
    assert [row["began_at"].hour for row in queries.own(chief)] == [4, 3, 2]  # UTC
