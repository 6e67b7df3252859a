"""One thing once, applied for once: one form, one acceptance, several services that begin and end by themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import orjson
import pytest
from django.db import connections

from tests.conftest import at
from tests.domains.services.family import (
    CASE,
    FAMILY,
    FOUR,
    MONDAY,
    office,
    part,
    seen,
    sent,
    state,
    step,
    window,
)
from tests.people import person
from yiwang.domains.services import joint, parts
from yiwang.domains.services.models import Application, Decision, Joint, JointPart
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.matters import actions, audit
from yiwang.kernel.matters.models import Event, Link, Matter, Task

WEDNESDAY = at("2026-09-09T10:00")


def whole(got) -> Matter:
    return Matter.objects.get(pk=got.id)


def faults(got) -> list:
    numbers = [got.id, *JointPart.objects.filter(joint=got.id).values_list("matter", flat=True)]
    return [
        found
        for _number, found in audit.verify(Matter.objects.filter(pk__in=[key for key in numbers if key]))
        if found
    ]


def test_a_family_gets_four_results_from_one_form(world):
    got = sent()
    assert list(state(got)) == FOUR and set(state(got).values()) == {"waiting"}
    assert Matter.objects.count() == 1
    window(got)
    assert state(got) == dict(zip(FOUR, ["running", "running", "waiting", "waiting"], strict=True))
    office(got, "birth-household", now=WEDNESDAY)
    assert state(got)["newborn-medical-insurance"] == state(got)["social-security-card"] == "running"
    for service in ("vaccination-certificate", "newborn-medical-insurance", "social-security-card"):
        assert whole(got).state == "open"
        office(got, service, now=WEDNESDAY)
    assert set(state(got).values()) == {"granted"}
    assert whole(got).state == "closed"
    assert Matter.objects.filter(kind="service", state="closed").count() == 4
    assert Link.objects.filter(target=got.id, kind="part_of").count() == 4
    assert faults(got) == []
    joint.rate(number=got.number, secret=got.secret, score=5, now=at("2026-09-10T09:00"))
    with pytest.raises(Conflict):
        joint.rate(number=got.number, secret=got.secret, score=1, now=at("2026-09-10T09:01"))


def test_each_service_gets_what_it_asks_and_no_more(world):
    got = sent()
    window(got)
    office(got, "birth-household")
    answers = {
        service: set(orjson.loads(Application.objects.get(pk=part(got, service).matter_id).answers))
        for service in FOUR
    }
    assert "household_head" in answers["birth-household"]
    assert "household_head" not in answers["vaccination-certificate"] | answers["social-security-card"]
    assert "card_bank" in answers["social-security-card"] and "insured_from" not in answers["birth-household"]
    assert all("child_name" in one for one in answers.values())
    bodies = "".join(Event.objects.values_list("body", flat=True))
    assert "王小满" not in bodies and "11010519491231002X" not in bodies


def test_the_window_accepts_once_and_no_service_is_accepted_again(world):
    got = sent()
    window(got)
    running = [part(got, service).matter for service in FOUR[:2]]
    for matter in running:
        row = Application.objects.get(pk=matter.pk)
        assert row.accepted_at == MONDAY
        assert not Task.objects.filter(matter=matter, node="accept", state="open").exists()
        assert Task.objects.filter(matter=matter, node="review", state="open").exists()
    task = Task.objects.get(matter=got.id, node="together")
    assert task.limit == "10wd" and task.due_at == at("2026-09-20T17:30")  # a Sunday worked for the holiday


def test_what_one_service_issues_is_not_asked_for_by_the_next(world):
    got = sent(
        said=CASE | {"certificate": "no"},
        materials={"application-form": "brought", "photo": "brought", "marriage-certificate": "missing"},
    )
    assert got.row.materials["birth-certificate"] == "made"
    window(got)
    assert list(state(got).values()) == ["running", *["waiting"] * 4]
    office(got, "birth-certificate", now=WEDNESDAY)
    row = Application.objects.get(pk=part(got, "birth-household").matter_id)
    assert row.materials["birth-certificate"] == "made" and row.accepted_at == WEDNESDAY
    with pytest.raises(
        Invalid
    ):  # the applicant can't be asked to bring it, nor the window to have received it
        sent(said=CASE | {"certificate": "no"}, materials={"birth-certificate": "brought"})


def test_what_waits_for_a_refused_service_stops_and_the_others_go_on(world):
    got = sent()
    window(got)
    office(got, "birth-household", "refuse", now=WEDNESDAY)
    assert state(got) == dict(zip(FOUR, ["running", "refused", "stopped", "stopped"], strict=True))
    assert whole(got).state == "open"
    office(got, "vaccination-certificate", now=WEDNESDAY)
    assert whole(got).state == "closed" and Matter.objects.filter(kind="service").count() == 2
    assert faults(got) == []


def test_a_stopped_service_stops_those_that_wait_for_it(world):
    got = sent(said=CASE | {"certificate": "no"})
    window(got)
    office(got, "birth-certificate", "refuse")
    assert set(state(got).values()) == {"refused", "stopped"} and whole(got).state == "closed"


def test_a_service_begins_when_the_decision_is_made_not_when_the_paper_is_handed_over(world):
    got = sent()
    window(got)
    office(got, "birth-household", now=WEDNESDAY, deliver=False)
    assert state(got)["social-security-card"] == "running"
    for service in FOUR[0], *FOUR[2:]:
        office(got, service, now=WEDNESDAY)
    assert not Task.objects.filter(matter=got.id, node="together", state="open").exists()
    hand_over = Task.objects.get(matter=got.id, node="hand_over", state="open")
    with pytest.raises(Invalid) as refused:
        actions.complete(actor=person("window-clerk"), task=hand_over.pk, outcome="delivered", now=WEDNESDAY)
    assert refused.value.code == "parts_open"
    actions.claim(actor=person("window-clerk"), task=hand_over.pk, now=WEDNESDAY)
    step(part(got, "birth-household").matter, "deliver", "window-clerk", "delivered", WEDNESDAY, way="post")
    assert whole(got).state == "closed" and faults(got) == []


def test_nobody_ends_the_whole_while_a_service_is_open(world):
    got = sent()
    window(got)
    with pytest.raises(Invalid) as refused:
        window(got, "done", node="together")
    assert refused.value.code == "parts_open" and whole(got).state == "open"


def test_what_is_missing_is_told_once_for_all_services(world):
    got = sent()
    with pytest.raises(Invalid) as refused:
        window(got, **seen(got, material_photo="missing"))
    assert refused.value.where == "material_photo"
    window(got, "missing", note_missing="照片不清", **seen(got, material_photo="missing"))
    row = Joint.objects.get(pk=got.id)
    assert row.missing == ["photo"] and row.missing_note == "照片不清" and Matter.objects.count() == 1
    window(got, "complete", WEDNESDAY, "supplement")
    with pytest.raises(Invalid):
        window(got, "missing", WEDNESDAY, **seen(got, material_photo="missing"))
    window(got, now=WEDNESDAY)
    assert Joint.objects.get(pk=got.id).missing == [] and state(got)["birth-household"] == "running"


def test_not_accepted_it_ends_with_its_reason_and_no_service_begins(world):
    got = sent()
    with pytest.raises(Invalid):
        window(got, "refuse", reason=" ")
    window(got, "refuse", reason="不属于本区办理范围")
    window(got, "delivered", node="tell_refusal", way="online")
    assert whole(got).state == "closed" and set(state(got).values()) == {"stopped"}
    assert Decision.objects.get(matter=got.id).reason == "不属于本区办理范围"


def test_it_is_taken_back_while_nobody_has_accepted_it(world):
    got = sent()
    joint.withdraw(number=got.number, secret=got.secret, now=MONDAY)
    assert whole(got).state == "withdrawn" and set(state(got).values()) == {"stopped"}
    accepted = sent()
    window(accepted)
    with pytest.raises(Conflict):
        joint.withdraw(number=accepted.number, secret=accepted.secret, now=MONDAY)
    assert whole(accepted).state == "open"


def test_a_hold_of_one_service_stops_the_promised_date_once(world):
    got = sent()
    window(got)
    police, health = (part(got, FOUR[n]).matter for n in (1, 0))
    head = {"police": person("service-decider-police"), "health": person("service-decider-health")}
    for matter, unit, day in ((police, "police", "08"), (health, "health", "09")):
        actions.hold(
            actor=head[unit],
            matter=matter.pk,
            reason="testing",
            note="等检测",
            now=at(f"2026-09-{day}T09:00"),
        )
    actions.resume(actor=head["police"], matter=police.pk, now=at("2026-09-10T09:00"))
    assert whole(got).held  # the other one still stands
    actions.resume(actor=head["health"], matter=health.pk, now=at("2026-09-10T16:00"))
    assert not whole(got).held
    due = Task.objects.get(matter=got.id, node="together").due_at
    assert due == at("2026-09-23T17:30")  # ten working days without the 8th, the 9th and the 10th
    assert faults(got) == []


def test_the_same_application_sent_twice_is_one(world):
    key = uuid4()
    first, again = sent(id=key), sent(id=key)
    assert first.id == again.id and first.secret == again.secret and Joint.objects.count() == 1
    with pytest.raises(Conflict):
        sent(id=key, answers=FAMILY | {"child_name": "王大满"})
    with pytest.raises(NotFound):
        joint.applicant(first.number, "x" * 10)


def test_an_open_question_a_wrong_answer_and_a_missing_consent_are_refused_with_their_place(world):
    for more, where in (
        ({"said": {"certificate": "yes"}}, "here"),
        ({"consent": False}, "consent"),
        ({"materials": {"photo": "later"}}, "material_photo"),
        ({"bundle": "nothing"}, ""),
    ):
        with pytest.raises((Invalid, NotFound)) as refused:
            sent(**more)
        assert refused.value.where == where, more
    with pytest.raises(Invalid) as refused:
        sent(answers=FAMILY | {"mother_id": "1", "card_bank": ""})
    assert {one["where"] for one in refused.value.errors} == {"mother_id", "card_bank"}
    assert not Matter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_begun_again_after_a_crash_nothing_is_doubled(world, monkeypatch):
    got = sent()
    broken = iter([False, True])
    real = parts.actions.open

    def sometimes(**given):
        if next(broken):
            raise RuntimeError("the power is gone")
        return real(**given)

    monkeypatch.setattr(parts.actions, "open", sometimes)
    with pytest.raises(RuntimeError):
        window(got)
    monkeypatch.undo()
    assert Matter.objects.count() == 1 and set(state(got).values()) == {"waiting"}
    assert Task.objects.filter(matter=got.id, node="accept", state="open").exists()
    window(got)
    parts.begin(Joint.objects.get(pk=got.id), WEDNESDAY)
    assert Matter.objects.filter(kind="service").count() == 2 and faults(got) == []


@pytest.mark.django_db(transaction=True)
def test_two_offices_that_grant_at_one_moment_begin_what_waits_for_both_once(world):
    got = sent()
    window(got)
    waiting = JointPart.objects.filter(joint=got.id, state="waiting")
    waiting.update(after=["vaccination-certificate", "birth-household"])
    work = []
    for service in FOUR[:2]:
        matter = part(got, service).matter
        step(matter, "review", f"service-reviewer-{matter.unit_id}", "done", WEDNESDAY, opinion="agree")
        task = Task.objects.get(matter=matter, state="open")
        work.append((person(f"service-decider-{matter.unit_id}"), task.pk))
    both = Barrier(2)

    def grant(who, task) -> None:
        try:
            both.wait(10)
            actions.complete(actor=who, task=task, outcome="grant", now=WEDNESDAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as offices:
        for done in [offices.submit(grant, *one) for one in work]:
            done.result(60)
    assert state(got) == dict(zip(FOUR, ["granted", "granted", "running", "running"], strict=True))
    assert Matter.objects.filter(kind="service").count() == 4 and faults(got) == []
