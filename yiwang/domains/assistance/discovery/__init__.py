"""Finding people: screening, alert rules, and the visits that come of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KIND = "assistance_finding"


def granted(action: str, actor: Any) -> bool:
    """Whether a grant of the actor names findings for this action; one for all kinds does not show the pages."""
    return any(reach.kinds and KIND in reach.kinds for reach in actor.reach.get(action, ()))


def governs(actor: Any) -> bool:
    """Who sees the board: who screens, and who evaluates everything, such as the district leader."""
    return granted("screen", actor) or any(reach.kinds is None for reach in actor.reach.get("evaluate", ()))


def register_all() -> None:
    """Forms that the process of a finding names, and what runs beside the requests."""
    from yiwang.domains.assistance.discovery import alerts, screening, sending
    from yiwang.domains.assistance.discovery.forms import Following, Visiting
    from yiwang.kernel import jobs
    from yiwang.kernel.matters import forms
    from yiwang.kernel.ui import matter_pages, navigation

    forms.register("assistance_finding_visit", Visiting())
    forms.register("assistance_finding_follow", Following())
    for entry in (
        (
            "assistance-findings",
            _("Findings"),
            "clipboard-check",
            51,
            lambda actor: (
                granted("help", actor) and not governs(actor)
            ),  # who governs comes to them by the board
            ("/assistance/visits/",),
        ),
        (
            "assistance-board",
            _("Finding people"),
            "target",
            52,
            governs,
            ("/assistance/preview", "/assistance/findings", "/assistance/visits/"),
        ),
        (
            "assistance-help",
            _("Social forces"),
            "heartbeat",
            53,
            lambda actor: granted("help", actor),
            ("/assistance/help/",),
        ),
    ):
        navigation.register(navigation.Entry(*entry))
    matter_pages.register("assistance_finding", "assistance-visit")
    jobs.register(jobs.Job("alerts", 20.0, alerts.follow, at_once=alerts.AT_ONCE))
    jobs.register(jobs.Job("visits", 60.0, lambda now: sending.send(now, at_most=20), at_once=20))
    jobs.register(jobs.Job("screenings", 5.0, screening.go_on))
