"""Registers what the process of applications names."""

from __future__ import annotations

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "yiwang.domains.services"

    def ready(self) -> None:
        from yiwang.domains.services import archiving, drafts, extending, joint, parts, prefill, steps
        from yiwang.domains.services.applying import KIND
        from yiwang.domains.services.hall import closing
        from yiwang.kernel import jobs
        from yiwang.kernel.matters import store
        from yiwang.kernel.records.archive import contents

        steps.register_all()
        prefill.register()
        contents.register(KIND, archiving.gather)
        contents.register(joint.KIND, archiving.gather_joint)
        for listener in (parts.heard, extending.of_action):
            if listener not in store.listeners:
                store.listeners.append(listener)
        # Drafts that nobody went on with.
        jobs.register(jobs.Job("drafts", 3600.0, drafts.forget_old, at_once=drafts.AT_ONCE, first=120.0))
        jobs.register(jobs.Job("halls", 1800.0, closing.day_over, at_once=closing.AT_ONCE, first=90.0))
