"""The demonstration has construction projects at every stage."""

from __future__ import annotations

from datetime import date
from random import Random

from django.db import transaction

from tests.conftest import at
from yiwang.domains.approvals import queries
from yiwang.domains.approvals.models import HoldNotice, Meeting, Project, Resolution
from yiwang.kernel.matters import audit, store
from yiwang.kernel.matters.models import Matter, Task
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
