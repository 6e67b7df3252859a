"""Finding people: screening, alert rules, and the visits that come of them."""

from __future__ import annotations


def register_all() -> None:
    """Forms that the process of a finding names, and what runs beside the requests."""
    from yiwang.domains.assistance.discovery import alerts, screening, sending
    from yiwang.domains.assistance.discovery.forms import Following, Visiting
    from yiwang.kernel import jobs
    from yiwang.kernel.matters import forms
    from yiwang.kernel.ui import matter_pages

    forms.register("assistance_finding_visit", Visiting())
    forms.register("assistance_finding_follow", Following())
    matter_pages.register("assistance_finding", "assistance-visit")
    jobs.register(jobs.Job("alerts", 20.0, alerts.follow, at_once=alerts.AT_ONCE))
    jobs.register(jobs.Job("visits", 60.0, lambda now: sending.send(now, at_most=20), at_once=20))
    jobs.register(jobs.Job("screenings", 5.0, screening.go_on))
