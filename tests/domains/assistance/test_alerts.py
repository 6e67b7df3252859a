"""Alert rules: a fact became so, once, and somebody goes to look."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domains.assistance.conftest import NOW, lives, tell
from tests.domains.assistance.test_screening import award
from tests.kernel.people import made
from tests.kernel.people.made import HUALU
from tests.people import person
from yiwang.domains.assistance.discovery import alerts, sending
from yiwang.domains.assistance.models import AlertCursor, Finding, Review
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Task
from yiwang.kernel.packs.help_rules import AlertRule
from yiwang.kernel.registers.people import actions, queries
from yiwang.kernel.registers.people.facts import NEVER
from yiwang.kernel.registers.people.files.taking import take_file

LATER = NOW + timedelta(days=1)


def rule(**test) -> AlertRule:
    fields = dict.fromkeys(AlertRule.__slots__, "") | {
        "becomes": None,
        "at_least": None,
        "known": False,
        "severity": 2,
    }
    return AlertRule(**(fields | {"slug": "r", "variable": "v", "others": "b"} | test))


BILL, JOBLESS, CARD = rule(at_least=100), rule(becomes=True), rule(known=True)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 300), st.sampled_from(["2026-09-01", NEVER, "full"])
)


@given(VALUES, VALUES)
def test_a_rule_never_fires_twice_for_a_value_that_stays(was, became):
    for one in (BILL, JOBLESS, CARD):
        assert not alerts.fires(one, became, became)
        if alerts.fires(one, was, became):
            assert not alerts.fires(one, became, was)


def test_reaching_a_line_fires_and_going_on_above_it_does_not():
    assert alerts.fires(BILL, 99, 100) and alerts.fires(BILL, None, 250)
    assert not alerts.fires(BILL, 100, 250)
    assert not alerts.fires(BILL, None, 99)


def test_what_becomes_unknown_or_is_known_not_to_have_happened_is_no_alert():
    assert not alerts.fires(JOBLESS, True, None)
    assert not alerts.fires(CARD, None, NEVER)
    assert alerts.fires(CARD, NEVER, "2026-09-01")


def test_yes_is_not_the_number_one():
    assert not alerts.fires(rule(at_least=1), None, True)
    assert not alerts.fires(rule(becomes=1), None, True)


@pytest.fixture
def heard(small_law):
    """The journal read up to now."""

    def listen(now=NOW) -> set:
        while alerts.follow(now):
            pass
        return set(Finding.objects.filter(says="alert").values_list("cause", "sort", "state"))

    return listen


def head(house):
    return queries.members(house.pk)[0]


def test_a_large_medical_bill_raises_an_alert_once_and_a_retry_of_the_file_none(heard):
    house = lives(90_000)
    heard()
    for n in range(3):
        tell({"medical_own_paid": 2_500_000}, person=head(house).pk, on=date(2026, 9, 2 + n))
        assert heard() == {("large-medical-bill", "b", "waiting")}
    (found,) = Finding.objects.all()
    assert found.explanation and "2500000" not in found.explanation
    assert (found.area_id, found.severity) == (HUALU, 750)


def test_the_class_depends_on_whether_the_household_is_enrolled(heard):
    house = lives(90_000)
    award(house)
    heard()
    tell({"registered_unemployed": True}, person=head(house).pk)
    assert heard() == {("unemployment", "a", "waiting")}


def test_a_death_concerns_households_that_receive_help_only(heard):
    poor, other = lives(90_000, order=12), lives(90_000, order=13)
    award(poor, "minimum_guarantee")
    heard()
    for house in (poor, other):
        actions.die(actor=SYSTEM, person=head(house).pk, on=date(2026, 9, 3), source="公安", now=NOW)
    assert heard() == set()  # the review has a visit of its own
    review = Review.objects.get()
    assert (review.award.household, review.why, review.due) == (poor.pk, "death", date(2026, 12, 3))
    assert review.award.state == "running"
    AlertCursor.objects.update(seq=0)
    heard(LATER)
    assert Review.objects.count() == 1


def test_a_death_in_a_departments_file_and_one_that_is_typed_open_the_same_review(heard):
    poor = lives(90_000)
    award(poor, "minimum_guarantee")
    heard()
    who = head(poor)
    rows = f"身份证号,死亡日期\n{who.id_number},2026-09-03\n"
    take_file(
        actor=SYSTEM, slug="deaths", name="deaths.csv", data=rows.encode(), as_of=date(2026, 9, 20), now=NOW
    )
    heard()
    actions.die(actor=SYSTEM, person=who.pk, on=date(2026, 9, 4), source="街道", now=LATER)
    heard(LATER)
    assert [row.about for row in Review.objects.all()] == [who.pk]


def test_where_the_pack_has_no_rule_about_deaths_the_review_is_opened_all_the_same(
    heard, small_law, monkeypatch
):
    monkeypatch.setitem(small_law.__dict__, "alerts", {})
    poor = lives(90_000)
    award(poor, "minimum_guarantee")
    heard()
    actions.die(actor=SYSTEM, person=head(poor).pk, on=date(2026, 9, 3), source="公安", now=NOW)
    heard()
    assert Review.objects.get().why == "death"


def test_an_alert_that_a_visit_confirmed_opens_the_review_of_what_runs(heard):
    house = lives(90_000)
    row = award(house, "minimum_guarantee")
    heard()
    tell({"registered_unemployed": True}, person=head(house).pk)
    heard()
    sending.send(NOW)
    visit = Finding.objects.get().matter
    worker = person(f"worker-{HUALU}", name="陈社工")
    officer = person("aid-officer-210104002", name="孙经办")
    for actor, node, outcome, data in (
        (worker, "visit", "included", {}),
        (officer, "follow", "done", {"result": "reviewed"}),
    ):
        key = Task.objects.get(matter=visit, node=node, state="open").pk
        matters.complete(actor=actor, task=key, outcome=outcome, note="已入户", data=data, now=NOW)
    assert [(one.award_id, one.why) for one in Review.objects.all()] == [(row.pk, "alert")]


def test_alerts_of_two_rules_at_one_household_are_a_complicated_case(heard):
    house = lives(90_000)
    heard()
    tell({"registered_unemployed": True, "disability_since": "2026-09-01"}, person=head(house).pk)
    assert {sort for _cause, sort, _state in heard()} == {"c"}


def test_an_alert_becomes_a_visit_and_the_same_alert_is_not_raised_after_it(heard):
    house = lives(90_000)
    heard()
    tell({"dropped_out": True}, person=head(house).pk)
    heard()
    assert sending.send(NOW) == 1
    assert Finding.objects.get().matter.source == "alert"
    AlertCursor.objects.update(seq=0)
    assert heard(LATER) == {("school-drop", "c", "checking")}


def test_a_reading_that_was_cut_off_reads_the_same_changes_again(heard, monkeypatch):
    house = lives(90_000)
    heard()
    tell({"dropped_out": True}, person=head(house).pk)
    before = AlertCursor.objects.get().seq
    with monkeypatch.context() as patch:
        patch.setattr(alerts.keeping, "keep", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            alerts.follow(NOW)
    assert (AlertCursor.objects.get().seq, Finding.objects.count()) == (before, 0)
    assert heard() == {("school-drop", "c", "waiting")}


def test_an_alert_about_another_member_is_not_lost_while_somebody_is_on_the_way(heard):
    house = lives(90_000)
    other = made.resident(house, "spouse", "测试乙", order=33)
    heard()
    tell({"disability_since": "2026-09-01"}, person=head(house).pk)
    heard()
    sending.send(NOW)
    tell({"disability_since": "2026-09-10"}, person=other.pk, on=date(2026, 9, 11))
    assert heard(LATER) == {("new-disability-card", "b", "checking")}
    told = orjson.loads(Finding.objects.get().explanation)
    assert told["more"][0]["person"] == str(other.pk) != told["person"]


def test_a_household_that_another_system_says_receives_help_is_enrolled_too(heard):
    house = lives(90_000)
    tell({"guarantee_since": "2025-03-01"}, household=house.pk)
    heard()
    actions.die(actor=SYSTEM, person=head(house).pk, on=date(2026, 9, 3), source="公安", now=NOW)
    assert heard() == {("death", "d", "waiting")}


def test_what_a_survey_has_just_established_sends_nobody_there_again(heard):
    house = lives(90_000)
    heard()
    told = {"values": {"medical_own_paid": 2_500_000}, "as_of": date(2026, 9, 3), "person": head(house).pk}
    actions.set_facts(actor=SYSTEM, source="入户调查 20260901-000001-1", now=NOW, **told)
    assert heard() == set()
