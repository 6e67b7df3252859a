"""Registers what the process of applications names."""

from __future__ import annotations

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "yiwang.domains.services"

    def ready(self) -> None:
        from yiwang.domains.services import drafts, parts, prefill, steps
        from yiwang.kernel import jobs
        from yiwang.kernel.matters import store

        steps.register_all()
        prefill.register()
        if parts.heard not in store.listeners:
            store.listeners.append(parts.heard)
        # Drafts that nobody went on with.
        jobs.register(jobs.Job("drafts", 3600.0, drafts.forget_old, at_once=drafts.AT_ONCE, first=120.0))
