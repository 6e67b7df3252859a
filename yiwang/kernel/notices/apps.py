"""Hears of every action, and puts the notifiers into the outbox."""

from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig
from django.conf import settings

from yiwang.kernel import jobs

AT_ONCE = 20


class NoticesConfig(AppConfig):
    name = "yiwang.kernel.notices"

    def ready(self) -> None:
        from yiwang.kernel.matters import store
        from yiwang.kernel.notices import bell, registry, telling, watching
        from yiwang.kernel.ui import door

        store.listeners.append(telling.of_action)
        door.ring(bell.unread)
        registry.set_up()
        # Tells of tasks that became due soon or overdue since the last look.
        jobs.register(jobs.Job("due", 30.0, watching.look))
        jobs.register(jobs.Job("digests", 30.0, _digests, at_once=AT_ONCE))
        jobs.register(jobs.Job("mails", 10.0, _mails, at_once=AT_ONCE))


def _digests(now: datetime) -> int:
    from yiwang.kernel.notices import digest

    return digest.make(now, at_most=AT_ONCE)


def _mails(now: datetime) -> int:
    """The digests' mails, where e-mail is in use."""
    from yiwang.kernel.notices import digest, registry

    if "mail" not in settings.NOTIFIERS:
        return 0
    return sum(digest.deliver(now, registry.notifier("mail").digest, at_most=AT_ONCE))
