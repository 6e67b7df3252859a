"""The demonstration district is always the same, and is made only where nobody works for real."""

from __future__ import annotations

import json
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.conftest import at
from yiwang.kernel.access.models import User
from yiwang.kernel.errors import Conflict, Denied
from yiwang.kernel.matters.models import Matter
from yiwang.project.demo import make, season

UNTIL = at("2026-11-23T10:30")


@pytest.fixture
def home(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def told() -> list[tuple]:
    """What must be the same in every run: everything but what holds ids of users."""
    return list(
        Matter.objects.order_by("id").values_list(
            "id",
            "number",
            "title",
            "description",
            "state",
            "opened_at",
            "due_at",
            "closed_at",
            "lat",
            "tokens",
        )
    )


def made(seed: int, **more) -> list[tuple]:
    with transaction.atomic():
        make.create(until=UNTIL, scale=0.03, seed=seed, **more)
        found = told()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_district_and_another_seed_another(dadong, home):
    first = made(1, photos=False)
    assert len(first) > 90
    assert made(1, photos=False) == first
    assert made(2, photos=False) != first


def test_production_refuses_the_demonstration(dadong, settings):
    settings.PRODUCTION = True
    with pytest.raises(Denied):
        make.create(until=UNTIL, scale=0.01)
    assert not User.objects.exists()


def test_a_database_with_matters_is_left_alone(dadong, home):
    make.create(until=UNTIL, scale=0.01, photos=False)
    before = told()
    with pytest.raises(Conflict):
        make.create(until=UNTIL, scale=0.01)
    assert told() == before


def test_the_command_says_what_it_made_and_who_may_sign_in(dadong, home):
    out = StringIO()
    call_command("demo", "--scale", "0.01", "--today", "2026-11-23", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert result["matters"] == Matter.objects.count() and result["until"].startswith("2026-11-23T10:30")


def test_work_waits_for_the_shift(dadong):
    from yiwang.kernel.registers.calendars import current_calendar

    clock = season.Clock(current_calendar())
    friday_night = int(at("2026-09-25T23:00").timestamp())
    # 25 to 27 September are Mid-Autumn; Monday the 28th is worked.
    assert season.moment(clock.after(friday_night, 3600, "reviewer")) == at("2026-09-28T09:30")
    assert season.moment(clock.after(friday_night, 3600, "handler")) == at("2026-09-26T08:00")


def test_hours_and_seasons_have_a_share_for_each_hour_and_month():
    assert all(len(shares) == 12 for shares in season.SEASONS.values())
    assert all(len(shares) == 24 for shares in season.HOURS.values())
    rng = Random(1)
    seconds = [season.second_of_day("patrol", rng) for _time in range(200)]
    assert all(7 * 3600 <= second < 18 * 3600 for second in seconds)
