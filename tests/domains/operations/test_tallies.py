"""The wall's counts: the same as a plain count over matters and tasks, after everything that can happen to them."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import at
from tests.domains.operations.conftest import NOW
from yiwang.domains.operations import appeals, tallies
from yiwang.domains.operations.evaluation import Period, evaluate
from yiwang.domains.operations.models import Tally, TallyState
from yiwang.domains.operations.wall import history, lists
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.registers import queries as registers

DISTRICT, SUBDISTRICT, COMMUNITY = "210104", "210104002", "210104002009"


def stored(*what):
    rows = Tally.objects.filter(what__in=what) if what else Tally.objects.all()
    found = rows.values_list("area", "what", "hour", "key", "count")
    assert len({row[:4] for row in found}) == len(found), "one row for each count"
    return {row[:4]: row[4] for row in found}


def plain():
    """Opened and class, counted one matter at a time."""
    found = Counter()
    for matter in Matter.objects.all():
        hour = int(matter.opened_at.timestamp()) // 3600
        area = matter.area_id or matter.district
        for digits in (6, 9, 12):
            if len(area) >= digits:
                found[area[:digits], "opened", hour, ""] += 1
                if digits < 12:
                    key = f"{matter.standard}|{matter.class_code}" if matter.class_code else ""
                    found[area[:digits], "class", hour, key] += 1
    return dict(found)


def league_is_evaluation(now, area=DISTRICT):
    """Numerators and denominators of every unit are those of the evaluation."""
    period = history.league_period(now)
    rows = evaluate("unit", period, now, area="" if area == DISTRICT else area).rows
    rates = {row.key: row.rate("handling_on_time_rate") for row in rows}
    known = {unit: (rate.numerator, rate.denominator) for unit, rate in rates.items() if rate.denominator}
    got = {one.unit: (one.on_time, one.due) for one in history.league(registers.areas()[area], now)}
    assert got == known
    return got


def test_the_counts_are_those_of_a_plain_count(submit, filed):
    for hours in (0, 0, 1, 5, 30, 55):
        filed(now=NOW - timedelta(hours=hours))
    submit(now=NOW, point=None, text="不知道在哪里的路灯不亮")
    tallies.follow(NOW + timedelta(minutes=1))
    assert stored("opened", "class") == plain()
    before = stored()
    tallies.follow(NOW + timedelta(minutes=1))
    tallies.rebuild(NOW + timedelta(minutes=1))
    assert stored() == before


def test_what_changes_later_is_counted_in_its_old_hour(submit, work):
    old = submit(now=NOW - timedelta(days=3))
    tallies.follow(NOW)
    assert stored("opened", "class") == plain()
    work(old.matter.pk, "file", "file", NOW, class_code="01026", condition=_first_condition("01026"))
    other = registers.areas()["210104003020"]
    matters.relocate(actor=SYSTEM, matter=old.matter.pk, area=other.code, now=NOW + timedelta(minutes=5))
    tallies.follow(NOW + timedelta(minutes=6))
    got = stored("opened", "class")
    assert got == plain()
    assert (other.code, "opened", tallies.hour_of(NOW - timedelta(days=3)), "") in got


def test_reports_that_are_brought_in_late_are_counted_when_they_came(submit):
    tallies.follow(NOW)
    submit(now=NOW - timedelta(days=9))
    tallies.follow(NOW + timedelta(minutes=1))
    assert stored("opened", "class") == plain()


def test_a_worker_that_stood_still_counts_all_of_it(submit):
    submit()
    tallies.follow(NOW)
    submit(now=NOW + timedelta(days=2))
    tallies.follow(NOW + timedelta(days=4))
    assert stored("opened", "class") == plain()


def test_while_nothing_happens_no_past_day_is_counted_again(filed, work):
    way = filed()
    morning = NOW + timedelta(days=10)
    tallies.rebuild(morning)
    work(way.id, "dispatch", "dispatch", morning)
    matters.void(actor=SYSTEM, matter=way.id, now=morning + timedelta(minutes=1), note="不属实")
    touched, *_drained, quiet = (tallies.follow(morning + timedelta(minutes=m)) for m in (2, 14, 15, 16))
    assert touched > quiet == tallies.LAST_HOURS + 1  # the last hours, and today


def test_what_no_rule_keeps_is_forgotten(submit):
    submit(now=NOW - timedelta(days=tallies.HISTORY + 3))
    submit()
    tallies.follow(NOW)
    assert min(row[2] for row in stored()) >= tallies.first_hour(NOW.date() - timedelta(days=tallies.HISTORY))
    assert TallyState.objects.get().since >= tallies.first_hour(NOW.date() - timedelta(days=tallies.HISTORY))


def test_the_league_has_the_numerators_and_denominators_of_the_evaluation(filed, work, staff):
    """In time, late, late and open, given back in time and too late, held, extended, exempt, dropped."""
    got = []
    for n in range(9):
        one = filed(now=NOW + timedelta(minutes=n))
        work(one.id, "dispatch", "dispatch", NOW + timedelta(minutes=n))
        got.append((one, Task.objects.get(matter=one.id, state="open")))
    due = got[0][1].due_at
    now = due + timedelta(hours=3)
    tallies.follow(NOW + timedelta(minutes=30))
    work(got[0][0].id, "handle", "done", NOW + timedelta(hours=1), note="好了")
    work(got[1][0].id, "handle", "not_ours", NOW + timedelta(hours=1), note="归市政")
    matters.hold(
        actor=SYSTEM, matter=got[2][0].id, reason="material", note="等材料到货", now=NOW + timedelta(hours=1)
    )
    tallies.follow(NOW + timedelta(hours=2))
    league_is_evaluation(NOW + timedelta(hours=2))
    matters.extend(
        actor=SYSTEM, task=got[5][1].pk, limit="1wd", note="工程量较大", now=due - timedelta(hours=1)
    )
    tallies.follow(due + timedelta(minutes=1))
    league_is_evaluation(due + timedelta(minutes=1))
    work(got[3][0].id, "handle", "done", due + timedelta(hours=1), note="好了")
    work(got[4][0].id, "handle", "not_ours", due + timedelta(hours=1), note="归市政")
    matters.void(actor=SYSTEM, matter=got[6][0].id, note="重复上报", now=due + timedelta(hours=2))
    tallies.follow(now)
    assert league_is_evaluation(now) == {"lighting": (1, 5)}
    assert league_is_evaluation(now, COMMUNITY) == {"lighting": (1, 5)}
    for node, outcome in (("feedback", "confirm"), ("verify", "pass")):
        work(got[3][0].id, node, outcome, now)
    work(got[3][0].id, "close", "close", now, answer="已修复。")
    asked = appeals.appeal(
        actor=staff("reviewer-lighting"), task=got[3][1].pk, reason="道路封闭，无法进场", now=now
    )
    appeals.review(actor=staff("dispatcher"), appeal=asked.pk, support=True, now=now)
    appeals.review(actor=staff("duty-leader"), appeal=asked.pk, support=True, now=now)
    days_later = now + timedelta(days=1)
    tallies.follow(now + timedelta(minutes=1))
    tallies.follow(days_later)
    assert league_is_evaluation(days_later)["lighting"][1] >= 4
    area = registers.areas()[DISTRICT]
    for result in ("", "on_time", "late"):
        rows = lists.duties(area, "lighting", result, days_later).rows
        (row,) = [one for one in history.league(area, days_later) if one.unit == "lighting"]
        assert len(rows) == {"": row.due, "on_time": row.on_time, "late": row.due - row.on_time}[result]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("report", "done", "not_ours", "hold", "extend", "void", "reopen", "follow")),
        st.integers(0, 5),
        st.integers(1, 40),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_counts_stay_right(filed, work, steps):
    with transaction.atomic():
        _check(filed, work, steps)
        transaction.set_rollback(True)


def _check(filed, work, steps):
    now, made = NOW, []
    for action, which, hours in steps:
        now += timedelta(hours=hours)
        _happen(action, which, now, made, filed, work)
    tallies.follow(now)
    for _more in range(20):  # what was put off
        if not TallyState.objects.get().days:
            break
        tallies.follow(now)
    assert stored("opened", "class") == plain()
    league_is_evaluation(now)
    kept = stored()
    tallies.rebuild(now)
    assert stored() == kept


def _happen(action, which, now, made, filed, work):
    from yiwang.kernel.errors import Problem

    if action == "follow":
        tallies.follow(now)
        return
    if action == "report" or not made:
        got = filed(now=now)
        work(got.id, "dispatch", "dispatch", now)
        made.append(got.id)
        return
    matter = made[which % len(made)]
    task = Task.objects.filter(matter=matter, state="open").first()
    try:
        if action in ("done", "not_ours") and task and task.node == "handle":
            work(matter, "handle", action, now, note="已处理完毕")
        elif action == "hold":
            matters.hold(actor=SYSTEM, matter=matter, reason="material", note="等材料到货", now=now)
        elif action == "extend" and task:
            matters.extend(actor=SYSTEM, task=task.pk, limit="1wd", note="工程量较大", now=now)
        elif action == "void":
            matters.void(actor=SYSTEM, matter=matter, note="重复上报", now=now)
        elif action == "reopen":
            matters.close(actor=SYSTEM, matter=matter, note="自行处置", now=now)
            matters.reopen(actor=SYSTEM, matter=matter, note="还是没有修好", now=now)
    except Problem:
        pass  # not possible now: the next step


def test_what_passed_today_is_the_list_behind_it(filed, work):
    now = NOW + timedelta(minutes=40)
    for _n in range(3):
        got = filed()
    work(got.id, "dispatch", "dispatch", NOW + timedelta(minutes=10))
    matters.close(actor=SYSTEM, matter=got.id, note="自行处置", now=NOW + timedelta(minutes=20))
    tallies.follow(now)
    for code in (DISTRICT, SUBDISTRICT, COMMUNITY):
        area = registers.areas()[code]
        passed = history.passed(area, now)
        assert passed["entered"] == {"file": 3, "dispatch": 3, "handle": 1}
        assert passed["left"] == {"file": 3, "dispatch": 1}
        assert passed["closed"] == {"": 1}
        for way in ("entered", "left"):
            for link, count in passed[way].items():
                assert len(lists.moved(area, way, link, now).rows) == count
        assert len(lists.closed(area, now).rows) == 1
    tomorrow = now + timedelta(days=1)
    tallies.follow(tomorrow)
    assert not any(history.passed(registers.areas()[DISTRICT], tomorrow).values())


def test_closing_and_opening_again_is_no_closing(filed, work):
    got = filed()
    steps = (("dispatch", "dispatch"), ("handle", "done"), ("feedback", "confirm"), ("verify", "pass"))
    for node, outcome in steps:
        work(got.id, node, outcome, NOW, note="换了灯泡")
    work(got.id, "close", "close", NOW, answer="已修复。")
    tallies.follow(NOW + timedelta(minutes=1))
    assert history.passed(registers.areas()[DISTRICT], NOW + timedelta(minutes=1))["closed"] == {"": 1}
    matters.reopen(actor=SYSTEM, matter=got.id, note="还是没有修好", now=NOW + timedelta(hours=4))
    tallies.follow(NOW + timedelta(hours=4, minutes=1))
    assert history.passed(registers.areas()[DISTRICT], NOW + timedelta(hours=4, minutes=1))["closed"] == {}


def test_the_command_counts_all_anew_and_says_how_much(submit, capsys):
    submit()
    call_command("tallies", "rebuild", "--json")
    call_command("tallies", "follow")
    out = capsys.readouterr().out
    assert '"counted"' in out and "tallies" in out or "统计" in out


@pytest.mark.parametrize("moment", ["2026-09-24T16:30", "2026-09-24T00:00", "2026-09-23T23:59:59"])
def test_days_begin_at_midnight_of_the_district(moment):
    hour = tallies.first_hour(tallies.day_of(at(moment)))
    assert tallies.moment_of(hour) == at(f"{moment[:10]}T00:00")
    assert Period.of("day", date.fromisoformat(moment[:10])).start == tallies.moment_of(hour)


def _first_condition(code):
    from yiwang.kernel.packs.rulebook import current

    rules = current()
    return rules.conditions_of(rules.default_standard, code)[0].slug
