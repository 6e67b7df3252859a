"""Registers what the processes of project approvals name."""

from __future__ import annotations

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "yiwang.domains.approvals"

    def ready(self) -> None:
        from yiwang.domains.approvals import listening, silence, steps
        from yiwang.kernel import jobs
        from yiwang.kernel.matters import store

        steps.register_all()
        store.listeners.append(listening.heard)
        # Opinions whose limit is over and of which silence counts as agreement.
        jobs.register(jobs.Job("approval-silence", 300.0, silence.agree, at_once=silence.AT_ONCE, first=60.0))
