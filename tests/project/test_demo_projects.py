"""The demonstration has construction projects at every stage."""

from __future__ import annotations

from datetime import date
from random import Random

from django.db import transaction

from tests.conftest import at
from yiwang.domains.approvals import inputs, queries, sharing
from yiwang.domains.approvals.models import HoldNotice, Item, Meeting, Paper, Pledge, Project, Resolution
from yiwang.kernel.matters import audit, store
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.records.models import Attachment
from yiwang.project.demo import accounts, approving


def test_projects_stand_at_every_stage_one_is_held_one_late_and_one_was_converted(dadong):
    now = at("2026-11-23T15:00")
    accounts.create_accounts(date(2026, 11, 23), Random(1))
    store.numbers.forget()
    made = approving.play(accounts.staff(date(2026, 11, 23)), now)
    assert made > 60 and Project.objects.count() == len(approving.CASES)
    views = {one.name: queries.view(one, now) for one in Project.objects.select_related("matter")}
    lights = {item.clock.light for view in views.values() for stage in view.stages for item in stage.items}
    assert {"green", "red"} <= lights
    assert HoldNotice.objects.filter(ended_at=None).exists()
    whole = next(view for name, view in views.items() if name.startswith("津桥里"))
    assert [stage.run.matter.outcome for stage in whole.stages] == ["done"] * 4
    assert 0 < whole.working <= 40
    assert Project.objects.exclude(land_at=None).count() == 1
    assert all(
        not faults for _number, faults in audit.verify(Matter.objects.filter(kind__startswith="approval"))
    )


def test_drawings_are_shared_files_in_two_versions_and_whoever_works_on_an_open_permit_sees_the_newer_one(
    dadong, settings, tmp_path
):
    settings.FILES_DIR = tmp_path / "files"
    now = at("2026-11-23T15:00")
    accounts.create_accounts(date(2026, 11, 23), Random(1))
    runs = []
    for _time in range(2):
        store.numbers.forget()
        with transaction.atomic():
            approving.play(accounts.staff(date(2026, 11, 23)), now)
            papers = Paper.objects.exclude(attachment=None).order_by("project__code", "material", "version")
            runs.append(
                list(papers.values_list("project__code", "material", "version", "sha256", "attachment", "at"))
            )
            files = {str(row.pk): row for row in Attachment.objects.filter(stage="document")}
            kept = [files[str(row[4])].media_type for row in runs[-1]]
            item = Item.objects.get(permit="drawing-review", project__name__startswith="长安路")
            newer = sharing.newer(
                rulebook(item.matter.pack_id).approvals.permits[item.permit],
                item.versions,
                inputs.papers_of(item.project),
            )
            transaction.set_rollback(True)
    assert runs[0] == runs[1]
    assert [row[1:3] for row in runs[0]] == [("design-scheme", 1), ("drawings", 1), ("drawings", 2)]
    assert len({row[3] for row in runs[0]}) == 3 and kept == ["application/pdf"] * 3
    assert [(one.material.slug, one.used, one.now) for one in newer] == [("drawings", 1, 2)]


def test_a_permit_was_granted_by_commitment_and_its_check_waits_for_the_department(dadong):
    now = at("2026-11-23T15:00")
    accounts.create_accounts(date(2026, 11, 23), Random(1))
    runs = []
    for _time in range(2):
        store.numbers.forget()
        with transaction.atomic():
            approving.play(accounts.staff(date(2026, 11, 23)), now)
            pledge = Pledge.objects.select_related("check_matter", "stage__project").get()
            item = Item.objects.get(stage=pledge.stage_id, permit=pledge.permit)
            runs.append((pledge.sha256, pledge.signed_at, item.pk, item.outcome, pledge.check_matter.number))
            task = Task.objects.get(matter=pledge.check_matter_id, state="open")
            transaction.set_rollback(True)
    assert runs[0] == runs[1]
    assert (pledge.permit, item.outcome, item.materials["safety-measures"]) == (
        "construction-permit",
        "granted",
        "committed",
    )
    assert (task.node, task.unit_id, pledge.result) == ("check", "construction", "") and task.due_at > now


def meetings_told() -> list:
    found = []
    for one in Meeting.objects.order_by("at").select_related("matter"):
        rows = Resolution.objects.filter(meeting=one).order_by("place").select_related("matter")
        found.append(
            (
                one.pk, one.matter.number, one.at, one.place, one.concluded_at,
                [(row.pk, row.unit, row.text, row.matter.state, row.matter.due_at) for row in rows],
                [(change.kind, change.at) for change in one.changes.order_by("place")],
            )
        )  # fmt: skip
    return found


def test_a_meeting_was_held_whose_resolutions_are_followed_and_one_is_to_come(dadong):
    now = at("2026-11-23T15:00")
    accounts.create_accounts(date(2026, 11, 23), Random(1))
    runs = []
    for _time in range(2):
        store.numbers.forget()
        with transaction.atomic():
            approving.play(accounts.staff(date(2026, 11, 23)), now)
            runs.append(meetings_told())
            tasks = set(
                Task.objects.filter(state="open", kind__in=("approval_meeting", "approval_resolution"))
                .values_list("node", "unit")
            )  # fmt: skip
            transaction.set_rollback(True)
    assert runs[0] == runs[1]
    held, ahead = runs[0]
    assert held[2] < now < ahead[2]
    assert [(row[1], row[3]) for row in held[5]] == [
        ("municipal", "closed"),
        ("natural-resources", "open"),
        ("greening", "open"),
    ]
    assert held[4] is not None and ahead[4] is None and [kind for kind, _at in ahead[6]] == ["moved"]
    assert tasks == {("confirm", "natural-resources"), ("do", "greening"), ("opinion", "greening")}
