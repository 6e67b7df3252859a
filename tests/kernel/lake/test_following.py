"""The lake follows the registers by itself: by night, only what changed, and never half."""

from __future__ import annotations

import multiprocessing
import os
import random
from datetime import date, time, timedelta

import numpy as np
import pytest

from tests.conftest import at
from tests.kernel.people.made import FUJIA, HUALU, NOW, couple, household, resident
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.lake import following, reading, refreshing, writing
from yiwang.kernel.lake.gathering import gather
from yiwang.kernel.packs import rulebook
from yiwang.kernel.registers.models import Household, Person
from yiwang.kernel.registers.people import actions

TODAY = date(2026, 9, 24)
NEXT = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def lake(settings, tmp_path, dadong):
    settings.HOME, settings.LAKE_AT = tmp_path, time(2, 0)
    return tmp_path / "lake"


@pytest.fixture
def street():
    """Nine households, so that one that changes is few."""
    homes = [couple()]
    for n in range(4):
        one = household(FUJIA if n % 2 else HUALU)
        homes.append((one, resident(one, order=31 + 2 * n, born=f"195{n}0501")))
    for n in range(4):
        one = household(FUJIA)
        homes.append((one, resident(one, order=61 + 2 * n, born=f"197{n}0501")))
    return homes


def same(found, expected) -> None:
    assert found.area_codes == expected.area_codes
    assert found.sizes.tolist() == expected.sizes.tolist()
    for mine, its in ((found.households, expected.households), (found.persons, expected.persons)):
        assert mine.ids.tobytes() == its.ids.tobytes()
        assert mine.areas.tolist() == its.areas.tolist()
        assert set(mine.columns) == set(its.columns)
        for name, (values, known) in mine.columns.items():
            other, there = its.columns[name]
            known = np.ones(len(values), bool) if known is None else known
            there = np.ones(len(other), bool) if there is None else there
            assert known.tolist() == there.tolist(), name
            assert values[known].tolist() == other[known].tolist(), name


def as_a_whole():
    return gather(rulebook.current().variables)[0]


def test_the_first_look_reads_everybody_and_the_second_writes_nothing(street, lake):
    first = following.follow(NOW)
    assert (first.how, first.households, first.snapshot) == ("whole", 9, "2026-09-24")
    folder = os.readlink(lake / "2026-09-24")
    second = following.follow(NEXT)
    assert (second.how, second.snapshot) == ("nothing", "2026-09-24")
    assert os.readlink(lake / "2026-09-24") == folder
    assert following.last() == second


def test_only_the_household_that_changed_is_read_anew(street, monkeypatch):
    following.follow(NOW)
    _home, head = street[3]
    actions.set_facts(
        actor=SYSTEM, person=head.pk, values={"wage": 412_345}, source="人社", as_of=TODAY, now=NOW
    )
    asked = []
    monkeypatch.setattr(
        following, "gather", lambda v, only=None: asked.append(len(only)) or gather(v, only=only)
    )
    look = following.follow(NEXT)
    assert (look.how, look.households, asked) == ("some", 1, [1])
    assert reading.latest().date == date(2026, 9, 25)
    same(reading.latest().people(), as_a_whole())


def test_after_many_changes_everybody_is_read(street):
    following.follow(NOW)
    for home, *_members in street[:3]:
        actions.set_facts(
            actor=SYSTEM, household=home.pk, values={"deposits": 9}, source="银行", as_of=TODAY, now=NOW
        )
    assert following.follow(NEXT).how == "whole"
    same(reading.latest().people(), as_a_whole())


def test_what_no_change_tells_of_is_seen_by_the_count(street):
    """A first roll of residents writes no journal; it must come into the lake all the same."""
    following.follow(NOW)
    home, head = street[5]
    row = Person.objects.get(pk=head.pk)
    row.pk, row.id_hash, row.relation = NEW, None, "child"
    row.save(force_insert=True)
    assert following.follow(NEXT).how == "whole"
    same(reading.latest().people(), as_a_whole())


NEW = "018f0000-0000-7000-8000-000000000001"


