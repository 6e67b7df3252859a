"""拿地即开工: what was reviewed before the land contract is decided on its day, and what has changed is reviewed again."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import at
from tests.domains.approvals.building import ANSWERS, accept, decided, item, permits, registered, step, worker
from tests.people import person
from yiwang.domains.approvals import converting, previews, registering, sharing
from yiwang.domains.approvals.models import Item, PreReview
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Conflict, Denied, Invalid
from yiwang.kernel.matters import actions, audit, store
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.models import Licence

ALL = {
    name: value for stage in ("planning", "works", "construction") for name, value in ANSWERS[stage].items()
}
BEFORE, LAND_DAY = at("2026-08-03T09:00"), at("2026-09-07T09:30")


@pytest.fixture(autouse=True)
def pack(dadong):
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def reviewed(opinion: str = "favourable", **more):
    """An industrial project on land that is sold with its scheme, every permit pre-reviewed in August."""
    project = registered(project_class="industrial", now=BEFORE, **more).project
    for slug in ("project-statement", "drawings", "design-scheme", "ground-report"):
        sharing.put_paper(
            actor=resident(project.pk), project=project, material=slug, reference=f"{slug} 第一版", now=BEFORE
        )
    for row in previews.ask(actor=resident(project.pk), project=project, now=BEFORE):
        give(row, opinion)
    return project


def give(row: PreReview, opinion: str = "favourable", now=BEFORE) -> None:
    task = Task.objects.get(matter=row.pk, node="preview", state="open")
    actions.complete(
        actor=worker(task),
        task=task.pk,
        outcome="done",
        data={"opinion": opinion, "reason": "须调整"},
        now=now,
    )


def converted(project, now=LAND_DAY, **more) -> converting.Converted:
    given = {"signed_on": date(2026, 9, 7), "contract": "沈东地合字〔2026〕7号", "answers": ALL}
    return converting.convert(actor=person("project-guide"), project=project, now=now, **given | more)


def verdicts(project, now=LAND_DAY) -> dict[str, str]:
    return {one.permit.slug: one.why for one in previews.verdicts(project, current(), now)}


def test_a_pre_review_grants_nothing_and_runs_no_clock_of_a_permit():
    project = reviewed()
    assert not Item.objects.exists() and not Licence.objects.exists() and not project.stages.exists()
    assert set(verdicts(project).values()) == {""}
    assert {one.kind for one in Matter.objects.filter(approval_preview__project=project)} == {
        "approval_preview"
    }


def test_on_the_day_of_the_contract_what_holds_is_decided_and_the_permits_are_issued_the_same_day():
    project = reviewed()
    got = converted(project)
    assert not got.again and [run.stage for run in got.runs] == ["planning", "works", "construction"]
    now = LAND_DAY
    for _turn in range(12):
        waiting = list(Item.objects.filter(project=project, outcome=""))
        for one in waiting:
            if not PreReview.objects.filter(item=one).exists():  # of what can't be reviewed before
                decided(one, now)
                continue
            accept(one, now)
            assert not Task.objects.filter(matter=one.pk, node="review").exists()  # nobody reviews it twice
            step(one, "decide", "grant", now)
        if not waiting:
            break
    kinds = set(Licence.objects.filter(matter__approval_item__project=project).values_list("type", flat=True))
    assert kinds == {"land-planning-permit", "planning-permit", "construction-permit"}
    assert {one.issued_at for one in Licence.objects.all()} == {now}
    assert all(
        run.matter.state == "closed"
        for run in project.stages.select_related("matter")
        if run.stage != "construction"
    )
    assert PreReview.objects.filter(item=None).count() == 0
    assert all(not faults for _number, faults in audit.verify(Matter.objects.all()))


def test_what_has_changed_since_must_be_reviewed_again_and_it_is_told_what():
    project = reviewed()
    sharing.put_paper(
        actor=resident(project.pk),
        project=project,
        material="drawings",
        reference="drawings 第二版",
        now=LAND_DAY,
    )
    found = {one.permit.slug: one for one in previews.verdicts(project, current(), LAND_DAY)}
    assert found["drawing-review"].why == "changed"
    assert found["drawing-review"].changed == ("material drawings",)
    assert found["land-planning-permit"].holds
    got = converted(project)
    assert [one.permit.slug for one in got.again] == ["drawing-review"]
    drawings = item(project, "drawing-review")
    accept(drawings, LAND_DAY)
    assert Task.objects.filter(matter=drawings.pk, node="review").exists()
    land = item(project, "project-filing")
    accept(land, LAND_DAY)
    assert Task.objects.filter(matter=land.pk, node="decide").exists()


@pytest.mark.parametrize(
    "change, why",
    [
        ({"floor_m2": 31000}, "size"),
        ({"land_m2": 9000}, "site"),
        ({"address": "长安路 14 号地块"}, "site"),
    ],
)
def test_another_size_or_place_changes_every_pre_review(change, why):
    project = reviewed()
    project = registering.change_size(actor=resident(project.pk), project=project, now=LAND_DAY, **change)
    found = previews.verdicts(project, current(), LAND_DAY)
    assert all(one.changed == (why,) for one in found)


def test_a_pre_opinion_ends_after_its_time_and_an_unfavourable_one_never_held():
    project = reviewed()
    assert set(verdicts(project, at("2027-01-29T10:00")).values()) == {""}
    assert set(verdicts(project, at("2027-03-01T10:00")).values()) == {"expired"}  # 180 days from 3 August
    other = reviewed("conditions", code="2608-210104-04-01-000002")
    assert set(verdicts(other).values()) == {"against"}


def test_what_was_reviewed_again_holds_again():
    project = reviewed("unfavourable")
    for row in previews.ask(actor=resident(project.pk), project=project, now=BEFORE):
        give(row)
    assert set(verdicts(project).values()) == {""}
    with pytest.raises(Conflict):
        previews.ask(actor=resident(project.pk), project=project, now=BEFORE)


def test_the_contract_is_put_on_record_once_by_who_may_and_not_from_the_future():
    project = reviewed()
    with pytest.raises(Denied):
        converting.convert(
            actor=resident(), project=project, signed_on=date(2026, 9, 7), contract="沈东地合字", now=LAND_DAY
        )
    for day in (date(2026, 9, 8), date(2026, 8, 1)):
        with pytest.raises(Invalid) as refused:
            converted(project, signed_on=day)
        assert refused.value.where == "signed_on"
    converted(project)
    with pytest.raises(Conflict):
        converted(project)
    with pytest.raises(Conflict):
        previews.ask(actor=resident(project.pk), project=project, now=LAND_DAY)


def test_a_form_that_is_not_filled_in_leaves_everything_as_it_was():
    from django.db import transaction

    project = reviewed()
    with pytest.raises(Invalid), transaction.atomic():
        converted(project, answers={})
    project.refresh_from_db()
    assert project.land_at is None and permits(project) == set()


def test_the_seven_day_method_is_a_sample_and_counts_working_days_from_the_contract():
    project = reviewed()
    (method,) = converting.methods_of(project, current())
    assert method.sample and [one.day for one in converting.plan(method, project)] == [None] * 7
    project.land_at = date(2026, 9, 24)
    days = [one.day for one in converting.plan(method, project)]
    # 28, 29, 30 September, 8, 9, 10 (a Saturday that is worked) and 12 October
    assert [day.isoformat()[5:] for day in days] == [
        *("09-28", "09-29", "09-30", "10-08", "10-09", "10-10", "10-12"),
    ]
