"""The field app; its job forgets what phones sent and nobody will ask for."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DAY = 86_400.0  # seconds


class FieldConfig(AppConfig):
    name = "yiwang.faces.field"

    def ready(self) -> None:
        from yiwang.kernel import jobs
        from yiwang.kernel.ui import navigation

        jobs.register(jobs.Job("phones", DAY, forget))
        navigation.register(navigation.Entry("field", _("Field work"), "device-mobile", 45))


def forget(now: datetime) -> int:
    """Removes photos that were sent ahead and never used, and old receipts. Gives how many."""
    from yiwang.faces.field import once
    from yiwang.kernel.matters import store
    from yiwang.kernel.records import ahead

    with store.one_transaction():  # on SQLite it queues with the other writers of this process
        return ahead.forget(now) + once.forget(now)
