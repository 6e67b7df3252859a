"""A project goes through its stages: what opens when, what one application brings, what comes out."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.conftest import at
from tests.domains.approvals.building import (
    MONDAY,
    accept,
    decided,
    item,
    permits,
    received,
    registered,
    started,
    step,
)
from tests.people import person
from yiwang.domains.approvals import registering, silence, stages
from yiwang.domains.approvals.models import Decision, Opinion
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.matters import audit
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.models import Licence


@pytest.fixture(autouse=True)
def pack(dadong):
    from yiwang.kernel.matters import store

    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def test_a_project_is_registered_once_and_its_personal_data_lies_sealed():
    key = uuid4()
    got = registered(id=key)
    again = registered(id=key)
    assert got.created and not again.created and again.project.pk == got.project.pk
    with pytest.raises(Conflict):
        registered(id=key, name="另一个名字")
    with pytest.raises(Conflict) as taken:
        registered()
    assert taken.value.code == "code_taken"
    with pytest.raises(NotFound):
        registering.applicant(got.project.code, "wrong-secret")
    assert registering.applicant(got.project.code, got.secret).pk == got.project.pk
    assert registering.applicant(got.matter.number, got.secret).pk == got.project.pk


@pytest.mark.parametrize(
    "field, value",
    [
        ("code", "2613-210104-04-01-000001"),
        ("code", "2609-110101-04-01-000001"),
        ("applicant_code", "91350100M000100Y44"),
        ("project_class", "palace"),
        ("investor", "government"),
        ("area", "999999"),
        ("land_m2", "viel"),
        ("contact_phone", "12"),
    ],
)
def test_what_is_wrong_with_a_project_is_said_with_its_field(field, value):
    with pytest.raises(Invalid) as refused:
        registered(**{field: value})
    assert refused.value.where in (field, "project_class" if field == "investor" else field)


def test_one_application_opens_the_permits_that_can_begin_side_by_side_and_the_others_wait():
    project = registered().project
    run = started(project)
    # 用地规划许可 waits for the filing; 环评 is not asked of this class.
    assert permits(project) == {"project-filing", "energy-review", "soil-plan", "geological-hazard"}
    assert run.promised == "7wd" and run.matter.unit_id == "natural-resources"
    assert list(run.materials).count("project-statement") == 1  # asked by two permits, handed in once
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    assert "land-planning-permit" in permits(project)
    with pytest.raises(Conflict):
        started(project)


def test_only_the_applicant_and_who_has_the_post_may_start_a_stage():
    project = registered().project
    for stranger in (resident(), resident(uuid4()), person("service-reviewer-police")):
        with pytest.raises(Denied):
            started(project, actor=stranger)
    assert started(project, actor=person("window-clerk")).attempt == 1


def test_what_a_regional_assessment_covers_is_taken_away_with_its_reason():
    north = registered(area="210104006002").project
    run = started(north)
    assert sorted(run.removed) == [["geological-hazard", "north-park"], ["soil-plan", "north-park"]]
    assert not {"soil-plan", "geological-hazard"} & permits(north)


def test_a_stage_ends_with_its_last_decision_and_the_licence_is_issued():
    project = registered().project
    run = started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    assert Matter.objects.get(pk=run.pk).state == "open"
    decided(item(project, "land-planning-permit"), at("2026-09-11T10:00"))
    stage = Matter.objects.get(pk=run.pk)
    assert (stage.state, stage.outcome) == ("closed", "done")  # 节能, 水保 and 地灾 stand beside its clock
    licence = Licence.objects.get(matter=item(project, "land-planning-permit").pk)
    assert licence.holder == project.applicant and item(project, "land-planning-permit").licence == licence.pk
    assert all(not faults for _number, faults in audit.verify(Matter.objects.all()))


def test_a_permit_without_its_stage_cannot_be_decided_before_what_stands_beside_it():
    project = registered().project
    started(project)
    for permit in ("project-filing", "land-planning-permit"):
        decided(item(project, permit), at("2026-09-08T10:00"))
    started(project, "works", at("2026-09-09T09:00"))
    # A permit of 工程建设许可 waits for the opinion on geological hazards; the review of the scheme need not.
    decided(item(project, "scheme-review"), at("2026-09-10T09:00"))
    assert "works-planning-permit" not in permits(project)
    decided(item(project, "geological-hazard"), at("2026-09-11T09:00"))
    assert "works-planning-permit" in permits(project)


def test_a_refused_permit_ends_the_stage_and_a_new_application_asks_only_for_what_is_not_granted():
    project = registered().project
    run = started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    decided(item(project, "land-planning-permit"), at("2026-09-10T10:00"), "refuse")
    stage = Matter.objects.get(pk=run.pk)
    assert (stage.state, stage.outcome) == ("closed", "partly")
    for permit in ("energy-review", "soil-plan", "geological-hazard"):
        decided(item(project, permit), at("2026-09-10T11:00"))
    again = started(project, now=at("2026-09-14T09:00"))
    assert again.attempt == 2
    assert set(again.items.values_list("permit", flat=True)) == {"land-planning-permit"}


def test_departments_are_heard_beside_the_review_and_against_one_of_them_needs_reasons():
    project = registered().project
    started(project)
    for permit in ("project-filing", "land-planning-permit", "geological-hazard"):
        decided(item(project, permit), at("2026-09-08T10:00"))
    started(project, "works", at("2026-09-09T09:00"))
    scheme = item(project, "scheme-review")
    accept(scheme, at("2026-09-09T10:00"))
    heard = set(Task.objects.filter(matter=scheme.pk, node="opinion").values_list("unit", flat=True))
    assert heard == {"civil-defence", "culture", "greening", "municipal"}
    with pytest.raises(Invalid):
        step(scheme, "opinion", "given", at("2026-09-09T11:00"), unit="greening", opinion="disagree")
    step(
        scheme,
        "opinion",
        "given",
        at("2026-09-09T11:00"),
        unit="greening",
        opinion="disagree",
        reason="绿地不足",
    )
    for unit in ("civil-defence", "culture"):
        step(scheme, "opinion", "given", at("2026-09-09T11:00"), unit=unit, opinion="agree")
    step(scheme, "review", "done", at("2026-09-09T12:00"), opinion="agree")
    assert not Task.objects.filter(matter=scheme.pk, node="decide").exists()
    with pytest.raises(Conflict):  # nobody may call the limit over before it is
        step(scheme, "opinion", "silent", at("2026-09-14T10:00"), unit="municipal")
    assert (
        silence.agree(at("2026-09-14T17:00")) == 0
    )  # three working days from the 9th: due 17:30 on the 14th
    assert silence.agree(at("2026-09-14T17:31")) == 1
    assert Opinion.objects.get(item=scheme, unit="municipal").opinion == "silent"
    with pytest.raises(Invalid) as refused:
        actions_decide(scheme, "grant", at("2026-09-15T10:00"))
    assert refused.value.where == "reason"
    actions_decide(scheme, "grant", at("2026-09-15T10:00"), reason="绿地率已由复核确认达标")
    assert Decision.objects.get(item=scheme, node="decide").reason == "绿地率已由复核确认达标"


def actions_decide(one, outcome, now, **data):
    return step(one, "decide", outcome, now, **data)


def test_silence_counts_for_no_opinion_of_which_the_pack_does_not_say_so():
    project = registered(project_class="industrial").project
    started(project)
    for permit in ("project-filing", "land-planning-permit", "geological-hazard"):
        decided(item(project, permit), at("2026-09-08T10:00"))
    started(project, "works", at("2026-09-09T09:00"))
    started(project, "construction", at("2026-09-09T09:00"))
    drawings = item(project, "drawing-review")
    accept(drawings, at("2026-09-09T10:00"))
    assert current().approvals.permits["drawing-review"].silence is False
    assert silence.agree(at("2026-12-01T10:00")) == 0


def test_what_is_missing_is_told_once_and_what_comes_later_must_have_come_before_the_decision():
    project = registered().project
    started(project)
    decided(item(project, "project-filing"), at("2026-09-08T10:00"))
    permit = item(project, "land-planning-permit")
    told = received(permit) | {"material_survey-map": "missing"}
    with pytest.raises(Invalid):
        step(permit, "accept", "accept", at("2026-09-08T11:00"), **told)
    step(permit, "accept", "missing", at("2026-09-08T11:00"), note_missing="缺勘测定界图", **told)
    step(permit, "supplement", "complete", at("2026-09-09T11:00"))
    later = received(permit) | {"material_land-contract": "later"}
    with pytest.raises(Invalid):  # told already
        step(permit, "accept", "missing", at("2026-09-09T12:00"), **told)
    step(permit, "accept", "conditional", at("2026-09-09T12:00"), **later)
    step(permit, "review", "done", at("2026-09-09T13:00"), opinion="agree")
    step(permit, "papers", "done", at("2026-09-10T13:00"), came="no")
    with pytest.raises(Invalid):
        step(permit, "decide", "grant", at("2026-09-10T14:00"))


def test_nobody_ends_a_stage_by_hand():
    project = registered().project
    run = started(project)
    task = Task.objects.get(matter=run.pk, node="wait")
    from yiwang.kernel.matters import actions

    with pytest.raises(Conflict) as refused:
        actions.complete(
            actor=person("stage-lead-natural-resources"), task=task.pk, outcome="accepted", now=MONDAY
        )
    assert refused.value.code == "by_itself"


def test_the_promise_is_that_of_the_day_of_registration(monkeypatch):
    house = current().approvals.classes["social-house"]
    assert [str(one.total) for one in house.promises] == ["52wd", "40wd"]
    from datetime import date

    assert house.promise(date(2020, 12, 31)).total == "52wd"
    assert house.promise(date(2021, 1, 1)).total == "40wd"
    assert house.promise(date(2017, 12, 31)) is None
    assert stages.promise_of(registered().project, current()).total == "40wd"
