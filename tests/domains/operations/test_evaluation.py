"""The rates, against numbers counted by hand."""

from datetime import date, timedelta

import pytest

from tests.conftest import at
from tests.domains.operations.conftest import NOW
from yiwang.domains.operations import actions, appeals, evaluation
from yiwang.domains.operations.evaluation import Period, evaluate, overdue_facts
from yiwang.domains.operations.measures import BY_SLUG, COUNTERS, MEASURES
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Conflict, Denied, Invalid
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Task
from yiwang.kernel.matters.store import ZONE

SEPTEMBER = Period.of("month", date(2026, 9, 1))
OCTOBER = Period.of("month", date(2026, 10, 1))


@pytest.fixture
def dispatched(filed, work):
    """A street lamp matter in the hands of the lighting office, due within a few working days."""

    def make(now=NOW):
        got = filed(now=now)
        work(got.id, "dispatch", "dispatch", now)
        return got, Task.objects.get(matter=got.id, state="open")

    return make


def finish(work, matter, now):
    work(matter, "feedback", "confirm", now)
    work(matter, "verify", "pass", now)
    return work(matter, "close", "close", now, answer="已修复。")


def unit_row(period, now, unit="lighting"):
    return next((row for row in evaluate("unit", period, now).rows if row.key == unit), None)


def test_periods_begin_and_end_with_the_districts_days():
    assert Period.of("day", date(2026, 9, 24)) == Period(date(2026, 9, 24), date(2026, 9, 24))
    assert Period.of("week", date(2026, 9, 24)) == Period(date(2026, 9, 21), date(2026, 9, 27))
    assert Period.of("quarter", date(2026, 11, 5)) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert Period.of("year", date(2026, 12, 31)) == Period(date(2026, 1, 1), date(2026, 12, 31))
    assert SEPTEMBER.start == at("2026-09-01T00:00") and SEPTEMBER.end == at("2026-10-01T00:00")
    for wrong in (
        lambda: Period(date(2026, 2, 1), date(2026, 1, 1)),
        lambda: Period.of("decade", date(2026, 1, 1)),
    ):
        with pytest.raises(Invalid):
            wrong()


def test_every_measure_is_built_from_counters_that_exist():
    assert len(BY_SLUG) == len(MEASURES)
    for measure in MEASURES:
        assert measure.name and measure.name_en and measure.formula and measure.source
        assert set(measure.objects) <= set(evaluation.OBJECTS)


def test_what_is_not_yet_due_is_no_duty_of_the_period(dispatched):
    dispatched()
    assert unit_row(SEPTEMBER, NOW) is None


def test_an_overdue_task_counts_from_the_moment_it_is_due_not_from_when_it_is_done(dispatched, work):
    got, task = dispatched()
    late = task.due_at + timedelta(minutes=1)
    period = Period.of("day", task.due_at.astimezone(ZONE).date())
    assert unit_row(period, task.due_at) is None
    row = unit_row(period, late)
    assert (row.rate("overdue_open_rate").numerator, row.rate("overdue_open_rate").denominator) == (1, 1)
    assert row.rate("handling_rate").text == "0.0%"
    assert (row.rate("closing_rate").numerator, row.rate("closing_rate").denominator) == (0, 1)
    work(got.id, "handle", "done", late + timedelta(days=30), note="换了灯泡")
    # The past day is judged as it stood at its end; the month of the repair does not count it again.
    assert unit_row(period, late + timedelta(days=60)).counters["overdue_open"] == 1
    repaired = Period.of("day", (late + timedelta(days=30)).astimezone(ZONE).date())
    assert unit_row(repaired, late + timedelta(days=60)) is None


def test_rates_of_a_department_have_the_numerators_counted_by_hand(dispatched, work):
    in_time, late, open_late = dispatched(), dispatched(), dispatched()
    work(in_time[0].id, "handle", "done", NOW + timedelta(hours=1), note="好了")
    finish(work, in_time[0].id, NOW + timedelta(hours=1))
    due = late[1].due_at
    work(late[0].id, "handle", "done", due + timedelta(hours=1), note="好了")
    finish(work, late[0].id, due + timedelta(hours=1))
    row = unit_row(Period(date(2026, 9, 1), date(2026, 12, 31)), due + timedelta(days=2))
    got = {rate.measure.slug: (rate.numerator, rate.denominator) for rate in row.rates}
    assert open_late[1].due_at == due
    assert got["handling_rate"] == (2, 3)
    assert got["handling_on_time_rate"] == (1, 3)
    assert got["overdue_open_rate"] == (1, 3)
    assert got["closing_rate"] == (2, 3)
    assert got["closing_on_time_rate"] == (1, 3)
    assert got["closing_late_rate"] == (1, 3)
    assert row.counters["handled_late"] == 1


def test_an_area_has_the_rates_of_reports_and_filings(filed, submit, work):
    filed(), filed()
    work(submit().matter.pk, "file", "void", NOW, reason="repeat")
    submit()
    table = evaluate("area", SEPTEMBER, NOW + timedelta(minutes=1))
    row = next(row for row in table.rows if row.key == "210104002")
    got = {rate.measure.slug: (rate.numerator, rate.denominator) for rate in row.rates}
    assert row.name == "大北街道"
    assert got["valid_report_rate"] == (2, 4)
    assert got["filing_rate"] == (2, 2)
    assert got["filing_on_time_rate"] == got["filing_right_rate"] == (2, 2)
    assert table.total.counters["reports"] == 4
    community = evaluate("area", SEPTEMBER, NOW + timedelta(minutes=1), level="community")
    assert [r.key for r in community.rows] == ["210104002009"]