def test_with_other_columns_everybody_is_read(street, monkeypatch):
    following.follow(NOW)
    monkeypatch.setattr(refreshing, "words_of", lambda variables: "others")
    assert following.follow(NEXT).how == "whole"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_a_street_a_look_gives_what_a_whole_reading_gives(street, seed, monkeypatch):
    monkeypatch.setattr(following, "MOST_SHARE", 1)
    rng = random.Random(seed)
    following.follow(NOW)
    for day in range(1, 5):
        now = NOW + timedelta(days=day)
        for _n in range(rng.randint(1, 2)):
            happen(rng, now)
        assert following.follow(now).how in ("some", "nothing")
        same(reading.latest().people(), as_a_whole())
        assert reading.latest().about["without_household"] == gather(rulebook.current().variables)[1]


def happen(rng: random.Random, now) -> None:
    """Something of what happens to people."""
    here = list(Person.objects.filter(died=None, left=None).order_by("id"))
    homes = list(Household.objects.filter(left=None).order_by("id"))
    one, home, on = rng.choice(here), rng.choice(homes), now.date()
    what = rng.choice(["wage", "die", "away", "move", "join", "born", "new"])
    if what == "wage":
        actions.set_facts(
            actor=SYSTEM,
            person=one.pk,
            values={"wage": rng.randrange(500_000)},
            source="人社",
            as_of=on,
            now=now,
        )
    elif what == "die":
        actions.die(actor=SYSTEM, person=one.pk, on=on, source="公安", now=now)
    elif what == "away":
        actions.move_away(actor=SYSTEM, person=one.pk, on=on, now=now)
    elif what == "move":
        area = FUJIA if home.area_id == HUALU else HUALU
        actions.move_household(
            actor=SYSTEM, household=home.pk, area=area, address="东塔街1号", on=on, now=now
        )
    elif what == "join":
        actions.join_household(
            actor=SYSTEM,
            person=one.pk,
            household=home.pk,
            relation=rng.choice(["head", "other"]),
            on=on,
            now=now,
        )
    else:
        into = home if what == "born" else household(HUALU)
        resident(into, "child" if what == "born" else "head", "测试新", "20200101", rng.randrange(100, 999))


def _die_in(home, when) -> None:
    from django.conf import settings
    from django.db import connections

    settings.HOME = home
    connections.close_all()
    setattr(writing, when, lambda *args, **kwargs: os._exit(9))
    following.follow(NEXT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["_text", "_point"])
def test_a_look_that_is_killed_leaves_the_snapshot_before_it_whole(street, lake, tmp_path, when):
    following.follow(NOW)
    before = reading.latest().people()
    _home, head = street[3]
    actions.set_facts(actor=SYSTEM, person=head.pk, values={"wage": 1}, source="人社", as_of=TODAY, now=NOW)
    child = multiprocessing.get_context("fork").Process(target=_die_in, args=(tmp_path, when))
    child.start()
    child.join()
    assert child.exitcode == 9
    assert reading.dates() == [TODAY]
    same(reading.latest().people(), before)
    assert following.last().at == NOW.isoformat()
    assert following.follow(NEXT).how == "some"
    same(reading.latest().people(), as_a_whole())


@pytest.mark.parametrize(
    ("moment", "looks"),
    [
        ("2026-09-25T01:50", 0),
        ("2026-09-25T02:10", 1),
        ("2026-09-25T05:50", 1),
        ("2026-09-25T10:00", 0),
        ("2026-09-26T10:05", 1),
    ],
)
def test_it_looks_once_a_night_and_by_day_only_when_nights_were_missed(street, moment, looks):
    following.follow(NOW)
    resident(street[0][0], "child", "测试丁", "20100101", 46)
    assert following.nightly(at(moment)) == looks
    assert following.nightly(at(moment) + timedelta(minutes=5)) == 0


def test_before_the_first_look_it_waits_for_the_night(street):
    assert following.nightly(at("2026-09-25T14:00")) == 0
    assert following.nightly(at("2026-09-26T02:00")) == 1


def test_it_can_be_left_to_others(street, settings):
    settings.LAKE_AT = None
    assert following.nightly(at("2026-09-25T02:10")) == 0


def test_what_went_wrong_is_kept_too(street, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write", full)
    with pytest.raises(OSError):
        following.follow(NOW)
    assert (following.last().how, following.last().problem) == ("failed", "OSError")


def test_an_empty_register_needs_no_snapshot():
    assert following.follow(NOW).how == "nothing"
    assert reading.dates() == []
