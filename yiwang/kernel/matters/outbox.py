"""Delivering notices: written with the event, sent by the worker, tried again, given up with the reason kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import F

from yiwang.kernel.matters import store
from yiwang.kernel.matters.models import Outbox

TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LEASE = timedelta(minutes=5)


class Notifier(Protocol):
    """Delivers one notice; raises with the reason when it could not. Must bear to be asked twice."""

    def __call__(self, notice: Outbox, number: str) -> None: ...


_notifiers: dict[str, Notifier] = {}


def register(name: str, notifier: Notifier) -> None:
    _notifiers[name] = notifier


def chosen() -> list[tuple[str, Notifier]]:
    """The notifiers that the settings name (YIWANG_NOTIFIERS)."""
    return [(name, _notifiers[name]) for name in settings.NOTIFIERS]


def deliver(
    now: datetime, at_most: int = 200, progress: Callable[[int], None] | None = None
) -> tuple[int, int]:
    """Sends the waiting notices whose time has come; gives (sent, failed).

    Several workers may share the work. A worker that dies while sending leaves the notice to be sent again
    after the lease: at least once, never lost.
    """
    sent = failed = 0
    waiting = Outbox.objects.filter(state="waiting", next_at__lte=now)
    for key in list(waiting.order_by("next_at", "id").values_list("pk", flat=True)[:at_most]):
        # A lease, not a lock: no transaction stays open while another system answers.
        with store.one_transaction():  # on SQLite it queues with the other writers of this process
            leased = waiting.filter(pk=key).update(next_at=now + LEASE, attempts=F("attempts") + 1)
        if not leased:
            continue  # another worker has it
        if _send(Outbox.objects.select_related("matter").get(pk=key), now):
            sent += 1
        else:
            failed += 1
        if progress:
            progress(sent + failed)
    return sent, failed


def _send(row: Outbox, now: datetime) -> bool:
    wrong = [error for error in (_tried(notifier, row) for _name, notifier in chosen()) if error]
    if wrong:
        row.reason = "; ".join(wrong)[:300]
        row.state = "failed" if row.attempts >= TRIES else "waiting"
        row.next_at = now + FIRST_WAIT * 2 ** (row.attempts - 1)
        _keep(row, "reason", "state", "next_at")
        return False
    row.state, row.sent_at, row.reason = "sent", now, ""
    _keep(row, "state", "sent_at", "reason")
    return True


def _tried(notifier: Notifier, row: Outbox) -> str:
    """Why it failed, "" when it did not. One that fails does not stop the others."""
    try:
        notifier(row, row.matter.number)
    except Exception as error:  # noqa: BLE001 - any failure of a plugin is a failed delivery, kept with its reason
        return f"{type(error).__name__}: {error}"
    return ""


def _keep(row: Outbox, *columns: str) -> None:
    with store.one_transaction():
        row.save(update_fields=columns)