def test_giving_a_task_back_makes_the_dispatch_wrong_and_is_no_duty_of_the_unit(dispatched, work):
    got, _task = dispatched()
    work(got.id, "handle", "not_ours", NOW + timedelta(hours=1), note="归市政")
    row = unit_row(SEPTEMBER, NOW + timedelta(hours=2))
    assert (row.counters["handle_due"], row.counters["returned"]) == (0, 1)
    total = evaluate("area", SEPTEMBER, NOW + timedelta(hours=2)).total
    assert (total.rate("dispatch_right_rate").numerator, total.rate("dispatch_right_rate").denominator) == (
        0,
        1,
    )


def test_posts_are_evaluated_by_their_people(filed, staff, work):
    got = filed()
    dispatcher = staff("dispatcher")
    work(got.id, "dispatch", "dispatch", NOW, actor=dispatcher)
    rows = {row.key: row for row in evaluate("post", SEPTEMBER, NOW + timedelta(minutes=1)).rows}
    row = rows[f"dispatcher:{dispatcher.id}"]
    assert row.rate("dispatch_on_time_rate").numerator == 1
    assert row.name == "派遣员 dispatcher 某"


def test_a_granted_appeal_is_exempt_and_the_fact_stays_listed(dispatched, work, staff):
    got, task = dispatched()
    late = task.due_at + timedelta(hours=1)
    reviewer, first, second = staff("reviewer-lighting"), staff("dispatcher"), staff("duty-leader")
    with pytest.raises(Conflict):
        appeals.appeal(actor=reviewer, task=task.pk, reason="道路封闭，无法进场", now=late)
    work(got.id, "handle", "done", late, note="好了")
    finish(work, got.id, late)
    with pytest.raises(Denied):
        appeals.appeal(actor=first, task=task.pk, reason="道路封闭，无法进场", now=late)
    asked = appeals.appeal(actor=reviewer, task=task.pk, reason="道路封闭，无法进场", now=late)
    with pytest.raises(Conflict):
        appeals.appeal(actor=reviewer, task=task.pk, reason="再申诉一次", now=late)
    period = Period(date(2026, 9, 1), date(2026, 12, 31))
    assert unit_row(period, late + timedelta(hours=1)).counters["handled_late"] == 1
    assert [row["id"] for row in appeals.waiting(first)] == [asked.pk]
    assert appeals.review(actor=first, appeal=asked.pk, support=True, now=late).state == "supported"
    with pytest.raises(Denied):
        appeals.review(actor=first, appeal=asked.pk, support=True, now=late)
    assert appeals.review(actor=second, appeal=asked.pk, support=True, now=late).state == "granted"
    with pytest.raises(Conflict):
        appeals.review(actor=second, appeal=asked.pk, support=True, now=late)
    row = unit_row(period, late + timedelta(hours=1))
    assert (row.counters["handle_due"], row.counters["exempt"], row.counters["closed"]) == (0, 1, 1)
    assert row.rate("closing_on_time_rate").value == 1
    facts = overdue_facts(period, late + timedelta(hours=1))
    assert [(f["id"], f["appeal_state"]) for f in facts] == [(task.pk, "granted")]


def test_a_task_done_in_time_has_nothing_to_appeal_against(dispatched, work, staff):
    got, task = dispatched()
    work(got.id, "handle", "done", NOW, note="好了")
    finish(work, got.id, NOW)
    with pytest.raises(Invalid):
        appeals.appeal(actor=staff("reviewer-lighting"), task=task.pk, reason="道路封闭，无法进场", now=NOW)


def test_a_rework_and_a_rating_are_counted(dispatched, work):
    got, _task = dispatched()
    work(got.id, "handle", "done", NOW, note="好了")
    work(got.id, "feedback", "confirm", NOW)
    work(got.id, "verify", "fail", NOW + timedelta(minutes=5), note="还是不亮")
    work(got.id, "handle", "done", NOW + timedelta(minutes=9), note="这次好了")
    finish(work, got.id, NOW + timedelta(minutes=9))
    actions.rate(
        number=got.matter.number, secret=got.secret, score=4, solved=True, now=NOW + timedelta(minutes=10)
    )
    row = unit_row(SEPTEMBER, NOW + timedelta(minutes=20))
    got = {rate.measure.slug: (rate.numerator, rate.denominator) for rate in row.rates}
    assert got["rework_rate"] == got["satisfaction_rate"] == got["solved_rate"] == (1, 1)


def test_a_held_task_is_not_overdue(dispatched):
    got, task = dispatched()
    matters.hold(actor=SYSTEM, matter=got.id, reason="material", note="等灯杆", now=NOW + timedelta(hours=1))
    assert unit_row(OCTOBER, task.due_at + timedelta(days=9)) is None


def test_an_evaluation_takes_few_queries(dispatched, django_assert_max_num_queries):
    for _n in range(3):
        dispatched()
    evaluate("unit", SEPTEMBER, NOW)
    for by in evaluation.OBJECTS:
        with django_assert_max_num_queries(7):
            assert evaluate(by, SEPTEMBER, NOW + timedelta(days=9)).total.counters.keys() == COUNTERS.keys()


def test_only_who_may_evaluate_sees_the_rates(filed, staff):
    filed()
    with pytest.raises(Denied):
        evaluate("area", SEPTEMBER, NOW, actor=staff("handler-lighting"))
    seen = evaluate("area", SEPTEMBER, NOW + timedelta(minutes=1), actor=staff("leader"))
    assert seen.total.counters["reports"] == 1
