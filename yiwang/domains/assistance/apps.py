"""Registers what the procedures of social assistance name, and where its pages stand in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

OWN = ("apply", "households", "register", "reports", "payments")


class AssistanceConfig(AppConfig):
    name = "yiwang.domains.assistance"

    def ready(self) -> None:
        from django.conf import settings

        from yiwang.core.policy.fused import choosing
        from yiwang.domains.assistance import discovery, held, reach, reviewing, steps
        from yiwang.kernel import jobs
        from yiwang.kernel.ui import navigation

        choosing.keep_in(settings.HOME / "compiled")
        steps.register_all()
        discovery.register_all()
        held.register_all()
        # Reviews that fall due within a month; once an hour is often enough for days.
        jobs.register(jobs.Job("reviews", 1800.0, reviewing.open_due, at_once=reviewing.AT_ONCE, first=60.0))
        # Whoever sees all kinds only because nothing is kept from them does not work here.
        below = tuple(f"/assistance/{name}" for name in OWN)
        navigation.register(
            navigation.Entry("assistance", _("Assistance"), "heart", 50, reach.named, below=below)
        )
