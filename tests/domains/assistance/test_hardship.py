"""Extreme hardship: self-care, the draw of the cases that the county visits."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import at
from tests.domains.assistance.offices import BEGIN, applied, do, open_nodes, until_opinion
from yiwang.domains.assistance import awards, spotcheck
from yiwang.domains.assistance.models import Application, SpotDraw, Visit
from yiwang.domains.assistance.spotcheck import is_drawn, least, next_draw, seed_of
from yiwang.domains.assistance.steps.looking import ABILITIES, grade
from yiwang.kernel.errors import Conflict
from yiwang.kernel.matters import timers
from yiwang.kernel.matters.models import Matter


@given(st.sets(st.sampled_from(sorted(ABILITIES))))
def test_four_and_more_of_six_not_done_alone_is_total_loss(failed):
    found = grade({slug: slug not in failed for slug in ABILITIES})
    assert found == ("full" if not failed else "none" if len(failed) >= 4 else "partial")


@given(st.text(min_size=1, max_size=20), st.integers(0, 50))
def test_three_of_every_ten_cases_are_drawn(seed, block):
    drawn = [number for number in range(block * 10 + 1, block * 10 + 11) if is_drawn(seed, number)]
    assert len(drawn) == 3
    assert drawn == [number for number in range(block * 10 + 1, block * 10 + 11) if is_drawn(seed, number)]


@given(st.text(min_size=1, max_size=20), st.integers(1, 300))
def test_whenever_the_year_ends_thirty_percent_of_its_cases_are_drawn_and_hardly_more(seed, cases):
    drawn = made_up = 0
    for number in range(1, cases + 1):
        found = next_draw(f"{seed} {(number - 1) // 10}", number, number - 1, drawn)
        drawn, made_up = drawn + found.drawn, made_up + found.made_up
        assert drawn >= least(number) >= number * 0.3
    assert made_up <= 3
    assert drawn <= 3 * -(-cases // 10) + made_up


def test_thirty_percent_is_rounded_up():
    assert [least(n) for n in (0, 1, 3, 4, 7, 10, 11, 101)] == [0, 1, 1, 2, 3, 3, 4, 31]


@pytest.mark.usefixtures("dadong")
def test_self_care_is_assessed_beside_the_survey_and_the_draw_is_kept():
    matter = applied("extreme_hardship", members=[])
    do(matter, "accept", "accept", BEGIN)
    assert open_nodes(matter) == {"arrange", "data_check", "self_care"}
    now = until_again(matter)
    do(matter, "opinion", "support", now, amount="1300")
    assert Visit.objects.get(matter=matter, purpose="self_care").second_name == "赵同行"
    assert Matter.objects.get(pk=matter.pk).data["self_care"] == "full"
    draw = SpotDraw.objects.get(matter=matter)
    assert draw.drawn == (
        draw.made_up or is_drawn(seed_of("extreme_hardship", 2026, draw.number), draw.number)
    )
    now += timedelta(days=8)
    timers.fire_due(now)
    assert open_nodes(matter) == ({"county_visit"} if draw.drawn else {"county_review"})


def until_again(matter):
    do(matter, "data_check", "done", BEGIN)
    do(matter, "self_care", "done", BEGIN)
    do(matter, "arrange", "arranged", BEGIN)
    do(matter, "survey", "done", BEGIN + timedelta(days=1))
    return BEGIN + timedelta(days=1)


@pytest.mark.usefixtures("dadong")
def test_of_ten_cases_the_county_visits_at_least_three_and_in_a_new_year_counting_begins_anew():
    for _case in range(10):
        matter = applied("extreme_hardship", id=uuid4(), members=[])
        now = until_opinion(matter)
        do(matter, "opinion", "support", now, amount="1300")
    drawn = SpotDraw.objects.filter(drawn=True)
    assert drawn.filter(made_up=False).count() == 3 and drawn.count() <= 6
    assert sorted(SpotDraw.objects.values_list("number", flat=True)) == list(range(1, 11))
    found = spotcheck.draw("extreme_hardship", uuid4(), at("2027-01-05T10:00"))
    assert (found.number, found.drawn) == (1, True)


@pytest.mark.usefixtures("dadong")
def test_a_case_that_the_street_is_against_is_drawn_like_the_others():
    for case in range(10):
        matter = applied("extreme_hardship", id=uuid4(), members=[])
        now = until_opinion(matter)
        do(
            matter,
            "opinion",
            "against" if case % 2 else "support",
            now,
            amount="1300",
            reason="有履行能力的赡养人",
        )
    assert SpotDraw.objects.count() == 10
    assert SpotDraw.objects.filter(drawn=True, made_up=False).count() == 3


@pytest.mark.usefixtures("dadong")
@pytest.mark.parametrize("programme", ["extreme_hardship", "religious_guarantee"])
def test_two_of_one_household_are_each_supported_and_neither_twice(programme):
    household, husband, wife = uuid4(), uuid4(), uuid4()

    def start(person):
        matter = applied(programme, id=uuid4(), members=[])
        Application.objects.filter(pk=matter.pk).update(household=household, person=person)
        return awards.start(SimpleNamespace(id=matter.pk, area=matter.area_id, data={}), 130_000, BEGIN)

    assert start(husband).person == husband
    assert start(wife).person == wife
    with pytest.raises(Conflict):
        start(wife)
