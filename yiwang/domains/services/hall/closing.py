"""What the worker does when a day of the halls is over, and what is then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.domains.services.hall.bookings import MISSED_DAYS
from yiwang.domains.services.hall.opening import local_day
from yiwang.domains.services.models_hall import Booking, HallDay, Ticket
from yiwang.kernel.matters import store

AT_ONCE = 5000  # rows that one run changes


def day_over(now: datetime) -> int:
    """Appointments that nobody came for are missed, tickets that still wait are over, telephone numbers are forgotten.

    The keyed hash of a number stays for ninety days, to count what was missed. Gives how many rows were changed.
    """
    today = local_day(now)
    bookings, tickets = Booking.objects.filter(day__lt=today), Ticket.objects.filter(day__lt=today)
    with store.one_transaction():
        changed = _some(Booking, bookings.filter(state="booked"), state="missed", changed_at=now)
        changed += _some(Booking, bookings.exclude(phone=""), phone="")
        old = Booking.objects.filter(day__lt=today - timedelta(days=MISSED_DAYS))
        changed += _some(Booking, old.exclude(phone_hash=""), phone_hash="")
        waits = tickets.filter(state__in=("waiting", "called", "passed"))
        changed += _some(Ticket, waits, state="left", ended_at=now)
        changed += _some(Ticket, tickets.filter(state="serving"), state="done", ended_at=now)
        HallDay.objects.filter(day__lt=today - timedelta(days=MISSED_DAYS)).delete()
    return changed


def _some(model: type, rows: object, **values: object) -> int:
    """Changes at most AT_ONCE of the rows."""
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    return model.objects.filter(pk__in=keys).update(**values) if keys else 0
