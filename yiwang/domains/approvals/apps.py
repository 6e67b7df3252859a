"""Registers what the processes of project approvals name."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "yiwang.domains.approvals"

    def ready(self) -> None:
        from yiwang.domains.approvals import (
            archiving,
            changing,
            listening,
            pledging,
            registering,
            silence,
            stages,
            steps,
        )
        from yiwang.kernel import jobs
        from yiwang.kernel.matters import store
        from yiwang.kernel.records.archive import contents
        from yiwang.kernel.ui import navigation

        steps.register_all()
        store.listeners += [listening.heard, changing.heard]
        for kind in (stages.ITEM, stages.OPINION):
            contents.register(kind, archiving.permit)
        contents.register(pledging.CHECK, archiving.check)
        contents.register(stages.STAGE, archiving.stage)
        contents.register(registering.KIND, archiving.project)
        navigation.register(
            navigation.Entry("projects", _("Projects"), "building", 25, _concerned, ("/projects/",))
        )
        # Opinions whose limit is over and of which silence counts as agreement.
        jobs.register(jobs.Job("approval-silence", 300.0, silence.agree, at_once=silence.AT_ONCE, first=60.0))


def _concerned(actor: Any) -> bool:
    """Shown to people whose posts name project approvals, or reach all kinds of matters."""
    from yiwang.kernel.access.policy import covers

    return any(covers(reach.kinds, "approval") for reach in actor.reach.get("see", ()))
