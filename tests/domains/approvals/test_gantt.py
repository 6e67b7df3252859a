"""Promise against actual of a project: spans, pauses, expectations, the critical path, and the page that draws them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import at
from tests.domains.approvals.building import accept, decided, item, registered, started
from tests.people import person
from yiwang.core import worktime
from yiwang.domains.approvals import gantt, gantt_bars, holding, queries
from yiwang.kernel.matters import actions, receipts, store


@pytest.fixture
def pack(dadong):
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def planned(project, moment: str) -> dict[str, gantt.StageRows]:
    now = at(moment)
    return {one.view.stage.slug: one for one in gantt.plan(queries.view(project, now), now)}


def row(stage: gantt.StageRows, permit: str) -> gantt.Row:
    return next(one for one in stage.rows if one.item.permit.slug == permit)


def path(stage: gantt.StageRows) -> list[str]:
    return [one.slug for one in stage.path]


def hold(permit, now: str, expected: date, unit: str = "natural-resources"):
    actor = person(f"service-decider-{unit}")
    holding.hold(
        actor=actor, matter=permit.pk, reason="testing", note="测绘复核", expected=expected, now=at(now)
    )
    return actor


def test_the_chain_that_decided_when_a_stage_ended_is_marked_and_what_ended_before_is_not(pack):
    project = registered().project
    started(project)
    decided(item(project, "geological-hazard"), at("2026-09-08T09:00"))
    decided(item(project, "project-filing"), at("2026-09-09T10:00"))
    decided(item(project, "land-planning-permit"), at("2026-09-14T10:00"))
    planning = planned(project, "2026-09-15T10:00")["planning"]
    assert path(planning) == ["project-filing", "land-planning-permit"]
    assert row(planning, "land-planning-permit").critical
    assert not row(planning, "soil-plan").critical  # beside the clock of the stage
    assert planning.span.end == at("2026-09-14T10:00") and not planning.span.expected_end


def test_a_pause_moves_what_is_due_and_stands_with_its_reason_beside_the_promise(pack):
    project = registered().project
    started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    permit = item(project, "land-planning-permit")
    accept(permit, at("2026-09-08T11:00"))
    actor = hold(permit, "2026-09-09T10:00", date(2026, 9, 11))
    actions.resume(actor=actor, matter=permit.pk, now=at("2026-09-11T10:00"))
    land = row(planned(project, "2026-09-14T10:00")["planning"], "land-planning-permit")
    assert land.span.promised == at("2026-09-14T17:30")  # 9, 10, 11, 14 September
    assert land.span.due == land.span.end == at("2026-09-17T17:30")  # 14, 15, 16, 17
    assert [(one.start, one.end, one.reason) for one in land.span.pauses] == [
        (at("2026-09-09T10:00"), at("2026-09-11T10:00"), "testing")
    ]
    assert land.span.expected_end and land.critical


def test_a_clock_that_stands_is_expected_to_go_on_when_its_notice_says(pack):
    project = registered().project
    started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    permit = item(project, "land-planning-permit")
    accept(permit, at("2026-09-08T11:00"))
    hold(permit, "2026-09-09T10:00", date(2026, 9, 14))
    land = row(planned(project, "2026-09-10T10:00")["planning"], "land-planning-permit")
    assert land.clock.due.moment is None
    assert land.span.end == at("2026-09-18T17:30")  # it goes on at the end of the 14th: 15, 16, 17, 18
    later = row(planned(project, "2026-09-30T10:00")["planning"], "land-planning-permit")
    assert later.span.end > at("2026-09-30T10:00")  # the notice's day is over: as if it went on now


def test_what_has_not_begun_begins_when_what_it_waits_for_ends(pack):
    project = registered().project
    started(project)
    stages_ = planned(project, "2026-09-07T10:00")
    filing, land = (row(stages_["planning"], slug) for slug in ("project-filing", "land-planning-permit"))
    assert land.item.row is None and land.span.begin == filing.span.end
    assert filing.critical and land.critical
    works = stages_["works"]
    assert works.view.run is None and works.span.begin >= stages_["planning"].span.end
    assert path(works)[-2:] == ["scheme-review", "works-planning-permit"]


def test_what_waits_for_a_refused_permit_never_begins(pack):
    project = registered().project
    started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"), outcome="refuse")
    stages_ = planned(project, "2026-09-09T10:00")
    assert row(stages_["planning"], "land-planning-permit").span == gantt.NEVER
    assert path(stages_["planning"]) == ["project-filing"]
    assert row(stages_["works"], "works-planning-permit").span.end is None


MOMENTS = st.datetimes(
    at("2026-09-01T00:00").replace(tzinfo=None), at("2026-12-01T00:00").replace(tzinfo=None)
)


@given(st.lists(MOMENTS, min_size=6, max_size=6), st.booleans())
def test_every_bar_lies_on_the_axis_and_late_begins_where_due_ends(moments, open_):
    begin, start, over, end, due, now = sorted(one.replace(tzinfo=worktime.SHANGHAI) for one in moments)
    span = gantt.Span(begin, end, False, open_, over, due, (worktime.Hold(start, over, "testing"),))
    axis = gantt_bars.Axis(begin - timedelta(days=1), now + timedelta(days=1))
    for bar in gantt_bars.bars(axis, span, now):
        assert bar.x >= 0 and bar.width >= 0 and bar.x + bar.width <= 100.01, bar
    late = gantt.Span(begin, now, False, False, over, due, ())
    found = {one.kind: one for one in gantt_bars.bars(axis, late, now)}
    if due < now:
        assert found["late"].x == axis.at(due)
    assert len(axis.marks()) <= gantt_bars.MARKS


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def project(world, time):
    from tests.pages import approvals

    return approvals.make(time.now).project


def test_the_page_shows_pauses_lights_and_both_ways_of_counting_to_staff_who_may_see_it(
    signed_in, project, django_assert_max_num_queries
):
    client = signed_in("project-guide")
    client.get(f"/projects/{project.code}/plan")
    with django_assert_max_num_queries(20):
        page = text(client.get(f"/projects/{project.code}/plan"))
    for said in ("critical path", "calendar span", "still paused", "example value", "(expected)", "in time"):
        assert said in page, said
    assert "13840000001" not in page and " style=" not in page
    assert signed_in("handler-lighting").get(f"/projects/{project.code}/plan").status_code == 404


def test_the_applicant_sees_the_plan_of_the_own_project_with_its_secret_alone(visitor, project):
    address = f"/follow/{project.matter.number}/plan"
    assert visitor.get(address).status_code == 302
    secret = receipts.secret_for(project.pk)
    followed = text(visitor.post("/follow", {"number": project.code, "secret": secret}, follow=True))
    assert address in followed
    page = text(visitor.get(address))
    assert "critical path" in page and "/matters/" not in page
