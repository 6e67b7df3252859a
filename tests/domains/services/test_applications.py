"""An application for a service, from the form to the rating: what each person may do, and what the applicant reads."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import at
from tests.domains.services.restaurant import RESTAURANT
from tests.people import person
from yiwang.core import worktime
from yiwang.domains.services import applying, drafts, follow
from yiwang.domains.services.models import Application, Draft
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import actions, audit, clock
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current

MONDAY = at("2026-09-07T09:00")
FOOD = "food-business-licence"
SEEN = {
    "material_application-form": "received",
    "material_business-licence": "lookup",
    "material_floor-plan": "received",
}
POSTS = {
    "window_clerk": "window-clerk",
    "service_reviewer": "service-reviewer-market-regulation",
    "service_decider": "service-decider-market-regulation",
}


def applied(service: str = FOOD, answers: dict | None = None, **more) -> SimpleNamespace:
    given_ = {"actor": resident(), "id": uuid4(), "now": MONDAY, "consent": True} | more
    got = applying.apply(service=service, answers=RESTAURANT if answers is None else answers, **given_)
    return SimpleNamespace(
        matter=got.matter, secret=got.secret, number=got.matter.number, row=got.application
    )


def step(matter: Matter, node: str, outcome: str, now=MONDAY, post: str = "", **data) -> Matter:
    task = Task.objects.get(matter=matter, node=node, state="open")
    who = person(post or POSTS.get(task.post, task.post))
    return actions.complete(actor=who, task=task.pk, outcome=outcome, data=data, now=now)


def told(got, now=MONDAY) -> follow.Progress:
    return follow.progress(applying.applicant(got.number, got.secret), now)


def all_there(**more) -> dict:
    return (
        SEEN | {"material_food-safety-rules": "received", "material_health-certificates": "received"} | more
    )


def test_a_restaurant_gets_its_licence_within_the_promised_days(world):
    got = applied()
    assert told(got).due is None and told(got).may_withdraw
    step(got.matter, "accept", "accept", at("2026-09-08T10:00"), **all_there())
    due = told(got).due
    assert str(due.limit) == "5wd" and due.moment == at("2026-09-15T17:30")
    step(got.matter, "review", "done", at("2026-09-10T10:00"), opinion="agree")
    step(got.matter, "decide", "grant", at("2026-09-11T10:00"))
    assert "granted" in told(got).answer.casefold() or "准予" in told(got).answer
    step(got.matter, "deliver", "delivered", at("2026-09-14T10:00"), way="post")
    done = told(got, at("2026-09-14T11:00"))
    assert done.state == "closed" and done.may_rate and not done.refused
    applying.rate(number=got.number, secret=got.secret, score=5, now=at("2026-09-15T10:00"))
    with pytest.raises(Conflict):
        applying.rate(number=got.number, secret=got.secret, score=1, now=at("2026-09-15T10:01"))
    assert Application.objects.get(pk=got.matter.pk).rating == 5
    assert [faults for _number, faults in audit.verify(Matter.objects.filter(pk=got.matter.pk))] == [[]]


def test_what_is_missing_is_told_once_and_all_at_once(world):
    got = applied()
    missing = all_there(**{"material_floor-plan": "missing", "material_application-form": "missing"})
    step(got.matter, "accept", "missing", note_missing="平面图缺比例", **missing)
    seen = told(got)
    assert len(seen.missing) == 2 and seen.missing_note == "平面图缺比例"
    assert seen.due is None  # the clock of the promise has not begun
    step(got.matter, "supplement", "complete", at("2026-09-09T10:00"))
    with pytest.raises(Invalid):
        step(got.matter, "accept", "missing", at("2026-09-09T11:00"), **missing)
    step(got.matter, "accept", "accept", at("2026-09-09T11:00"), **all_there())
    assert told(got).missing == ()


def test_what_nobody_marked_is_missing_and_is_not_accepted(world):
    got = applied()
    with pytest.raises(Invalid) as refused:
        step(got.matter, "accept", "accept")
    assert refused.value.where.startswith("material_")


def test_accepted_on_condition_it_is_reviewed_meanwhile_and_not_granted_before_everything_came(world):
    got = applied()
    later = all_there(**{"material_health-certificates": "later"})
    with pytest.raises(Invalid):
        step(got.matter, "accept", "accept", **later)
    step(got.matter, "accept", "conditional", **later)
    papers = Task.objects.get(matter=got.matter, node="papers")
    assert papers.limit == "5wd" and papers.due_at == at("2026-09-14T17:30")
    assert told(got).later
    step(got.matter, "review", "done", at("2026-09-08T10:00"), opinion="agree")
    assert not Task.objects.filter(matter=got.matter, node="decide").exists()
    step(got.matter, "papers", "done", at("2026-09-15T10:00"), came="no")
    with pytest.raises(Invalid):
        step(got.matter, "decide", "grant", at("2026-09-15T11:00"))
    step(got.matter, "decide", "refuse", at("2026-09-15T11:00"), reason="容缺材料逾期未补齐")
    step(got.matter, "tell_no", "delivered", at("2026-09-15T12:00"), way="post")
    assert told(got).refused and "容缺材料逾期未补齐" in told(got).answer


def test_by_commitment_it_is_decided_at_once_and_checked_afterwards(world):
    answers = RESTAURANT | {"floors": "一层"}
    got = applied("fire-safety-check", answers, way="commitment")
    states = {
        f"material_{slug}": "received" for slug in ("application-form", "commitment-letter", "fire-plan")
    }
    step(got.matter, "accept", "commitment", **states, **{"material_business-licence": "lookup"})
    fire = {"decide": "service-decider-fire-rescue", "check": "service-reviewer-fire-rescue"}
    step(got.matter, "decide", "grant", post=fire["decide"])
    step(got.matter, "deliver", "delivered", way="window")
    check = Task.objects.get(matter=got.matter, node="after_check")
    assert check.limit == "20wd"
    with pytest.raises(Invalid):
        step(got.matter, "after_check", "broken", at("2026-09-16T10:00"), post=fire["check"])
    step(
        got.matter,
        "after_check",
        "broken",
        at("2026-09-16T10:00"),
        post=fire["check"],
        reason="疏散通道被占用",
    )
    assert told(got).refused and "疏散通道被占用" in told(got).answer


def test_a_hearing_stops_the_clock_of_the_whole_and_overlapping_holds_count_once(world):
    got = applied()
    step(got.matter, "accept", "accept", **all_there())
    head = person(POSTS["service_decider"])
    actions.hold(
        actor=head,
        matter=got.matter.pk,
        reason="hearing",
        note="听证 9 月 10 日举行",
        now=at("2026-09-08T09:00"),
    )
    assert told(got).held
    actions.resume(actor=head, matter=got.matter.pk, note="听证结束", now=at("2026-09-10T16:00"))
    assert told(got).due.moment == at("2026-09-17T17:30")  # Monday's five days, without the 8th, 9th and 10th
    with pytest.raises(Denied):
        actions.hold(
            actor=person(POSTS["service_reviewer"]),
            matter=got.matter.pk,
            reason="hearing",
            note="x",
            now=MONDAY,
        )


def test_a_refusal_needs_its_reasons_and_not_accepted_is_told_in_writing(world):
    got = applied()
    with pytest.raises(Invalid):
        step(got.matter, "accept", "refuse")
    step(got.matter, "accept", "refuse", reason="不属于本部门职权，应向市级部门申请")
    step(got.matter, "tell_refusal", "delivered", way="online")
    assert told(got).refused and told(got).state == "closed"


def test_only_the_office_of_the_service_works_on_it(world):
    got = applied()
    step(got.matter, "accept", "accept", **all_there())
    with pytest.raises(Denied):
        step(got.matter, "review", "done", post="service-reviewer-police", opinion="agree")


def test_the_same_application_sent_twice_is_one_and_another_under_its_id_is_refused(world):
    key = uuid4()
    first, again = applied(id=key), applied(id=key)
    assert first.matter.pk == again.matter.pk and first.secret == again.secret
    with pytest.raises(Conflict):
        applied(id=key, answers=RESTAURANT | {"operator_name": "另一人"})


def test_a_wrong_form_is_refused_with_every_error_at_its_place_and_nothing_is_kept(world):
    with pytest.raises(Invalid) as refused:
        applied(
            answers=RESTAURANT
            | {"operator_id": "1", "staff": [{"name": ""}], "lease_end": "", "premises_right": "rent"}
        )
    assert {one["where"] for one in refused.value.errors} == {"operator_id", "staff"}
    assert not Application.objects.exists()


def test_materials_are_looked_up_only_with_consent(world):
    with pytest.raises(Invalid) as refused:
        applied(consent=False)
    assert refused.value.where == "consent"
    assert (
        applied(consent=False, materials={"business-licence": "brought"}).row.materials["business-licence"]
        == "brought"
    )


def test_what_was_answered_lies_sealed_and_the_secret_opens_nothing_else(world):
    from django.db import connection

    got = applied()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM services_application")
        assert "王大厨" not in cursor.fetchone()[0]
    with pytest.raises(NotFound):
        applying.applicant(got.number, "x" * 10)
    assert (
        "王大厨" not in str(list(got.matter.events.values_list("body", flat=True)))
        if hasattr(got.matter, "events")
        else True
    )


@pytest.mark.parametrize("service", ["minimum-guarantee", "marriage-registration", "nothing"])
def test_what_is_applied_for_elsewhere_is_not_taken_here(world, service):
    with pytest.raises(NotFound):
        applied(service)


@given(st.integers(0, 400), st.sampled_from(["wd", "d", "wh", "h"]))
def test_review_and_decision_together_have_exactly_the_promised_limit(amount, unit):
    if unit in ("wh", "h") and amount == 0:
        return
    review, decide = (worktime.Limit.parse(text) for text in clock.shares(f"{amount}{unit}"))
    assert review.unit == decide.unit == unit
    assert review.amount + decide.amount == amount or (unit in ("wh", "h") and amount == 1)


def test_a_draft_is_gone_on_with_by_number_and_secret_and_tells_what_a_new_form_dropped(world):
    from yiwang.core import forms

    rules = current()
    form = rules.forms["food-business"]
    key = uuid4()
    row, secret = drafts.save(
        id=key, service=FOOD, form=form.slug, rules=rules, answers=RESTAURANT | {"gone": "x"}, now=MONDAY
    )
    again, same = drafts.save(
        id=key, service=FOOD, form=form.slug, rules=rules, answers=RESTAURANT | {"fax": "024-1"}, now=MONDAY
    )
    assert (again.number, same) == (row.number, secret) and Draft.objects.count() == 1
    got = drafts.resume(drafts.find(f" {row.number[:5]} {row.number[5:]}", secret.upper(), MONDAY), form.form)
    assert got.answers["staff"] == RESTAURANT["staff"]
    assert [(one.path, one.why) for one in got.dropped] == [("fax", "gone")]
    narrower = replace(
        form,
        form=forms.read(
            {"type": "object", "properties": {"operator_name": {"type": "string", "title": "x"}}}
        ),
    )
    assert drafts.resume(again, narrower.form).answers == {"operator_name": "王大厨"}
    for number, word, when in (
        (row.number, "wrong", MONDAY),
        ("123", secret, MONDAY),
        (row.number, secret, at("2027-01-01T09:00")),
    ):
        with pytest.raises(NotFound):
            drafts.find(number, word, when)
    assert drafts.forget_old(at("2027-01-01T09:00")) == 1 and not Draft.objects.exists()


@given(st.uuids())
def test_one_wrong_digit_of_a_drafts_number_is_seen_by_its_check_digit(key):
    number = drafts.number_of(key)
    assert len(number) == 10
    total = sum(sum(divmod(int(one) * (2 if n % 2 else 1), 10)) for n, one in enumerate(reversed(number)))
    assert total % 10 == 0


def at_review(**more):
    got = applied(**more)
    step(got.matter, "accept", "accept", at("2026-09-08T10:00"), **all_there())
    return got, Task.objects.get(matter=got.matter, node="review")


def extend(
    task: Task,
    limit: str,
    when: str = "2026-09-10T10:00",
    who: str = POSTS["service_decider"],
    note="要请专家看厨房",
):
    return actions.extend(actor=person(who), task=task.pk, limit=limit, now=at(when), note=note)


def test_the_head_extends_the_decision_once_and_the_applicant_reads_why_and_until_when(world):
    got, task = at_review()
    assert told(got).due.moment == at("2026-09-15T17:30")
    with pytest.raises(Denied):
        extend(task, "3wd", who=POSTS["service_reviewer"])
    extend(task, "3wd")
    seen = told(got, at("2026-09-10T11:00"))
    assert (seen.extended, seen.extended_why) == ("3wd", "要请专家看厨房")
    assert seen.due.moment == at("2026-09-18T17:30") and seen.answer == ""
    assert any(line.action == "extend" for line in seen.story)
    with pytest.raises(Invalid):
        extend(task, "1wd")
    step(got.matter, "review", "done", at("2026-09-11T10:00"), opinion="agree")
    decide = Task.objects.get(matter=got.matter, node="decide")
    with pytest.raises(Invalid):  # once for the whole application, not for each step
        extend(decide, "1wd", "2026-09-11T11:00")
    step(got.matter, "decide", "grant", at("2026-09-14T10:00"))
    step(got.matter, "deliver", "delivered", at("2026-09-14T11:00"), way="post")
    done = told(got, at("2026-09-14T12:00"))
    assert done.extended == "3wd" and done.answer and done.story[-1].action == "complete"
    assert [faults for _number, faults in audit.verify(Matter.objects.filter(pk=got.matter.pk))] == [[]]


def test_a_decision_is_not_extended_by_more_than_ten_working_days_nor_without_a_reason_nor_too_late(world):
    _got, task = at_review()
    for limit, note, when in (
        ("11wd", "还要核对", "2026-09-10T10:00"),
        ("10wd", "", "2026-09-10T10:00"),
        ("10wd", "还要核对", "2026-09-30T10:00"),
    ):
        with pytest.raises(Invalid):
            extend(task, limit, when, note=note)
    extend(task, "10wd")


def test_the_steps_of_the_window_are_not_extended(world):
    got = applied()
    task = Task.objects.get(matter=got.matter, node="accept")
    from yiwang.kernel.access.actors import SYSTEM

    with pytest.raises(Invalid) as refused:
        actions.extend(actor=SYSTEM, task=task.pk, limit="1wd", now=MONDAY, note="人手不够")
    assert refused.value.where == "limit"
