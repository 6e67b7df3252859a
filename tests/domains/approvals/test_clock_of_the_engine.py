"""The stage's own matter carries the clock that its items come to: held, resumed and ended by Yiwang itself."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from tests.conftest import at
from tests.domains.approvals.building import accept, decided, item, registered, started, step
from tests.people import person
from yiwang.core import worktime
from yiwang.core.worktime import SHANGHAI
from yiwang.domains.approvals import holding, listening, queries, works
from yiwang.domains.approvals.models import HoldNotice
from yiwang.domains.approvals.stage_clock import standing
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters import actions, audit, store
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers.calendars import current_calendar


@pytest.fixture(autouse=True)
def pack(dadong):
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def construction(code: str = "2609-210104-04-01-000001"):
    """A small project whose drawings and civil defence are accepted side by side on 21 September: nine working days."""
    project = registered(project_class="small-social", now=at("2026-09-14T09:00"), code=code).project
    run = started(project, "construction", at("2026-09-18T09:00"))
    for permit in ("drawing-review", "civil-defence-design"):
        accept(item(project, permit), at("2026-09-21T10:00"))
    return project, run


def decider(one) -> object:
    return person(f"service-decider-{one.matter.unit_id}")


def hold(one, now: datetime, expected: date = date(2026, 10, 20), reason: str = "testing") -> None:
    holding.hold(actor=decider(one), matter=one.pk, reason=reason, note="送检", expected=expected, now=now)


def resume(one, now: datetime) -> None:
    actions.resume(actor=decider(one), matter=one.pk, now=now)


def due(run) -> datetime | None:
    row = Task.objects.get(matter=run.pk, node="run")
    case = store.load(Matter.objects.get(pk=run.pk))
    return listening_clock(case, row.pk)


def listening_clock(case, key):
    from yiwang.kernel.matters import clock

    return clock.explain(case.tasks[key], case.pauses.values(), current_calendar()).moment


def test_overlapping_holds_over_national_day_move_the_stage_by_the_days_on_which_nothing_went_on():
    project, run = construction()
    drawings, shelter = item(project, "drawing-review"), item(project, "civil-defence-design")
    # 22, 23, 24, 28, 29, 30 September, 8, 9, 10 October
    assert due(run) == at("2026-10-10T17:00")
    hold(drawings, at("2026-09-22T10:00"))
    assert due(run) == at("2026-10-10T17:00") and not Matter.objects.get(pk=run.pk).held
    hold(shelter, at("2026-09-29T09:00"))
    assert due(run) is None and Matter.objects.get(pk=run.pk).held
    resume(shelter, at("2026-10-08T10:00"))
    # 29, 30 September and 8 October are not counted: 12, 13 and 14 October instead
    assert due(run) == at("2026-10-14T17:00")
    resume(drawings, at("2026-10-09T11:00"))
    assert due(run) == at("2026-10-14T17:00")
    assert all(not faults for _number, faults in audit.verify(Matter.objects.all()))


def test_a_hold_moves_the_own_due_day_of_the_item_by_exactly_its_days():
    project, _run = construction()
    shelter = item(project, "civil-defence-design")
    task = Task.objects.get(matter=shelter.pk, node="review")
    assert task.limit == "4wd" and task.due_at == at("2026-09-28T17:30")
    hold(shelter, at("2026-09-23T10:00"), date(2026, 9, 29))
    resume(shelter, at("2026-09-29T10:00"))
    # 23, 24, 28, 29 are not counted: 22, 30 September, 8, 9 October
    assert Task.objects.get(pk=task.pk).due_at == at("2026-10-09T17:00")


def test_a_clock_stands_only_with_a_reason_of_the_law_a_notice_and_a_day():
    project, _run = construction()
    shelter = item(project, "civil-defence-design")
    now = at("2026-09-22T10:00")
    with (
        pytest.raises(Invalid) as refused,
        transaction.atomic(),
    ):  # not by the way of other matters, which has no such day
        actions.hold(actor=decider(shelter), matter=shelter.pk, reason="testing", note="送检", now=now)
    assert refused.value.code == "no_notice"
    for wrong in (
        {"expected": None},
        {"expected": date(2026, 9, 21)},
        {"note": " "},
        {"reason": "weather"},
    ):
        given = {"reason": "testing", "note": "送检", "expected": date(2026, 9, 30)} | wrong
        with pytest.raises(Invalid):
            holding.hold(actor=decider(shelter), matter=shelter.pk, now=now, **given)
    with pytest.raises(Denied):
        holding.hold(
            actor=person("service-reviewer-civil-defence"),
            matter=shelter.pk,
            reason="testing",
            note="送检",
            expected=date(2026, 9, 30),
            now=now,
        )
    assert not HoldNotice.objects.exists()
    hold(shelter, now)
    assert HoldNotice.objects.get(item=shelter).ended_at is None
    resume(shelter, at("2026-09-23T10:00"))
    assert HoldNotice.objects.get(item=shelter).ended_at == at("2026-09-23T10:00")


def test_waiting_for_what_is_missing_keeps_no_clock_running_once_the_others_stand():
    project = registered(project_class="small-social", now=at("2026-09-14T09:00")).project
    run = started(project, "construction", at("2026-09-18T09:00"))
    drawings, shelter = item(project, "drawing-review"), item(project, "civil-defence-design")
    accept(drawings, at("2026-09-21T10:00"))
    step(shelter, "accept", "missing", at("2026-09-21T11:00"))
    hold(drawings, at("2026-09-22T10:00"))
    assert Matter.objects.get(pk=run.pk).held  # one waits for a test, the other for the applicant
    step(shelter, "supplement", "complete", at("2026-09-23T10:00"))
    assert not Matter.objects.get(pk=run.pk).held


def test_an_item_that_is_decided_while_the_other_is_held_leaves_the_stage_standing():
    project, run = construction()
    drawings, shelter = item(project, "drawing-review"), item(project, "civil-defence-design")
    hold(drawings, at("2026-09-22T10:00"))
    decided(shelter, at("2026-09-23T10:00"))
    assert Matter.objects.get(pk=run.pk).held
    resume(drawings, at("2026-09-24T10:00"))
    assert not Matter.objects.get(pk=run.pk).held


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_to_the_items_the_stage_has_the_pauses_that_they_come_to(seed):
    luck = random.Random(seed)  # noqa: S311 - a repeatable course, not a secret
    project, run = construction()
    items = {one: item(project, one) for one in ("drawing-review", "civil-defence-design")}
    now = at("2026-09-21T11:00")
    for _turn in range(14):
        now += timedelta(hours=luck.choice((1, 2, 5, 24, 30, 49)))
        slug = luck.choice(list(items))
        row = Matter.objects.get(pk=items[slug].pk)
        if row.state != "open" or Task.objects.filter(matter=row.pk, node="deliver").exists():
            continue
        what = luck.choice(("hold", "resume", "hold", "resume", "decide"))
        if what == "hold" and not row.held:
            hold(items[slug], now, now.astimezone(SHANGHAI).date() + timedelta(days=30))
        elif what == "resume" and row.held:
            resume(items[slug], now)
        elif what == "decide" and not row.held:
            decided(items[slug], now)
        check(run, now)


def check(run, now: datetime) -> None:
    stage = store.load(Matter.objects.get(pk=run.pk))
    cases = listening.cases_of(run).values()
    since = min(works.times_of(case).accepted for case in cases if works.times_of(case).accepted)
    expected = standing([one for case in cases for one in works.works_of(case)], since)
    kept = sorted((pause.start, pause.end) for pause in stage.pauses.values())
    assert kept == [(one.start, one.end) for one in expected]
    task = next(task for task in stage.tasks.values() if task.node == "run")
    if task.is_open:
        answer = worktime.due(current_calendar(), since, worktime.Limit.parse(run.promised), expected)
        assert task.clock_from == since
        assert (None if answer.moment is None else task.due_at) == answer.moment


def test_an_opinion_that_is_asked_for_begins_the_clock_of_the_stage():
    project = registered(now=at("2026-09-14T09:00")).project
    started(project, "planning", at("2026-09-14T09:00"))
    for permit in ("project-filing", "land-planning-permit"):
        decided(item(project, permit), at("2026-09-15T10:00"))
    run = started(project, "works", at("2026-09-18T09:00"))
    row = Task.objects.get(matter=run.pk, node="run")
    assert item(project, "heritage-opinion") and row.clock_from == at("2026-09-18T09:00")
    view = queries.view(project, at("2026-09-18T10:00"))
    assert view.stages[1].clock.due.moment == row.due_at
