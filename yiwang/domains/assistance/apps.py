"""Registers what the procedures of social assistance name, and where its pages stand in the navigation."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui import navigation
from yiwang.kernel.ui.navigation import Entry

FINDING = "assistance_finding"


def _granted(action: str) -> Any:
    """Shown to people who hold a grant of this action for findings by name, not to whoever sees everything."""
    return lambda actor: any(reach.kinds and FINDING in reach.kinds for reach in actor.reach.get(action, ()))


helping, governing = _granted("help"), _granted("evaluate")


class AssistanceConfig(AppConfig):
    name = "yiwang.domains.assistance"

    def ready(self) -> None:
        from yiwang.domains.assistance import discovery, reviewing, steps
        from yiwang.kernel import jobs

        for entry in (
            Entry(
                "assistance-findings", _("Findings"), "clipboard-check", 45, helping, ("/assistance/visits/",)
            ),
            Entry("assistance-board", _("Finding people"), "target", 46, governing, ("/assistance/preview",)),
            Entry("assistance-help", _("Social forces"), "heartbeat", 47, helping, ("/assistance/help/",)),
        ):
            navigation.register(entry)
        steps.register_all()
        discovery.register_all()
        # Reviews that fall due within a month; once an hour is often enough for days.
        jobs.register(jobs.Job("reviews", 3600.0, reviewing.open_due, at_once=reviewing.AT_ONCE, first=60.0))
