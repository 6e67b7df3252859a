"""The demonstration has construction projects at every stage."""

from __future__ import annotations

from datetime import date
from random import Random

from tests.conftest import at
from yiwang.domains.approvals import queries
from yiwang.domains.approvals.models import HoldNotice, Project
from yiwang.kernel.matters import audit, store
from yiwang.kernel.matters.models import Matter
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
