"""Kept tables of the evaluation: what is shown from them is what counting anew would show, or is said to be older."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domains.operations.conftest import NOW
from tests.domains.operations.test_tallies import _happen
from yiwang.domains.operations import appeals, rate_changes, rate_reach, rate_tables
from yiwang.domains.operations.evaluation import OBJECTS, evaluate
from yiwang.domains.operations.models import RateState, RateTable
from yiwang.domains.operations.periods import Period
from yiwang.kernel.access.actors import SYSTEM, Actor, Reach
from yiwang.kernel.access.policy import Subject, decide
from yiwang.kernel.errors import Denied, TooMany
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Event, Task

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SEPTEMBER = Period.of("month", date(2026, 9, 1))
IN_OCTOBER = SEPTEMBER.end + 3 * HOUR


@pytest.fixture(autouse=True)
def _large(monkeypatch):
    """Every period counts as one that is too large to be counted while somebody waits."""
    monkeypatch.setattr(rate_tables, "SMALL", -1)


def counted(by, period, now, **given):
    """Asks, lets the worker count, and looks again."""
    rate_tables.look(by, period, now, **given)
    while rate_tables.work(now):
        pass
    return rate_tables.look(by, period, now, **given)


def as_counted(table):
    return table.as_dict()


def test_it_is_counted_by_the_worker_and_then_shown_as_it_was_counted(filed):
    filed()
    first = rate_tables.look("area", SEPTEMBER, NOW + MINUTE)
    assert first.table is None and first.wanted_at == NOW + MINUTE
    got = counted("area", SEPTEMBER, NOW + MINUTE)
    assert as_counted(got.table) == as_counted(evaluate("area", SEPTEMBER, NOW + MINUTE))
    filed(now=NOW + 2 * MINUTE)
    later = rate_tables.look("area", SEPTEMBER, NOW + 3 * MINUTE)
    assert later.table.total.counters["reports"] == 1
    assert later.counted_at == NOW + MINUTE and later.table.as_of == NOW + MINUTE


def test_a_small_period_is_counted_at_every_look(filed, monkeypatch):
    monkeypatch.setattr(rate_tables, "SMALL", 5)
    filed()
    got = rate_tables.look("area", SEPTEMBER, NOW + MINUTE)
    assert got.live and got.counted_at == NOW + MINUTE and got.table.total.counters["reports"] == 1
    filed(now=NOW + 2 * MINUTE)
    assert rate_tables.look("area", SEPTEMBER, NOW + 3 * MINUTE).table.total.counters["reports"] == 2
    assert not RateTable.objects.exists()
    for n in range(4):
        filed(now=NOW + n * MINUTE)
    assert rate_tables.look("area", SEPTEMBER, NOW + 9 * MINUTE).table is None
    assert rate_tables.look("area", Period.of("year", date(2030, 1, 1)), NOW).live


def test_a_period_that_goes_on_is_renewed_while_somebody_looks(filed):
    filed()
    counted("unit", SEPTEMBER, NOW)
    filed(now=NOW + MINUTE)
    assert rate_tables.work(NOW + 9 * MINUTE) == 0
    assert rate_tables.work(NOW + 10 * MINUTE) == 1
    assert rate_tables.look("unit", SEPTEMBER, NOW + 11 * MINUTE).counted_at == NOW + 10 * MINUTE
    assert rate_tables.work(NOW + timedelta(days=1, minutes=30)) == 0
    late = rate_tables.look("unit", SEPTEMBER, NOW + timedelta(days=1, minutes=30))
    assert late.stale and late.wanted_at and late.table.as_of == NOW + 10 * MINUTE
    assert rate_tables.work(NOW + timedelta(days=1, minutes=31)) == 1


def test_what_took_long_is_not_counted_again_so_soon(filed):
    counted("unit", SEPTEMBER, NOW)
    RateTable.objects.update(took=120.0)
    assert rate_tables.work(NOW + 19 * MINUTE) == 0
    assert rate_tables.work(NOW + 20 * MINUTE) == 1


def test_a_period_that_ended_after_it_was_counted_is_counted_as_it_stood_at_its_end(filed, work):
    got = filed()
    counted("area", SEPTEMBER, NOW)
    work(got.id, "dispatch", "dispatch", NOW + HOUR)
    assert rate_tables.look("area", SEPTEMBER, IN_OCTOBER).stale
    after = counted("area", SEPTEMBER, IN_OCTOBER)
    assert not after.stale and after.table.as_of == SEPTEMBER.end
    assert as_counted(after.table) == as_counted(evaluate("area", SEPTEMBER, IN_OCTOBER))


def test_an_appeal_that_is_granted_later_changes_the_past_period(filed, work, staff):
    got = filed()
    work(got.id, "dispatch", "dispatch", NOW)
    task = Task.objects.get(matter=got.id, state="open")
    late = task.due_at + HOUR
    work(got.id, "handle", "done", late, note="好了")
    work(got.id, "feedback", "confirm", late)
    work(got.id, "verify", "pass", late)
    work(got.id, "close", "close", late, answer="已修复。")
    period = Period.of("quarter", task.due_at.date())
    now = period.end + HOUR
    before = counted("unit", period, now)
    assert before.table.total.counters["handled_late"] == 1 and not before.stale
    asked = appeals.appeal(
        actor=staff("reviewer-lighting"), task=task.pk, reason="道路封闭，无法进场", now=now
    )
    appeals.review(actor=staff("dispatcher"), appeal=asked.pk, support=True, now=now + MINUTE)
    assert not rate_tables.look("unit", period, now + MINUTE).stale
    appeals.review(actor=staff("duty-leader"), appeal=asked.pk, support=True, now=now + 2 * MINUTE)
    assert rate_tables.look("unit", period, now + 2 * MINUTE).stale
    then = now + 11 * MINUTE
    after = counted("unit", period, then)
    assert after.table.total.counters["handled_late"] == 0 and not after.stale
    assert as_counted(after.table) == as_counted(evaluate("unit", period, then))


def test_what_is_brought_in_late_changes_the_past_period_and_daily_work_does_not(filed, work, submit):
    got = filed()
    now = IN_OCTOBER
    counted("area", SEPTEMBER, now)
    work(got.id, "dispatch", "dispatch", now + MINUTE)
    rate_changes.follow(now + 2 * MINUTE)
    changes = dict(RateTable.objects.values_list("by", "changes"))
    submit(now=now + 2 * MINUTE)
    rate_changes.follow(now + 3 * MINUTE)
    assert dict(RateTable.objects.values_list("by", "changes")) == changes
    submit(now=NOW - HOUR)
    rate_changes.follow(now + 4 * MINUTE)
    assert rate_tables.look("area", SEPTEMBER, now + 4 * MINUTE).stale
    assert counted("area", SEPTEMBER, now + 15 * MINUTE).table.total.counters["reports"] == 2


def test_while_nobody_looks_at_the_events_a_past_period_is_said_to_be_unsure(filed):
    filed()
    assert not counted("unit", SEPTEMBER, IN_OCTOBER).stale
    assert rate_tables.look("unit", SEPTEMBER, IN_OCTOBER + HOUR).stale
    rate_changes.follow(IN_OCTOBER + HOUR)
    assert not rate_tables.look("unit", SEPTEMBER, IN_OCTOBER + HOUR).stale


def test_an_event_whose_transaction_ends_later_than_a_higher_one_is_not_missed(filed, submit):
    filed()
    counted("unit", SEPTEMBER, IN_OCTOBER)
    submit(now=NOW)
    late = Event.objects.latest("id").id
    RateState.objects.update(event=late + 5, gaps=[[late - 2, late + 1, IN_OCTOBER.isoformat()]])
    rate_changes.follow(IN_OCTOBER + MINUTE)
    assert rate_tables.look("unit", SEPTEMBER, IN_OCTOBER + MINUTE).stale
    assert RateState.objects.get().gaps == [[late + 1, late + 1, IN_OCTOBER.isoformat()]]
    rate_changes.follow(IN_OCTOBER + 2 * HOUR)
    assert RateState.objects.get().gaps == []


def test_what_changed_while_it_was_counted_is_not_lost(filed, monkeypatch):
    filed()
    counted("unit", SEPTEMBER, IN_OCTOBER)
    RateTable.objects.update(wanted_at=IN_OCTOBER)
    plain = rate_tables.evaluation.count

    def meanwhile(*args, **given):
        found = plain(*args, **given)
        rate_changes._mark({rate_changes.ALL: NOW}, IN_OCTOBER)
        return found

    monkeypatch.setattr(rate_tables.evaluation, "count", meanwhile)
    assert rate_tables.work(IN_OCTOBER + MINUTE) == 1
    assert rate_tables.look("unit", SEPTEMBER, IN_OCTOBER + MINUTE).stale


def test_a_counting_that_fails_is_tried_again_later_and_one_that_was_killed_too(filed, monkeypatch):
    rate_tables.look("unit", SEPTEMBER, NOW)
    with monkeypatch.context() as broken:
        broken.setattr(rate_tables.evaluation, "count", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rate_tables.work(NOW)
    assert rate_tables.work(NOW + MINUTE) == 0
    assert rate_tables.work(NOW + 10 * MINUTE) == 1
    RateTable.objects.update(counted="", wanted_at=NOW, began_at=NOW + 10 * MINUTE)
    assert rate_tables.look("unit", SEPTEMBER, NOW + 11 * MINUTE).table is None
    assert rate_tables.work(NOW + 39 * MINUTE) == 0
    assert rate_tables.work(NOW + 41 * MINUTE) == 1


def test_counting_anew_is_done_at_most_once_a_minute(filed):
    rate_tables.anew("unit", SEPTEMBER, NOW)
    counted("unit", SEPTEMBER, NOW)
    with pytest.raises(TooMany) as refused:
        rate_tables.anew("unit", SEPTEMBER, NOW + timedelta(seconds=30))
    assert 30 <= refused.value.extra["retry_after"] <= 31
    rate_tables.anew("unit", SEPTEMBER, NOW + MINUTE)
    assert rate_tables.look("unit", SEPTEMBER, NOW + MINUTE).wanted_at == NOW + MINUTE
    assert rate_tables.work(NOW + 2 * MINUTE) == 1


def test_not_more_than_so_many_wait(filed, monkeypatch):
    monkeypatch.setattr(rate_tables, "MOST_WAITING", 2)
    for day in (1, 2):
        rate_tables.look("unit", Period.of("day", date(2026, 9, day)), NOW)
    rate_tables.look("unit", Period.of("day", date(2026, 9, 2)), NOW)
    with pytest.raises(TooMany):
        rate_tables.look("unit", Period.of("day", date(2026, 9, 3)), NOW)


def test_tables_of_an_older_counting_and_long_unseen_ones_are_forgotten(filed, monkeypatch):
    counted("unit", SEPTEMBER, NOW)
    rate_tables.work(NOW + timedelta(days=99))
    assert RateTable.objects.exists()
    monkeypatch.setattr(rate_tables, "MEANING", 2)
    assert rate_tables.look("unit", SEPTEMBER, NOW).table is None
    RateTable.objects.filter(meaning=2).delete()
    rate_tables.work(NOW)
    assert not RateTable.objects.exists()


# Reaches


def somebody(*places, kinds=None):
    reaches = tuple(Reach(kinds, area, units and frozenset(units)) for area, units in places)
    return Actor("user", id=7, reach={"evaluate": reaches})


def test_tables_of_different_reach_never_mix(filed):
    filed()
    everywhere, elsewhere = somebody(("210104", None)), somebody(("210104003", None))
    others = somebody(("210104", ["municipal-central"]))
    got = {
        name: counted("area", SEPTEMBER, NOW + MINUTE, actor=who)
        for name, who in (
            ("all", None),
            ("everywhere", everywhere),
            ("elsewhere", elsewhere),
            ("others", others),
        )
    }
    assert RateTable.objects.count() == 4
    reports = {name: one.table.total.counters["reports"] for name, one in got.items()}
    assert reports == {"all": 1, "everywhere": 1, "elsewhere": 0, "others": 0}
    assert rate_tables.look("area", SEPTEMBER, NOW + MINUTE, actor=SYSTEM).table is not None
    inside = rate_tables.look("area", SEPTEMBER, NOW + MINUTE, actor=everywhere, area="210104003")
    assert inside.table is None
    other_person = Actor("user", id=8, reach=everywhere.reach)
    assert rate_tables.look("area", SEPTEMBER, NOW + MINUTE, actor=other_person).table is not None


def test_who_may_not_evaluate_is_refused_whatever_is_kept(filed, staff):
    counted("area", SEPTEMBER, NOW)
    for ask in (rate_tables.look, rate_tables.anew):
        with pytest.raises(Denied):
            ask("area", SEPTEMBER, NOW, actor=staff("handler-lighting"))


AREAS = (None, "210104", "210104002", "210104002009", "210105")
PLACES = st.lists(
    st.tuples(
        st.sampled_from(AREAS), st.one_of(st.none(), st.frozensets(st.sampled_from("abc"), max_size=3))
    ),
    max_size=4,
)


@given(places=PLACES, kinds=st.sampled_from((None, frozenset({"incident"}), frozenset({"other"}))))
def test_the_canonical_reach_covers_the_same_matters(places, kinds):
    given_ = Actor("user", reach={"evaluate": tuple(Reach(kinds, area, units) for area, units in places)})
    reach = rate_reach.canonical(given_)
    same = rate_reach.actor_of(reach) or SYSTEM
    assert reach is None or rate_reach.canonical(same) == reach
    for area in AREAS[1:]:
        for unit in (None, "a", "b", "c"):
            subject = Subject("incident", area, unit, district=area[:6])
            assert bool(decide(given_, "evaluate", subject)) == bool(decide(same, "evaluate", subject))


# Whatever happens


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("report", "done", "not_ours", "hold", "extend", "void", "reopen", "claim", "relocate", "back")
            + ("work", "follow", "look")
        ),
        st.integers(0, 5),
        st.integers(1, 60),
    ),
    min_size=4,
    max_size=16,
)
PERIODS = (
    Period(NOW.date(), NOW.date()),
    Period.of("week", NOW.date()),
    Period(NOW.date(), NOW.date() + timedelta(days=3)),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_what_is_not_said_to_be_old_is_right(filed, work, submit, steps):
    with transaction.atomic():
        _check(filed, work, submit, steps)
        transaction.set_rollback(True)


def _check(filed, work, submit, steps):
    RateState.objects.all().delete()
    RateTable.objects.all().delete()
    now, made = NOW, []
    for action, which, hours in steps:
        now += timedelta(hours=hours)
        if action == "work":
            rate_tables.work(now)
        elif action == "follow":
            rate_changes.follow(now)
        elif action == "look":
            _look_at_all(now)
        elif made and action in ("claim", "relocate", "back"):
            _more(action, made[which % len(made)], now)
        else:
            _happen(action, which, now, made, filed, work)
    now += MINUTE
    rate_changes.follow(now, at_once=True)
    for by, period, look in _look_at_all(now):
        if look.table is not None and now >= period.end and not look.stale:
            assert as_counted(look.table) == as_counted(evaluate(by, period, now)), (by, period)
    later = now + 11 * MINUTE
    _look_at_all(later)
    while rate_tables.work(later):
        pass
    for by, period, look in _look_at_all(later):
        assert as_counted(look.table) == as_counted(evaluate(by, period, later)), (by, period)


def _look_at_all(now):
    return [(by, one, rate_tables.look(by, one, now)) for by in OBJECTS for one in PERIODS]


def _more(action, matter, now):
    from yiwang.kernel.errors import Problem

    task = Task.objects.filter(matter=matter, state="open").first()
    try:
        if action == "relocate":
            matters.relocate(actor=SYSTEM, matter=matter, area="210104003020", now=now)
        elif action == "claim" and task:
            matters.reassign(actor=SYSTEM, task=task.pk, unit="municipal-central", note="换单位", now=now)
        elif action == "back" and task:
            matters.send_back(actor=SYSTEM, task=task.pk, note="退回重办", now=now)
    except Problem:
        pass  # not possible now: the next step
