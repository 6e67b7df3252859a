"""Finding people: screening, alert rules, and the visits that come of them."""

from __future__ import annotations


def register_all() -> None:
    """Forms that the process of a finding names, and what runs beside the requests."""
    from yiwang.domains.assistance.discovery import alerts, sending
    from yiwang.domains.assistance.discovery.forms import Following, Visiting
    from yiwang.kernel import jobs
    from yiwang.kernel.matters import forms

    forms.register("assistance_finding_visit", Visiting())
    forms.register("assistance_finding_follow", Following())
    jobs.register(jobs.Job("alerts", 20.0, alerts.follow, at_once=alerts.AT_ONCE))
    jobs.register(jobs.Job("visits", 60.0, lambda now: sending.send(now, at_most=20), at_once=20))
