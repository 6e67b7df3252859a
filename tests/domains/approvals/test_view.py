"""What a project's page is made of: four limits for each item, lights, the sum of the stages."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import at
from tests.domains.approvals.building import accept, decided, item, registered, started
from tests.people import person
from yiwang.domains.approvals import holding, queries
from yiwang.kernel.errors import NotFound
from yiwang.kernel.matters import actions, store


@pytest.fixture(autouse=True)
def pack(dadong):
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def test_a_project_shows_what_was_promised_and_what_it_took_in_working_days_and_in_calendar_days(
    django_assert_max_num_queries,
):
    project = registered().project
    started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    permit = item(project, "land-planning-permit")
    accept(permit, at("2026-09-08T11:00"))
    holding.hold(
        actor=person("service-decider-natural-resources"),
        matter=permit.pk,
        reason="testing",
        note="测绘复核",
        expected=date(2026, 9, 11),
        now=at("2026-09-09T10:00"),
    )
    actions.resume(
        actor=person("service-decider-natural-resources"), matter=permit.pk, now=at("2026-09-11T10:00")
    )
    decided(permit, at("2026-09-15T10:00"))
    with django_assert_max_num_queries(11):
        found = queries.view(project, at("2026-09-16T10:00"))
    planning, works, *_rest = found.stages
    assert planning.clock.promised == "7wd" and planning.clock.start == at("2026-09-08T10:00")
    # 14 and 15 September: the 8th is the first day, the 9th to the 11th stood, 12 and 13 are a weekend
    assert (planning.clock.took.working, planning.clock.took.span) == (2, 7)
    land = next(one for one in planning.items if one.permit.slug == "land-planning-permit")
    assert (land.permit.statutory, land.permit.promised, land.state) == ("20wd", "4wd", "granted")
    assert land.clock.took.working == 2 and land.clock.light in ("green", "yellow")
    assert found.total == "40wd" and found.working == 2
    assert works.run is None and all(one.state == "none" for one in works.items)
    assert found.contact_name != project.contact_name and "*" in found.contact_phone


@pytest.mark.parametrize(
    "moment, light, left",
    [
        ("2026-09-08T12:00", "green", 5),
        ("2026-09-11T12:00", "green", 3),
        ("2026-09-11T18:00", "yellow", 2),
        ("2026-09-15T17:30", "yellow", 0),
        ("2026-09-15T17:31", "red", 0),
        ("2026-09-17T18:00", "red", -2),
    ],
)
def test_the_light_turns_yellow_with_two_days_left_and_red_when_it_is_overdue(moment, light, left):
    project = registered().project
    started(project, now=at("2026-09-07T15:00"))
    accept(item(project, "soil-plan"), at("2026-09-08T10:00"))  # five working days: due on the 15th
    found = queries.view(project, at(moment))
    soil = next(one for one in found.stages[0].items if one.permit.slug == "soil-plan")
    assert (soil.clock.light, soil.clock.left) == (light, left)


def test_projects_are_seen_by_those_whose_posts_reach_them_and_found_by_code_and_name():
    project = registered().project
    other = registered(
        code="2609-210104-04-01-000002",
        name="望花街厂房",
        project_class="industrial",
        now=at("2026-09-08T09:00"),
    ).project
    guide, clerk = person("project-guide"), person("handler-police")
    assert [one.pk for one in queries.listed(guide)[0]] == [other.pk, project.pk]
    assert queries.listed(guide, words="望花")[0] == [other]
    assert queries.listed(guide, words=project.code)[0] == [project]
    assert queries.listed(clerk)[0] == []
    assert queries.visible(guide, project.code) == project
    with pytest.raises(NotFound):
        queries.visible(clerk, project.code)
